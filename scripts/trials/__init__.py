"""What plancli bears: longer than tests may take, each a table with its aims."""
