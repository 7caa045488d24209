"""How well an embedder finds the evidence in talks that no model was trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from shared.adapters.onnx.batches import by_length
from shared.adapters.onnx.embedder import PASSAGE, QUERY
from shared.adapters.onnx.inputs import BEFORE_TOKENS
from shared.adapters.onnx.session import Session, enclosed
from shared.adapters.onnx.tokenizer import Tokenizer
from shared.adapters.onnx.weights import Floats, Weights
from shared.domain.searched_text import SearchedText
from training import trainer
from training.backbone import Encoder, to_batch
from training.data import Question, Talk

BATCH = 4096
"""Padded tokens that are computed at once."""
LONGEST = 256

Embed = Callable[[Sequence[SearchedText]], Floats]


@dataclass(frozen=True)
class Measured:
    """Shares of the evidence that is found; each question counts the same."""

    in_talk: dict[int, float]
    """Among the first k of the turns of its own talk."""
    in_language: dict[int, float]
    """Among the first k of all unseen turns of the language."""
    by_type: dict[str, float]
    """Among the first of its talk, by the type of question."""
    by_language: dict[str, float]
    """Among the first 3 of its talk."""
    by_kind: dict[str, float]
    never: float
    """How often a question with evidence has a nearer turn than one that nothing answers (AUC)."""
    unrelated: tuple[float, float]
    """Mean and standard deviation of the cosine of a question and a turn of another talk."""

    def figures(self) -> dict[str, Any]:
        """For the report."""
        unrelated = {"mean": self.unrelated[0], "deviation": self.unrelated[1]}
        return {
            **{
                f"evidence in first {k} of its talk": v for k, v in self.in_talk.items()
            },
            **{f"evidence in first {k} of all": v for k, v in self.in_language.items()},
            "never-said told apart (AUC)": self.never,
            "cosine of unrelated texts": unrelated,
            "evidence in first of its talk, by type": self.by_type,
            "evidence in first 3 of its talk, by language": self.by_language,
            "evidence in first 3 of its talk, by kind": self.by_kind,
        }

    def __str__(self) -> str:
        near = " ".join(f"@{k} {v:.3f}" for k, v in self.in_talk.items())
        far = " ".join(f"@{k} {v:.3f}" for k, v in self.in_language.items())
        return f"in talk {near}, in language {far}, never {self.never:.3f}"


def measure_encoder(
    encoder: Encoder, weights: Weights, talks: Sequence[Talk]
) -> Measured:
    """The encoder in PyTorch, in 32 bit."""
    tokenizer, special = Tokenizer(weights), weights.special
    encoder.eval()

    @torch.no_grad()
    def run(tokens: Sequence[Sequence[int]]) -> Floats:
        batch = to_batch(tokens, weights, trainer.device())
        return np.asarray(encoder.vectors(batch).cpu().numpy(), np.float32)

    def tokens(text: SearchedText) -> list[int]:
        return enclosed(_parts(text, tokenizer), special.start, special.end)

    return measure(
        talks, lambda texts: _in_batches([tokens(text) for text in texts], run)
    )


def measure_exported(place: Path, talks: Sequence[Talk]) -> Measured:
    """The model in a folder, as the program runs it."""
    session = Session(place)

    def tokens(text: SearchedText) -> list[int]:
        read = text if session.reads_before else SearchedText(text.text)
        return session.enclose(*_parts(read, session.tools.tokenizer))

    def run(texts: Sequence[Sequence[int]]) -> Floats:
        return session.run(texts)["vector"]

    return measure(
        talks, lambda texts: _in_batches([tokens(text) for text in texts], run)
    )


def _parts(text: SearchedText, tokenizer: Tokenizer) -> list[list[int]]:
    """The tokens of a text, and of what it replies to."""
    parts = [tokenizer.ids(text.text)[: LONGEST - 2]]
    if text.before:
        parts.append(tokenizer.ids(text.before)[-BEFORE_TOKENS:])
    return parts


def measure(talks: Sequence[Talk], embed: Embed) -> Measured:
    """Every figure from one pass over the talks."""
    turn_texts = [
        SearchedText(f"{PASSAGE}{turn.speaker}: {turn.text}", turn.before)
        for talk in talks
        for turn in talk.turns
    ]
    asked = [(place, q) for place, talk in enumerate(talks) for q in talk.questions]
    turns, questions = (
        embed(turn_texts),
        embed([SearchedText(QUERY + q.text) for _, q in asked]),
    )
    owner = np.array([place for place, talk in enumerate(talks) for _ in talk.turns])
    languages = np.array([talk.language for talk in talks])
    cosines = questions @ turns.T
    ranks: list[_Ranked] = []
    best: dict[bool, list[float]] = {True: [], False: []}
    for (place, question), row in zip(asked, cosines, strict=True):
        own = row[owner == place]
        best[bool(question.evidence)].append(float(own.max()))
        if question.evidence:
            same = row[languages[owner] == languages[place]]
            ranks.append(_ranked(question, talks[place], own, same))
    negatives = np.concatenate(
        [row[owner != p] for (p, _), row in zip(asked, cosines, strict=True)]
    )
    return Measured(
        in_talk={k: _mean(r.recall(k) for r in ranks) for k in (1, 3, 9)},
        in_language={k: _mean(r.recall_anywhere(k) for r in ranks) for k in (1, 3, 9)},
        by_type=_by(ranks, lambda r: r.question.type, 1),
        by_language=_by(ranks, lambda r: r.talk.language, 3),
        by_kind=_by(ranks, lambda r: r.talk.kind, 3),
        never=above(best[True], best[False]),
        unrelated=(round(float(negatives.mean()), 4), round(float(negatives.std()), 4)),
    )


@dataclass(frozen=True)
class _Ranked:
    """How many turns come before each piece of evidence."""

    question: Question
    talk: Talk
    in_talk: list[int]
    anywhere: list[int]

    def recall(self, k: int) -> float:
        return float(np.mean([rank < k for rank in self.in_talk]))

    def recall_anywhere(self, k: int) -> float:
        return float(np.mean([rank < k for rank in self.anywhere]))


def _ranked(question: Question, talk: Talk, own: Floats, same: Floats) -> _Ranked:
    scores = [own[place] for place in question.evidence]
    in_talk = [int((own > score).sum()) for score in scores]
    return _Ranked(
        question, talk, in_talk, [int((same > score).sum()) for score in scores]
    )


def _by(
    ranks: Sequence[_Ranked], key: Callable[[_Ranked], str], k: int
) -> dict[str, float]:
    groups: dict[str, list[float]] = defaultdict(list)
    for rank in ranks:
        groups[key(rank)].append(rank.recall(k))
    return {name: _mean(recall) for name, recall in sorted(groups.items())}


def above(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """How often one of the first is above one of the second: the area under the ROC curve."""
    if not positives or not negatives:
        return float("nan")
    first, second = np.array(positives)[:, None], np.array(negatives)[None, :]
    return round(float((first > second).mean()), 4)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return round(float(np.mean(listed)), 4) if listed else float("nan")


def _in_batches(
    tokens: Sequence[Sequence[int]], run: Callable[[Sequence[Sequence[int]]], Floats]
) -> Floats:
    batches = by_length([len(ids) for ids in tokens], BATCH)
    recall = [run([tokens[place] for place in batch]) for batch in batches]
    order = np.array([place for batch in batches for place in batch])
    return np.concatenate(recall)[np.argsort(order)]
