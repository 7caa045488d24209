"""A MessageReader that marks what a test wrote down for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.domain.message_reading import KeptPart, Reading, Utterance


class ScriptedReader:
    """The MessageReader port. `parts`: words to (kind, owner), kept wherever they stand;
    `labels`: words to the labels of a text that holds them. `messages` holds everything
    that was read, in order.
    """

    def __init__(
        self,
        parts: Mapping[str, tuple[str, str]] | None = None,
        labels: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._parts = dict(parts or {})
        self._labels = dict(labels or {})
        self.messages: list[Utterance] = []

    async def read(
        self, messages: Sequence[Utterance], *, urgent: bool = False
    ) -> list[Reading]:
        self.messages += messages
        return [self._reading(message.text) for message in messages]

    def _reading(self, text: str) -> Reading:
        parts = [
            kept_part(text, words, kind, owner)
            for words, (kind, owner) in self._parts.items()
            if words in text
        ]
        labels = {
            label: 1.0
            for words, names in self._labels.items()
            if words in text
            for label in names
        }
        return Reading(
            labels, {"user": 1.0}, tuple(sorted(parts, key=lambda part: part.start))
        )


def kept_part(
    text: str, words: str, kind: str = "fact", owner: str = "user"
) -> KeptPart:
    """The part of a text that has these words."""
    start = text.index(words)
    return KeptPart(start, start + len(words), 1.0, {kind: 1.0}, {owner: 1.0})
