"""The server of this machine: what `souvenir up` wrote into its data folder, so that
its owner need not say it again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET, AF_INET6, SOCK_DGRAM, socket
from urllib.parse import urlsplit

LOOPBACK = "localhost"
PORTS = {"http": 80, "https": 443}

DATA_VARIABLE = "SOUVENIR_DATA"

Address = tuple[str, str, int]
"""Scheme, host and port."""


def data_folder() -> Path:
    """The data folder that the environment names."""
    return Path(os.environ.get(DATA_VARIABLE) or "data").expanduser()


def server(url: str = "", key: str = "", folder: Path | None = None) -> tuple[str, str]:
    """URL and key to use: those given, else those of the Souvenir that runs on the data
    `folder` (SOUVENIR_DATA, default ./data).

    The folder's key goes to the folder's own server alone. Either may come back empty.
    """
    folder = folder or data_folder()
    url = url or _running(folder)
    if not key and url and home_of(url, folder):
        with suppress(OSError):
            key = (folder / "api_key").read_text().strip()
    return url, key


def home_of(url: str, folder: Path | None = None) -> Path | None:
    """The data folder, where the server of a URL is the one that runs on it."""
    folder = folder or data_folder()
    here = _running(folder)
    return folder if here and _address(url) == _address(here) else None


def named_hint(url: str) -> str:
    """What to do where no server answers at a URL that was given."""
    return (
        f"--url or SOUVENIR_URL names {visible_url(url)}: is that right, and does the"
        " server run there? Without them the server of this machine's data folder is"
        " asked"
    )


def visible_url(url: str) -> str:
    """A URL without the name and the password in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def hint(name: str, folder: Path | None = None) -> str:
    """What to do where no server answers; `name` is the command that was called,
    `folder` the data folder where one was named.
    """
    folder = (folder or data_folder()).absolute()
    if _running(folder):
        return f"{folder} says that it runs there; has it ended? see: {name} doctor"
    return (
        f"no Souvenir runs on {folder}. Start one there: souvenir up -d. Or say where one"
        f" is: SOUVENIR_DATA=FOLDER (its data folder), or {name} --url URL --key KEY ..."
    )


def key_hint(name: str) -> str:
    """What to do where the server knows the key not, or was given none."""
    return (
        f"say the key: {name} --key KEY ..., or SOUVENIR_API_KEY; on the server's machine"
        " SOUVENIR_DATA=FOLDER finds it in the file api_key of its data folder"
    )


def _running(folder: Path) -> str:
    """The URL of the Souvenir that runs on a folder; "" where none does.

    A server of another machine is none: a folder may have come with somebody's
    repository, and key and prompts would go wherever it says.
    """
    try:
        url = str(json.loads((folder / "running.json").read_text())["url"])
        return url if _is_here(_address(url)[1]) else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _address(url: str) -> Address:
    """Where a URL leads; all names of this machine are one. Raises ValueError."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or PORTS.get(parts.scheme, 0)
    return parts.scheme, LOOPBACK if _is_loopback(host) else host, port


def _is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == LOOPBACK


def _is_here(host: str) -> bool:
    """Whether a host is this machine: its loopback, or an address that one of its
    interfaces has.
    """
    if host == LOOPBACK:
        return True
    try:
        family = AF_INET6 if ip_address(host).version == 6 else AF_INET
        with socket(family, SOCK_DGRAM) as probe:
            probe.bind((host, 0))  # an address of another machine cannot be bound to
    except (ValueError, OSError):
        return False
    return True
