"""Parsing in a process of its own, with limits and without a network."""
