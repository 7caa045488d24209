"""The labels of the lists of a Word document: "-" for a bullet, "2.", "2.1" or "b)"
counted as Word counts them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workers.parsers.word.numerals import numeral
from workers.parsers.xml_tree import attribute, children, tag_of, value_of

LEVELS = 9
"""Of any list."""
_PLACEHOLDER = re.compile(r"%(\d)")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list."""

    format: str = "decimal"
    """How it counts: a name of DOCX."""
    text: str = "%1."
    """How its label looks; "%2" stands for the number of the second level."""
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
        self._counts: dict[str, list[int | None]] = defaultdict(lambda: [None] * LEVELS)
        """By kind of list: the last number of each level, None before the first."""
        self._started: set[str] = set()
        """The lists that have a paragraph already."""

    @classmethod
    def of_xml(cls, root: Any) -> Numbering:
        """From the numbering part of a DOCX; None stands for a missing one."""
        levels: dict[str, dict[int, Level]] = {}
        for kind in children(root, "abstractNum"):
            levels[attribute(kind, "abstractNumId")] = _levels_of_xml(kind)
        kinds: dict[str, str] = {}
        restarts: dict[str, dict[int, int]] = {}
        for item in children(root, "num"):
            list_id = attribute(item, "numId")
            kinds[list_id] = value_of(item, "abstractNumId")
            firsts = restarts[list_id] = {}
            for override in children(item, "lvlOverride"):
                number = attribute(override, "ilvl")
                start = value_of(override, "startOverride")
                if number.isdigit() and start.isdigit() and int(number) < LEVELS:
                    firsts[int(number)] = int(start)
        return cls(levels, kinds, restarts)

    def label(self, list_level: tuple[str, int] | None) -> tuple[str, int]:
        """The label of the next paragraph of a list, and its level from 0; ("", 0) for
        a paragraph outside of lists. `list_level` is (list, level).
        """
        list_id, number = list_level or ("", 0)
        if list_id in ("", "0") or list_id not in self._kinds:
            return "", 0
        number = min(max(number, 0), LEVELS - 1)
        kind = self._kinds[list_id]
        levels = self._levels.get(kind, {})
        level = levels.get(number, Level())
        if level.format == "bullet":
            return "-", number
        self._count(list_id, number, levels)
        if level.format == "none":
            return "", number
        counts = self._counts[kind]

        def number_of(placeholder: re.Match[str]) -> str:
            index = int(placeholder[1]) - 1
            if index < 0:
                return ""
            return numeral(counts[index] or 1, levels.get(index, Level()).format)

        return _PLACEHOLDER.sub(number_of, level.text).strip(), number

    def _count(self, list_id: str, number: int, levels: Mapping[int, Level]) -> None:
        """Count one paragraph of a level: deeper levels start anew."""
        counts = self._counts[self._kinds[list_id]]
        if list_id not in self._started:
            self._started.add(list_id)
            for restarted, start in self._restarts.get(list_id, {}).items():
                counts[restarted] = start - 1
        for outer in range(number):
            if counts[outer] is None:
                counts[outer] = levels.get(outer, Level()).start
        before = counts[number]
        first = levels.get(number, Level()).start
        counts[number] = first if before is None else before + 1
        counts[number + 1 :] = [None] * (LEVELS - 1 - number)


def _levels_of_xml(kind: Any) -> dict[int, Level]:
    """The levels of a kind of list, by their numbers from 0."""
    levels: dict[int, Level] = {}
    for item in children(kind, "lvl"):
        number = attribute(item, "ilvl")
        if number.isdigit():
            values = {tag_of(child): attribute(child, "val") for child in item}
            start = values.get("start", "1")
            levels[int(number)] = Level(
                values.get("numFmt", "decimal"),
                values.get("lvlText", "%1."),
                int(start) if start.isdigit() else 1,
            )
    return levels
