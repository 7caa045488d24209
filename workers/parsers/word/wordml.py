"""What single elements of a DOCX say: attributes, breaks, merged cells, symbols."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workers.parsers.text.xml import local


def attribute(element: Any, name: str) -> str:
    """An attribute by its name without namespace."""
    return next(
        (
            value
            for key, value in element.attrib.items()
            if key.rsplit("}", 1)[-1] == name
        ),
        "",
    )


def is_page_break(element: Any) -> bool:
    """Whether a page ends here, as Word rendered it or the writer asked for it."""
    tag = local(element)
    return tag == "lastRenderedPageBreak" or (
        tag == "br"
        and attribute(element, "type") == "page"
        and not _is_followed(element)
    )


def _is_followed(element: Any) -> bool:
    """Whether the break that Word rendered for a page break stands right behind it: one
    break, not two.
    """
    following = element.getnext()
    return following is not None and local(following) == "lastRenderedPageBreak"


def within(parent: Any, tag: str) -> Iterable[Any]:
    """Children of a kind, also inside content controls and change marks."""
    for child in parent:
        name = local(child)
        if name == tag:
            yield child
        elif name in ("sdt", "sdtContent", "ins", "customXml", "moveTo", "smartTag"):
            yield from within(child, tag)


def _property(cell: Any, name: str) -> Any:
    properties = next((child for child in cell if local(child) == "tcPr"), None)
    return (
        None
        if properties is None
        else next((child for child in properties if local(child) == name), None)
    )


def merge(cell: Any) -> str:
    """How a cell goes on with the one above it: "", restart or continue."""
    found = _property(cell, "vMerge")
    return "" if found is None else attribute(found, "val") or "continue"


def span(cell: Any) -> int:
    """Columns that a cell covers, 64 at most."""
    found = _property(cell, "gridSpan")
    try:
        return max(1, min(int(attribute(found, "val")), 64)) if found is not None else 1
    except ValueError:
        return 1


def symbol(element: Any) -> str:
    """The character of a symbol; a bullet for one of the private fonts, "" for nonsense."""
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    return "•" if 0xF000 <= code <= 0xF0FF else chr(code)


def is_checked(box: Any) -> bool:
    """Whether a box is ticked."""
    found = [child for child in box if local(child) in ("checked", "default")]
    return bool(found) and attribute(found[-1], "val") not in ("0", "false", "off")
