"""What the command line prints: tables and progress bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from souvenir_client.values import KINDS, Found, Json, MemoryKind, Task

STEP_UNITS = {
    "parse": "pages",
    "split": "pages",
    "extract": "passages",
    "embed": "memories",
    "merge": "memories",
    "store": "memories",
}
"""The unit that a step counts in: files are read page by page, then passage by passage,
and what was found is embedded and stored memory by memory, which takes longest.
"""
UNITS = ("passages", "pages", "files", "memories")
"""Units in the order in which one is looked for where a step's own is not counted."""


CONTROLS = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"},
    0x7F: "\u2421",
    **{code: f"\\x{code:02x}" for code in range(0x80, 0xA0)},
    **{ord(sign): f"\\u{ord(sign):04x}" for sign in "\u202a\u202b\u202c\u202d\u202e"},
    **{ord(sign): f"\\u{ord(sign):04x}" for sign in "\u2066\u2067\u2068\u2069"},
}
"""What steers a terminal or turns the order of words round, by how it is shown."""


def visible(text: str) -> str:
    """A text that a terminal shows and does not obey: what is remembered may come from
    anybody's document.
    """
    return text.translate(CONTROLS)


def bar(out: Console) -> Progress:
    """Shown on a terminal and gone at the end: in a pipe only the outcome is of use."""
    counted = MofNCompleteColumn(), TextColumn("{task.fields[unit]}")
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        *counted,
        TimeElapsedColumn(),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )


class TaskRow:
    """A task in a bar."""

    def __init__(self, bar: Progress, name: str) -> None:
        self._bar, self._name = bar, visible(name)
        self._row = bar.add_task(self._name, total=None, unit="pages")

    def update(self, task: Task) -> None:
        """Show the step that the task is at, and how much of it is done."""
        progress = task.raw.get("progress") or {}
        step = str(task.raw.get("step") or task.status)
        unit = unit_of(step, progress) or "pages"
        self._bar.update(
            self._row,
            description=f"{self._name}: {step}",
            completed=progress.get(f"{unit}_done") or 0,
            total=progress.get(unit) or None,
            unit=unit,
        )


def unit_of(step: str, progress: Json) -> str:
    """The unit in which a step's progress moves; "" where nothing is counted."""
    own = STEP_UNITS.get(step, "")
    if progress.get(own):
        return own
    return next((unit for unit in UNITS if progress.get(unit)), "")


def count(answer: Found) -> int:
    """How many memories a search found."""
    return sum(len(getattr(answer, kind.field)) for kind in KINDS)


def matches(answer: Found) -> Table:
    """The memories that a search found, the most relevant first within their kind."""
    table = Table("relativity", "kind", "memory")
    for relativity, kind, _, words in match_rows(answer):
        table.add_row(relativity, kind, Text(visible(words)))
    return table


def match_rows(answer: Found) -> list[list[str]]:
    """The same as rows of relativity, kind, id and words."""
    return [
        [f"{memory['relativity']:.2f}", kind.name, memory["id"], _words(memory, kind)]
        for kind in KINDS
        for memory in getattr(answer, kind.field)
    ]


def listed(answer: Json) -> list[tuple[MemoryKind, Json]]:
    """The memories in the lists of an answer, with their kinds."""
    return [
        (kind, memory) for kind in KINDS for memory in answer.get(kind.wire_list) or ()
    ]


def memory_rows(answer: Json) -> list[list[str]]:
    """The memories of an answer as rows of id, day, kind and words, kind by kind, in the
    server's order.
    """
    return [
        [str(memory.get("id") or ""), _day(memory), kind.name, _words(memory, kind)]
        for kind, memory in listed(answer)
    ]


def _words(memory: Json, kind: MemoryKind) -> str:
    value = memory.get(kind.text)
    return str(value["name"] if isinstance(value, dict) else value or "")


def _day(memory: Json) -> str:
    """The day, here, since which a memory holds; "" where that is not said."""
    times = map(memory.get, ("valid_from", "create_time", "created_at"))
    at = next(filter(None, times), "")
    if isinstance(at, int):
        return f"{_moment(at):%Y-%m-%d}"
    return str(at)[:10]


def task_rows(listed: Sequence[Task]) -> list[list[str]]:
    """The tasks as rows of id, begin, state, work and how far they are."""
    return [
        [
            task.task_id,
            f"{_moment(task.raw['created_at']):%Y-%m-%d %H:%M:%S}",
            task.raw["state"],
            task.raw["work"],
            progress_text(task),
        ]
        for task in listed
    ]


def aligned(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines with the cells under their titles. Nothing is cut, however wide the terminal
    is: ids are there to be copied.
    """
    cells = [titles, *([" ".join(cell.split()) for cell in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        padded = [
            set_cell_size(cell, width) for cell, width in zip(line, widths, strict=True)
        ]
        yield "  ".join([*padded[:-1], line[-1]]).rstrip()


def _moment(milliseconds: int) -> datetime:
    """In the time zone of this machine."""
    return datetime.fromtimestamp(milliseconds / 1000).astimezone()


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
        counted = ", ".join(f"{number} {name}" for name, number in counts.items())
        return task.error_message or counted
    step = str(task.raw["step"])
    progress = task.raw.get("progress") or {}
    unit = unit_of(step, progress)
    return (
        f"{step} {progress[f'{unit}_done']}/{progress[unit]} {unit}" if unit else step
    )
