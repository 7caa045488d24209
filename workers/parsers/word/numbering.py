"""The labels of the lists of a Word document: "-" for a bullet, "2.", "2.1" or "b)"
counted as Word counts them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workers.parsers.text.xml import local

_PLACE = re.compile(r"%(\d)")
_CHINESE = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts, from what, and how its label looks ("%1.%2")."""

    format: str = "decimal"
    text: str = "%1."
    start: int = 1


class Numbering:
    """Counts the paragraphs of all lists of a document while they pass in order.

    `levels` are those of each kind of list, `kinds` says of which kind a list is,
    `restarts` where a list starts its levels anew.
    """

    def __init__(
        self,
        levels: Mapping[str, Mapping[int, Level]],
        kinds: Mapping[str, str],
        restarts: Mapping[str, Mapping[int, int]] | None = None,
    ) -> None:
        self._levels, self._kinds, self._restarts = levels, kinds, restarts or {}
        self._counts: dict[str, list[int | None]] = defaultdict(lambda: [None] * 9)
        self._started: set[str] = set()

    @classmethod
    def of_xml(cls, root: Any) -> Numbering:
        """From the numbering part of a DOCX; None stands for a missing one."""
        children = list(root) if root is not None else []
        numbers = {
            _value(item, "numId"): item for item in children if local(item) == "num"
        }
        return cls(
            {
                _value(item, "abstractNumId"): _levels(item)
                for item in children
                if local(item) == "abstractNum"
            },
            {
                id: next(
                    (
                        _value(child, "val")
                        for child in item
                        if local(child) == "abstractNumId"
                    ),
                    "",
                )
                for id, item in numbers.items()
            },
            {id: _restarts(item) for id, item in numbers.items()},
        )

    def label(self, numbering: tuple[str, int] | None) -> tuple[str, int]:
        """The label of the next paragraph of a list, and its level from 0; ("", 0) for
        a paragraph outside of lists.
        """
        if (
            numbering is None
            or numbering[0] in ("", "0")
            or numbering[0] not in self._kinds
        ):
            return "", 0
        id, at = numbering[0], min(max(numbering[1], 0), 8)
        levels = self._levels.get(self._kinds[id], {})
        level = levels.get(at, Level())
        if level.format == "bullet":
            return "-", at
        self._count(id, at, levels)
        if level.format == "none":
            return "", at
        return self._render(self._kinds[id], level, levels), at

    def _count(self, id: str, at: int, levels: Mapping[int, Level]) -> None:
        counts = self._counts[self._kinds[id]]
        if id not in self._started:
            self._started.add(id)
            for level, start in self._restarts.get(id, {}).items():
                counts[level] = start - 1
        for level in range(at):
            if counts[level] is None:
                counts[level] = levels.get(level, Level()).start
        before = counts[at]
        counts[at] = levels.get(at, Level()).start if before is None else before + 1
        counts[at + 1 :] = [None] * (8 - at)

    def _render(self, kind: str, level: Level, levels: Mapping[int, Level]) -> str:
        counts = self._counts[kind]

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return (
                _numeral(counts[at] or 1, levels.get(at, Level()).format)
                if 0 <= at < 9
                else ""
            )

        return _PLACE.sub(number, level.text).strip()


def _levels(abstract: Any) -> dict[int, Level]:
    found = {}
    for item in abstract:
        if local(item) == "lvl" and _value(item, "ilvl").isdigit():
            values = {local(child): _value(child, "val") for child in item}
            start = values.get("start", "1")
            found[int(_value(item, "ilvl"))] = Level(
                values.get("numFmt", "decimal"),
                values.get("lvlText", "%1."),
                int(start) if start.isdigit() else 1,
            )
    return found


def _restarts(number: Any) -> dict[int, int]:
    found = {}
    for item in number:
        if local(item) == "lvlOverride" and _value(item, "ilvl").isdigit():
            start = next(
                (
                    _value(child, "val")
                    for child in item
                    if local(child) == "startOverride"
                ),
                "",
            )
            if start.isdigit() and int(_value(item, "ilvl")) < 9:
                found[int(_value(item, "ilvl"))] = int(start)
    return found


def _numeral(value: int, format: str) -> str:
    if format in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 8)
        return letter.upper() if format == "upperLetter" else letter
    if format in ("lowerRoman", "upperRoman"):
        return _roman(value).lower() if format == "lowerRoman" else _roman(value)
    if format.startswith(
        ("chineseCounting", "japaneseCounting", "ideographDigital", "taiwaneseCounting")
    ):
        return _chinese(value)
    return f"{value:02d}" if format == "decimalZero" else str(value)


def _roman(value: int) -> str:
    text = ""
    for size, letters in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        text += letters * min(value // size, 20)
        value %= size
    return text


def _chinese(value: int) -> str:
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _CHINESE[tens] + "十") + (
        _CHINESE[ones] if ones else ""
    )


def _value(element: Any, name: str) -> str:
    return next(
        (
            value
            for key, value in element.attrib.items()
            if key.rsplit("}", 1)[-1] == name
        ),
        "",
    )
