"""Text that is read from the right, where a PDF's letters come in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workers.parsers.layout.placed_text import PlacedText
from workers.parsers.pdf.glyphs import normalise

NO_WIDTH = 0.05
"""Points: a letter that is narrower is the first half of a ligature."""


def text_of(characters: Sequence[dict[str, Any]]) -> str:
    """The text of a run. A ligature such as lam-alef, which MuPDF takes apart, comes
    turned round, its first half without width; its halves are swapped.
    """
    letters = [character["c"] for character in characters]
    for index in range(len(letters) - 1):
        first, second = letters[index], letters[index + 1]
        is_half = _width(characters[index]) < NO_WIDTH < _width(characters[index + 1])
        if is_half and first.isalpha() and not first.isascii() and second.isalpha():
            letters[index], letters[index + 1] = second, first
    return "".join(letters)


def words_of(content: dict[str, Any]) -> Iterator[PlacedText]:
    """The words of a page (PyMuPDF's rawdict), ligatures in the right order."""
    for block in content["blocks"]:
        for line in block.get("lines", ()):
            word: list[dict[str, Any]] = []
            for span in line["spans"]:
                for character in span["chars"]:
                    if not character["c"].isspace():
                        word.append(character)
                    elif word:
                        yield _placed_word(word)
                        word = []
            if word:
                yield _placed_word(word)


def _placed_word(characters: Sequence[dict[str, Any]]) -> PlacedText:
    """A word of some characters, at least one."""
    lefts, tops, rights, bottoms = zip(
        *(character["bbox"] for character in characters), strict=True
    )
    text = normalise(text_of(characters))
    return PlacedText(text, min(lefts), min(tops), max(rights), max(bottoms))


def _width(character: dict[str, Any]) -> float:
    """Of a character, in points."""
    return float(character["bbox"][2] - character["bbox"][0])
