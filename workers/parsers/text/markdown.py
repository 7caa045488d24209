"""Markdown, as text and as what old Word documents are turned into."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.text.html import parts_of_html
from workers.parsers.text.markdown_inline import LINK, strip_inline_marks
from workers.parsers.text_decoding import decode

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_LIST_ITEM = re.compile(r"^([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(\S.*)$")
_RULE = re.compile(r"^ {0,3}([-*_])[ \t]*(\1[ \t]*){2,}$")
_ROW = re.compile(r"^ {0,3}\|.*\|[ \t]*$|^[^|\n]+\|[^\n]+$")
_TABLE_RULE = re.compile(
    r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$"
)
_EMPTY_BLOCK = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)]|#{1,6})\s*$")
_QUOTE = re.compile(r"^ {0,3}(>[ ]?)+")
_HTML_BLOCK = re.compile(
    r"^ {0,3}<(table|div|ul|ol|p|h[1-6]|section|article|dl|blockquote|pre|script|style)\b",
    re.I,
)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n", re.S)
_BOLD = re.compile(r"\*\*[^*\n]+\*\*")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
MAX_HTML_LINES = 2000
"""Lines in which the end of an HTML block is looked for."""
SAMPLE_LINES, SAMPLE_CHARACTERS = 400, 40_000
"""Of a text that are looked at to tell whether it is Markdown."""
TAB = "    "
MAX_UNDERLINED_LINES = 2
"""Of a heading that is underlined."""


def looks_like_markdown(text: str) -> bool:
    """Whether text uses Markdown's own marks, and more than by accident."""
    lines = text.split("\n")[:SAMPLE_LINES]
    sample = text[:SAMPLE_CHARACTERS]
    headings = [index for index, line in enumerate(lines) if _HEADING.match(line)]
    for index in headings:
        before = lines[max(index - 1, 0) : index]
        after = lines[index + 1 : index + 2]
        if not "".join(before + after).strip():
            return True
    if any(_TABLE_RULE.match(line) and "|" in line for line in lines):
        return True
    fences = sum(1 for line in lines if _FENCE.match(line))
    inline_marks = len(LINK.findall(sample)) + len(_BOLD.findall(sample))
    if headings and inline_marks + fences >= 1:
        return True
    return fences >= 2 or inline_marks >= 2


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Headings, paragraphs, list items, tables and code blocks of a Markdown file."""
    progress(0, 1)
    parts = tuple(parts_of_markdown(decode(data)))
    progress(1, 1)
    return ParsedFile(parts)


def parts_of_markdown(text: str) -> Iterator[Part]:
    """The parts of a Markdown text, marks taken off; tables stay Markdown."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    text = _COMMENT.sub("", text)
    front_matter = _FRONT_MATTER.match(text)
    if front_matter and ":" in front_matter[1]:
        yield Part("NarrativeText", front_matter[1].strip())
        text = text[front_matter.end() :]
    blocks = Blocks(text.split("\n"))
    while not blocks.at_end():
        yield from blocks.next_block()


def cells_of(row: str) -> list[str]:
    """The cells of one row of a Markdown table."""
    inner = row.strip().removeprefix("|").removesuffix("|")
    cells = [strip_inline_marks(cell) for cell in _CELL_BORDER.split(inner)]
    return [cell.replace("\\|", "|") for cell in cells]


class Blocks:
    """Goes through the lines of a text, block by block."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0

    def at_end(self) -> bool:
        """Whether all lines were read."""
        return self._at >= len(self._lines)

    def next_block(self) -> list[Part]:
        """The parts of the block that begins here, and on to the next: none for an
        empty line, several for HTML.
        """
        if _HTML_BLOCK.match(self._lines[self._at]):
            return list(parts_of_html("\n".join(self._take(self._html_length()))))
        line = _QUOTE.sub("", self._lines[self._at].replace("\t", TAB))
        if not line.strip() or _RULE.match(line) or _EMPTY_BLOCK.match(line):
            self._at += 1
            return []
        if fence := _FENCE.match(line):
            part = self.code(fence[1])
        elif heading := _HEADING.match(line):
            self._at += 1
            text = strip_inline_marks(heading[2])
            part = Part("Title", text, depth=len(heading[1]) - 1)
        elif self._is_table(self._at):
            part = self.table()
        elif item := _LIST_ITEM.match(line):
            part = self.list_item(item)
        else:
            part = self.paragraph()
        return [part] if part.text else []

    def code(self, fence: str) -> Part:
        """A block of code between two fences."""
        self._at += 1
        lines = self._take_while(lambda line: not line.lstrip().startswith(fence))
        self._at += 1
        return Part("NarrativeText", "\n".join(lines).strip("\n"))

    def table(self) -> Part:
        """A table, its rule left out."""
        head, _, *body = self._take_while(lambda line: "|" in line and line.strip())
        rows = [cells_of(line) for line in (head, *body)]
        return Part("Table", markdown_table(rows))

    def list_item(self, item: re.Match[str]) -> Part:
        """A list item, with the lines that go on with it."""
        self._at += 1
        indent, mark, text = item.groups()
        following = self._take_until_block()
        body = " ".join((text, *(line.strip() for line in following)))
        mark = mark if mark[0].isdigit() else "-"
        depth = len(indent) // 2
        return Part("ListItem", f"{mark} {strip_inline_marks(body)}", depth=depth)

    def paragraph(self) -> Part:
        """A paragraph, or a heading that is underlined."""
        lines = [*self._take(1), *self._take_until_block(_UNDERLINE)]
        lines = [_QUOTE.sub("", line) for line in lines]
        underline = "" if self.at_end() else self._lines[self._at]
        if _UNDERLINE.match(underline) and len(lines) <= MAX_UNDERLINED_LINES:
            self._at += 1
            depth = 0 if underline.strip()[0] == "=" else 1
            return Part("Title", strip_inline_marks(" ".join(lines)), depth=depth)
        text = "\n".join(line.strip() for line in lines)
        return Part("NarrativeText", strip_inline_marks(text))

    def _take(self, count: int) -> list[str]:
        """The next lines, and on behind them."""
        lines = self._lines[self._at : self._at + count]
        self._at += count
        return lines

    def _take_while(self, is_part: Callable[[str], object]) -> list[str]:
        """The next lines of which something is true, and on behind them."""
        end = self._at
        while end < len(self._lines) and is_part(self._lines[end]):
            end += 1
        return self._take(end - self._at)

    def _take_until_block(self, end_mark: re.Pattern[str] | None = None) -> list[str]:
        """The lines up to an empty one, to the next block, or to the mark."""
        marks = [_HEADING, _FENCE, _LIST_ITEM, _RULE, _HTML_BLOCK]
        if end_mark:
            marks.append(end_mark)
        end = self._at
        while end < len(self._lines):
            line = self._lines[end]
            is_block = any(mark.match(line) for mark in marks) or self._is_table(end)
            if not line.strip() or is_block:
                break
            end += 1
        return self._take(end - self._at)

    def _is_table(self, index: int) -> bool:
        """Whether a row and the rule below it stand here."""
        if index + 1 >= len(self._lines) or not _ROW.match(self._lines[index]):
            return False
        rule = self._lines[index + 1]
        return "-" in rule and "|" in rule and bool(_TABLE_RULE.match(rule))

    def _html_length(self) -> int:
        """How many lines a block of HTML takes: to the line that closes its first tag,
        else to the next empty line.
        """
        start = _HTML_BLOCK.match(self._lines[self._at])
        tag = start[1] if start else ""
        opening = re.compile(rf"<{tag}\b", re.I)
        closing = re.compile(rf"</{tag}\s*>", re.I)
        open_tags = 0
        count = len(self._lines)
        for index in range(self._at, min(count, self._at + MAX_HTML_LINES)):
            line = self._lines[index]
            open_tags += len(opening.findall(line)) - len(closing.findall(line))
            if open_tags <= 0:
                return index + 1 - self._at
        for index in range(self._at + 1, count):
            if not self._lines[index].strip():
                return index - self._at
        return count - self._at
