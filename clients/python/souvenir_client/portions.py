"""What is said, in portions that one request takes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from souvenir_client.values import Json

T = TypeVar("T")

MESSAGES, WEIGHT = 20, 5000
"""At most so many messages, and about so many tokens, in one request."""

BYTES_PER_TOKEN = 3
"""Of UTF-8: more tokens are counted than there are, in most languages."""


def portions(messages: Sequence[Json]) -> Iterator[list[Json]]:
    """Messages in groups, a text that is too long for one request in pieces."""
    pieces = [
        {**message, "content": content}
        for message in messages
        for content in _contents(message["content"])
    ]
    return grouped(pieces, lambda piece: weight(piece["content"]))


def grouped(pieces: Sequence[T], weigh: Callable[[T], int]) -> Iterator[list[T]]:
    """Pieces in groups that one request takes."""
    group: list[T] = []
    total = 0
    for piece in pieces:
        own = weigh(piece)
        if group and (len(group) == MESSAGES or total + own > WEIGHT):
            yield group
            group, total = [], 0
        group.append(piece)
        total += own
    if group:
        yield group


def cut(text: str) -> Iterator[str]:
    """A text in pieces of at most WEIGHT tokens, cut between words where it can be."""
    while weight(text) > WEIGHT:
        piece = text[:WEIGHT]
        space = max(piece.rfind("\n"), piece.rfind(" "))
        end = space if space > WEIGHT // 2 else WEIGHT
        yield text[:end].strip()
        text = text[end:]
    if text.strip():
        yield text.strip()


def weight(content: Any) -> int:
    """About how many tokens a content has, and no fewer."""
    return len(str(content).encode("utf-8", "replace")) // BYTES_PER_TOKEN + 1


def _contents(content: Any) -> list[Any]:
    """A content whole where it fits, or where it is not a text."""
    if not isinstance(content, str) or weight(content) <= WEIGHT:
        return [content]
    return list(cut(content))
