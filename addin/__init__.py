"""Sources of the Excel add-in (text only); read through importlib.resources only."""
