"""Text that is read from the right, mended where a PDF's letters come in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from workers.parsers.layout.placed_text import Placed
from workers.parsers.pdf.letters import plain


def mended(characters: Sequence[dict[str, Any]]) -> str:
    """The text of a run. A ligature such as lam-alef, taken apart by MuPDF, comes
    turned round, its first half without width.
    """
    letters = [character["c"] for character in characters]
    for at, (one, two) in enumerate(pairwise(characters)):
        if (
            _width(one) < 0.05 < _width(two)
            and letters[at].isalpha()
            and not letters[at].isascii()
            and letters[at + 1].isalpha()
        ):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def words(content: dict[str, Any]) -> Iterator[Placed]:
    """The words of a page (PyMuPDF's rawdict), mended."""
    for block in content["blocks"]:
        for line in block.get("lines", ()):
            held: list[dict[str, Any]] = []
            for character in (
                character for span in line["spans"] for character in span["chars"]
            ):
                if character["c"].isspace():
                    yield from _word(held)
                    held = []
                else:
                    held.append(character)
            yield from _word(held)


def _word(characters: Sequence[dict[str, Any]]) -> Iterator[Placed]:
    if characters:
        boxes = [character["bbox"] for character in characters]
        yield Placed(
            plain(mended(characters)),
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )


def _width(character: dict[str, Any]) -> float:
    return float(character["bbox"][2] - character["bbox"][0])
