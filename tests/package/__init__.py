"""Tests of the package patch."""
