"""Runs the rows and prints which share passes, by kind and language."""

from __future__ import annotations

import argparse
import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from uuid import uuid4

from tests.behaviour.play import play
from tests.behaviour.rows import Row, all_rows, failing_ids, write_failing
from tests.behaviour.sequences import sequence_rows
from tests.behaviour.service import InProcess, OverHttp

Problems = Mapping[Row, Sequence[str]]


def arguments() -> argparse.Namespace:
    """What is given on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.behaviour")
    parser.add_argument("--kind", default="", help="only these, e.g. K1,K2")
    parser.add_argument("--language", default="", help="only these, e.g. en,zh")
    parser.add_argument("--id", default="", help="only rows whose id begins so")
    parser.add_argument("--seed", type=int, help="only fresh sequences, by this seed")
    parser.add_argument("--details", action="store_true", help="what went wrong")
    parser.add_argument("--update-failing", action="store_true")
    parser.add_argument("--url", default="", help="a running system")
    parser.add_argument("--key", default="")
    return parser.parse_args()


def chosen_rows(given: argparse.Namespace) -> list[Row]:
    """The rows that were asked for."""
    if given.seed is not None:
        return list(sequence_rows(given.seed))
    kinds, languages = given.kind.split(","), given.language.split(",")
    return [
        row
        for row in (*all_rows(), *sequence_rows())
        if (not given.kind or row.kind in kinds)
        and (not given.language or row.language in languages)
        and row.id.startswith(given.id)
    ]


async def run(rows: Iterable[Row], url: str, key: str) -> Problems:
    """The rows with what is wrong after each."""
    async with AsyncExitStack() as stack:
        service = OverHttp(url, key) if url else InProcess()
        await stack.enter_async_context(service)
        prefix = f"{uuid4().hex[:6]}-"
        return {row: await play(row, service, prefix) for row in rows}


def print_shares(problems: Problems) -> None:
    """A line a kind and language, then all."""
    groups: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for row, wrong in problems.items():
        for kind in (row.kind, "all"):
            for language in (row.language, "all"):
                groups[kind, language].append(not wrong)
    kinds = sorted({kind for kind, _ in groups}, key=lambda kind: (kind == "all", kind))
    for kind in kinds:
        languages = sorted(language for of, language in groups if of == kind)
        shares = [f"{name} {_share(groups[kind, name])}" for name in languages]
        print(f"{kind:5} {'  '.join(shares)}")


def _share(passed: Sequence[bool]) -> str:
    return f"{sum(passed)}/{len(passed)}={sum(passed) / len(passed):.2f}"


def print_details(problems: Problems) -> None:
    """What went wrong, row by row."""
    for row, wrong in problems.items():
        for problem in wrong:
            print(f"{row.id}: {problem}")


def update_failing(problems: Problems) -> None:
    """List what failed; of rows that were not run the list stays as it is."""
    failed = {row.id for row, wrong in problems.items() if wrong}
    run_ids = {row.id for row in problems}
    known_ids = {row.id for row in (*all_rows(), *sequence_rows())}
    kept = (failing_ids() - run_ids) & known_ids
    write_failing(failed | kept)


def main() -> None:
    """Run, print, and write the list where that is wished."""
    given = arguments()
    problems = asyncio.run(run(chosen_rows(given), given.url, given.key))
    if given.details:
        print_details(problems)
    print_shares(problems)
    if given.update_failing:
        update_failing(problems)


if __name__ == "__main__":
    main()
