"""Tool memory, computed from calls and their results."""
