"""Numbers as the labels of lists write them."""

from __future__ import annotations

_CHINESE_DIGITS = "零一二三四五六七八九"
_CHINESE_FORMATS = (
    "chineseCounting",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
)
"""How the names of the formats begin."""
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
MAX_REPEATED = 20
"""Roman letters of one size, at most: 20,000 is the largest number that is exact."""
MAX_LETTERS = 8
"""Of a label such as "aa"."""
_LETTERS = 26


def numeral(value: int, format: str) -> str:
    """A number from 1 in one of the formats of DOCX ("lowerRoman" ...); others are
    decimal.
    """
    if format == "lowerLetter":
        return _letters(value)
    if format == "upperLetter":
        return _letters(value).upper()
    if format == "lowerRoman":
        return _roman(value).lower()
    if format == "upperRoman":
        return _roman(value)
    if format.startswith(_CHINESE_FORMATS):
        return _chinese(value)
    return f"{value:02d}" if format == "decimalZero" else str(value)


def _letters(value: int) -> str:
    """a ... z, aa, bb ..."""
    rounds, place = divmod(value - 1, _LETTERS)
    return chr(ord("a") + place) * min(rounds + 1, MAX_LETTERS)


def _roman(value: int) -> str:
    """Upper-case Roman numerals."""
    text = ""
    for size, letters in _ROMAN:
        text += letters * min(value // size, MAX_REPEATED)
        value %= size
    return text


def _chinese(value: int) -> str:
    """Chinese numerals below 100; decimal beyond."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    text = _CHINESE_DIGITS[ones] if ones else ""
    if tens == 0:
        return text
    return f"十{text}" if tens == 1 else f"{_CHINESE_DIGITS[tens]}十{text}"
