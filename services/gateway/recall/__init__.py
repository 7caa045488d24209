"""Recall: the memories that answer a query, scored, each thing once, cut at a threshold.
`recall.py` has the steps, `scoring.py` the formula.
"""
