"""Lexical and dense scores on one scale.

Both are taken as they come, on a scale fixed once per embedder, and not by their rank
or spread among the candidates: measured, ranks forget by how much a memory is ahead,
and deviations depend on where the lists were cut (three points of found evidence).
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.memory import Candidate

ENGLISH, CHINESE = 0.35, 0.1
"""What a point of BM25 counts beside a step of the dense score. Chinese paraphrases
share few words, each indexed in several parts.
"""


def base_scores(
    candidates: Sequence[Candidate], unit: float, chinese: bool
) -> list[float]:
    """One score a candidate, in dense steps of `unit` (the spread of cosines between
    unrelated texts).

    A fast memory, which has no vector, is taken for an average one.
    """
    dense = dense_scores(candidates)
    known = [score for score in dense if score is not None]
    middle = sum(known) / len(known) if known else 0.0
    weight = CHINESE if chinese else ENGLISH
    return [
        (middle if score is None else score) / unit
        + weight * (candidate.lexical or 0.0)
        for candidate, score in zip(candidates, dense, strict=True)
    ]


def dense_scores(candidates: Sequence[Candidate]) -> list[float | None]:
    """The cosines; what the dense search did not bring up is as bad as the worst that
    it did. None for fast memories.
    """
    floor = min(
        (candidate.dense for candidate in candidates if candidate.dense is not None),
        default=None,
    )
    return [
        candidate.dense
        if candidate.dense is not None or candidate.memory.fast
        else floor
        for candidate in candidates
    ]
