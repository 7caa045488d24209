"""Rows that hold the property: after any sequence of adds every statement is found again
by its own words, since none of them replaces another and none was to be forgotten.

The statements in `statements.jsonl` lie close to each other on purpose: the same
attribute of another person, of an earlier time, in a wish or in a quotation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tests.behaviour.rows import Json, Row

STATEMENTS = Path(__file__).with_name("statements.jsonl")
KIND = "P"
SEED = 2025
LENGTHS = (*(12,) * 10, 40, 40)
"""Statements of each sequence."""
MOST_AT_ONCE = 3
"""Statements of one add."""
BEGINNING = datetime(2025, 3, 1, 10)


@dataclass(frozen=True)
class Statement:
    """What a user says, and the phrase by which it is known again."""

    language: str
    text: str
    words: str


def statements() -> list[Statement]:
    """All of them."""
    lines = STATEMENTS.read_text("utf-8").splitlines()
    return [Statement(**json.loads(line)) for line in lines]


def sequence_rows(seed: int = SEED) -> Iterator[Row]:
    """A row for each length; another seed gives other sequences."""
    random, pool = Random(seed), statements()
    for number, length in enumerate(LENGTHS, start=1):
        chosen = random.sample(pool, length)
        steps = tuple(_adds(chosen, random))
        checks = tuple(_own_words(statement) for statement in chosen)
        yield Row(f"p-{seed}-{number:02}", KIND, "mixed", steps, checks)


def _adds(chosen: Sequence[Statement], random: Random) -> Iterator[Json]:
    """The statements, a few days and one to three of them apart."""
    at, rest = BEGINNING, list(chosen)
    while rest:
        count = random.randint(1, MOST_AT_ONCE)
        said, rest = rest[:count], rest[count:]
        time = at.strftime("%Y-%m-%d %H:%M:%S")
        yield {"add": [["user", statement.text, time] for statement in said]}
        at += timedelta(days=random.randint(0, 30))


def _own_words(statement: Statement) -> Json:
    return {"ask": statement.text, "relativity": 0, "contains": [statement.words]}
