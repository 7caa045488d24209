"""Every method of the published client x every release that is driven, as a table:
`python -m tests.clients.matrix [URL KEY]`.

Against the system at URL, else against one that is started for it. Releases are
installed by `python tests/clients/install.py all`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from tests.clients.checks import CHECKS, offered
from tests.clients.install import releases
from tests.support.published import Published
from tests.support.system import System

Say = Callable[[str], object]


def table(base_url: str, key: str, say: Say) -> int:
    """Say a line for each method; how many failed. What a release does not have is "-"."""
    versions = releases()[::-1]
    say(f"{'method':<28}" + "".join(f"{version:>9}" for version in versions))
    failed, there_are = [], 0
    for name in CHECKS:
        marks = [outcome(base_url, key, version, name) for version in versions]
        say(
            f"{name:<28}"
            + "".join(f"{mark if len(mark) < 9 else 'FAILS':>9}" for mark in marks)
        )
        there_are += len(marks) - marks.count("-")
        failed += [
            f"{name} of {version}: {mark}"
            for version, mark in zip(versions, marks, strict=True)
            if mark not in ("ok", "-")
        ]
    for line in failed:
        say(line)
    say(
        f"{len(CHECKS)} methods in {len(versions)} releases: "
        f"{there_are} pairs that there are, {len(failed)} failed"
    )
    return len(failed)


def outcome(base_url: str, key: str, version: str, name: str) -> str:
    """ "ok", "-", or what went wrong."""
    with (
        Published(version, base_url, key) as client,
        tempfile.TemporaryDirectory() as folder,
    ):
        if not offered(client, name):
            return "-"
        try:
            CHECKS[name](client, uuid4().hex, Path(folder))
        except (
            Exception
        ) as error:  # whatever it is, the other methods are still of interest
            return f"{type(error).__name__}: {error}"
    return "ok"


def main(arguments: list[str]) -> int:
    if arguments:
        return table(arguments[0], arguments[1], print)
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data") as system,
    ):
        return table(system.base_url, system.key, print)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
