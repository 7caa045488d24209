"""Names of things as somebody says them in an order to forget ("my address"), and the statements
that they mean.

Such a name is shorter than a question, shares no word with what it means, and its rivals are
near: the mother's address, the hotel's. The program compares it both as a query with statements
and as a text of its own with other texts (the names of topics): it is learned in both ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.data import DATA, Question, Talk, Turn, lines, read_at

KIND, SPEAKER = "named", "memory"


def load_named(root: Path = DATA) -> list[Talk]:
    """All of them, by folder: the statements of one person as turns, each name as a question.
    Raises DataError with file and line.
    """
    return [
        read_at(source, read_named, said)
        for source, said in lines(root, "named.jsonl")
    ]


def read_named(said: Mapping[str, Any], source: str) -> Talk:
    """One line. Raises KeyError, ValueError or IndexError for one of another form."""
    turns = tuple(Turn(SPEAKER, text) for text in said["said"])
    names = tuple(_name(entry, len(turns)) for entry in said["named"])
    return Talk(said["language"], KIND, turns, names, source)


def _name(entry: Mapping[str, Any], turns: int) -> Question:
    meant = tuple(sorted(set(entry["meant"])))
    if not meant or not 0 <= meant[0] <= meant[-1] < turns:
        raise ValueError(f"{entry['name']!r} means {entry['meant']} of {turns}")
    return Question(entry["name"], meant, "single")
