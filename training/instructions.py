"""Instructions to an assistant, and whether they bear on every answer or only on some."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.data import DATA, lines, read_at

TAUGHT, UNSEEN = "standing.jsonl", "standing_unseen.jsonl"


@dataclass(frozen=True)
class Instruction:
    """What somebody asks for."""

    language: str
    text: str
    bears: bool
    """Whether it bears on every answer."""
    source: str

    @property
    def identity(self) -> str:
        return self.text


def read_instruction(said: dict[str, Any], source: str) -> Instruction:
    """Raises ValueError or KeyError."""
    if not isinstance(said["bears"], bool):
        raise ValueError(f"bears is {said['bears']!r}")
    return Instruction(str(said["language"]), str(said["text"]), said["bears"], source)


def load_instructions(name: str, root: Path = DATA) -> list[Instruction]:
    """Those of the files of that name, by folder. Raises DataError with file and line."""
    return [
        read_at(source, read_instruction, said) for source, said in lines(root, name)
    ]
