"""Who listens at a port, as far as this user may see it: Linux lists sockets and open
files below /proc, those of other users not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from services.launcher.network import get

_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_LISTENING = "0A"
_LOCAL, _STATE, _INODE = 1, 3, 9
"""Columns of a table of sockets."""
_COMMAND_CHARACTERS = 80


def owner_of_port(port: int, url: str) -> str:
    """For people: the process, and what answers at the URL; "another program" where
    neither can be seen.
    """
    named = _process(port) or "another program"
    service = _service(url)
    return f"{named}, {service}" if service else named


def _process(port: int) -> str:
    """ "" where it cannot be seen."""
    wanted = {f"socket:[{inode}]" for inode in _inodes(port)}
    if not wanted:
        return ""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # another user's, or it has just ended
            if wanted & set(_open_files(folder)):
                return f"process {folder.name} ({_command(folder)})"
    return ""


def _inodes(port: int) -> Iterator[str]:
    """Of the sockets that listen there."""
    for table in _TABLES:
        with suppress(OSError, ValueError, IndexError):
            for line in Path(table).read_text().splitlines()[1:]:
                columns = line.split()
                is_there = int(columns[_LOCAL].rpartition(":")[2], 16) == port
                if is_there and columns[_STATE] == _LISTENING:
                    yield columns[_INODE]


def _open_files(process: Path) -> Iterator[str]:
    for entry in (process / "fd").iterdir():
        with suppress(OSError):
            yield str(entry.readlink())


def _command(process: Path) -> str:
    words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    return " ".join(words).strip()[:_COMMAND_CHARACTERS]


def _service(url: str) -> str:
    """What /health says there."""
    answer = get(f"{url}/health", 1.0)
    with suppress(ValueError, TypeError, KeyError):
        said = json.loads(answer[1]) if answer else {}
        if said.get("service") == "gateway":
            return f"a Souvenir, release {said['version']}"
    return ""
