"""Feedback: what it means, by a model or by rules, and how it is carried out."""
