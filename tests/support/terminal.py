"""A program in a terminal of its own: it sees a screen, not a pipe."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a program has written: `raw` with all that moves the cursor, `text` without;
    `code` is how it ended.
    """

    raw: str
    code: int

    @property
    def text(self) -> str:
        """The words, those that were written over too."""
        return _CONTROL.sub("", self.raw).replace("\r\n", "\n")


def in_terminal(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    columns: int = 100,
    rows: int = 30,
) -> Shown:
    """Run a command to its end in a terminal of that size."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**environment, "TERM": "xterm-256color"},
    )
    os.close(theirs)
    written = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return Shown(written.decode("utf-8", "replace"), process.wait())


def _read(terminal: int) -> bytes:
    """What there is; nothing once the program has closed its side, which Linux tells as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
