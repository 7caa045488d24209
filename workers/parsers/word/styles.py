"""What a paragraph of a DOCX is, by its own properties and those of its style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from workers.parsers.xml_tree import attribute, children, first_child, value_of

_HEADING = re.compile(r"^(?:heading|überschrift|titre|标题|標題|見出し)\s*(\d)$", re.I)
"""Names of the built-in styles of headings."""
_NO_OUTLINE = 9
"""The outline level of text that is no heading."""
ABOVE_ALL = -1
"""The level of a document's title, which all headings stand under."""
MAX_CHAIN = 20
"""Styles that are based on each other."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph is."""

    heading: int | None = None
    """The level of a heading, from 0, `ABOVE_ALL` for the title; None for other text."""
    numbering: tuple[str, int] | None = None
    """(list, level in it) of a list item."""


class Styles:
    """The styles part of a document; None stands for a missing one."""

    def __init__(self, root: Any) -> None:
        self._elements = {
            attribute(style, "styleId"): style for style in children(root, "style")
        }
        self._resolved: dict[str, Style] = {}

    def of(self, paragraph: Any) -> Style:
        """What a paragraph is: its own list, where it names one; else its style's, at
        the level that the paragraph names.
        """
        properties = first_child(paragraph, "pPr")
        base = self._named(value_of(properties, "pStyle"))
        if properties is None:
            return base
        own = _style_of_properties(properties)
        heading = base.heading if own.heading is None else own.heading
        if own.numbering is None:
            return Style(heading, base.numbering)
        list_id, level = own.numbering
        if not list_id and base.numbering:
            return Style(heading, (base.numbering[0], level))
        return Style(heading, own.numbering if list_id else None)

    def _named(self, name: str) -> Style:
        """What paragraphs of a style are, by the style and those that it is based on."""
        if name in self._resolved:
            return self._resolved[name]
        heading: int | None = None
        numbering: tuple[str, int] | None = None
        ancestor = name
        for _ in range(MAX_CHAIN):
            if ancestor not in self._elements:
                break
            element = self._elements[ancestor]
            style = _style_of_element(element)
            heading = style.heading if heading is None else heading
            numbering = style.numbering if numbering is None else numbering
            ancestor = value_of(element, "basedOn")
        self._resolved[name] = Style(heading, numbering)
        return self._resolved[name]


def _style_of_element(element: Any) -> Style:
    """What a style says itself; its name says that it is a heading where its outline
    level does not.
    """
    own = _style_of_properties(first_child(element, "pPr"))
    if own.heading is not None:
        return own
    name = value_of(element, "name")
    if name.lower() == "title":
        return Style(ABOVE_ALL, own.numbering)
    heading = _HEADING.match(name.strip())
    return Style(int(heading[1]) - 1 if heading else None, own.numbering)


def _style_of_properties(properties: Any) -> Style:
    """What properties of a paragraph or a style say; None says nothing."""
    outline = value_of(properties, "outlineLvl")
    is_heading = outline.isdigit() and int(outline) < _NO_OUTLINE
    heading = int(outline) if is_heading else None
    numbering = first_child(properties, "numPr")
    if numbering is None:
        return Style(heading)
    level = value_of(numbering, "ilvl")
    list_id = value_of(numbering, "numId")
    return Style(heading, (list_id, int(level) if level.isdigit() else 0))
