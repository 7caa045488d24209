"""`souvenir up`: start everything on this machine, say where it is, keep it running,
stop it in order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from services.launcher.banner import banner
from services.launcher.child import Spawner
from services.launcher.data_folder import Home, api_key, locked, note_running, open_home
from services.launcher.network import taken
from services.launcher.programs import Plan, Wave, child_environment, plan
from services.launcher.start_refused import PORT_TAKEN, Refused
from services.launcher.supervisor import Keeper, Signals, Supervisor, signals
from shared.settings import Settings

READY_S = 120.0
LOG_TAIL = 2000


def up(
    settings: Settings, environment: Mapping[str, str], say: Callable[[str], None]
) -> None:
    """Runs until it is told to stop. Raises `Refused` when it cannot start; nothing is
    left running then.
    """
    home = open_home(settings.data)
    with locked(home):
        if taken(settings.host, settings.port):
            raise Refused(
                f"port {settings.port} of {settings.host} is taken: choose another, e.g. "
                f"SOUVENIR_PORT={settings.port + 10} souvenir up",
                PORT_TAKEN,
            )
        settled = plan(settings, home, api_key(home, settings.api_key))
        with (
            signals() as heard,
            Spawner(
                child_environment(settled.settings, environment), home.path, home.logs
            ) as spawner,
        ):
            supervisor = Supervisor(
                settled.programs,
                spawner,
                heard,
                say,
                partial(note_running, home, settled.url),
            )
            try:
                _run(supervisor, heard, settled, home, say)
            finally:
                supervisor.stop()
                say("Souvenir has stopped.")


def _run(
    supervisor: Supervisor,
    heard: Signals,
    settled: Plan,
    home: Home,
    say: Callable[[str], None],
) -> None:
    say(f"Starting Souvenir on {home.path} ...")
    for waves in ([Wave.STORES], list(Wave)):
        late = supervisor.until_ready(waves, READY_S)
        if heard.wishes:
            return
        if late:
            raise Refused(_why(max(late, key=lambda keeper: keeper.failures), home))
    say(banner(settled, home))
    supervisor.watch()


def _why(late: Keeper, home: Home) -> str:
    log = home.logs / f"{late.program.name}.log"
    return f"{late.program.name} did not get ready; the end of {log}:\n{_tail(log)}"


def _tail(log: Path) -> str:
    try:
        return log.read_text(errors="replace")[-LOG_TAIL:].strip()
    except OSError:
        return "(it wrote nothing)"
