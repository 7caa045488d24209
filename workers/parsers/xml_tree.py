"""XML as a tree of lxml elements, looked at without their namespaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from shared.errors import FileRejected


def parse_xml(data: bytes | str) -> Any:
    """The root element. External entities and the network are out of reach; a document
    that defines entities is refused.

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
    internal_dtd = root.getroottree().docinfo.internalDTD
    if internal_dtd is not None and any(True for _ in internal_dtd.iterentities()):
        raise FileRejected("The XML defines entities, which are not read.")
    return root


def tag_of(element: Any) -> str:
    """The tag of an element without its namespace; "" for what is no element."""
    return without_namespace(element.tag) if isinstance(element.tag, str) else ""


def without_namespace(name: str) -> str:
    """A name of lxml without the namespace in braces before it."""
    return name.rsplit("}", 1)[-1]


def attribute(element: Any, name: str) -> str:
    """The value of an attribute, whatever its namespace; "" where there is none."""
    for key, value in element.attrib.items():
        if without_namespace(key) == name:
            return str(value)
    return ""


def children(parent: Any, tag: str) -> Iterator[Any]:
    """The children with a tag; none of None."""
    for child in parent if parent is not None else ():
        if tag_of(child) == tag:
            yield child


def first_child(parent: Any, tag: str) -> Any:
    """The first child with a tag; None where there is none, and of None."""
    return next(children(parent, tag), None)


def descendants(element: Any, tag: str) -> Iterator[Any]:
    """The element itself and all below it, those with a tag, in document order."""
    for item in element.iter():
        if tag_of(item) == tag:
            yield item


def value_of(parent: Any, tag: str) -> str:
    """The attribute "val" of the first child with a tag; "" where there is none."""
    child = first_child(parent, tag)
    return "" if child is None else attribute(child, "val")


def collapse_whitespace(texts: Iterable[str]) -> str:
    """Texts in one, each run of whitespace in it one space."""
    return " ".join("".join(texts).split())
