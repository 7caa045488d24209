"""What other systems export, one module a format. Each has `NAME`, `is_mine` (whether a
parsed JSON document is of this format) and `read` (its `Contents`).
"""
