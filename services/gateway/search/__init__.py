"""Answers to searches: recall, dressed for the wire."""
