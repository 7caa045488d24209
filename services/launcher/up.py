"""`souvenir up`: start everything on this machine, say where it is, keep it running,
stop it in order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from services.launcher import background
from services.launcher.banner import ON_A_TERMINAL, banner
from services.launcher.child import Spawner
from services.launcher.data_folder import (
    DataFolder,
    api_key,
    locked,
    open_data_folder,
    write_running_file,
)
from services.launcher.embedder_notes import embedder_notes
from services.launcher.endpoint_checks import model_findings
from services.launcher.network import TAKEN, listening_problem, other_port
from services.launcher.port_owner import owner_of_port
from services.launcher.programs import (
    Plan,
    Wave,
    base_url,
    child_environment,
    plan,
)
from services.launcher.service_manager import READY, STOPPING, notify
from services.launcher.start_refused import (
    BAD_SETTING,
    PORT_TAKEN,
    Refused,
    Stopped,
)
from services.launcher.supervisor import Signals, Supervisor, listen_to_signals
from shared.domain.key_strength import weakness
from shared.settings import Settings

READY_S = 120.0
"""Longest wait for the programs of one wave to answer."""
LOG_TAIL_CHARACTERS = 2000


def up(
    settings: Settings,
    environment: Mapping[str, str],
    say: Callable[[str], None],
    in_background: bool = False,
) -> None:
    """Runs until a signal asks it to stop. Raises `Refused` when it cannot start; nothing
    is left running then. `in_background`: nobody can press Ctrl-C.
    """
    data = open_data_folder(settings.data)
    with locked(data):
        require_free_port(settings)
        key = api_key(data, settings.api_key)
        require_strong(key, data)
        machine = plan(settings, data, key)
        variables = child_environment(machine.settings, environment)
        with (
            listen_to_signals() as signals,
            Spawner(variables, data.path, data.logs) as spawner,
        ):
            named = machine.settings
            stores = {"redis_url": named.redis_url, "qdrant_url": named.qdrant_url}
            on_change = partial(write_running_file, data, machine.url, stores)
            supervisor = Supervisor(machine.programs, spawner, signals, say, on_change)
            try:
                say(f"Starting Souvenir on {data.path} ...")
                start_waves(supervisor, signals, data, ([Wave.STORES], list(Wave)))
                say(_ready_text(machine, data, in_background))
                notify(READY, environment)
                supervisor.watch()
            except Stopped:
                pass  # While it started: it ends as it does later, with success.
            finally:
                notify(STOPPING, environment)
                supervisor.stop()
                say("Souvenir has stopped.")


def _ready_text(machine: Plan, data: DataFolder, in_background: bool) -> str:
    """What is said when everything answers: the banner, and what is not as it could be."""
    end = background.hint(data) if in_background else ON_A_TERMINAL
    lines = [
        banner(machine, data, end),
        *embedder_notes(machine.url, machine.settings.api_key),
    ]
    lines += [
        f"\nNote: {finding.says}\n  -> {finding.fix}"
        for finding in model_findings(machine.settings)
        if not finding.well
    ]
    return "\n".join(lines)


def require_strong(key: str, data: DataFolder) -> None:
    """Raises `Refused` for a key of the data folder that can be guessed."""
    problem = weakness(key)
    if problem:
        raise Refused(
            f"the key in {data.key_file} {problem}: delete the file, and a key of 192"
            " random bits is made",
            BAD_SETTING,
        )


def require_free_port(settings: Settings) -> None:
    """Raises `Refused`, saying who listens there as far as that can be seen."""
    host, port = settings.host, settings.port
    problem = listening_problem(host, port)
    if problem == TAKEN:
        owner = owner_of_port(port, base_url(host, port))
        raise Refused(
            f"port {port} of {host} is taken by {owner}: choose another, e.g. "
            f"SOUVENIR_PORT={other_port(port)} souvenir up",
            PORT_TAKEN,
        )
    if problem:
        raise Refused(
            f"cannot listen at port {port} of {host} ({problem}): put SOUVENIR_HOST and "
            "SOUVENIR_PORT right",
            PORT_TAKEN,
        )


def start_waves(
    supervisor: Supervisor,
    signals: Signals,
    data: DataFolder,
    steps: Sequence[Sequence[Wave]],
) -> None:
    """The programs of each step's waves, step after step; all answer when it returns.
    Raises `Stopped` when a stop is requested, `Refused` with the end of a log when a
    program does not get ready.
    """
    for waves in steps:
        late = supervisor.until_ready(waves, READY_S)
        if signals.stop_requests:
            raise Stopped("stopped while the programs started; nothing was done")
        if late:
            name = max(late, key=lambda process: process.failures).program.name
            log = data.logs / f"{name}.log"
            try:
                end = log.read_text(errors="replace")[-LOG_TAIL_CHARACTERS:].strip()
            except OSError:
                end = "(it wrote nothing)"
            raise Refused(f"{name} did not get ready; the end of {log}:\n{end}")
