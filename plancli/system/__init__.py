"""Files that are written, locked and protected."""
