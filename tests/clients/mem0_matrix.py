"""Every method of mem0's published client x every release that is driven, as a table:
`python -m tests.clients.mem0_matrix [URL KEY]`, URL without `/mem0`.

Against the system at URL, else against one that is started for it. Releases are
installed by `python tests/clients/install.py all`.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

from tests.clients.install import mem0_releases
from tests.clients.mem0_checks import CHECKS, NOT_SERVED, not_served
from tests.support.published import PublishedMem0
from tests.support.system import System


def table(url: str, key: str, say: Callable[[str], object]) -> int:
    """Say a line for each method; how many failed. What a release does not have is "-"."""
    releases = mem0_releases()[::-1]
    say(f"{'method':<28}" + "".join(f"{release:>10}" for release in releases))
    failed: list[str] = []
    seen: Counter[str] = Counter()
    for name in [*CHECKS, *NOT_SERVED]:
        outcomes = {release: outcome(url, key, release, name) for release in releases}
        marks = [text if len(text) < 8 else "FAILS" for text in outcomes.values()]
        say(f"{name:<28}" + "".join(f"{mark:>10}" for mark in marks))
        seen.update(outcomes.values())
        failed += [
            f"{name} of {release}: {text}"
            for release, text in outcomes.items()
            if text not in ("ok", "-", "error")
        ]
    for line in failed:
        say(line)
    say(
        f"{len(CHECKS) + len(NOT_SERVED)} calls in {len(releases)} releases: {seen['ok']} pairs ok, "
        f"{seen['error']} refused as not served, {seen['-']} there are not, {len(failed)} failed"
    )
    return len(failed)


def outcome(url: str, key: str, release: str, name: str) -> str:
    """ "ok", "error" for what is refused as not served, "-", or what went wrong."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PublishedMem0(release, f"{url}/mem0", key, Path(folder)) as client,
    ):
        if name.partition(" ")[0] not in client.methods():
            return "-"
        served = name in CHECKS
        run = (
            partial(CHECKS[name], client, uuid4().hex)
            if served
            else partial(not_served, client, name)
        )
        try:
            run()
        except Exception as error:  # the other methods are still of interest
            return f"{type(error).__name__}: {error}"
    return "ok" if served else "error"


def main(arguments: list[str]) -> int:
    if arguments:
        return table(arguments[0], arguments[1], print)
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data") as system,
    ):
        return table(system.url, system.key, print)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
