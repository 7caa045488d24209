"""Merge: what is found new, next to what is known."""
