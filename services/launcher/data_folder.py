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
from typing import IO, Any

from services.launcher.process_start import process_start
from services.launcher.start_refused import FOLDER_IN_USE, Refused

_KEY_BYTES = 24
"""Random bytes in an API key."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where one machine keeps everything."""

    path: Path
    """Absolute."""

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
        """The process id, its start and the URL of the Souvenir that runs on this folder,
        and the process ids of its children; one that was killed leaves it behind.
        """
        return self.path / "running.json"


def open_data_folder(path: Path) -> DataFolder:
    """The folder, made when it is not there. Raises `Refused` when it cannot be."""
    data = DataFolder(path.expanduser().absolute())
    try:
        data.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (data.logs, data.redis, data.vectors):
            folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Refused(
            f"the data folder {data.path} cannot be used: {error.strerror}; choose another with SOUVENIR_DATA"
        ) from error
    return data


@contextmanager
def locked(data: DataFolder) -> Iterator[None]:
    """Hold the folder for this process alone. Raises `Refused` when another holds it.
    The kernel releases the lock however the process ends; what one that was killed left
    behind is removed, for it says nothing of the process that holds the folder now.
    """
    with (data.path / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            instance = running_instance(data)
            holder = (
                f" (process {instance['pid']}, {instance['url']})" if instance else ""
            )
            raise Refused(
                f"Souvenir already runs on {data.path}{holder}", FOLDER_IN_USE
            ) from None
        data.running_file.unlink(missing_ok=True)
        try:
            yield
        finally:
            data.running_file.unlink(missing_ok=True)


def running_instance(data: DataFolder) -> dict[str, Any] | None:
    """`pid`, `url`, `stores` (their addresses, by setting) and `processes` (process id by
    name) of the Souvenir that wrote the file, if that very process is there still; its
    id alone may be another's by now. Files of earlier releases have no `started`.
    """
    try:
        instance: dict[str, Any] = json.loads(data.running_file.read_text())
        start = process_start(int(instance["pid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return instance if instance.get("started", start) == start else None


def running_now(data: DataFolder) -> dict[str, Any] | None:
    """The same, only if the folder is held: by that Souvenir then."""
    try:
        with (data.path / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return running_instance(data)
    except OSError:
        return None
    return None


def write_running_file(
    data: DataFolder, url: str, stores: Mapping[str, str], processes: Mapping[str, int]
) -> None:
    """Write what `running_instance` reads, whole or not at all, for its owner only:
    `stores` may name passwords.
    """
    pid = os.getpid()
    instance = {
        "pid": pid,
        "started": process_start(pid),
        "url": url,
        "stores": dict(stores),
        "processes": dict(processes),
    }
    draft = data.running_file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with _opened_for_owner(draft) as file:
        file.write(json.dumps(instance))
    draft.replace(data.running_file)


def api_key(data: DataFolder, given: str) -> str:
    """The given key, or the one stored in the folder, which is made at the first start
    and readable by its owner only.
    """
    stored = given or stored_api_key(data)
    if stored:
        return stored
    key = f"mpg-{secrets.token_urlsafe(_KEY_BYTES)}"
    data.key_file.unlink(missing_ok=True)
    with _opened_for_owner(data.key_file) as file:
        file.write(key + "\n")
    return key


def stored_api_key(data: DataFolder) -> str:
    """The key in the folder; "" before the first start."""
    try:
        return data.key_file.read_text().strip()
    except FileNotFoundError:
        return ""


def _opened_for_owner(path: Path) -> IO[str]:
    """A new file that nobody else can read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, 0o600), "w")
