"""What the charts and diagrams of a DOCX say: the figures that were drawn, the words in
the shapes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workers.parsers.document import Part
from workers.parsers.markdown_tables import markdown_table
from workers.parsers.text.xml import local

MAX_POINTS = 2000


def chart_parts(root: Any, page: int = 0) -> Iterator[Part]:
    """The title of a chart and a table of its series: one row a category, one column a series."""
    title = " ".join(_texts(_first(root, "title")))
    if title:
        yield Part("NarrativeText", title, page)
    series = [
        (
            _series_name(item, at),
            _points(item, "cat", "xVal"),
            _points(item, "val", "yVal"),
        )
        for at, item in enumerate(_all(root, "ser"), 1)
    ]
    if series:
        places = sorted(
            {place for _, names, values in series for place in (*names, *values)}
        )[:MAX_POINTS]
        names = {
            place: name
            for _, known, _ in reversed(series)
            for place, name in known.items()
        }
        rows = [["", *(name for name, _, _ in series)]]
        rows += [
            [names.get(place, ""), *(values.get(place, "") for _, _, values in series)]
            for place in places
        ]
        yield Part("Table", markdown_table(rows), page)


def diagram_parts(root: Any, page: int = 0) -> Iterator[Part]:
    """The words of a diagram (SmartArt), one list item a shape."""
    for point in _all(root, "pt"):
        text = " ".join(_texts(point)).strip()
        if text:
            yield Part("ListItem", f"- {text}", page)


def _series_name(series: Any, at: int) -> str:
    found = _first(series, "tx")
    return (
        " ".join(
            [value.text or "" for value in _all(found, "v")]
            if found is not None
            else []
        )
        or f"Series {at}"
    )


def _points(series: Any, *tags: str) -> dict[int, str]:
    """The values of the first of these parts of a series that it has, at their places."""
    element = next((item for tag in tags for item in _all(series, tag)), None)
    found = {}
    for point in _all(element, "pt") if element is not None else ():
        place = next(
            (
                value
                for key, value in point.attrib.items()
                if key.rsplit("}", 1)[-1] == "idx"
            ),
            "",
        )
        if place.isdigit():
            found[int(place)] = _figure(" ".join(_texts(point, "v")))
    return found


def _figure(text: str) -> str:
    """A number without the noise of its binary form (4.4, not 4.4000000000000004);
    other text as it is.
    """
    try:
        return f"{float(text):.10g}"
    except ValueError:
        return text


def _texts(element: Any, tag: str = "t") -> Iterator[str]:
    if element is not None:
        yield from (item.text for item in _all(element, tag) if item.text)


def _all(element: Any, tag: str) -> Iterator[Any]:
    return (item for item in element.iter() if local(item) == tag)


def _first(element: Any, tag: str) -> Any:
    return next(
        (item for item in element.iter() if item is not element and local(item) == tag),
        None,
    )
