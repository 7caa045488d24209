"""HTML: what a reader of the page sees, and nothing that the page would run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import FileLimits, ParsedFile, Part, Progress
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.ruby import with_reading, write_readings
from workers.parsers.text.html_tables import grid_of
from workers.parsers.text.html_visibility import field_value, is_hidden
from workers.parsers.text_decoding import decode
from workers.parsers.xml_tree import collapse_whitespace

MAX_DEPTH = 400
CHARSET_WINDOW = 4096
"""Bytes at the start of a page in which it may name its encoding."""
_INVISIBLE = frozenset(
    "script style noscript template head svg math iframe object nav button option"
    " datalist rp".split()
)
_BLOCKS = frozenset(
    "p div section article main header footer aside blockquote pre figure figcaption"
    " address form fieldset li dl dt dd body html center details summary ul ol td th tr"
    " br hr".split()
)
_LISTS = ("ul", "ol")
_NESTED_BLOCKS = ("ul", "ol", "table")
"""What in a list item is a part of its own."""
_FIELDS = ("input", "select")
_HEADING = re.compile(r"h([1-6])$")
_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,9}(?![0-9])")
_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w\-]+)", re.I)
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
"""What a page is written in that names the first, as browsers know."""
_COMMON_TAG = re.compile(
    r"<(?:p|br|div|a|img|b|i|strong|em|span|ul|li|blockquote)\b[^<>]*>", re.I
)


def looks_like_html(text: str) -> bool:
    """Whether text (out of an XML element) is HTML itself."""
    return bool(_COMMON_TAG.search(text))


def parse_bytes(
    data: bytes, limits: FileLimits, progress: Progress, name: str = ""
) -> ParsedFile:
    """Headings, paragraphs, list items and tables of a page; its <title> is the
    document's.
    """
    progress(0, 1)
    # By the encoding that the page names, unless a BOM says otherwise.
    declared = _META_CHARSET.search(data[:CHARSET_WINDOW])
    text = None
    if declared and not data.startswith(_BOMS):
        encoding = declared[1].decode("ascii").lower()
        with suppress(LookupError, UnicodeDecodeError):
            text = data.decode(_SUPERSETS.get(encoding, encoding))
    root = _parse_html(decode(data) if text is None else text)
    parts = tuple(_join_running_text(_walk(root, 0)))
    title = collapse_whitespace(root.xpath("//title[1]//text()"))
    progress(1, 1)
    return ParsedFile(parts, title=title)


def parts_of_html(text: str) -> Iterator[Part]:
    """The parts of a piece of HTML."""
    yield from _join_running_text(_walk(_parse_html(text), 0))


def _parse_html(text: str) -> Any:
    """The root element of a page, however broken it is."""
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        encoding="utf-8",
    )
    return lxml_html.document_fromstring(
        text.encode("utf-8", "ignore") or b"<p></p>",
        parser=parser,
        ensure_head_body=True,
    )


def _walk(element: Any, depth: int) -> Iterator[Part]:
    """Parts in the order of the page; running text comes as NarrativeText pieces, ""
    where a block ends.
    """
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in _INVISIBLE or is_hidden(element):
        return
    if depth > MAX_DEPTH:
        raise FileRejected("The page is nested too deeply.")
    if heading := _HEADING.match(tag):
        yield Part("Title", _inline_text(element), depth=int(heading[1]) - 1)
    elif tag == "table" and not element.xpath(".//table"):
        yield from _table(element)
    elif tag == "li":
        yield from _list_item(element, depth)
    elif tag == "pre":
        yield Part("NarrativeText", "\n" + element.text_content().strip("\n") + "\n")
    elif tag == "ruby":
        yield Part("NarrativeText", _ruby(element))
    elif tag in _FIELDS:
        yield Part("NarrativeText", f" {field_value(element)} ")
    else:
        yield from _running_text(element, tag, depth)


def _table(table: Any) -> Iterator[Part]:
    """A table, its caption before it."""
    for caption in table.xpath("./caption"):
        yield Part("NarrativeText", f"\n\n{_inline_text(caption)}")
        yield Part("NarrativeText", "")
    yield Part("Table", markdown_table(grid_of(table, _cell_text)))


def _running_text(element: Any, tag: str, depth: int) -> Iterator[Part]:
    """The text in an element that is no part of its own, and the parts in it."""
    if tag == "ol":
        _number_items(element)
    block_end = [Part("NarrativeText", "")] if tag in _BLOCKS else []
    if not _is_definition(element, tag):
        yield from block_end
    alternative = element.get("alt") if tag == "img" else ""
    if (alternative or "").strip():
        yield Part("NarrativeText", alternative)
    if element.text:
        yield Part("NarrativeText", element.text)
    for child in element:
        yield from _walk(child, depth + 1)
        if child.tail:
            yield Part("NarrativeText", child.tail)
    if tag == "dt" and _is_definition(element.getnext(), "dd"):
        yield Part("NarrativeText", ": ")
    else:
        yield from block_end


def _is_definition(element: Any, tag: str) -> bool:
    """Whether an element says what the term right before it is."""
    if element is None or tag != "dd" or element.tag != tag:
        return False
    term = element.getprevious()
    return term is not None and term.tag == "dt" and bool(term.text_content().strip())


def _number_items(ordered: Any) -> None:
    """Give each item of an ordered list the number that a browser shows. All at once: an
    item that counted those before it made long lists take for ever.
    """
    items = [child for child in ordered if child.tag == "li"]
    step = 1 if ordered.get("reversed") is None else -1
    first = 1 if step == 1 else len(items)
    number = _integer(ordered.get("start"), first)
    for item in items:
        number = _integer(item.get("value"), number)
        item.set("value", str(number))
        number += step


def _integer(text: str | None, default: int) -> int:
    match = _INTEGER.match(text or "")
    return int(match[0]) if match else default


def _list_item(element: Any, depth: int) -> Iterator[Part]:
    """A list item with its mark, then the lists and tables in it."""
    level = sum(1 for above in element.iterancestors() if above.tag in _LISTS)
    parent = element.getparent()
    is_numbered = parent is not None and parent.tag == "ol"
    mark = f"{element.get('value')}." if is_numbered else "-"
    text = _inline_text(element)
    if text:
        yield Part("ListItem", f"{mark} {text}", depth=max(level - 1, 0))
    for child in element:
        if child.tag in _NESTED_BLOCKS:
            yield from _walk(child, depth + 1)


def _inline_text(element: Any) -> str:
    """The text of a list item, a cell or a heading, without the lists and tables in it."""
    pieces = _inline_pieces(element, _NESTED_BLOCKS)
    return write_readings(collapse_whitespace(pieces))


def _cell_text(cell: Any) -> str:
    """The text of a cell of a table, with the lists in it; "" for a hidden one."""
    if is_hidden(cell):
        return ""
    return write_readings(collapse_whitespace(_inline_pieces(cell, ())))


def _inline_pieces(element: Any, skipped: tuple[str, ...]) -> Iterator[str]:
    """The texts in an element; a space where a block in it begins."""
    yield element.text or ""
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "ruby":
            yield _ruby(child)
        elif tag in _FIELDS:
            yield f" {field_value(child)} "
        elif tag and tag not in skipped and tag not in _INVISIBLE:
            if tag in _BLOCKS:
                yield " "
            if not is_hidden(child):
                yield from _inline_pieces(child, skipped)
        yield child.tail or ""


def _ruby(ruby: Any) -> str:
    """A word with the reading above it, whose pieces may come in turns."""
    base = "".join(_texts_outside(ruby, ("rt", "rtc", "rp")))
    reading = "".join("".join(item.itertext()) for item in ruby.iter("rt"))
    return with_reading("".join(base.split()), "".join(reading.split()))


def _texts_outside(element: Any, skipped: tuple[str, ...]) -> Iterator[str]:
    """The texts in an element but for those in elements of some tags."""
    yield element.text or ""
    for child in element:
        if child.tag not in skipped:
            yield from _texts_outside(child, skipped)
        yield child.tail or ""


def _join_running_text(pieces: Iterable[Part]) -> Iterator[Part]:
    """The pieces of running text joined to paragraphs, other parts between them."""
    running: list[str] = []
    for piece in (*pieces, Part("NarrativeText", "")):
        is_running = piece.kind == "NarrativeText" and piece.text
        if is_running and not piece.text.startswith("\n\n"):
            running.append(piece.text)
            continue
        text = write_readings("".join(running))
        # A single <pre> of several lines keeps them.
        is_preformatted = text.startswith("\n") and "\n" in text.strip()
        if is_preformatted and len(running) == 1:
            text = text.strip("\n")
        else:
            text = " ".join(text.split())
        running.clear()
        if text.strip():
            yield Part("NarrativeText", text)
        if piece.text.strip():
            yield piece
