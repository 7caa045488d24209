"""XLSX, read from its XML: each sheet that is shown is a heading and its tables.

A library would read it too, and none of those that are kept up counts the bytes that it
unpacks; see `ZipPackage`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.office.cell_values import formats_of, number_text
from workers.parsers.xml_tree import attribute, children, first_child, tag_of
from workers.parsers.zip_package import ZipPackage

LABEL = "XLSX"
MAIN_PART = "xl/workbook.xml"
"""The workbook, where no relation of the package names it."""
MAX_CELLS = 1_000_000
"""Of the tables of a workbook, with those that are empty between others."""
MAX_SHEETS = 1000
MAX_COLUMN, MAX_ROW = 16_384, 1_048_576
"""Of a sheet, as Excel has it."""
MAX_MERGED = 10_000
"""Areas of merged cells that are looked at."""
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")

Cells = dict[int, dict[int, str]]
"""The texts by row and column, from 1."""


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """The sheets in their order, without hidden ones. Raises FileRejected."""
    package = ZipPackage(data, limits, LABEL)
    main = package.main_part(MAIN_PART)
    if not main:
        raise FileRejected("The XLSX has no workbook in it.")
    workbook = Workbook(package, main)
    sheets = list(workbook.sheets())[:MAX_SHEETS]
    parts: list[Part] = []
    for place, (title, target) in enumerate(sheets):
        progress(place, len(sheets))
        tables = list(workbook.tables(target))
        parts += [Part("Title", title), *tables] if tables else []
    progress(len(sheets), max(len(sheets), 1))
    return ParsedFile(tuple(parts))


class Workbook:
    """A workbook with what its sheets share. Raises FileRejected."""

    def __init__(self, package: ZipPackage, main: str) -> None:
        self._package = package
        self._root = package.tree(main)
        self._relations = package.relations(main)
        styles = self._shared("styles")
        self._formats = formats_of(package.tree(styles) if styles else None)
        strings = self._shared("sharedStrings")
        self._strings = list(_strings(package.read(strings))) if strings else []
        properties = first_child(self._root, "workbookPr")
        is_1904 = properties is not None and attribute(properties, "date1904")
        self._since_1904 = is_1904 in ("1", "true")
        self._cells_left = MAX_CELLS

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Names and parts of the sheets that are shown."""
        for sheet in children(first_child(self._root, "sheets"), "sheet"):
            relation = self._relations.get(attribute(sheet, "id"))
            is_shown = attribute(sheet, "state") in ("", "visible")
            if relation and is_shown and self._package.has(relation.target):
                yield attribute(sheet, "name"), relation.target

    def tables(self, sheet: str) -> Iterator[Part]:
        """The tables of a sheet: what stands between empty rows; a row with one cell is
        a line.
        """
        cells = self._cells(self._package.read(sheet))
        block: list[int] = []
        for row in [*sorted(cells), None]:
            if block and (row is None or row > block[-1] + 1):
                yield from self._block([cells[number] for number in block])
                block = []
            if row is not None:
                block.append(row)

    def _block(self, rows: list[dict[int, str]]) -> Iterator[Part]:
        """Lines at the top, which are headings of what follows, and then one table."""
        while rows and len(rows[0]) == 1:
            (text,) = rows.pop(0).values()
            yield Part("NarrativeText", text)
        columns = sorted(set(chain.from_iterable(rows)))
        self._cells_left -= len(columns) * len(rows)
        if self._cells_left < 0:
            raise FileRejected(f"The XLSX has more than {MAX_CELLS} cells.")
        if rows:
            grid = [[row.get(column, "") for column in columns] for row in rows]
            yield Part("Table", markdown_table(grid))

    def _cells(self, data: bytes) -> Cells:
        """The cells of a sheet that are not empty; merged ones are repeated."""
        cells: Cells = {}
        merged: list[str] = []
        count = row_number = 0
        for element in _elements(data, ("row", "mergeCell")):
            if tag_of(element) == "mergeCell":
                if len(merged) < MAX_MERGED:
                    merged.append(attribute(element, "ref"))
                continue
            stated = attribute(element, "r")
            row_number = int(stated) if stated.isdecimal() else row_number + 1
            row = self._row(element)
            count += len(row)
            if count > MAX_CELLS or not 0 < row_number <= MAX_ROW:
                raise FileRejected(f"The XLSX has more than {MAX_CELLS} cells.")
            if row:
                cells[row_number] = row
        for area in merged:
            _repeat(cells, area)
        return cells

    def _row(self, element: Any) -> dict[int, str]:
        row: dict[int, str] = {}
        column = 0
        for cell in children(element, "c"):
            reference = _place(attribute(cell, "r"))
            column = reference[0] if reference else column + 1
            text = self._text(cell)
            if text and column <= MAX_COLUMN:
                row[column] = text
        return row

    def _text(self, cell: Any) -> str:
        """The text of a cell as people see it; of a formula what it last came to."""
        kind = attribute(cell, "t")
        if kind == "inlineStr":
            return _rich_text(first_child(cell, "is"))
        item = first_child(cell, "v")
        value = "" if item is None else (item.text or "").strip()
        if kind == "s":
            place = int(value) if value.isdecimal() else -1
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind in ("str", "e", "d") or not value:
            return value
        return number_text(value, attribute(cell, "s"), self._formats, self._since_1904)

    def _shared(self, kind: str) -> str:
        """The part of a kind; "" where there is none."""
        for relation in self._relations.values():
            if relation.kind == kind and self._package.has(relation.target):
                return relation.target
        return ""


def _strings(data: bytes) -> Iterator[str]:
    """The texts that cells share."""
    for item in _elements(data, ("si",)):
        yield _rich_text(item)


def _rich_text(item: Any) -> str:
    """The text of a string, without the readings above its characters."""
    if item is None:
        return ""
    texts = [text.text or "" for text in children(item, "t")]
    for run in children(item, "r"):
        texts += [text.text or "" for text in children(run, "t")]
    return "".join(texts).strip()


def _elements(data: bytes, tags: tuple[str, ...]) -> Iterator[Any]:
    """The elements of these tags one by one, each forgotten after it was looked at: a
    sheet as a tree takes ten times its size. Entities are not followed.
    """
    from lxml import etree

    try:
        for _, element in etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        ):
            if tag_of(element) in tags:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise FileRejected("The XLSX is damaged or cut off.") from error


def _place(reference: str) -> tuple[int, int] | None:
    """Column and row, from 1, of e.g. "AB12"."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(match[2])


def _repeat(cells: Cells, area: str) -> None:
    """Put the text of merged cells into each row and column of theirs that is used."""
    first, _, last = area.partition(":")
    begin, end = _place(first), _place(last)
    if begin is None or end is None:
        return
    text = cells.get(begin[1], {}).get(begin[0])
    if (
        not text
        or end[0] - begin[0] > MAX_COLUMN // 8
        or end[1] - begin[1] > MAX_MERGED
    ):
        return
    # A title over the whole width is a line, not a row of the same words.
    if begin[1] == end[1] and len(cells[begin[1]]) == 1:
        return
    for number in range(begin[1], end[1] + 1):
        row = cells.get(number)
        if row is not None:
            for column in range(begin[0], end[0] + 1):
                row.setdefault(column, text)
