"""Ruby: the reading that stands small above a word of Japanese or Chinese, written in
parentheses behind it.
"""

from __future__ import annotations

import re

_ANCHOR, _SEPARATOR, _TERMINATOR = "\ufff9", "\ufffa", "\ufffb"
"""Unicode's own characters around a word and its reading; they never leave a parser."""
_RUBY = re.compile(
    f"{_ANCHOR}([^{_SEPARATOR}]*){_SEPARATOR}([^{_TERMINATOR}]*){_TERMINATOR}"
)
_RUBIES = re.compile(f"(?:{_RUBY.pattern})+")
_EQUATION = re.compile(
    r"\bEQ\b.*?\\o\s*(?:\\a[a-z])?\s*\(\s*\\s\s*\\(?:up|do)\s*\d*\s*"
    r"\((?P<reading>[^()]*)\)\s*[,;]\s*(?P<base>[^()]*)\)",
    re.I | re.S,
)
"""How older Word files write ruby: a field that sets one text above another."""


def with_reading(base: str, reading: str) -> str:
    """A word with its reading, as `write_readings` finds them."""
    if not base.strip() or not reading.strip():
        return base or reading
    return f"{_ANCHOR}{base}{_SEPARATOR}{reading.strip()}{_TERMINATOR}"


def write_readings(text: str) -> str:
    """Text with the readings of its words in parentheses; words that stand next to each
    other, as the letters of one word do, get theirs together.
    """
    return _RUBIES.sub(_written, text)


def ruby_of_field(instruction: str) -> str:
    """The word and its reading in the instruction of a field; "" for any other field."""
    equation = _EQUATION.search(instruction)
    if equation is None:
        return ""
    return with_reading(equation["base"].strip(), equation["reading"])


def _written(rubies: re.Match[str]) -> str:
    """Words next to each other and their readings."""
    pairs = _RUBY.findall(rubies[0])
    bases = "".join(base for base, _ in pairs)
    return f"{bases}（{''.join(reading for _, reading in pairs)}）"
