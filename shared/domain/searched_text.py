"""A text that is to be found by its meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchedText:
    """What an embedder reads of something remembered."""

    text: str
    before: str = ""
    """What it replies to: helps to understand it ("Yes, since March!"), and is no part of
    what it says. Embedders that read one text at a time leave it out.
    """


Searched = str | SearchedText
"""A text alone, or with what it replies to."""


def words_of(searched: Searched) -> str:
    """The text itself."""
    return searched if isinstance(searched, str) else searched.text


def before_of(searched: Searched) -> str:
    """What it replies to; "" for nothing."""
    return "" if isinstance(searched, str) else searched.before
