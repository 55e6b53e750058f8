"""Tools of the repository. What start.py calls uses the standard library only: it runs before the install."""
