"""Papers made up from a seed, with what a careful reader takes from them."""
