"""A model in memory: what its folder says of it, its graph, and texts as tokens run through it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.adapters.onnx.tokenizer import Tokenizer
from shared.adapters.onnx.weights import Floats, Weights, WeightsError
from shared.third_party import disable_reporting

GRAPH = "model.onnx"
NUMBERS = "model.bin"
"""The weights of the graph: memory-mapped, so that processes share them."""
CARD = "model.json"
LEAST_AGREEMENT = 0.97
"""Cosine between what a processor computes for the sample text and what was computed at export.

Other instruction sets round otherwise (about .995); one that cannot compute in 8 bit is far off.
"""


SLOW_FUSIONS = ["SkipLayerNormFusion"]
"""What ONNX Runtime would fuse into an operator that takes four times as long on a CPU: its sums
are added up one number after the other (version 1.31; a third of the time of a text).
"""
OWN = "own"
"""The input of a graph that has to know which tokens are of the text itself, and not of
what stands behind it to be understood by.
"""
POOLED = "pooled"
"""The same of a graph whose output is the mean over them, the marks of its start and end
among them.
"""


class EngineUnavailable(RuntimeError):
    """A model cannot run here: no ONNX Runtime, no weights, a processor that computes amiss."""


@dataclass(frozen=True)
class Card:
    """What the program has to know of a model; `training.export` writes it."""

    name: str
    sha256: str
    longest: int
    """Tokens of the longest input, start and end included."""
    classes: Mapping[str, tuple[str, ...]]
    """Names of the classes of each output that is a distribution or a set of probabilities."""
    thresholds: Mapping[str, float]
    """Probabilities from which a class counts, as set on the unseen split."""
    sample: Mapping[str, Any]
    """A text ("text", "output") and the numbers ("values") that the model gave for it at export."""

    @property
    def identity(self) -> str:
        """The name with the beginning of the weights' hash: changes with every training."""
        return f"{self.name}-{self.sha256[:12]}"


@dataclass(frozen=True)
class TextTools:
    """What every model reads text with; one of each in a process."""

    weights: Weights
    tokenizer: Tokenizer


@cache
def text_tools() -> TextTools:
    """The shared weights of the word table and the tokenizer. Raises EngineUnavailable."""
    try:
        weights = Weights()
        return TextTools(weights, Tokenizer(weights))
    except (WeightsError, OSError) as error:
        raise EngineUnavailable(str(error)) from error


def read_card(place: Path) -> Card:
    """The card in a model's folder. Raises EngineUnavailable."""
    try:
        said = json.loads((place / CARD).read_text("utf-8"))
        classes = {name: tuple(names) for name, names in said.pop("classes").items()}
        return Card(classes=classes, **said)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EngineUnavailable(f"no readable {CARD} in {place}: {error}") from error


@cache
def shared_session(place: Path) -> Session:
    """The one session of this process on the model in a folder: a process that is forked
    after it was loaded computes with the same memory. Raises EngineUnavailable.
    """
    return Session(place)


class Session:
    """A model that runs on one thread. Raises EngineUnavailable where it cannot."""

    def __init__(self, place: Path) -> None:
        self.card = read_card(place)
        self.tools = text_tools()
        self._graph = _load(place / GRAPH, self.card.sha256)
        self._outputs = [output.name for output in self._graph.get_outputs()]
        self._inputs = [given.name for given in self._graph.get_inputs()]
        self._check()

    def run(self, texts: Sequence[Sequence[int]]) -> dict[str, Floats]:
        """Outputs by name, their first axis the texts, for token ids with start and end.

        Outputs for each token have the length of the longest text as their second axis.
        """
        special = self.tools.weights.special
        ids, mask = padded(texts, special.padding)
        inputs = {"words": self.tools.weights.words(ids), "mask": mask}
        if OWN in self._inputs:
            inputs[OWN] = first_part(ids, special.end)
        if POOLED in self._inputs:
            inputs[POOLED] = through_first_part(ids, special.end)
        return dict(zip(self._outputs, self._graph.run(None, inputs), strict=True))

    @property
    def reads_before(self) -> bool:
        """Whether a text may come with what it replies to."""
        return POOLED in self._inputs

    def enclose(self, *parts: Sequence[int]) -> list[int]:
        """Token ids of one text, or of several, as the model was trained to take them."""
        special = self.tools.weights.special
        return enclosed(parts, special.start, special.end)

    def _check(self) -> None:
        sample = self.card.sample
        tokens = self.enclose(self.tools.tokenizer.ids(sample["text"]))
        values = self.run([tokens])[sample["output"]][0].ravel()
        agreement = cosine(values, np.array(sample["values"], np.float32))
        if not agreement >= LEAST_AGREEMENT:
            raise EngineUnavailable(
                f"{self.card.name}: this processor computes something else ({agreement:.3f})"
            )


def enclosed(parts: Sequence[Sequence[int]], start: int, end: int) -> list[int]:
    """start, the first part, end, then for each further part: end, the part, end."""
    ids = [start, *parts[0], end]
    for part in parts[1:]:
        ids += [end, *part, end]
    return ids


def padded(
    texts: Sequence[Sequence[int]], padding: int
) -> tuple[NDArray[np.int64], Floats]:
    """Ids (texts, longest) and a mask of that shape: 1 for tokens, 0 for padding."""
    longest = max(map(len, texts))
    ids = np.full((len(texts), longest), padding, np.int64)
    mask = np.zeros((len(texts), longest), np.float32)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return ids, mask


def first_part(ids: NDArray[np.int64], end: int) -> Floats:
    """1 for the tokens of the first part of each text, which begins behind the start,
    0 for all others: (texts, longest).
    """
    before_end = np.cumsum(ids == end, axis=1) == 0
    before_end[:, 0] = False
    return np.asarray(before_end, np.float32)


def through_first_part(ids: NDArray[np.int64], end: int) -> Floats:
    """The same with the marks of its start and its end."""
    ends = ids == end
    return np.asarray(np.cumsum(ends, axis=1) - ends == 0, np.float32)


def cosine(a: Floats, b: Floats) -> float:
    """Between -1 and 1; 0 where the shapes differ."""
    if a.shape != b.shape:
        return 0.0
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-12))


def _load(path: Path, sha256: str) -> Any:
    disable_reporting()
    try:
        import onnxruntime as runtime
    except ImportError as error:
        raise EngineUnavailable(f"onnxruntime cannot be loaded: {error}") from error
    if hash_of(path.parent) != sha256:
        raise EngineUnavailable(
            f"the files in {path.parent} are not those that {CARD} names"
        )
    try:
        return runtime.InferenceSession(
            str(path),
            _options(runtime),
            providers=["CPUExecutionProvider"],
            disabled_optimizers=SLOW_FUSIONS,
        )
    except (
        Exception
    ) as error:  # the runtime raises classes of its own, without a common base
        raise EngineUnavailable(f"onnxruntime cannot run {path}: {error}") from error


def hash_of(place: Path) -> str:
    """SHA-256 over the graph and its weights, in hexadecimal. Raises EngineUnavailable."""
    sha256 = hashlib.sha256()
    try:
        for name in (GRAPH, NUMBERS):
            with (place / name).open("rb") as file:
                sha256.update(hashlib.file_digest(file, "sha256").digest())
    except OSError as error:
        raise EngineUnavailable(f"no weights: {error}") from error
    return sha256.hexdigest()


def _options(runtime: Any) -> Any:
    """One thread; no arena, which would keep what one long text took."""
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return options
