"""Ports and probes: is a port taken, which are free, does a service answer."""

from __future__ import annotations

import errno
import http.client
import random
import socket
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

# Below the range that Linux and macOS hand out to outgoing connections: a port found
# free here stays free until its child binds it.
INNER_PORTS = range(20_000, 32_000)
PROBE_S = 2.0
TAKEN = "taken"
LAST_PORT = 65_535


def is_taken(host: str, port: int) -> bool:
    """Whether listening there would fail."""
    return bool(listening_problem(host, port))


def listening_problem(host: str, port: int) -> str:
    """Why listening there would fail; "" where it would not, `TAKEN` where somebody
    else listens.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
            attempt.listen(1)
        except OSError as error:
            return TAKEN if error.errno == errno.EADDRINUSE else str(error.strerror)
    return ""


def other_port(port: int) -> int:
    """One to suggest in place of a port that is taken."""
    step = 10
    return port + step if port + step <= LAST_PORT else port - step


def free_ports(count: int) -> list[int]:
    """Different loopback ports that nobody listens on."""
    chooser = random.SystemRandom()
    with ExitStack() as held:
        ports: list[int] = []
        while len(ports) < count:
            port = chooser.choice(INNER_PORTS)
            attempt = held.enter_context(socket.socket())
            with suppress(OSError):
                attempt.bind(("127.0.0.1", port))
                ports.append(port)
        return ports


def answers(url: str, seconds: float = PROBE_S) -> bool:
    """Whether an http(s) URL answers below 500, or anything listens at any other URL."""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https"):
        return (status_of(url, seconds) or 500) < 500
    port = parts.port or 6379
    try:
        with socket.create_connection(
            (parts.hostname or "127.0.0.1", port), timeout=seconds
        ):
            return True
    except OSError:
        return False


def status_of(
    url: str, seconds: float = PROBE_S, headers: dict[str, str] | None = None
) -> int | None:
    """The HTTP status of a GET; None when nothing answers."""
    answer = get(url, seconds, headers)
    return answer[0] if answer else None


def get(
    url: str, seconds: float = PROBE_S, headers: dict[str, str] | None = None
) -> tuple[int, bytes] | None:
    """HTTP status and body of a GET; None when nothing answers."""
    parts = urlsplit(url)
    connect = (
        http.client.HTTPSConnection
        if parts.scheme == "https"
        else http.client.HTTPConnection
    )
    connection = connect(parts.hostname or "127.0.0.1", parts.port, timeout=seconds)
    try:
        connection.request("GET", parts.path or "/", headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return parts._replace(netloc=f"***@{parts.netloc.rpartition('@')[2]}").geturl()
