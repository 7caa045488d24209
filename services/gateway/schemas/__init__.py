"""The words of the wire: what requests may hold and what answers do. Nothing outside
this package knows wire names.
"""
