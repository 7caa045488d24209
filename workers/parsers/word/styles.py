"""What a paragraph of a DOCX is, by its own properties and those of its style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from workers.parsers.text.xml import local

_HEADING = re.compile(r"^(?:heading|überschrift|titre|标题|標題|見出し)\s*(\d)$", re.I)
MAX_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Style:
    """`heading` is the level of a heading from 0, None for other text; `numbering` is
    (numId, level) of a list.
    """

    heading: int | None = None
    numbering: tuple[str, int] | None = None


class Styles:
    """The styles part of a document; None stands for a missing one."""

    def __init__(self, root: Any) -> None:
        self._styles = (
            {
                _value(style, "styleId"): style
                for style in root
                if local(style) == "style"
            }
            if root is not None
            else {}
        )
        self._known: dict[str, Style] = {}

    def of(self, paragraph: Any) -> Style:
        """What a paragraph is."""
        properties = _child(paragraph, "pPr")
        base = self._named(_value_of(properties, "pStyle"))
        if properties is None:
            return base
        own = _of_properties(properties)
        return Style(
            own.heading if own.heading is not None else base.heading,
            _merged(own.numbering, base.numbering, properties),
        )

    def _named(self, name: str) -> Style:
        if name not in self._known:
            self._known[name] = self._resolve(name)
        return self._known[name]

    def _resolve(self, name: str) -> Style:
        heading, numbering, chain = None, None, 0
        while name in self._styles and chain < MAX_CHAIN:
            style = self._styles[name]
            found = _of_style(style)
            heading = found.heading if heading is None else heading
            numbering = found.numbering if numbering is None else numbering
            name, chain = _value_of(style, "basedOn"), chain + 1
        return Style(heading, numbering)


def _of_style(style: Any) -> Style:
    properties = _child(style, "pPr")
    own = _of_properties(properties) if properties is not None else Style()
    return Style(
        own.heading
        if own.heading is not None
        else _heading_by_name(_value_of(style, "name")),
        own.numbering,
    )


def _heading_by_name(name: str) -> int | None:
    if name.lower() == "title":
        return 0
    found = _HEADING.match(name.strip())
    return int(found[1]) - 1 if found else None


def _of_properties(properties: Any) -> Style:
    outline = _value_of(properties, "outlineLvl")
    numbering = _child(properties, "numPr")
    pair = None
    if numbering is not None:
        level = _value_of(numbering, "ilvl")
        pair = (_value_of(numbering, "numId"), int(level) if level.isdigit() else 0)
    return Style(int(outline) if outline.isdigit() and int(outline) < 9 else None, pair)


def _merged(
    own: tuple[str, int] | None, base: tuple[str, int] | None, properties: Any
) -> tuple[str, int] | None:
    """A paragraph's own list, where it names one; else its style's, at the level that
    the paragraph names.
    """
    if own is None:
        return base
    if own[0]:
        return own
    return (base[0], own[1]) if base else None


def _child(parent: Any, tag: str) -> Any:
    return (
        None
        if parent is None
        else next((child for child in parent if local(child) == tag), None)
    )


def _value_of(parent: Any, tag: str) -> str:
    child = _child(parent, tag)
    return "" if child is None else _value(child, "val")


def _value(element: Any, name: str) -> str:
    return next(
        (
            value
            for key, value in element.attrib.items()
            if key.rsplit("}", 1)[-1] == name
        ),
        "",
    )
