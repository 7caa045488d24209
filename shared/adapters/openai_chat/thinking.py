"""Reasoning within an answer (`<think>` blocks), apart from the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator


class ThinkSplitter:
    """Separates reasoning from text in a stream whose pieces may cut a tag in two."""

    def __init__(self) -> None:
        self._held = ""
        self._kind = "text"

    def feed(self, words: str) -> Iterator[tuple[str, str]]:
        """The pieces that are certain by now."""
        self._held += words
        while (tag := re.search(r"</?think>", self._held)) is not None:
            before = self._held[: tag.start()]
            self._held = self._held[tag.end() :]
            if before:
                yield self._kind, before
            self._kind = "text" if tag[0].startswith("</") else "reasoning"
        begun = 0  # characters at the end that may be the beginning of a tag
        for name in ("<think>", "</think>"):
            for size in range(1, len(name)):
                if self._held.endswith(name[:size]):
                    begun = max(begun, size)
        safe = len(self._held) - begun
        if safe:
            yield self._kind, self._held[:safe]
            self._held = self._held[safe:]

    def rest(self) -> Iterator[tuple[str, str]]:
        """What was held back when the stream ends."""
        if self._held:
            yield self._kind, self._held
            self._held = ""


def without_thinking(text: str) -> str:
    """The answer alone. A block that was never closed goes too; so does one whose
    opening tag was part of the prompt.
    """
    text = re.sub(r"<think>.*?(?:</think>|\Z)", "", text, flags=re.S)
    return text.rpartition("</think>")[2].strip()
