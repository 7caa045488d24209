"""Statements: what of a turn is worth keeping."""
