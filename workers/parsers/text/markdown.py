"""Markdown, as text and as what HTML and old Word documents are turned into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from workers.parsers.document import Limits, Part, Progress, Reading
from workers.parsers.text.plain_text import decode

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_LIST = re.compile(r"^([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(\S.*)$")
_RULE = re.compile(r"^ {0,3}([-*_])[ \t]*(\1[ \t]*){2,}$")
_ROW = re.compile(r"^ {0,3}\|.*\|[ \t]*$|^[^|\n]+\|[^\n]+$")
_TABLE_RULE = re.compile(
    r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$"
)
_EMPTY = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)]|#{1,6})\s*$")
_HTML_BLOCK = re.compile(
    r"^ {0,3}<(table|div|ul|ol|p|h[1-6]|section|article|dl|blockquote|pre|script|style)\b",
    re.I,
)
MAX_HTML = 2000
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*\n", re.S)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~&$])")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(<?([^)\s>]*)>?(?:\s+[\"'][^)]*)?\)")
_EMPHASIS = re.compile(
    r"(\*\*\*|\*\*|\*|~~|(?<!\w)___|(?<!\w)__|(?<!\w)_)(?=\S)(.+?)(?<=\S)\1(?!\w)"
)
_CODE = re.compile(r"(`+)(.+?)\1(?!`)")
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|del|div|em|font|i|img|ins|kbd|mark|p|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>",
    re.I,
)
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")


def looks_like_markdown(text: str) -> bool:
    """Whether text uses Markdown's own marks, and more than by accident."""
    lines = text.split("\n")[:400]
    headings = sum(1 for line in lines if _HEADING.match(line))
    tables = sum(1 for line in lines if _TABLE_RULE.match(line) and "|" in line)
    fences = sum(1 for line in lines if _FENCE.match(line))
    links = len(_LINK.findall(text[:40_000]))
    bold = len(re.findall(r"\*\*[^*\n]+\*\*", text[:40_000]))
    alone = sum(
        1
        for at, line in enumerate(lines)
        if _HEADING.match(line) and _is_alone(lines, at)
    )
    return (
        alone >= 1
        or (headings >= 1 and links + bold + fences >= 1)
        or tables >= 1
        or fences >= 2
        or links + bold >= 2
    )


def _is_alone(lines: list[str], at: int) -> bool:
    return not "".join(lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2]).strip()


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Headings, paragraphs, list items, tables and code blocks of a Markdown file."""
    progress(0, 1)
    parts = tuple(parts_of(decode(data)))
    progress(1, 1)
    return Reading(parts)


def parts_of(text: str, page: int = 0) -> Iterator[Part]:
    """The parts of a Markdown text, marks taken off; tables stay Markdown."""
    text = _COMMENT.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    )
    front = _FRONT_MATTER.match(text)
    if front and ":" in front[1]:
        yield Part("NarrativeText", front[1].strip(), page)
        text = text[front.end() :]
    yield from _blocks(text.split("\n"), page)


def _blocks(lines: list[str], page: int) -> Iterator[Part]:
    at = 0
    while at < len(lines):
        if _HTML_BLOCK.match(lines[at]):
            step = _html_length(lines, at)
            yield from (
                replace(part, page=page)
                for part in _html("\n".join(lines[at : at + step]))
            )
            at += step
            continue
        step, part = _block(lines, at, page)
        at += step
        if part and part.text:
            yield part


def _html_length(lines: list[str], at: int) -> int:
    """How many lines a block of HTML takes: to the line that closes its first tag, else
    to the next empty line.
    """
    found = _HTML_BLOCK.match(lines[at])
    tag = found[1].lower() if found else ""
    opened = 0
    for end in range(at, min(len(lines), at + MAX_HTML)):
        opened += len(re.findall(rf"<{tag}\b", lines[end], re.I)) - len(
            re.findall(rf"</{tag}\s*>", lines[end], re.I)
        )
        if opened <= 0:
            return end - at + 1
    return next(
        (end - at for end in range(at + 1, len(lines)) if not lines[end].strip()),
        len(lines) - at,
    )


def _html(text: str) -> Iterator[Part]:
    from workers.parsers.text.html import parts_of_html

    return parts_of_html(text)


def _block(lines: list[str], at: int, page: int) -> tuple[int, Part | None]:
    """How many lines the block at a line takes, and its part."""
    line = lines[at].replace("\t", "    ")
    line = re.sub(r"^ {0,3}(>[ ]?)+", "", line)
    if not line.strip() or _RULE.match(line) or _EMPTY.match(line):
        return 1, None
    if fence := _FENCE.match(line):
        return _code(lines, at, fence[1], page)
    if heading := _HEADING.match(line):
        return 1, Part("Title", plain(heading[2]), page, len(heading[1]) - 1)
    if _is_table(lines, at):
        return _table(lines, at, page)
    if item := _LIST.match(line):
        return _item(lines, at, item, page)
    return _paragraph(lines, at, page)


def _code(lines: list[str], at: int, fence: str, page: int) -> tuple[int, Part | None]:
    end = at + 1
    while end < len(lines) and not lines[end].lstrip().startswith(fence):
        end += 1
    return end - at + 1, Part(
        "NarrativeText", "\n".join(lines[at + 1 : end]).strip("\n"), page
    )


def _is_table(lines: list[str], at: int) -> bool:
    return bool(
        _ROW.match(lines[at])
        and at + 1 < len(lines)
        and "-" in lines[at + 1]
        and _TABLE_RULE.match(lines[at + 1])
        and ("|" in lines[at + 1])
    )


def _table(lines: list[str], at: int, page: int) -> tuple[int, Part | None]:
    from workers.parsers.markdown_tables import markdown_table

    end = at
    while end < len(lines) and lines[end].strip() and "|" in lines[end]:
        end += 1
    rows = [cells_of(line) for line in (lines[at], *lines[at + 2 : end])]
    return end - at, Part("Table", markdown_table(rows), page)


def cells_of(row: str) -> list[str]:
    """The cells of one row of a Markdown table."""
    return [
        plain(cell).replace("\\|", "|")
        for cell in re.split(
            r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|")
        )
    ]


def _item(
    lines: list[str], at: int, item: re.Match[str], page: int
) -> tuple[int, Part | None]:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _starts_block(lines, end):
        end += 1
    body = " ".join((item[3], *(line.strip() for line in lines[at + 1 : end])))
    mark = f"{item[2]} " if item[2][0].isdigit() else "- "
    return end - at, Part("ListItem", mark + plain(body), page, len(item[1]) // 2)


def _paragraph(lines: list[str], at: int, page: int) -> tuple[int, Part | None]:
    end = at + 1
    while (
        end < len(lines)
        and lines[end].strip()
        and not _starts_block(lines, end)
        and not _UNDERLINE.match(lines[end])
    ):
        end += 1
    body = [re.sub(r"^ {0,3}(>[ ]?)+", "", line) for line in lines[at:end]]
    if end < len(lines) and _UNDERLINE.match(lines[end]) and len(body) <= 2:
        return end - at + 1, Part(
            "Title",
            plain(" ".join(body)),
            page,
            0 if lines[end].strip()[0] == "=" else 1,
        )
    return end - at, Part(
        "NarrativeText", plain("\n".join(line.strip() for line in body)), page
    )


def _starts_block(lines: list[str], at: int) -> bool:
    line = lines[at]
    return bool(
        _HEADING.match(line)
        or _FENCE.match(line)
        or _LIST.match(line)
        or _RULE.match(line)
        or _is_table(lines, at)
        or _HTML_BLOCK.match(line)
    )


def plain(text: str) -> str:
    """Text without Markdown's inline marks; a link keeps its address."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[2] if match.re is _CODE else match[1])
        return f"\0{len(held) - 1}\0"

    text = _ESCAPE.sub(hold, _CODE.sub(hold, text))
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(
        lambda m: m[1] if m[1] == m[2] or m[2].startswith("#") else f"{m[1]} ({m[2]})",
        text,
    )
    text = _TAG.sub(" ", _ADDRESS.sub(r"\1", text))
    for _ in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    return _restore(_unescape(text), held).strip()


def _restore(text: str, held: list[str]) -> str:
    for _ in range(2):
        text = re.sub("\0(\\d+)\0", lambda m: held[int(m[1])], text)
    return text


def _unescape(text: str) -> str:
    import html

    return html.unescape(text)
