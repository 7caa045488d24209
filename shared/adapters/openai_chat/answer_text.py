"""What an endpoint says, as text in valid Unicode, in whichever form it says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.adapters.openai_chat.thinking import ThinkSplitter
from shared.language.foreign_json import storable


def text_of(content: Any) -> str:
    """The text of a message's content: plain, absent, or a list of parts. Raises
    TypeError for anything else.
    """
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, Sequence):
        return "".join(map(_text_of_part, content))
    raise TypeError(f"a content of the type {type(content).__name__}")


def _text_of_part(part: Any) -> str:
    """Of a part that is no text, a thought or a picture, nothing."""
    text = part.get("text") if isinstance(part, Mapping) else None
    return text if isinstance(text, str) else ""


class StreamReader:
    """Takes the events of one stream apart into reasoning and text."""

    def __init__(self) -> None:
        self._splitter = ThinkSplitter()
        self._text, self._reasoning = PairJoiner(), PairJoiner()

    def feed(self, event: Any) -> Iterator[tuple[str, str]]:
        """What one event says. Raises what reading an event of another form raises."""
        for choice in (getattr(event, "choices", None) or [])[:1]:
            # Some endpoints stream whole messages, and say nothing with a null.
            said = getattr(choice, "delta", None) or getattr(choice, "message", None)
            thought = getattr(said, "reasoning_content", None)
            thought = thought or getattr(said, "reasoning", None)
            if isinstance(thought, str) and (whole := self._reasoning.feed(thought)):
                yield "reasoning", whole
            text = text_of(_field(said, "content"))
            yield from self._splitter.feed(self._text.feed(text))

    def rest(self) -> Iterator[tuple[str, str]]:
        """What was held back when the stream ends."""
        yield from self._splitter.feed(self._text.rest())
        yield from self._splitter.rest()


def _field(said: Any, name: str) -> Any:
    return said.get(name) if isinstance(said, Mapping) else getattr(said, name, None)


class PairJoiner:
    """Text in valid Unicode from pieces that may cut a surrogate pair in two, as servers
    do that write ASCII JSON token by token.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """The text so far that no later piece changes, behind what was fed before."""
        text = self._held + piece
        self._held = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return str(storable(text.removesuffix(self._held)))

    def rest(self) -> str:
        """What is left when no other half came."""
        held, self._held = self._held, ""
        return str(storable(held))
