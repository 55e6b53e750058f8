"""The bundled example workbooks; read through importlib.resources only."""
