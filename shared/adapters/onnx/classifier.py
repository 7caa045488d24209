"""Classes by small models: of two statements, and of a message. All numbers are probabilities.

Each model is loaded at first use, on the worker's thread. The methods raise EngineUnavailable where
a model is missing or cannot run.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shared.adapters.onnx.batches import by_length
from shared.adapters.onnx.inputs import (
    message_offset,
    message_parts,
    pair_offsets,
    pair_tokens,
)
from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import (
    Card,
    EngineUnavailable,
    Session,
    read_card,
    shared_session,
)
from shared.adapters.onnx.short_messages import ShortMessageReader
from shared.adapters.onnx.spans import stretches
from shared.adapters.onnx.tokenizer import Token
from shared.adapters.onnx.weights import Floats
from shared.adapters.onnx.worker import PriorityWorker, shared_worker
from shared.adapters.without_models import CautiousJudge, KeepingReader
from shared.domain.judgement import Judgement, Word
from shared.domain.message_reading import KeptPart, Reading, Utterance
from shared.ports import Embedder, MessageReader, RelationJudge

log = logging.getLogger(__name__)

BUDGET = 512
"""Padded tokens of a batch: about 100 ms."""


class _Classifier:
    """Loads a model and runs texts through it, by length, in small batches."""

    def __init__(self, place: Path, worker: PriorityWorker | None) -> None:
        self._place = place
        self._worker = worker or shared_worker()
        self._session: Session | None = None

    @property
    def card(self) -> Card:
        """Name, classes and thresholds. Raises EngineUnavailable."""
        return self._session.card if self._session else read_card(self._place)

    def load(self) -> None:
        """Loads the weights now, on the caller's thread. Raises EngineUnavailable."""
        self._ready()

    def _ready(self) -> Session:
        if self._session is None:
            self._session = shared_session(self._place)
        return self._session

    def _compute(self, inputs: list[list[int]]) -> dict[str, Floats]:
        return self._ready().run(inputs)

    async def _run(
        self, inputs: Sequence[list[int]], urgent: bool
    ) -> list[dict[str, Floats]]:
        by_place: dict[int, dict[str, Floats]] = {}
        for batch in by_length([len(ids) for ids in inputs], BUDGET):
            chosen = [inputs[place] for place in batch]
            outputs = await self._worker.run(
                partial(self._compute, chosen), urgent=urgent
            )
            for row, place in enumerate(batch):
                by_place[place] = {
                    name: values[row] for name, values in outputs.items()
                }
        return [by_place[place] for place in range(len(inputs))]


class OnnxRelationJudge(_Classifier):
    """How what is said later bears on a remembered statement: a distribution over relations."""

    def __init__(
        self, place: Path | None = None, worker: PriorityWorker | None = None
    ) -> None:
        super().__init__(place or model_folder("relation"), worker)

    @property
    def archive_from(self) -> float:
        """Set on lives that the model did not see, by precision: `training.train_relation`."""
        return self.card.thresholds["archive"]

    @property
    def mark_from(self) -> float:
        """Set as `archive_from`."""
        return self.card.thresholds["mark"]

    @property
    def mark_simple_from(self) -> float:
        """Set as `mark_from`, on pairs of single statements."""
        return self.card.thresholds["mark_simple"]

    @property
    def likely_from(self) -> float:
        """Set as `archive_from`, by a lower precision."""
        return self.card.thresholds["likely"]

    async def judge(
        self, pairs: Sequence[tuple[str, str]], *, urgent: bool = False
    ) -> list[Judgement]:
        """Of each (old, new). Only the first 160 and 224 tokens are read."""
        if not pairs:
            return []
        inputs = await self._worker.run(partial(self._inputs, pairs), urgent=urgent)
        outputs = await self._run([item.ids for item in inputs], urgent)
        return [
            _judgement(item, output, self.card.classes["relation"])
            for item, output in zip(inputs, outputs, strict=True)
        ]

    def _inputs(self, pairs: Sequence[tuple[str, str]]) -> list[_PairInput]:
        session = self._ready()
        tokenizer = session.tools.tokenizer
        inputs: list[_PairInput] = []
        for old, new in pairs:
            tokens = pair_tokens(tokenizer, old, new)
            parts = [[token.id for token in part] for part in tokens]
            inputs.append(
                _PairInput(session.enclose(*parts), tokens, pair_offsets(parts))
            )
        return inputs


@dataclass(frozen=True)
class _PairInput:
    ids: list[int]
    tokens: tuple[list[Token], list[Token]]
    offsets: tuple[int, int]


def _judgement(
    item: _PairInput, output: Mapping[str, Floats], relations: Sequence[str]
) -> Judgement:
    likely = output["parts"][:, 0]
    outdated, telling = (
        [
            Word(token.start, token.end, float(likely[place]))
            for place, token in enumerate(tokens, offset)
        ]
        for tokens, offset in zip(item.tokens, item.offsets, strict=True)
    )
    return Judgement(_named(relations, output["relation"]), outdated, telling)


@dataclass(frozen=True)
class _Input:
    ids: list[int]
    tokens: list[Token]
    offset: int


class OnnxMessageReader(_Classifier):
    """What a message is, whose matter it is, and which stretches of it are worth keeping."""

    def __init__(
        self, place: Path | None = None, worker: PriorityWorker | None = None
    ) -> None:
        super().__init__(place or model_folder("message"), worker)

    async def read(
        self, messages: Sequence[Utterance], *, urgent: bool = False
    ) -> list[Reading]:
        """The readings, in order. Only the first 384 tokens of each message are read."""
        if not messages:
            return []
        inputs = await self._worker.run(partial(self._inputs, messages), urgent=urgent)
        outputs = await self._run([item.ids for item in inputs], urgent)
        return [self._read_off(*pair) for pair in zip(inputs, outputs, strict=True)]

    def _inputs(self, messages: Sequence[Utterance]) -> list[_Input]:
        session = self._ready()
        inputs: list[_Input] = []
        for message in messages:
            parts, tokens = message_parts(
                session.tools.tokenizer, message.role, message.text, message.previous
            )
            inputs.append(
                _Input(session.enclose(*parts), tokens, message_offset(parts, tokens))
            )
        return inputs

    def _read_off(self, item: _Input, output: Mapping[str, Floats]) -> Reading:
        own = slice(item.offset, item.offset + len(item.tokens))
        parts = stretches(
            item.tokens,
            output["tags"][own],
            output["begins"][own],
            output["part_about"][own],
        )
        classes = self.card.classes
        kept_parts = [
            KeptPart(
                part.start,
                part.end,
                part.probability,
                _named(classes["tags"][1:], part.kinds),
                _named(classes["part_about"], part.about),
            )
            for part in parts
        ]
        labels = _named(classes["labels"], output["labels"])
        return Reading(
            labels, _named(classes["about"], output["about"]), tuple(kept_parts)
        )


def _named(names: Sequence[str], values: Floats) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def best_reader(embedder: Embedder, place: Path | None = None) -> MessageReader:
    """The reader of our own, or one that keeps everything where it cannot run. `embedder`:
    of our own, too; with another one short messages are read like others.
    """
    reader = OnnxMessageReader(place)
    try:
        reader.load()
        return ShortMessageReader(reader, embedder, place)
    except EngineUnavailable as error:
        log.warning("message_reader_unavailable", extra={"error": str(error)})
        return KeepingReader()


def best_judge(place: Path | None = None) -> RelationJudge:
    """The judge of our own, or one that sees no change where it cannot run."""
    judge = OnnxRelationJudge(place)
    try:
        judge.load()
    except EngineUnavailable as error:
        log.warning("relation_judge_unavailable", extra={"error": str(error)})
        return CautiousJudge()
    return judge
