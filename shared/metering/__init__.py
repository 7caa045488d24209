"""Counting what language models cost, and keeping to a budget."""
