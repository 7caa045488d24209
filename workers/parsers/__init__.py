"""Bytes of a file -> a Document: `parse_file.parse` in this process,
`isolation.sandbox.parse_safely` in a limited process of its own.

A new file type needs one module with a function `parse_bytes`, one row in
`file_types.FILE_TYPES`, and a test.
"""
