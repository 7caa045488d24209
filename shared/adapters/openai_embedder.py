"""The Embedder port on any OpenAI-compatible endpoint (`POST /embeddings`), by the
`openai` SDK.

What an endpoint takes is found out: a batch that it refuses is cut in two, a single text
that it refuses is shortened. All other failures are `ModelUnavailable`: jobs wait, a
query is answered by words meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from typing import Any

import openai

from shared.adapters.circuit_breaker import CircuitBreaker
from shared.adapters.guarded_call import FAILURES, guarded
from shared.adapters.openai_chat.model_errors import translated
from shared.domain.model_role import ModelRole
from shared.domain.searched_text import Searched, words_of
from shared.errors import ModelUnavailable

REFUSED = frozenset({400, 413, 422})
"""HTTP statuses by which endpoints say that an input is too long, or too much at once."""
MALFORMED = (ValueError, TypeError, AttributeError)
"""What reading an answer raises that is none."""
LEAST_CHARACTERS = 64
"""A text that is refused at this length is not refused for its length."""
CACHED_QUERIES = 256
"""Queries whose vectors are kept, the latest ones."""
BLANK = "-"
"""In place of a text without a character, which endpoints refuse."""
PROBE = "dimension"
"""What is embedded to see how many numbers a vector has."""
_HASH_CHARACTERS = 8

Vector = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EmbeddingEndpoint:
    """Where embeddings come from, and how they are asked for."""

    model: str
    role: ModelRole
    """Its address, and how it is to be treated."""
    dimensions: int = 0
    """Numbers of a vector to ask for, of models that can shorten theirs; 0 asks for none."""
    query_prefix: str = ""
    passage_prefix: str = ""
    """What the model was trained to see before a question and before a text."""
    batch: int = 32
    """Texts of one request."""
    query_timeout_s: float = 5.0
    """The longest wait for a question, for which somebody waits."""

    @property
    def name(self) -> str:
        """The model with all that its vectors depend on; not where it is served."""
        name = f"endpoint:{self.model}"
        if self.dimensions:
            name += f"@{self.dimensions}"
        if self.query_prefix or self.passage_prefix:
            prefixes = f"{self.query_prefix}\0{self.passage_prefix}".encode()
            name += f"#{hashlib.sha256(prefixes).hexdigest()[:_HASH_CHARACTERS]}"
        return name


class OpenAIEmbedder:
    """The Embedder port. `size` is that of the stored vectors: an endpoint that answers
    another one is refused.
    """

    def __init__(self, endpoint: EmbeddingEndpoint, size: int) -> None:
        self.name, self.size = endpoint.name, size
        self._endpoint = endpoint
        # The SDK heeds Retry-After.
        self._client = openai.AsyncOpenAI(
            base_url=endpoint.role.base_url,
            api_key=endpoint.role.api_key or "none",
            timeout=endpoint.role.timeout_s,
            max_retries=max(0, endpoint.role.tries - 1),
        )
        self._queries: OrderedDict[str, Vector] = OrderedDict()
        self._calls = asyncio.Semaphore(max(1, endpoint.role.calls))
        self._breaker = CircuitBreaker(FAILURES)

    async def passages(self, texts: Sequence[Searched]) -> list[Vector]:
        if not texts:
            return []
        prefix, size = self._endpoint.passage_prefix, self._endpoint.batch
        inputs = [prefix + _readable(words_of(text)) for text in texts]
        batches = [inputs[at : at + size] for at in range(0, len(inputs), size)]
        with guarded(self._breaker):  # jobs do not wait for it one after another
            vectors = await _all([self._batch(batch) for batch in batches])
        return list(chain.from_iterable(vectors))

    async def query(self, text: str) -> Vector:
        vector = self._queries.get(text)
        if vector is None:
            question = self._endpoint.query_prefix + _readable(text)
            with guarded(self._breaker):
                (vector,) = await self._batch([question], urgent=True)
            self._queries[text] = vector
        self._queries.move_to_end(text)
        while len(self._queries) > CACHED_QUERIES:
            self._queries.popitem(last=False)
        return vector

    async def _batch(self, inputs: list[str], *, urgent: bool = False) -> list[Vector]:
        """The vectors of some inputs. What is refused is asked for in smaller parts."""
        try:
            vectors = await self._request(inputs, urgent=urgent)
        except openai.APIStatusError as error:
            smaller = error.status_code in REFUSED and _smaller(inputs)
            if not smaller:
                raise self._unavailable(error) from error
            parts = [await self._batch(part, urgent=urgent) for part in smaller]
            return list(chain.from_iterable(parts))
        except (openai.OpenAIError, *MALFORMED) as error:
            raise self._unavailable(error) from error
        for vector in vectors:
            if self.size and len(vector) != self.size:
                raise ModelUnavailable(
                    f"{self.name} answers vectors of {len(vector)} numbers and the "
                    f"stored ones have {self.size}: it is another model than it was"
                )
        return vectors

    async def _request(self, inputs: list[str], *, urgent: bool) -> list[Vector]:
        endpoint = self._endpoint
        more: dict[str, Any] = {"extra_body": dict(endpoint.role.extra_body) or None}
        if endpoint.dimensions:
            more["dimensions"] = endpoint.dimensions
        client = self._client
        if urgent:
            client = client.with_options(
                timeout=endpoint.query_timeout_s, max_retries=0
            )
        async with nullcontext() if urgent else self._calls:
            answer = await client.embeddings.create(
                model=endpoint.model, input=inputs, encoding_format="float", **more
            )
        rows = sorted(answer.data, key=lambda row: row.index)
        if len(rows) != len(inputs):
            raise ValueError(f"{len(rows)} vectors for {len(inputs)} texts")
        return [_unit(row.embedding) for row in rows]

    def _unavailable(self, error: Exception) -> ModelUnavailable:
        """As an error that may pass: a wrong key is put right by the operator, and what
        waits for it must not be given up.
        """
        words, after = str(error), 0.0
        if isinstance(error, openai.OpenAIError):
            failure = translated(error, self._endpoint.role.timeout_s)
            words, after = failure.message, getattr(failure, "after", 0.0)
        return ModelUnavailable(f"{self.name} embeds nothing now: {words}", after=after)


async def probed_size(endpoint: EmbeddingEndpoint) -> int:
    """How many numbers the endpoint's vectors have. Raises `ModelUnavailable`."""
    (vector,) = await OpenAIEmbedder(endpoint, 0).passages([PROBE])
    return len(vector)


async def _all(requests: Iterable[Any]) -> list[list[Vector]]:
    """What all of them return, in order; where one fails the others are called off."""
    tasks = [asyncio.ensure_future(request) for request in requests]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()


def _smaller(inputs: list[str]) -> list[list[str]]:
    """The inputs in two parts, or a single one cut in half; nothing where it is short."""
    if len(inputs) > 1:
        half = len(inputs) // 2
        return [inputs[:half], inputs[half:]]
    (text,) = inputs
    return [[text[: len(text) // 2]]] if len(text) > LEAST_CHARACTERS else []


def _readable(text: str) -> str:
    """Valid Unicode that is not blank."""
    valid = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    return valid if valid.strip() else BLANK


def _unit(numbers: Sequence[float]) -> Vector:
    """The vector at unit length. Raises ValueError for one that has no direction."""
    length = math.sqrt(math.fsum(number * number for number in numbers))
    if not length or not math.isfinite(length):
        raise ValueError("a vector without a direction")
    return tuple(number / length for number in numbers)
