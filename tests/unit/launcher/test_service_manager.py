"""systemd: what the launcher says to it, and the unit that is shipped."""

from __future__ import annotations

import configparser
import socket
from pathlib import Path

from services.launcher import start_refused
from services.launcher.service_manager import READY, notify

UNIT = Path(__file__).parents[3] / "deploy" / "systemd" / "souvenir.service"


def test_the_state_goes_to_the_socket_that_is_named(tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(path)
        notify(READY, {"NOTIFY_SOCKET": path})
        assert receiver.recv(100) == b"READY=1"


def test_where_nobody_listens_nothing_happens(tmp_path: Path) -> None:
    notify(READY, {})
    notify(READY, {"NOTIFY_SOCKET": str(tmp_path / "none")})


def test_the_unit_waits_for_the_launcher_and_does_not_repeat_refusals() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read(UNIT)
    service = unit["Service"]
    assert service["Type"] == "notify"
    assert service["ExecStart"].endswith("souvenir up --in-background")
    refusals = {
        start_refused.BAD_SETTING,
        start_refused.PORT_TAKEN,
        start_refused.FOLDER_IN_USE,
    }
    assert set(map(int, service["RestartPreventExitStatus"].split())) == refusals
