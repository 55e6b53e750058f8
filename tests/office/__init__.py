"""A real spreadsheet program takes part: forms and masters opened, typed into and saved by LibreOffice."""
