"""Draws why a search found what it found: for every memory that was considered the terms
of its score as bars, and where the cut was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text

from souvenir_client.show import visible

BAR = 32
"""Characters of the longest score."""
COLORS = ("cyan", "green", "magenta", "yellow", "blue", "red")
MARKS = "█▓▒░▞▚"
"""One colour and one mark a term, in turns: in a pipe there are only the marks."""
NEGATIVE = "▁"
VERDICTS = {
    "returned": "",
    "below_threshold": "below the threshold",
    "repeats": "a better memory says it already",
    "over_limit": "over the limit",
}
TEXT_CHARACTERS = 100

Json = Mapping[str, Any]


def draw(out: Console, explanation: Json) -> None:
    """Print an explanation (`explain: true` of search/memory); a line where the server
    gave none.
    """
    considered = explanation.get("considered") or ()
    if not considered:
        out.print("\nthe server explains nothing: no memory was considered")
        return
    terms = _terms(considered)
    styles = {name: _style(place) for place, name in enumerate(terms)}
    longest = max(_length(row["terms"]) for row in considered) or 1.0
    out.print(_legend(styles))
    questions = explanation.get("questions") or ()
    for (number, kind), rows in groupby(
        considered, lambda row: (row["question"], row["kind"])
    ):
        text = questions[number]["text"] if number < len(questions) else ""
        out.print(Text(f"\n{kind}: {visible(text)}", style="bold"), soft_wrap=True)
        for row in rows:
            _draw_row(out, row, styles, BAR / longest)
    out.print(f"\nthreshold: a relativity of {explanation['threshold']:g}")


def _draw_row(
    out: Console, row: Json, styles: Mapping[str, tuple[str, str]], scale: float
) -> None:
    """The bar of a memory, its figures, and its words."""
    bar = Text("")
    for name, value in row["terms"].items():
        color, mark = styles.get(name, ("", "█"))
        width = round(abs(value) * scale)
        bar.append((mark if value > 0 else NEGATIVE) * width, style=color)
    bar.append(" " * max(BAR - len(bar), 0))
    relativity = row["relativity"]
    relativity_text = "  - " if relativity is None else f"{relativity:.2f}"
    is_returned = row["verdict"] == "returned"
    line = Text(f"{row['rank']:>3}. {relativity_text} ")
    line.append(bar)
    line.append(f" {row['total']:6.2f} = {_sum(row['terms'])}")
    out.print(line, soft_wrap=True)
    verdict = VERDICTS.get(row["verdict"], row["verdict"])
    words = visible(" ".join(str(row["text"]).split()))
    cut = words if len(words) <= TEXT_CHARACTERS else words[: TEXT_CHARACTERS - 1] + "…"
    note = f"   ({verdict})" if verdict else ""
    out.print(
        Text(f"     {cut}{note}", style="" if is_returned else "dim"), soft_wrap=True
    )


def _sum(terms: Mapping[str, float]) -> str:
    return " ".join(
        f"{'+' if value > 0 else '-'} {abs(value):.2f} {name}"
        for name, value in terms.items()
        if round(abs(value), 2)
    ).removeprefix("+ ")


def _terms(considered: Sequence[Json]) -> list[str]:
    """The names of the terms that count for any memory, in the server's order."""
    names = dict.fromkeys(name for row in considered for name in row["terms"])
    return [name for name in names if any(row["terms"].get(name) for row in considered)]


def _length(terms: Mapping[str, float]) -> float:
    return sum(map(abs, terms.values()))


def _style(place: int) -> tuple[str, str]:
    return COLORS[place % len(COLORS)], MARKS[place % len(MARKS)]


def _legend(styles: Mapping[str, tuple[str, str]]) -> Text:
    legend = Text("\n")
    for name, (color, mark) in styles.items():
        legend.append(f"{mark}{mark} ", style=color)
        legend.append(f"{name}  ")
    legend.append(f"{NEGATIVE}{NEGATIVE} taken off")
    return legend
