"""What runs on one machine: Settings -> programs, each with its command, its
environment and its place in the order.

The commands are those of docker-compose.yml; tests/test_deploy.py holds the two together.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from services.launcher.data_folder import Home
from services.launcher.local_model import chatting_with, model_command, model_file
from services.launcher.network import answers, free_ports, without_password
from services.launcher.settings_listing import as_text
from services.launcher.start_refused import Refused
from services.launcher.valkey import valkey_command, valkey_server
from shared.settings import Settings


class Wave(IntEnum):
    """Started in this order, stopped in the opposite one."""

    STORES = 0
    WORKERS = 1
    DOORS = 2


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep. It is ready when it has run for `settles` seconds and the
    URL `ready`, if any, answers; `patience` is how long, in seconds, it may take to end
    after it was asked to.
    """

    name: str
    command: tuple[str, ...]
    wave: Wave
    ready: str = ""
    settles: float = 0.0
    patience: float = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """All programs of one machine, and the settings that they are given."""

    settings: Settings
    programs: tuple[Program, ...]

    @property
    def url(self) -> str:
        """Where a caller on this machine finds the gateway."""
        return base_url(self.settings.host, self.settings.port)


def plan(settings: Settings, home: Home, key: str) -> Plan:
    """Choose what to start: an outside Redis, Qdrant or status service takes the place of our own.

    Raises `Refused` when an outside one does not answer, or no Redis server or no model
    that is named can be had.
    """
    redis, vectors, status, talk = free_ports(4)
    model = model_file(settings)
    own: dict[str, Any] = {
        "redis_url": f"redis://127.0.0.1:{redis}/0",
        "qdrant_url": f"http://127.0.0.1:{vectors}",
        "status_url": f"http://127.0.0.1:{status}",
    }
    outside = {name: given for name, given in _outside(settings).items() if given}
    _reach(outside)
    settled = chatting_with(
        replace(settings, api_key=key, data=home.path, **(own | outside)),
        model,
        f"http://127.0.0.1:{talk}/v1",
    )
    programs = [
        *([] if "redis_url" in outside else [_redis(home, redis)]),
        *([] if "qdrant_url" in outside else [_vectors(home, vectors, settled)]),
        *([] if "status_url" in outside else [_status(status, settled)]),
        *([] if model is None else [_model(model, talk)]),
        _worker("text", settled),
        _worker("files", settled),
        _gateway(settled),
    ]
    return Plan(settled, tuple(programs))


def _outside(settings: Settings) -> dict[str, str]:
    status = "" if settings.status_url == Settings().status_url else settings.status_url
    return {
        "redis_url": settings.redis_url,
        "qdrant_url": settings.qdrant_url,
        "status_url": status,
    }


def _reach(outside: Mapping[str, str]) -> None:
    variables = {"redis_url": "REDIS_URL", "qdrant_url": "QDRANT_URL"}
    for name, variable in variables.items():
        if name in outside and not answers(outside[name]):
            raise Refused(
                f"nothing answers at {variable}={without_password(outside[name])}: start it, or unset {variable} to use our own"
            )


def _redis(home: Home, port: int) -> Program:
    return Program(
        "redis",
        valkey_command(valkey_server(), home.redis, port),
        Wave.STORES,
        f"redis://127.0.0.1:{port}",
    )


def _vectors(home: Home, port: int, settings: Settings) -> Program:
    command = vectors_command(str(home.vectors), port, settings.log_level)
    return Program(
        "vectors",
        (sys.executable, *command),
        Wave.STORES,
        settings.qdrant_url,
        patience=15.0,
    )


def _status(port: int, settings: Settings) -> Program:
    return Program(
        "status",
        (sys.executable, *status_command("127.0.0.1", port)),
        Wave.WORKERS,
        f"{settings.status_url}/health",
    )


def _model(file: Path, port: int) -> Program:
    return Program(
        "model",
        (sys.executable, *model_command(file, port)),
        Wave.WORKERS,
        f"http://127.0.0.1:{port}/health",
    )


def _worker(queue: str, settings: Settings) -> Program:
    concurrency = (
        settings.text_concurrency if queue == "text" else settings.files_concurrency
    )
    command = worker_command(queue, settings.prefix, concurrency)
    return Program(
        f"worker-{queue}",
        (sys.executable, *command),
        Wave.WORKERS,
        settles=2.0,
        patience=10.0,
    )


def _gateway(settings: Settings) -> Program:
    ready = f"{base_url(settings.host, settings.port)}/ready"
    return Program(
        "gateway",
        (sys.executable, *gateway_command(settings.host, settings.port)),
        Wave.DOORS,
        ready,
    )


def gateway_command(host: str, port: int) -> tuple[str, ...]:
    """To be run by Python; the same in every mode."""
    return _uvicorn("services.gateway.app:create_app", host, port)


def status_command(host: str, port: int) -> tuple[str, ...]:
    """To be run by Python; the same in every mode."""
    return _uvicorn("services.status.app:create_app", host, port)


def _uvicorn(factory: str, host: str, port: int) -> tuple[str, ...]:
    return (
        "-m",
        "uvicorn",
        factory,
        "--factory",
        "--host",
        host,
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--no-access-log",
        "--timeout-graceful-shutdown",
        "4",
    )


def vectors_command(data: str, port: int, log_level: str) -> tuple[str, ...]:
    """To be run by Python; one machine only."""
    return (
        "-m",
        "services.vectors",
        "--data",
        data,
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--log-level",
        log_level,
    )


def worker_command(queue: str, prefix: str, concurrency: int) -> tuple[str, ...]:
    """To be run by Python; the same in every mode. `queue` is text or files. That it
    may run as root is for the operator to know, and Celery's words on it would be the
    only log line that is not JSON.
    """
    return (
        "-W",
        "ignore::UserWarning:celery.platforms",
        "-m",
        "celery",
        "--quiet",
        "-A",
        "workers.app",
        "worker",
        "-Q",
        f"{prefix}.{queue}",
        "-n",
        f"{queue}@%h",
        "--concurrency",
        str(concurrency),
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    )


def base_url(host: str, port: int) -> str:
    """An address to call: a gateway that listens everywhere is called on loopback."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(
        host, f"[{host}]" if ":" in host else host
    )
    return f"http://{name}:{port}"


def child_environment(
    settings: Settings, inherited: Mapping[str, str]
) -> dict[str, str]:
    """What every child is given: all that we were given, and what was settled here.

    One thread for each process's arithmetic: two on a busy machine made a query forty
    times slower. A worker that is asked to end gives its task a few seconds and then
    its message back, instead of finishing whatever it reads.
    """
    given = {
        "SOUVENIR_PORT": str(settings.port),
        "SOUVENIR_HOST": settings.host,
        "SOUVENIR_DATA": str(settings.data),
        "SOUVENIR_SOURCES": _absolute(settings.sources_url),
        "SOUVENIR_API_KEY": settings.api_key,
        "SOUVENIR_STATUS_URL": settings.status_url,
        "REDIS_URL": settings.redis_url,
        "QDRANT_URL": settings.qdrant_url,
        **(_about_model(settings) if settings.model_file else {}),
    }
    return {
        **inherited,
        **given,
        "OMP_NUM_THREADS": "1",
        "REMAP_SIGTERM": "SIGQUIT",
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _about_model(settings: Settings) -> dict[str, str]:
    return {
        "MOS_CHAT_MODEL": settings.chat_model,
        "SOUVENIR_CHAT_MODELS": as_text(settings.chat_models),
        "OPENAI_BASE_URL": settings.openai_base_url,
    }


def _absolute(sources: str) -> str:
    """Children run in the data folder, so a relative folder is settled here."""
    return sources if "://" in sources else str(Path(sources).expanduser().absolute())
