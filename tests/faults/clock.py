"""A clock that a test may set: that of the processes it starts, not the machine's.

A small library, compiled here, is loaded into each of them before all others and answers
when they ask for the time of day. Needs Linux and a C compiler.
"""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

NEEDS = "needs Linux and a C compiler (cc) to set a clock of its own"
DAY_S = 24 * 3600
_SOURCE = Path(__file__).with_name("shifted_clock.c")
_SECONDS = struct.Struct("=q")


def lacking() -> str:
    """What is missing on this machine; "" for nothing."""
    has_all = sys.platform.startswith("linux") and shutil.which("cc")
    return "" if has_all else NEEDS


class ShiftedClock:
    """Shows the time of the machine until it is set."""

    def __init__(self, folder: Path) -> None:
        """`folder` exists, and keeps the library for as long as the processes run."""
        library, shift = folder / "shifted_clock.so", folder / "shift"
        command = ("cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(_SOURCE))
        subprocess.run(command, check=True)
        shift.write_bytes(_SECONDS.pack(0))
        with shift.open("r+b") as file:
            self._shift = mmap.mmap(file.fileno(), _SECONDS.size)
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(library),
            "SHIFTED_CLOCK": str(shift),
        }
        """For processes that are to have it."""

    def move(self, seconds: int) -> None:
        """Set it forward, or back where negative: at once, for all that have it."""
        [shift] = _SECONDS.unpack(self._shift[:])
        self._shift[:] = _SECONDS.pack(shift + seconds)
