"""`souvenir doctor --url URL`: whether a Souvenir answers there, wherever it runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

from services.launcher.finding import Finding, report
from services.launcher.network import get, without_password

PATIENCE_S = 10.0
SERVICE = "gateway"
"""What a gateway's /health says it is."""


def check_server(url: str, say: Callable[[str], None]) -> int:
    """Print what is found at the URL of a server; 0 where one answers, else 1."""
    finding = server_finding(url)
    if not report([finding], say):
        return 1
    say("\nA server answers. What runs on this machine: souvenir doctor.")
    return 0


def server_finding(url: str) -> Finding:
    """What answers at the URL of a server."""
    address = without_password(url)
    if not _is_url(url):
        fix = "it begins with http:// or https://"
        return Finding("server", False, f"{address} is no URL of a server", fix)
    answer = get(f"{_root(url)}/health", PATIENCE_S)
    if answer is None:
        fix = "is the address right, does the server run, is a firewall in between?"
        return Finding("server", False, f"nothing answers at {address}", fix)
    status, body = answer
    version = _version(body)
    if version:
        return Finding("server", True, f"{address} is Souvenir {version}")
    fix = "name the address at which Souvenir itself listens"
    return Finding("server", False, f"{address} answers {status}, not as Souvenir", fix)


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0  # raises for what is no port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and has_port


def _root(url: str) -> str:
    """Where the server is, without the path of its API."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _version(body: bytes) -> str:
    """The release that an answer of /health names; "" where it is another program's."""
    try:
        health = json.loads(body)
        return str(health["version"]) if health["service"] == SERVICE else ""
    except (ValueError, KeyError, TypeError):
        return ""
