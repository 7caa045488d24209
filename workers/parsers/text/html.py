"""HTML: what a reader of the page sees, and nothing that the page would run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import Limits, Part, Progress, Reading
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.text.plain_text import decode

MAX_DEPTH = 400
_UNSEEN = {
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "svg",
    "math",
    "iframe",
    "object",
    "nav",
    "button",
    "select",
    "option",
}
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "address",
    "form",
    "fieldset",
    "dl",
    "dt",
    "dd",
    "body",
    "html",
    "center",
    "details",
    "summary",
    "ul",
    "ol",
    "td",
    "th",
    "tr",
    "br",
    "hr",
}
_HEADING = re.compile(r"h([1-6])$")
_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w\-]+)", re.I)


def looks_like_html(text: str) -> bool:
    """Whether text (out of an XML element) is HTML itself."""
    return (
        len(
            re.findall(
                r"<(?:p|br|div|a|img|b|i|strong|em|span|ul|li|blockquote)\b[^<>]*>",
                text,
                re.I,
            )
        )
        >= 1
    )


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Headings, paragraphs, list items and tables of a page; its <title> is the document's."""
    progress(0, 1)
    root = _tree(_text(data))
    parts = tuple(_merged(_walk(root, 0)))
    title = " ".join("".join(root.xpath("//title[1]//text()")).split())
    progress(1, 1)
    return Reading(parts, title=title)


def parts_of_html(text: str) -> Iterator[Part]:
    """The parts of a piece of HTML."""
    yield from _merged(_walk(_tree(text), 0))


def _text(data: bytes) -> str:
    declared = _META_CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = declared[1].decode("ascii").lower()
        try:
            return data.decode(
                {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(
                    name, name
                )
            )
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _tree(text: str) -> Any:
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        encoding="utf-8",
    )
    root = lxml_html.document_fromstring(
        text.encode("utf-8", "ignore") or b"<p></p>",
        parser=parser,
        ensure_head_body=True,
    )
    return root


def _walk(element: Any, depth: int) -> Iterator[Part]:
    """Parts in the order of the page; running text comes as NarrativeText pieces, ""
    where a block ends.
    """
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in _UNSEEN:
        return
    if depth > MAX_DEPTH:
        raise FileRejected("The page is nested too deeply.")
    if heading := _HEADING.match(tag):
        yield Part("Title", _inline(element), depth=int(heading[1]) - 1)
    elif tag == "table" and not element.xpath(".//table"):
        yield Part(
            "Table",
            markdown_table(
                [
                    [_inline(cell) for cell in row.xpath("./td|./th")]
                    for row in element.xpath(".//tr")
                ]
            ),
        )
    elif tag == "li":
        yield from _item(element, depth)
    elif tag == "pre":
        yield Part("NarrativeText", "\n" + element.text_content().strip("\n") + "\n")
    else:
        yield from _running(element, tag, depth)


def _running(element: Any, tag: str, depth: int) -> Iterator[Part]:
    block = tag in _BLOCKS
    if block:
        yield Part("NarrativeText", "")
    if tag == "img" and (element.get("alt") or "").strip():
        yield Part("NarrativeText", element.get("alt"))
    if element.text:
        yield Part("NarrativeText", element.text)
    for child in element:
        yield from _walk(child, depth + 1)
        if child.tail:
            yield Part("NarrativeText", child.tail)
    if block:
        yield Part("NarrativeText", "")


def _item(element: Any, depth: int) -> Iterator[Part]:
    level = sum(1 for above in element.iterancestors() if above.tag in ("ul", "ol"))
    ordered = element.getparent() is not None and element.getparent().tag == "ol"
    mark = (
        f"{1 + sum(1 for before in element.itersiblings(preceding=True) if before.tag == 'li')}. "
        if ordered
        else "- "
    )
    own = " ".join("".join(_own_text(element)).split())
    if own:
        yield Part("ListItem", mark + own, depth=max(level - 1, 0))
    for child in element:
        if child.tag in ("ul", "ol", "table"):
            yield from _walk(child, depth + 1)


def _own_text(element: Any) -> Iterator[str]:
    """The text of a list item without the lists and tables in it."""
    yield element.text or ""
    for child in element:
        if (
            isinstance(child.tag, str)
            and child.tag not in ("ul", "ol", "table")
            and child.tag not in _UNSEEN
        ):
            yield from (
                (" ", *_own_text(child)) if child.tag in _BLOCKS else _own_text(child)
            )
        yield child.tail or ""


def _inline(element: Any) -> str:
    return " ".join("".join(_own_text(element)).split())


def _merged(pieces: Iterator[Part]) -> Iterator[Part]:
    """Running pieces joined to paragraphs."""
    held: list[str] = []
    for piece in (*pieces, Part("NarrativeText", "")):
        if (
            piece.kind == "NarrativeText"
            and piece.text
            and not piece.text.startswith("\n\n")
        ):
            held.append(piece.text)
            continue
        text = "".join(held)
        text = (
            text.strip("\n")
            if text.startswith("\n") and "\n" in text.strip() and len(held) == 1
            else " ".join(text.split())
        )
        held.clear()
        if text.strip():
            yield Part("NarrativeText", text)
        if piece.text.strip():
            yield piece
