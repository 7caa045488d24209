"""What is worth remembering: two extractors behind one port, the built-in one
(`builtin_extractor.py`) and one on a chat model (`model_extractor.py`).
"""
