"""The value that a text of a tool holds."""

from __future__ import annotations

import ast
import warnings
from typing import Any

from shared.language.foreign_json import foreign_json, require_shallow

LONGEST_LITERAL = 20_000
"""Characters of a Python literal that is read."""


def parsed(text: str) -> Any:
    """The object or list that a text holds as JSON or as a Python literal, or None."""
    plain = text.strip()
    if not plain.startswith(("{", "[")):
        return None
    try:
        return foreign_json(plain)
    except ValueError:
        return _literal(plain) if len(plain) <= LONGEST_LITERAL else None


def _literal(text: str) -> Any:
    """An object or list of Python, as agents in it print them."""
    try:
        with warnings.catch_warnings(action="ignore"):
            value = ast.literal_eval(text)
            require_shallow(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None
