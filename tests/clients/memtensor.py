"""Every check of MemTensor's own programs, a line each: `python -m tests.clients.memtensor
[URL KEY]`.

Against the system at URL, else against one that is started for it. The programs are
installed by `python tests/clients/install.py sources`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from tests.clients.install import sources
from tests.clients.memtensor_checks import CHECKS, Server
from tests.support.system import System


def lines(url: str, key: str, say: Callable[[str], object]) -> int:
    """Say a line for each check; how many failed."""
    failed = 0
    for name, run in CHECKS.items():
        with tempfile.TemporaryDirectory() as folder:
            server = Server(url, key, f"user-{uuid4().hex}", Path(folder))
            try:
                run(server)
            except Exception as error:  # the others are still of interest
                failed += 1
                say(f"FAILS  {name}: {type(error).__name__}: {error}")
            else:
                say(f"ok     {name}")
    say(f"{len(CHECKS)} checks, {failed} failed")
    return failed


def main(arguments: list[str]) -> int:
    missing = [name for name, s in sources().items() if not s.folder.exists()]
    if missing:
        print(
            f"not installed: {', '.join(missing)}: python tests/clients/install.py sources"
        )
        return 2
    if arguments:
        return lines(arguments[0], arguments[1], print)
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data") as system,
    ):
        return lines(system.url, system.key, print)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
