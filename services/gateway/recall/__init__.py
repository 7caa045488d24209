"""Recall: the memories that bear on a question, scored, spread and cut. `scoring.py`
holds the formula.
"""
