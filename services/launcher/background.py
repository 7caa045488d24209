"""`souvenir up -d` and `souvenir down`: Souvenir without a terminal, and its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from services.launcher.data_folder import DataFolder, open_data_folder, running_now
from services.launcher.start_refused import FAILED, FOLDER_IN_USE, Refused
from shared.settings import Settings

IN_BACKGROUND = "--in-background"
"""The option by which a launcher knows that nobody sees its terminal."""
READY = "Souvenir is ready."
"""What the launcher prints once everything answers."""
LOG = "up.log"
"""What the launcher prints, in the folder of logs."""

_START_S = 300.0
"""Longest wait for a start: the launcher itself gives up before."""
_STOP_S = 90.0
"""Longest wait for an end: the programs have 10 s each to finish what they do."""
_POLL_S = 0.1


def start(
    settings: Settings,
    environment: Mapping[str, str],
    options: Sequence[str],
    say: Callable[[str], None],
) -> int:
    """Start a launcher of its own session and wait until it is ready or has ended; the
    exit code. What it prints is said here too. Raises `Refused` where it runs already.
    """
    data = open_data_folder(settings.data)
    instance = running_now(data)
    if instance is not None:
        raise Refused(
            f"Souvenir already runs on {data.path} (process {instance['pid']},"
            f" {instance['url']}); souvenir down ends it",
            FOLDER_IN_USE,
        )
    log = data.logs / LOG
    begin = log.stat().st_size if log.exists() else 0
    command = [sys.executable, "-m", "services.launcher.cli", "up", *options]
    # For its owner only: the banner has the key.
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(log, flags, 0o600), "ab") as output:
        child = subprocess.Popen(
            [*command, IN_BACKGROUND],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    code = _until_ready(child, log, begin)
    said = _text(log, begin).strip()
    if code is None:
        say(said)
        return 0
    print(said, file=sys.stderr, flush=True)
    return code or FAILED


def _until_ready(child: subprocess.Popen[bytes], log: Path, begin: int) -> int | None:
    """None once it is ready, else the exit code of the launcher. Ctrl-C ends it."""
    deadline = time.monotonic() + _START_S
    try:
        while READY not in _text(log, begin):
            code = child.poll()
            if code is not None:
                return code
            if time.monotonic() > deadline:
                child.terminate()
                return child.wait()
            time.sleep(_POLL_S)
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise
    return None


def hint(data: DataFolder) -> str:
    """What stands under the banner of a launcher in the background."""
    return (
        f"It runs in the background (process {os.getpid()}), its log is {data.logs / LOG}."
        "\nsouvenir logs -f shows what it does, souvenir down ends it."
    )


def stop(settings: Settings, say: Callable[[str], None]) -> int:
    """End the Souvenir that runs on the data folder and wait for it; the exit code: 0
    also where none runs, 1 where it does not end.
    """
    data = DataFolder(settings.data.expanduser().absolute())
    instance = running_now(data) if data.path.is_dir() else None
    if instance is None:
        say(f"No Souvenir runs on {data.path}.")
        return 0
    pid = int(instance["pid"])
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_S
    while running_now(data) is not None:
        if time.monotonic() > deadline:
            raise Refused(f"process {pid} does not end; see: souvenir logs")
        time.sleep(_POLL_S)
    say(f"Souvenir on {data.path} has stopped.")
    return 0


def _text(log: Path, begin: int) -> str:
    with log.open("rb") as file:
        file.seek(begin)
        return file.read().decode("utf-8", "replace")
