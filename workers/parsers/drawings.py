"""What the charts and diagrams of Office files say: the figures that were drawn, the words in
the shapes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from workers.parsers.document import Part
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.xml_tree import attribute, descendants, tag_of

MAX_POINTS = 2000
"""Of a chart that are shown."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart; the keys are the indexes of its points."""

    name: str
    categories: dict[int, str]
    values: dict[int, str]

    @classmethod
    def of_element(cls, element: Any, number: int) -> Series:
        """`number` counts the series of the chart from 1."""
        title = _first_below(element, "tx")
        return cls(
            " ".join(_texts(title, "v", empty=True)) or f"Series {number}",
            categories=_points(element, "cat", "xVal"),
            values=_points(element, "val", "yVal"),
        )


def chart_parts(root: Any, page: int = 0) -> Iterator[Part]:
    """The title of a chart and a table of its series: one row a category, one column a
    series.
    """
    title = " ".join(_texts(_first_below(root, "title"), "t"))
    if title:
        yield Part("NarrativeText", title, page)
    all_series = [
        Series.of_element(element, number)
        for number, element in enumerate(descendants(root, "ser"), 1)
    ]
    if not all_series:
        return
    categories: dict[int, str] = {}
    indexes: set[int] = set()
    for series in reversed(all_series):
        categories |= series.categories
        indexes |= series.categories.keys() | series.values.keys()
    rows = [["", *(series.name for series in all_series)]]
    for index in sorted(indexes)[:MAX_POINTS]:
        values = [series.values.get(index, "") for series in all_series]
        rows.append([categories.get(index, ""), *values])
    yield Part("Table", markdown_table(rows), page)


def diagram_parts(root: Any, page: int = 0) -> Iterator[Part]:
    """The words of a diagram (SmartArt), one list item a shape."""
    for point in descendants(root, "pt"):
        text = " ".join(_texts(point, "t")).strip()
        if text:
            yield Part("ListItem", f"- {text}", page)


def _points(series: Any, *tags: str) -> dict[int, str]:
    """The values of the first of these parts of a series that it has, by index."""
    element = None
    for tag in tags:
        if element is None:
            element = next(descendants(series, tag), None)
    if element is None:
        return {}
    points: dict[int, str] = {}
    for point in descendants(element, "pt"):
        index = attribute(point, "idx")
        if index.isdigit():
            text = " ".join(_texts(point, "v"))
            with suppress(ValueError):  # 4.4, not 4.4000000000000004
                text = f"{float(text):.10g}"
            points[int(index)] = text
    return points


def _texts(element: Any, tag: str, empty: bool = False) -> Iterator[str]:
    """The texts of all elements of a tag; those without one too where `empty` says so."""
    if element is not None:
        for item in descendants(element, tag):
            if item.text or empty:
                yield item.text or ""


def _first_below(element: Any, tag: str) -> Any:
    """The first element of a tag below an element; None where there is none."""
    for item in element.iter():
        if item is not element and tag_of(item) == tag:
            return item
    return None
