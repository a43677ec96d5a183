"""Read, write, lock and protect files; run worker processes."""
