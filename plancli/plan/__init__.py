"""One plan: its model, its file, the grammar of its clauses, the agencies and regions it names."""
