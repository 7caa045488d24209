"""Bytes of a file -> a Document: `parse.parse` here and now,
`isolation.sandbox.parse_safely` in a limited process of its own.
"""
