"""Scheme tables and styled skeletons; read through importlib.resources only."""
