"""What plancli costs, and how well it reads; a package, or one of the same name hides it."""
