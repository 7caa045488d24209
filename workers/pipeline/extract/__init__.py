"""What is worth remembering: two extractors behind one port, by rules (here) and by a
model (`model.py`).
"""
