"""Who speaks, of whom, and what is only polite."""
