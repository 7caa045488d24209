"""What the command line prints: tables and progress bars."""

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

from souvenir_client.values import KINDS, Found, Task

UNITS = ("passages", "pages", "files", "memories")
"""Units of progress, the finest first: files are read page by page, then passage by
passage; where there are none, memories are embedded.
"""


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

    def update(self, task: Task) -> None:
        """Show the step that the task is at, and how much of it is done."""
        progress = task.raw.get("progress") or {}
        unit = next((unit for unit in UNITS if progress.get(unit)), "pages")
        self._bar.update(
            self._row,
            description=f"{self._name}: {task.raw.get('step') or task.status}",
            completed=progress.get(f"{unit}_done") or 0,
            total=progress.get(unit) or None,
            unit=unit,
        )


def matches(answer: Found) -> Table:
    """The memories that a search found, the most relevant first within their kind."""
    table = Table("relativity", "kind", "memory")
    for kind in KINDS:
        for memory in getattr(answer, kind.field):
            value = memory[kind.text]
            text = value["name"] if isinstance(value, dict) else value
            table.add_row(f"{memory['relativity']:.2f}", kind.name, Text(text))
    return table


def tasks(listed: Sequence[Task]) -> Table:
    """A line a task, the latest first."""
    table = Table("begun", Column("task", min_width=36), "state", "work", "how far")
    for task in listed:
        moment = datetime.fromtimestamp(task.raw["created_at"] / 1000).astimezone()
        begun = moment.strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(
            begun,
            task.task_id,
            task.raw["state"],
            task.raw["work"],
            Text(progress_text(task)),
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


def progress_text(task: Task) -> str:
    """The error or the counts of a task that has ended; of others the step and how much
    of it is done.
    """
    if task.ended:
        counts = task.raw.get("counts") or {}
        counted = ", ".join(f"{count} {name}" for name, count in counts.items())
        return task.error_message or counted
    step = str(task.raw["step"])
    progress = task.raw.get("progress") or {}
    for unit in UNITS:
        if progress.get(unit):
            return f"{step} {progress[f'{unit}_done']}/{progress[unit]} {unit}"
    return step
