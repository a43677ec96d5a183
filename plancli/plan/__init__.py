"""A plan: its model, its YAML file, the clause grammar, and the agencies and regions it names."""
