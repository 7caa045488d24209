"""The benchmark suite: `python -m tests.benchmarks [part ...] [--quick]`.

Without a part all of them run; what one raises is printed, and the others run all the
same (exit code 1). Each prints its tables and writes `<part>.json`, `<part>.md`
and plots into --out (docs/benchmarks), and the page of all parts there is made anew. Each
starts systems of its own on free ports and fresh data. Times are of this machine on this
day: what is compared, is measured in the same run.

    --quick              small sizes: about ten minutes on two slow cores
    --resume             only the parts that have no result in --out yet
    --million            searches and disk with a million memories too
    --peer PYTHON        the Python of an environment with mem0ai (tests.benchmarks.peer)
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.report import Report
from tests.benchmarks.results_page import write_page
from tests.benchmarks.sizes import FULL, QUICK, Sizes

PARTS = {
    "sentence-cost": "sentence_cost",
    "profile": "profiled",
    "add": "adding",
    "ingest": "ingesting",
    "search": "searching",
    "model-bound": "model_bound",
    "files": "file_reading",
    "footprint": "footprint",
    "chat": "chatting",
    "scale-out": "scaled_out",
}
"""Names on the command line, and modules of `tests.benchmarks.parts`."""
MILLION = 1_000_000
OUT = Path(__file__).parents[2] / "docs" / "benchmarks"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--runs", type=int, default=0, help="of each measurement")
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    said = parser.parse_args(arguments)
    unknown = set(said.parts) - PARTS.keys()
    if unknown:
        parser.error(
            f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}"
        )
    sizes, failed = sizes_of(said), list[str]()
    for name in said.parts or PARTS:
        if said.resume and (said.out / f"{name}.json").exists():
            continue
        began = time.perf_counter()
        try:
            report = run_part(name, sizes)
        except Exception:  # an hour of the other parts must not be lost with it
            traceback.print_exc()
            failed.append(name)
            continue
        report.write(said.out)
        write_page(said.out, list(PARTS))
        print(f"{report.text()}\n({time.perf_counter() - began:.0f} s)\n", flush=True)
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def sizes_of(said: argparse.Namespace) -> Sizes:
    """As the flags ask for."""
    sizes = QUICK if said.quick else FULL
    if said.million:
        sizes = replace(sizes, memories=(*sizes.memories, MILLION))
    return replace(sizes, peer=said.peer, runs=said.runs or sizes.runs)


def run_part(name: str, sizes: Sizes) -> Report:
    """Its module is loaded only here: each part needs much of the program."""
    module = importlib.import_module(f"tests.benchmarks.parts.{PARTS[name]}")
    report: Report = module.run(sizes)
    return report


if __name__ == "__main__":
    main()
