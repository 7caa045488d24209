"""Pairs that the program judged while talks were told to it: statements as it stored them, each
with the neighbours that its gate let pass, and what a reader made of them.

In lives half of what is said changes something, and written pairs are all about one topic. What a
judge meets is neither: of five pairs one is a change, and the others look like one.

`met.jsonl` is learned from, but for the talks of the unseen split. `met_unseen.jsonl` never is:
it is of talks with which the program is measured; which change one is it does not say (`update`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.domain.judgement import CHANGES
from training.data import DATA, DataError, lines, read_at

NONE = "none"
"""The relation of a pair that is no change, whatever it is."""


@dataclass(frozen=True)
class MetPair:
    """An older and a newer statement."""

    language: str
    talk: str
    """Where both were said: a talk is learned from as a whole or not at all."""
    old: str
    new: str
    relation: str
    """One of CHANGES, or NONE."""
    source: str

    @property
    def identity(self) -> str:
        return self.talk

    @property
    def is_change(self) -> bool:
        return self.relation != NONE


def load_met(root: Path = DATA) -> list[MetPair]:
    """All pairs that may be learned from, by folder. Raises DataError with file and line."""
    return [
        read_at(source, read_met, said) for source, said in lines(root, "met.jsonl")
    ]


def load_never_learned(root: Path = DATA) -> list[MetPair]:
    """The same of talks with which the program is measured."""
    return [
        read_at(source, read_met, said)
        for source, said in lines(root, "met_unseen.jsonl")
    ]


def read_met(said: Mapping[str, Any], source: str) -> MetPair:
    """One line. Raises KeyError for a field that is missing, DataError for a relation that
    there is not.
    """
    if said["relation"] not in (*CHANGES, NONE):
        raise DataError(f"{source}: no such relation: {said['relation']}")
    return MetPair(
        said["language"],
        said["talk"],
        said["old"],
        said["new"],
        said["relation"],
        source,
    )
