"""Parse paragraphs and tables into a plan."""
