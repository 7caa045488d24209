"""Break things while work is in flight, and count what is lost, doubled and forgotten.

    python -m tests.faults [--only NAME ...] [--jobs N] [--list]

Starts whole systems of its own on free ports, with their own data. Exits with 1 when
anything was lost or doubled, a job did not end, or get/status did not know a task.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time

from tests.faults.catalogue import FAULTS, Fault, Result, run

JOBS = 40
HEADINGS = (
    "| fault | what | jobs | found | lost | doubled | open or failed "
    "| get/status asked | unknown | s to recover |"
)


def main() -> int:
    """The exit code."""
    names = [fault.name for fault in FAULTS]
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=names, metavar="NAME", default=names
    )
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--list", action="store_true", help="name all faults")
    options = parser.parse_args()
    chosen = [fault for fault in FAULTS if fault.name in options.only]
    if options.list:
        for fault in chosen:
            print(f"{fault.name:20} {fault.says}")
        return 0
    # A run that is ended from outside leaves no process and no mounted disk either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(HEADINGS, "|---" * HEADINGS.count("| ") + "|", sep="\n", flush=True)
    started = time.monotonic()
    bad = 0
    for result in run(chosen, options.jobs):
        print(row(result), flush=True)
        bad += not result.well
    minutes = (time.monotonic() - started) / 60
    print(f"\n{len(chosen)} faults, {bad} not well, {minutes:.0f} minutes")
    return 1 if bad else 0


def row(result: Result) -> str:
    """One line of the table."""
    fault: Fault = result.fault
    outcome = result.outcome
    if outcome is None:
        return f"| {fault.name} | {fault.says} | {result.problem} |"
    cells = (
        fault.name,
        fault.says,
        outcome.jobs,
        outcome.found,
        len(outcome.lost),
        len(outcome.doubled),
        outcome.open + outcome.failed,
        outcome.asked,
        outcome.unknown,
        f"{outcome.recovered_s:.0f}",
    )
    end = f" {result.problem}" if result.problem else ""
    return f"| {' | '.join(map(str, cells))} |{end}"


if __name__ == "__main__":
    sys.exit(main())
