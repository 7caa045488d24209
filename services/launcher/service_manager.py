"""Tells systemd how a service of `Type=notify` stands (sd_notify(3)): a datagram to the
socket that the environment names.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress

VARIABLE = "NOTIFY_SOCKET"
READY, STOPPING = "READY=1", "STOPPING=1"


def notify(state: str, environment: Mapping[str, str]) -> None:
    """Say a state; nothing where no service manager listens."""
    address = environment.get(VARIABLE, "")
    if not address:
        return
    if address.startswith("@"):  # an abstract socket
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state.encode(), address)
