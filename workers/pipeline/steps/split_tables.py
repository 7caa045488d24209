"""A Markdown table that is too long for one passage, in pieces that can each be understood
alone: without the names of its columns nobody knows what the figures in a row are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

HEAD_LINES = 2
"""Lines of a Markdown table before its rows: the names, the rule."""
MAX_NAME = 160
"""Characters of a column's name, or of a row's, that are written beside each value."""
MAX_GROWTH = 4
"""So many times the length of the table may its rows take with a name before each value;
where it would be more, it is written by its columns.
"""
_RULE = re.compile(r"\|( --- \|)+")
_BAR, _EDGE = " | ", "| "
_CUT = "…"
_BETWEEN = "\n\n"

Entry = tuple[str, str]
"""A name, "" for none, and a value."""


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table."""

    names: Sequence[str]
    """Of the columns."""
    rows: Sequence[Sequence[str]]


def is_table(text: str) -> bool:
    """Whether a text is a Markdown table that has rows."""
    lines = text.split("\n", HEAD_LINES)
    return len(lines) > HEAD_LINES and _RULE.fullmatch(lines[1]) is not None


def table_pieces(text: str, size: int) -> Iterator[str]:
    """The pieces of a table, at most `size` characters each: rows under the table's head,
    or `name: value` lines where the heads would be longer than the table, and for a row
    that is too long to stand under it.
    """
    lines = text.split("\n")
    head, rows = "\n".join(lines[:HEAD_LINES]), lines[HEAD_LINES:]
    groups = list(_groups(rows, size - len(head)))
    if len(groups) * len(head) > len(text):
        table = Table(_cells(lines[0]), [_cells(row) for row in rows])
        records = _by_column if _is_wide(table, len(text)) else _by_row
        yield from _joined(records(table, size), size)
        return
    for group in groups:
        piece = "\n".join((head, *group))
        if len(piece) <= size:
            yield piece
        else:
            yield from _by_row(Table(_cells(lines[0]), [_cells(group[0])]), size)


def _groups(rows: Iterable[str], room: int) -> Iterator[list[str]]:
    """Rows that have room together, one that has none by itself."""
    group: list[str] = []
    taken = 0
    for row in rows:
        if group and taken + len(row) + 1 > room:
            yield group
            group, taken = [], 0
        group.append(row)
        taken += len(row) + 1
    yield group


def _cells(line: str) -> list[str]:
    """As `markdown_table` has written them: no bar in a cell but behind a backslash."""
    cells = line[len(_EDGE) : -len(_EDGE)].split(_BAR)
    return [cell.replace("\\|", "|") for cell in cells]


def _is_wide(table: Table, characters: int) -> bool:
    """Whether its columns' names are so long, those of a survey for instance, that the
    rows cannot have them all, and writing it by columns takes less.
    """
    names = [len(_shortened(name)) for name in table.names]
    by_row = by_column = 0
    for row in table.rows:
        key = len(_shortened(row[0]))
        for name, cell in zip(names, row, strict=False):
            by_row += bool(cell) * (name + len(cell))
            by_column += bool(cell) * (key + len(cell))
    return by_row > MAX_GROWTH * characters and by_column < by_row


def _by_row(table: Table, size: int) -> Iterator[str]:
    """Each row under the value of its first column, the others as `column: value`."""
    yield from _whole_names(table.names, size)
    for row in table.rows:
        entries = list(zip(table.names, row, strict=False))
        if _shortened(row[0]) == row[0]:
            del entries[0]
        title = _line(_shortened(table.names[0]), _shortened(row[0]))
        yield from _record(title, entries, size)


def _by_column(table: Table, size: int) -> Iterator[str]:
    """Each column under its name, its values as `first column: value`."""
    keys = [row[0] for row in table.rows]
    yield from _whole_names([*table.names, *keys], size)
    for place, name in enumerate(table.names[1:], 1):
        values = (row[place] if place < len(row) else "" for row in table.rows)
        entries = list(zip(keys, values, strict=True))
        yield from _record(_shortened(name), entries, size)


def _whole_names(names: Iterable[str], size: int) -> Iterator[str]:
    """The names that are shortened everywhere else."""
    long = [("", name) for name in dict.fromkeys(names) if _shortened(name) != name]
    if long:
        yield from _record("", long, size)


def _record(title: str, entries: Iterable[Entry], size: int) -> Iterator[str]:
    """Entries under a title, which each piece of them has."""
    start = f"{title}\n" if title else ""
    lines: list[str] = []
    taken = len(start)
    for name, value in entries:
        for line in _lines(_shortened(name), value, size - len(start)):
            if lines and taken + len(line) + 1 > size:
                yield start + "\n".join(lines)
                lines, taken = [], len(start)
            lines.append(line)
            taken += len(line) + 1
    if lines or title:
        yield (start + "\n".join(lines)).strip()


def _lines(name: str, value: str, room: int) -> Iterator[str]:
    """A value beside its name; none where it is empty, several where it is long."""
    for part in _parts(value, room - len(_line(name, " "))):
        yield _line(name, part)


def _parts(text: str, size: int) -> Iterator[str]:
    """A text in parts of at most `size` characters, which end with a word where they can."""
    start = 0
    while start < len(text):
        end = start + size
        if end < len(text):
            space = text.rfind(" ", start + 1, end + 1)
            end = space if space > start else end
        part = text[start:end].strip()
        if part:
            yield part
        start = end


def _joined(pieces: Iterable[str], size: int) -> Iterator[str]:
    """Pieces that have room together as one."""
    held = ""
    for piece in pieces:
        together = _BETWEEN.join((held, piece)) if held else piece
        if len(together) > size:
            yield held
            together = piece
        held = together
    if held:
        yield held


def _line(name: str, value: str) -> str:
    return f"{name}: {value}" if name and value else name or value


def _shortened(name: str) -> str:
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - 1].rstrip() + _CUT
