"""What the rules of speech look for, a file a language: see `patterns.py`."""
