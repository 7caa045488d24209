"""What the suite writes down."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.benchmarks.report import Report, Table
from tests.benchmarks.results_page import write_page
from tests.benchmarks.svg_plot import Plot
from tests.benchmarks.timing import percentile, timed

PLOT = Plot(
    "p",
    "p95 < others & more",
    "memories",
    "ms",
    {"a": [(1_000, 5), (100_000, 9)]},
    True,
)


def report() -> Report:
    table = Table(("what", "ms"))
    table.row("search", 12.345)
    figures, targets = {"beside_the_limit": 1.2}, {"beside_the_limit": "<= 1.5"}
    return Report("search", "Search", [table], [PLOT], figures, targets)


def test_a_part_is_written_as_json_page_and_plot(tmp_path: Path) -> None:
    report().write(tmp_path)
    written = json.loads((tmp_path / "search.json").read_text())
    assert written["tables"][0]["rows"] == [["search", 12.345]]
    page = (tmp_path / "search.md").read_text()
    assert "| search | 12.35 |" in page or "| search | 12.34 |" in page
    assert "![p95 < others & more](p.svg)" in page
    assert (tmp_path / "p.svg").exists()


def test_the_page_of_all_parts_has_targets_and_says_what_is_missing(
    tmp_path: Path,
) -> None:
    report().write(tmp_path)
    write_page(tmp_path, ["search", "add"])
    page = (tmp_path / "README.md").read_text()
    assert "| [search](search.md) | beside the limit | 1.2 | <= 1.5 |" in page
    assert "Not run here yet: add." in page


def test_a_row_has_a_cell_for_each_heading() -> None:
    with pytest.raises(ValueError):
        Table(("a", "b")).row(1)


def test_a_plot_is_svg_whatever_its_words_are() -> None:
    root = ElementTree.fromstring(PLOT.svg())
    [line] = root.iter("{http://www.w3.org/2000/svg}polyline")
    (left, low), (right, high) = (
        map(float, point.split(",")) for point in line.attrib["points"].split()
    )
    assert left < right and low > high, "more is to the right, and higher up"


def test_a_plot_without_points_is_refused() -> None:
    with pytest.raises(ValueError):
        Plot("p", "t", "x", "y", {}).svg()
    with pytest.raises(ValueError):
        Plot("p", "t", "x", "y", {"a": [(0, 1)]}, log_x=True).svg()


def test_percentiles_are_by_the_nearest_rank() -> None:
    times = list(map(float, range(1, 101)))
    assert [percentile(times, percent) for percent in (50, 95, 99)] == [50, 95, 99]
    assert percentile([7.0], 99) == 7.0


def test_calls_are_made_once_each_by_several_at_a_time() -> None:
    made: list[int] = []
    spread = timed([lambda n=n: made.append(n) for n in range(20)], clients=4)
    assert sorted(made) == list(range(20))
    assert spread.p50 <= spread.p95 <= spread.p99 and spread.per_s > 0
