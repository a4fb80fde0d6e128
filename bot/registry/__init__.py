"""Registries of programs as clerks keep them: a spreadsheet becomes rows, and a list of what could not be read."""
