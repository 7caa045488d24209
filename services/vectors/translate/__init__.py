"""Qdrant's REST JSON to engine objects and back: pure functions, one file for each part
of the language.
"""
