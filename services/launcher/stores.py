"""`souvenir backup` and `souvenir restore`: find the stores of this machine, start them
where nothing runs, and let `services.store` copy.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from services.launcher.child import Spawner, die_with_parent
from services.launcher.data_folder import (
    DataFolder,
    locked,
    open_data_folder,
    running_instance,
    stored_api_key,
)
from services.launcher.programs import Wave, child_environment, plan
from services.launcher.start_refused import FOLDER_IN_USE, Refused, Stopped
from services.launcher.supervisor import Signals, Supervisor, listen_to_signals
from services.launcher.up import start_waves
from shared.settings import Settings

STORES = ("redis_url", "qdrant_url")
"""Settings that name them."""
_POLL_S = 0.5
"""Longest sleep while a copy is made; its end and every signal wake us."""


def copy_store(
    settings: Settings,
    environment: Mapping[str, str],
    say: Callable[[str], None],
    arguments: Sequence[str],
) -> int:
    """Run `services.store` with these arguments; its exit code. Raises `Refused` where
    the stores cannot be started, `Stopped` where a signal ended it.
    """
    with (
        listen_to_signals() as signals,
        _stores(settings, environment, say, signals) as located,
    ):
        command = [sys.executable, "-m", "services.store", *arguments]
        return _run(command, child_environment(located, environment), signals)


def _run(
    command: Sequence[str], environment: Mapping[str, str], signals: Signals
) -> int:
    """The exit code of a program that is asked to stop whenever we are. Raises
    `Stopped` where it did not do its work to the end therefore.
    """
    if signals.stop_requests:
        raise Stopped("stopped before anything was done")
    # Of a session of its own: Ctrl-C at the terminal reaches it once, by us.
    child = subprocess.Popen(
        command,
        env=dict(environment),
        start_new_session=True,
        preexec_fn=die_with_parent(),
    )
    passed_on = 0
    while child.poll() is None:
        signals.wait(_POLL_S)
        if signals.stop_requests > passed_on:
            passed_on = signals.stop_requests
            child.terminate()
    if passed_on and child.returncode:
        raise Stopped("stopped before it was done")
    return child.returncode


def check_file(environment: Mapping[str, str], file: Path) -> int:
    """Verify a backup; nothing is started. The exit code."""
    command = [sys.executable, "-m", "services.store", "check", str(file)]
    return subprocess.run(command, env=dict(environment), check=False).returncode


@contextmanager
def _stores(
    settings: Settings,
    environment: Mapping[str, str],
    say: Callable[[str], None],
    signals: Signals,
) -> Iterator[Settings]:
    """The settings with the addresses of stores that answer: those that are named, those
    of the Souvenir that runs on the data folder, or such as are started here.
    """
    data = open_data_folder(settings.data)
    settings = replace(
        settings, data=data.path, api_key=settings.api_key or stored_api_key(data)
    )
    if all(getattr(settings, name) for name in STORES):
        yield settings
        return
    try:
        with locked(data):
            yield from _started(settings, data, environment, say, signals)
    except Refused as refused:
        if refused.code != FOLDER_IN_USE:
            raise
        instance = running_instance(data) or {}
        addresses = instance.get("stores") or {}
        if not all(addresses.get(name) for name in STORES):
            raise
        yield replace(settings, **{name: addresses[name] for name in STORES})


def _started(
    settings: Settings,
    data: DataFolder,
    environment: Mapping[str, str],
    say: Callable[[str], None],
    signals: Signals,
) -> Iterator[Settings]:
    machine = plan(replace(settings, model_file=""), data, settings.api_key)
    variables = child_environment(machine.settings, environment)
    stores = [program for program in machine.programs if program.wave is Wave.STORES]
    with Spawner(variables, data.path, data.logs) as spawner:
        supervisor = Supervisor(stores, spawner, signals, say, lambda _: None)
        try:
            start_waves(supervisor, signals, data, [[Wave.STORES]])
            yield machine.settings
        finally:
            supervisor.stop()
