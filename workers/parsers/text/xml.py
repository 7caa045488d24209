"""XML, with no entity of its own ever expanded and nothing ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import Limits, Part, Progress, Reading
from workers.parsers.text.plain_text import decode

MAX_DEPTH = 200
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def tree(data: bytes | str) -> Any:
    """The root element (lxml). External entities and the network are out of reach; a
    document that defines entities is refused.

    Raises FileRejected.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileRejected(f"The XML is not well-formed: {error}.") from error
    if root is None:
        raise FileRejected("The XML holds no element.")
    info = root.getroottree().docinfo.internalDTD
    if info is not None and any(True for _ in info.iterentities()):
        raise FileRejected("The XML defines entities, which are not read.")
    return root


def local(element: Any) -> str:
    """The tag of an element without its namespace; "" for what is no element."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def read(data: bytes, limits: Limits, progress: Progress, name: str = "") -> Reading:
    """Every element with text of its own becomes a line under its name; feeds, pages
    and data files alike.
    """
    progress(0, 1)
    text = _DECLARATION.sub("", decode(data).lstrip("\ufeff").rstrip("\0"), count=1)
    try:
        root = tree(text)
    except FileRejected as error:
        if "entities" in error.message:
            raise
        return _as_markup(data, limits, progress, name)
    parts = tuple(_parts(root, 0))
    progress(1, 1)
    return Reading(parts)


def _as_markup(data: bytes, limits: Limits, progress: Progress, name: str) -> Reading:
    """XML that is not well-formed is read as browsers read it."""
    from workers.parsers.text.html import read as read_html

    return read_html(data, limits, progress, name)


def _parts(element: Any, depth: int) -> Iterator[Part]:
    if depth > MAX_DEPTH:
        raise FileRejected("The XML is nested too deeply.")
    children = [child for child in element if local(child)]
    own = " ".join(
        filter(
            None,
            (
                (element.text or "").strip(),
                *((child.tail or "").strip() for child in element),
            ),
        )
    )
    attributes = ", ".join(
        f"{key.rsplit('}', 1)[-1]}={value}"
        for key, value in element.attrib.items()
        if value.strip()
    )
    if _holds_text_with_marks(element, children):
        yield Part(
            "NarrativeText",
            _labelled(
                element, " ".join("".join(element.itertext()).split()), attributes
            ),
        )
        return
    if own or attributes:
        yield from _line(element, own, attributes)
    for child in children:
        yield from _parts(child, depth + 1)


def _holds_text_with_marks(element: Any, children: list[Any]) -> bool:
    """Whether an element is a sentence with marked words: text of its own around
    children without children.
    """
    around = (element.text or "").strip() or any(
        (child.tail or "").strip() for child in children
    )
    return bool(around and children and all(len(child) == 0 for child in children))


def _line(element: Any, own: str, attributes: str) -> Iterator[Part]:
    from workers.parsers.text.html import looks_like_html, parts_of_html

    if own and looks_like_html(own):
        yield from parts_of_html(own)
    elif local(element).lower() in ("title", "heading", "head", "h1", "h2") and own:
        yield Part("Title", own)
    else:
        yield Part("NarrativeText", _labelled(element, own, attributes))


def _labelled(element: Any, text: str, attributes: str) -> str:
    label = f"{local(element)} ({attributes})" if attributes else local(element)
    return f"{label}: {text}" if text else label
