"""The rows of the suite, and the list of those that fail today."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ROWS = FOLDER / "rows"
FAILING = FOLDER / "failing.txt"
STEPS = frozenset({"add", "feedback", "update", "file"})
CHECKS = frozenset(
    {"ask", "stored", "standing", "instruction", "chat", "tools", "titles", "tags"}
)
JUDGEMENTS = frozenset(
    {"first", "contains", "absent", "gone", "at_most", "at_least", "nothing"}
)
OPTIONS = {
    "ask": {"relativity", "kind"},
    "stored": {"kind"},
    "standing": {"language"},
    "titles": {"of", "proper"},
    "tags": {"of", "proper"},
}
"""What may stand in a check beside its judgements."""
LANGUAGES = frozenset("en zh de es fr ja it pt ko ru ar hi mixed".split())

Json = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Row:
    """One case."""

    id: str
    kind: str
    language: str
    steps: tuple[Json, ...]
    checks: tuple[Json, ...]

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ValueError(f"{self.id}: no language {self.language!r}")
        _require_one_of(self.id, self.steps, STEPS)
        _require_one_of(self.id, self.checks, CHECKS)
        for check in self.checks:
            _require_judgement(self.id, check)


def _require_one_of(id: str, given: Iterable[Json], names: frozenset[str]) -> None:
    given = list(given)
    for entry in given:
        if len(names & entry.keys()) != 1:
            raise ValueError(f"{id}: expected one of {sorted(names)} in {dict(entry)}")
    if not given:
        raise ValueError(f"{id}: nothing of {sorted(names)}")


def _require_judgement(id: str, check: Json) -> None:
    """A check with a misspelt key, or with none, could not fail."""
    (name,) = CHECKS & check.keys()
    if name == "tools":
        return
    inner = check[name] if isinstance(check[name], dict) else check
    options = OPTIONS.get(name, set())
    unknown = inner.keys() - JUDGEMENTS - options - {name}
    if unknown or not inner.keys() & (JUDGEMENTS | {"proper"}):
        raise ValueError(f"{id}: a check judges nothing, or has {sorted(unknown)}")


@cache
def all_rows() -> tuple[Row, ...]:
    """Every row, in the order of the files. Raises ValueError for one that is none."""
    rows = tuple(
        _row(line, path.name)
        for path in sorted(ROWS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    )
    ids = [row.id for row in rows]
    repeated = sorted({id for id in ids if ids.count(id) > 1})
    if repeated:
        raise ValueError(f"ids that occur twice: {repeated}")
    return rows


def _row(line: str, place: str) -> Row:
    try:
        given = json.loads(line)
        steps, checks = tuple(given.pop("steps")), tuple(given.pop("checks"))
        return Row(**given, steps=steps, checks=checks)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}: {line[:120]}") from error


def failing_ids() -> frozenset[str]:
    """The ids of what fails today."""
    lines = FAILING.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def write_failing(ids: Iterable[str]) -> None:
    """Write the list anew, its head as it is."""
    lines = FAILING.read_text("utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    FAILING.write_text("\n".join([*head, *sorted(ids)]) + "\n", "utf-8")
