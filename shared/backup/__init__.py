"""A copy of everything in one file, made while work goes on, and back."""
