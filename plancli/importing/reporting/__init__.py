"""What an import understood and what it did not."""
