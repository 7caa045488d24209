"""The page of all results: the headline figures of each part beside their targets, with
links to the parts. Made of the JSON files, so a part that is run alone changes its lines.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

PAGE = "README.md"
_OPENING = """# Benchmarks

Made by `make bench` (`python -m tests.benchmarks`, with `--quick` in about ten minutes; one part by its
name; `--resume` for the parts that have no result yet). What is compared was measured in the same
run on the same machine; on another one compare ratios. Counts
(round trips, tokens) do not depend on the machine.
"""


def write_page(folder: Path, parts: Sequence[str]) -> None:
    """Write it into the folder of the results."""
    lines = [
        _OPENING,
        "| part | figure | measured | target | when |",
        "|---|---|---|---|---|",
    ]
    missing = []
    for part in parts:
        path = folder / f"{part}.json"
        if not path.exists():
            missing.append(part)
            continue
        result = json.loads(path.read_text())
        when = f"{result['conditions']['at']}, load {result['conditions']['load_1min']}"
        for name, value in result["figures"].items():
            target = result["targets"].get(name, "")
            figure = name.replace("_", " ")
            lines.append(
                f"| [{part}]({part}.md) | {figure} | {value} | {target} | {when} |"
            )
    if missing:
        lines += ["", f"Not run here yet: {', '.join(missing)}."]
    (folder / PAGE).write_text("\n".join(lines) + "\n")
