"""What a part has measured: printed, and written as JSON, Markdown and SVG."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.svg_plot import Plot

Cell = str | int | float | None


@dataclass
class Table:
    """Rows under a heading each."""

    headings: Sequence[str]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def row(self, *cells: Cell) -> None:
        """One row more. Raises ValueError where cells and headings do not match."""
        if len(cells) != len(self.headings):
            raise ValueError(f"{len(cells)} cells under {len(self.headings)} headings")
        self.rows.append(cells)

    def text(self) -> str:
        """In columns, for a terminal."""
        rows = [tuple(self.headings), *(tuple(map(_shown, row)) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(
                cell.ljust(width) for cell, width in zip(row, widths, strict=True)
            ).rstrip()
            for row in rows
        )
        return "\n".join(lines)

    def markdown(self) -> str:
        """As a table of Markdown."""
        rows = [
            self.headings,
            ["---"] * len(self.headings),
            *([_shown(c) for c in r] for r in self.rows),
        ]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)


@dataclass
class Report:
    """The tables and plots of one part, and its headline figures with their targets."""

    name: str
    title: str
    tables: Sequence[Table]
    plots: Sequence[Plot] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def text(self) -> str:
        """For a terminal."""
        return "\n\n".join(
            (self.title, *(t.text() for t in self._all_tables()), *self.notes)
        )

    def write(self, folder: Path) -> None:
        """`<name>.json`, `<name>.md` and the plots, into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        made = {
            "name": self.name,
            "conditions": conditions(),
            "figures": dict(self.figures),
            "targets": dict(self.targets),
        }
        tables = [{"headings": list(t.headings), "rows": t.rows} for t in self.tables]
        text = json.dumps({**made, "tables": tables}, indent=1, ensure_ascii=False)
        (folder / f"{self.name}.json").write_text(text + "\n")
        for plot in self.plots:
            (folder / f"{plot.name}.svg").write_text(plot.svg())
        (folder / f"{self.name}.md").write_text(self.markdown() + "\n")

    def markdown(self) -> str:
        """The page of this part."""
        images = [f"![{plot.title}]({plot.name}.svg)" for plot in self.plots]
        tables = [table.markdown() for table in self._all_tables()]
        asked = f"`python -m tests.benchmarks {self.name}`, {_described(conditions())}"
        return "\n\n".join((f"# {self.title}", asked, *tables, *images, *self.notes))

    def _all_tables(self) -> list[Table]:
        if not self.figures:
            return list(self.tables)
        headlines = Table(("figure", "measured", "target"))
        for name, value in self.figures.items():
            headlines.row(name.replace("_", " "), value, self.targets.get(name, ""))
        return [*self.tables, headlines]


def conditions() -> dict[str, Any]:
    """Of the machine, as this process finds it."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "load_1min": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def _described(found: Mapping[str, Any]) -> str:
    return (
        f"{found['at']}, {found['cores']} cores ({found['machine']}), "
        f"load {found['load_1min']}, Python {found['python']}"
    )


def _shown(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:,.4g}" if isinstance(cell, float) else str(cell)
