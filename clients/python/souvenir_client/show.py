"""What the command line shows: tables and progress bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
)
from rich.table import Column, Table
from rich.text import Text

from souvenir_client.calls import Found, Task

UNITS = ("passages", "pages", "files")
"""The finest that is known yet: files are read page by page, then passage by passage."""


def bar(out: Console) -> Progress:
    """Shown on a terminal and gone at the end: in a pipe only the outcome is of use."""
    counted = MofNCompleteColumn(), TextColumn("{task.fields[unit]}")
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        *counted,
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )


class TaskRow:
    """A task in a bar."""

    def __init__(self, bar: Progress, name: str) -> None:
        self._bar, self._name = bar, name
        self._row = bar.add_task(name, total=None, unit="pages")

    def seen(self, task: Task) -> None:
        """Show the step that it is at, and how much of it is done."""
        progress = task.raw.get("progress") or {}
        unit = next((each for each in UNITS if progress.get(each)), "pages")
        self._bar.update(
            self._row,
            description=f"{self._name}: {task.raw.get('step') or task.status}",
            completed=progress.get(f"{unit}_done") or 0,
            total=progress.get(unit) or None,
            unit=unit,
        )


def found(rows: Found) -> Table:
    """What a search gave, best first within its kind."""
    table = Table("relativity", "kind", "memory")
    for kind, entries, name in (
        ("fact", rows.memories, "memory_value"),
        ("preference", rows.preferences, "preference"),
        ("tool", rows.tools, "tool_value"),
        ("skill", rows.skills, "skill_value"),
    ):
        for entry in entries:
            value = entry[name]
            table.add_row(
                f"{entry['relativity']:.2f}",
                kind,
                Text(value["name"] if isinstance(value, dict) else value),
            )
    return table


def tasks(listed: Sequence[Task]) -> Table:
    """A line a task, the latest first."""
    table = Table("begun", Column("task", min_width=36), "state", "work", "how far")
    for task in listed:
        begun = (
            datetime.fromtimestamp(task.raw["created_at"] / 1000)
            .astimezone()
            .strftime("%Y-%m-%d %H:%M:%S")
        )
        table.add_row(
            begun,
            task.task_id,
            task.raw["state"],
            task.raw["work"],
            Text(_how_far(task)),
        )
    return table


def content(said: Any) -> str:
    """The words of a message; of other parts the kind."""
    if isinstance(said, list):
        return " ".join(
            part["text"] if part.get("type") == "text" else f"[{part.get('type')}]"
            for part in said
        )
    return str(said or "")


def _how_far(task: Task) -> str:
    if task.ended:
        return task.error_message or ", ".join(
            f"{count} {name}" for name, count in (task.raw.get("counts") or {}).items()
        )
    progress = task.raw.get("progress") or {}
    unit = next((each for each in UNITS if progress.get(each)), "")
    return (
        f"{task.raw['step']} {progress[f'{unit}_done']}/{progress[unit]} {unit}"
        if unit
        else str(task.raw["step"])
    )
