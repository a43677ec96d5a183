"""Plans as a SQLite database, cached by what they were built from."""
