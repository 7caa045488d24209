"""How large, how dense and how finely cut the code is, in figures.

    python -m tests.structure [FOLDER ...]      default: shared services workers clients

Printed per folder and for all together: files, lines, lines a function (median and 90th
percentile), syntax nodes a line of code, the share of lines beyond 100 columns,
comprehensions with two `for`, and the share of private helpers that have a single
caller in their module. A line of code is one that is neither blank nor only a comment;
docstrings count as lines and their text as one node.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[1]
FOLDERS = ("shared", "services", "workers", "clients")
WIDE = 100
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Figures:
    """What was counted in some files."""

    files: int = 0
    lines: int = 0
    code_lines: int = 0
    wide_lines: int = 0
    nodes: int = 0
    double_comprehensions: int = 0
    helpers: int = 0
    helpers_used_once: int = 0
    function_lines: list[int] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Count the other's figures in."""
        for name in (
            "files",
            "lines",
            "code_lines",
            "wide_lines",
            "nodes",
            "double_comprehensions",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.helpers += other.helpers
        self.helpers_used_once += other.helpers_used_once
        self.function_lines += other.function_lines

    def row(self) -> list[str]:
        """The figures as they are printed."""
        lengths = self.function_lines or [0]
        ninetieth = quantiles(lengths, n=10)[-1] if len(lengths) > 1 else lengths[0]
        return [
            str(self.files),
            str(self.lines),
            f"{median(lengths):.0f}",
            f"{ninetieth:.0f}",
            str(max(lengths)),
            f"{self.nodes / max(self.code_lines, 1):.2f}",
            f"{100 * self.wide_lines / max(self.code_lines, 1):.1f}",
            str(self.double_comprehensions),
            f"{100 * self.helpers_used_once / max(self.helpers, 1):.0f}",
        ]


HEADINGS = [
    "files",
    "lines",
    "median",
    "p90",
    "max",
    "nodes/line",
    "% wide",
    "two for",
    "% used once",
]


def measure(path: Path) -> Figures:
    """The figures of one file."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(path))
    code = [
        line
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    helpers = list(private_helpers(tree))
    uses = Counter(references(tree))
    return Figures(
        files=1,
        lines=text.count("\n"),
        code_lines=len(code),
        wide_lines=sum(len(line) > WIDE for line in code),
        nodes=sum(1 for _ in ast.walk(tree)),
        double_comprehensions=sum(is_double(node) for node in ast.walk(tree)),
        helpers=len(helpers),
        helpers_used_once=sum(uses[name] == 1 for name in helpers),
        function_lines=[
            length(node) for node in ast.walk(tree) if isinstance(node, Function)
        ],
    )


def private_helpers(tree: ast.Module) -> Iterator[str]:
    """The functions and methods of a module whose name begins with one underscore."""
    for node in ast.walk(tree):
        if (
            isinstance(node, Function)
            and node.name.startswith("_")
            and not node.name.startswith("__")
        ):
            yield node.name


def references(tree: ast.Module) -> Iterator[str]:
    """Every name and attribute that the module mentions, once a mention."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def is_double(node: ast.AST) -> bool:
    """Whether the node is a comprehension with two `for` or more."""
    comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    return isinstance(node, comprehensions) and len(node.generators) > 1


def length(node: Function) -> int:
    """Lines of a function, its `def` and docstring included, its decorators not."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def python_files(folders: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """The folder and the path of every Python file."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield folder, path


def table(folders: Sequence[str]) -> list[list[str]]:
    """A row for each folder and one for all together, with headings."""
    by_folder = {folder: Figures() for folder in folders}
    everything = Figures()
    for folder, path in python_files(folders):
        figures = measure(path)
        by_folder[folder].add(figures)
        everything.add(figures)
    rows = [[folder, *figures.row()] for folder, figures in by_folder.items()]
    return [["", *HEADINGS], *rows, ["all", *everything.row()]]


def main(folders: Sequence[str]) -> None:
    """Print the table."""
    for row in table(folders):
        print(
            "".join(
                f"{cell:>12}" if place else f"{cell:<28}"
                for place, cell in enumerate(row)
            )
        )


if __name__ == "__main__":
    main(sys.argv[1:] or FOLDERS)
