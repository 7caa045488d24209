"""Facts: of talks and of passages."""
