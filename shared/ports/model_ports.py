"""What reads, judges, ranks and answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from shared.domain.extraction import Draft, Extraction
from shared.domain.judgement import Judgement
from shared.domain.message_reading import Reading, Utterance
from shared.domain.model_answer import Answer, Usage
from shared.domain.passage import Passage, Talk
from shared.domain.searched_text import Searched


class Embedder(Protocol):
    """Dense vectors of unit length."""

    name: str
    """Which model: stored calibrations belong to it."""
    size: int
    """Numbers in a vector."""

    async def passages(self, texts: Sequence[Searched]) -> list[tuple[float, ...]]:
        """One vector a text, in order, for texts to be found. What is longer than the
        model reads is cut off.
        """
        ...

    async def query(self, text: str) -> tuple[float, ...]:
        """The vector of a text to find others by. Soon raises `Unavailable` where there
        is none to be had.
        """
        ...


class Reranker(Protocol):
    """A model that reads a query together with each text."""

    name: str
    """Which model."""

    async def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How relevant each text is, in their order: 0..1, the higher the better; only
        the order of the numbers is the same with every model.
        """
        ...


class MessageReader(Protocol):
    """Says of messages what they are and which words of them are worth keeping."""

    async def read(
        self, messages: Sequence[Utterance], *, urgent: bool = False
    ) -> list[Reading]:
        """One reading a message, in order; of a long one only the beginning is read."""
        ...


class RelationJudge(Protocol):
    """Says how what is said later bears on a remembered statement."""

    @property
    def archive_from(self) -> float:
        """Probability of a change (update, ended, correction, instruction_replaced) from
        which the older statement may be archived.
        """
        ...

    @property
    def mark_from(self) -> float:
        """Probability of a change from which the older statement is marked."""
        ...

    @property
    def mark_simple_from(self) -> float:
        """The same for an older statement that says one thing."""
        ...

    @property
    def likely_from(self) -> float:
        """Probability of a change from which what was said later is noted beside the
        older statement.
        """
        ...

    async def judge(
        self, pairs: Sequence[tuple[str, str]], *, urgent: bool = False
    ) -> list[Judgement]:
        """Of each (old, new), in order."""
        ...


ExtractorCall = Callable[[Sequence[Draft]], Awaitable[Extraction]]
"""A part of an extraction that is saved by itself; it is given the drafts of the parts
before it. Raises `Transient` where a service that it needs does not answer.
"""


class Extractor(Protocol):
    """Finds what is worth remembering. Never fails for what a text says: what could not
    be done as intended stands in the remarks of the result.
    """

    @property
    def is_cheap(self) -> bool:
        """Whether asking again costs little, and says the same."""
        ...

    def talk_calls(self, talk: Talk) -> Sequence[ExtractorCall]:
        """The parts of `from_talk`, in order; always as many for the same talk."""
        ...

    async def from_talk(self, talk: Talk) -> Extraction:
        """Drafts from messages, in the order in which they were said."""
        ...

    async def from_passages(self, passages: Sequence[Passage]) -> Extraction:
        """Drafts from parts of documents, in their order."""
        ...


class ChatModel(Protocol):
    """A language model that answers messages (`{"role": ..., "content": ...}`).

    `options` may hold `temperature`, `top_p` and `max_tokens`; others, and those that
    the model does not take, are left out.

    Both methods raise `ModelUnavailable` when it may answer later, `ModelRefused` when
    it does not do this (`ModelTooLong` when a shorter request may help),
    `ModelMisconfigured` when its owner has to act, and `BudgetExhausted` where the tokens of
    a project are counted.
    """

    name: str
    """What users call it."""
    calls: int
    """How many it takes at a time in one process; more wait."""

    async def complete(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The whole answer. With a JSON `schema` the model is asked for JSON of that
        form; the answer is not checked and may be no JSON, or half of it (`is_cut`).
        """
        ...

    def stream(
        self,
        messages: Sequence[Mapping[str, Any]],
        options: Mapping[str, Any] | None = None,
        on_usage: Callable[[Usage], None] | None = None,
    ) -> AsyncGenerator[tuple[str, str], None]:
        """The answer in pieces as they come: ("text" | "reasoning", characters).
        `on_usage` is called once, at the end, where the endpoint counts tokens.
        """
        ...
