"""Real files with bytes flipped, cut out, doubled and swapped, thousands of them, each
parsed in the parsing process.

    python -m tests.benchmarks.fuzz_documents FOLDER [--cases 3000] [--seed 1]
    [--seconds 1200] [--largest 300000]

Every case must end: read, or refused with a code of the contract. `crashed` counts
processes that died, `hung` those that had to be stopped; both must be 0 for the parsers
themselves to be called sound, although neither hurts anybody but its own file. Cases
are kept only as (file, seed): the same numbers give the same bytes. With --whole every
file is parsed once, as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections import Counter
from pathlib import Path

from shared.errors import FileRejected
from workers.parsers.isolation.sandbox import Sandbox
from workers.parsers.parse_file import FileLimits

SKIPPED = {"groundtruth", "LICENSE"}
FAST = FileLimits(stall=20.0, seconds=600.0, pictures=1)


def files_in(folder: Path, largest: int) -> list[Path]:
    """Files to start from, without the expected texts beside them."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not SKIPPED & set(path.parts)
        and 0 < path.stat().st_size <= largest
    ]


def mangled(data: bytes, chance: random.Random) -> bytes:
    """The same file, harmed in one to four places."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        _harm(made, chance)
    return bytes(made)


def _harm(made: bytearray, chance: random.Random) -> None:
    if not made:
        return
    at, size = chance.randrange(len(made)), chance.choice((1, 1, 2, 4, 16, 256, 4096))
    match chance.randrange(7):
        case 0 | 1:
            for place in range(at, min(at + size, len(made))):
                made[place] ^= 1 << chance.randrange(8)
        case 2:
            del made[at:]
        case 3:
            del made[at : at + size]
        case 4:
            made[at:at] = made[at : at + size] * chance.choice((1, 2, 50))
        case 5:
            made[at : at + size] = chance.choice((b"\xff", b"\0", b"9")) * size
        case _:
            other = chance.randrange(len(made))
            made[at : at + size] = made[other : other + size]


async def outcome(sandbox: Sandbox, data: bytes, limits: FileLimits) -> str:
    """How one case ended."""
    try:
        await sandbox.parse(data, limits=limits)
    except FileRejected as error:
        if "broke its parser" in error.message:
            return "crashed"
        if "took longer" in error.message:
            return "hung"
        return f"refused {error.code}"
    return "read"


async def run(
    folder: Path, cases: int, seed: int, seconds: float, largest: int
) -> Counter[str]:
    """Count of outcomes; stops early when the time is up."""
    sandbox, ended, files = (
        Sandbox(),
        time.monotonic() + seconds,
        files_in(folder, largest),
    )
    counts: Counter[str] = Counter()
    for case in range(cases):
        if time.monotonic() > ended:
            break
        chance = random.Random(f"{seed} {case}")
        path = files[case % len(files)]
        result = await outcome(sandbox, mangled(path.read_bytes(), chance), FAST)
        counts[result] += 1
        if result in ("crashed", "hung"):
            print(f"{result}: {path.name} seed {seed} case {case}", flush=True)
    await asyncio.to_thread(sandbox.close)
    return counts


async def run_whole(folder: Path) -> Counter[str]:
    """Every file once, as it is."""
    sandbox = Sandbox()
    counts: Counter[str] = Counter()
    for path in files_in(folder, 1 << 40):
        result = await outcome(sandbox, path.read_bytes(), FileLimits())
        counts[result] += 1
        if result != "read":
            print(f"{result}: {path.relative_to(folder)}", flush=True)
    await asyncio.to_thread(sandbox.close)
    return counts


def main() -> None:
    """Print the count of outcomes; exit 1 when a case crashed or hung."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    options.add_argument("--cases", type=int, default=3000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--seconds", type=float, default=1200.0)
    options.add_argument("--largest", type=int, default=300_000)
    options.add_argument("--whole", action="store_true")
    given = options.parse_args()
    counts = asyncio.run(
        run_whole(given.folder)
        if given.whole
        else run(given.folder, given.cases, given.seed, given.seconds, given.largest)
    )
    print(", ".join(f"{name}: {count}" for name, count in sorted(counts.items())))
    raise SystemExit(1 if counts["crashed"] or counts["hung"] else 0)


if __name__ == "__main__":
    main()
