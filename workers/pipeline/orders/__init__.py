"""Orders to the memory: what a user wants forgotten, kept out, or brought back."""
