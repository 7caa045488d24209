"""The data folder of one machine: its layout, its lock, the API key kept in it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.launcher.start_refused import FOLDER_IN_USE, Refused


@dataclass(frozen=True, slots=True)
class Home:
    """Where one machine keeps everything. `path` is absolute."""

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def redis(self) -> Path:
        return self.path / "redis"

    @property
    def vectors(self) -> Path:
        return self.path / "vectors"

    @property
    def key_file(self) -> Path:
        return self.path / "api_key"

    @property
    def running_file(self) -> Path:
        """Who runs on this folder, where, and the process ids of its children; there
        only while it runs.
        """
        return self.path / "running.json"


def open_home(path: Path) -> Home:
    """The folder, made when it is not there. Raises `Refused` when it cannot be."""
    home = Home(path.expanduser().absolute())
    try:
        home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (home.logs, home.redis, home.vectors):
            folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Refused(
            f"the data folder {home.path} cannot be used: {error.strerror}; choose another with SOUVENIR_DATA"
        ) from error
    return home


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Hold the folder for this process alone. The kernel lets go of the lock however
    the process ends.
    """
    with (home.path / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(
                f"Souvenir already runs on {home.path}{_by_whom(home)}", FOLDER_IN_USE
            ) from None
        try:
            yield
        finally:
            home.running_file.unlink(missing_ok=True)


def _by_whom(home: Home) -> str:
    known = running(home)
    return f" (process {known['pid']}, {known['url']})" if known else ""


def running(home: Home) -> dict[str, Any] | None:
    """What the launcher that holds this folder wrote down last, if any."""
    try:
        known: dict[str, Any] = json.loads(home.running_file.read_text())
    except (OSError, ValueError):
        return None
    return known


def note_running(home: Home, url: str, processes: Mapping[str, int]) -> None:
    """Write down who runs here, whole or not at all."""
    text = json.dumps({"pid": os.getpid(), "url": url, "processes": dict(processes)})
    draft = home.running_file.with_suffix(".new")
    draft.write_text(text)
    draft.replace(home.running_file)


def api_key(home: Home, given: str) -> str:
    """The given key, or the one kept in the folder, made at the first start."""
    if given:
        return given
    try:
        kept = home.key_file.read_text().strip()
    except FileNotFoundError:
        kept = ""
    return kept or _make_key(home)


def _make_key(home: Home) -> str:
    key = f"mpg-{secrets.token_urlsafe(24)}"
    home.key_file.unlink(missing_ok=True)
    with os.fdopen(
        os.open(home.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
    ) as file:
        file.write(key + "\n")
    return key
