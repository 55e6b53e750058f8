"""Each published system: its rules and its figures, quoted by id."""
