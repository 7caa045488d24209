"""What runs on one machine: Settings -> programs, each with its command, its
environment and its place in the order.

The commands are those of docker-compose.yml; tests/test_deploy.py holds the two together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from services.launcher.data_folder import DataFolder
from services.launcher.local_model import model_command, model_file, with_local_model
from services.launcher.network import answers, free_ports, without_password
from services.launcher.settings_listing import as_text
from services.launcher.start_refused import Refused
from services.launcher.valkey import valkey_command, valkey_server
from shared.settings import Settings


class Wave(IntEnum):
    """Started in this order, stopped in the opposite one."""

    STORES = 0
    WORKERS = 1
    GATEWAY = 2


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep running."""

    name: str
    command: tuple[str, ...]
    wave: Wave
    ready: str = ""
    """The URL that answers when it is ready; "" for none."""
    settle_s: float = 0.0
    """How long it must have run before it counts as ready."""
    stop_timeout_s: float = 5.0
    """How long it may take to end after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All programs of one machine, and the settings that they are given."""

    settings: Settings
    programs: tuple[Program, ...]

    @property
    def url(self) -> str:
        """Where a caller on this machine finds the gateway."""
        return base_url(self.settings.host, self.settings.port)


def plan(settings: Settings, data: DataFolder, key: str) -> Plan:
    """Choose what to start: an external Redis, Qdrant or status service takes the place
    of the one that Souvenir would start.

    Raises `Refused` when an external one does not answer, or no Redis server or no
    model that is named can be had.
    """
    ports = free_ports(4)
    redis_port, vectors_port, status_port, model_port = ports
    model = model_file(settings)
    external = _external(settings)
    addresses: dict[str, Any] = {
        "redis_url": f"redis://127.0.0.1:{redis_port}/0",
        "qdrant_url": f"http://127.0.0.1:{vectors_port}",
        "status_url": f"http://127.0.0.1:{status_port}",
        **external,
    }
    settings = with_local_model(
        replace(settings, api_key=key, data=data.path, **addresses),
        model,
        f"http://127.0.0.1:{model_port}/v1",
    )
    programs = _programs(settings, data, ports, external, model)
    return Plan(settings, tuple(programs))


def _external(settings: Settings) -> dict[str, str]:
    """The services that settings name, by field. Raises `Refused` when a store does not
    answer.
    """
    external: dict[str, str] = {}
    if settings.status_url != Settings().status_url:
        external["status_url"] = settings.status_url
    stores = {"redis_url": "REDIS_URL", "qdrant_url": "QDRANT_URL"}
    for field, variable in stores.items():
        url = getattr(settings, field)
        if url and not answers(url):
            raise Refused(
                f"nothing answers at {variable}={without_password(url)}: start it, "
                f"or unset {variable} to use our own"
            )
        if url:
            external[field] = url
    return external


def _programs(
    settings: Settings,
    data: DataFolder,
    ports: Sequence[int],
    external: Mapping[str, str],
    model: Path | None,
) -> Iterator[Program]:
    """Those to start, in the order of their waves."""
    redis_port, vectors_port, status_port, model_port = ports
    python = sys.executable
    if "redis_url" not in external:
        command = valkey_command(valkey_server(), data.redis, redis_port)
        yield Program("redis", command, Wave.STORES, f"redis://127.0.0.1:{redis_port}")
    if "qdrant_url" not in external:
        command = vectors_command(settings, str(data.vectors), vectors_port)
        url = settings.qdrant_url
        yield Program(
            "vectors", (python, *command), Wave.STORES, url, stop_timeout_s=15.0
        )
    if "status_url" not in external:
        command = status_command("127.0.0.1", status_port)
        ready = f"{settings.status_url}/health"
        yield Program("status", (python, *command), Wave.WORKERS, ready)
    if model is not None:
        command = model_command(model, model_port)
        ready = f"http://127.0.0.1:{model_port}/health"
        yield Program("model", (python, *command), Wave.WORKERS, ready)
    yield _worker("text")
    yield _worker("files")
    command = gateway_command(settings.host, settings.port)
    ready = f"{base_url(settings.host, settings.port)}/ready"
    yield Program("gateway", (python, *command), Wave.GATEWAY, ready)


def _worker(queue: str) -> Program:
    return Program(
        f"worker-{queue}",
        (sys.executable, *worker_command(queue)),
        Wave.WORKERS,
        settle_s=2.0,
        stop_timeout_s=10.0,
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


def vectors_command(settings: Settings, data: str, port: int) -> tuple[str, ...]:
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
        settings.log_level,
        "--sync-writes" if settings.durable_writes else "--no-sync-writes",
    )


def worker_command(queue: str) -> tuple[str, ...]:
    """To be run by Python; the same in every mode. `queue` is text or files."""
    return ("-m", "workers", queue)


def base_url(host: str, port: int) -> str:
    """An address to call: a gateway that listens everywhere is called on loopback."""
    loopback = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}
    literal = f"[{host}]" if ":" in host else host
    return f"http://{loopback.get(host, literal)}:{port}"


def child_environment(
    settings: Settings, inherited: Mapping[str, str]
) -> dict[str, str]:
    """The environment of every child: the launcher's own, and what was decided here.

    One thread for each process's arithmetic: two on a busy machine made a query forty
    times slower. A worker that is asked to end gives its task a few seconds and then
    its message back, instead of finishing whatever it reads.
    """
    sources = settings.sources_url
    if "://" not in sources:
        # Children run in the data folder: a relative folder is made absolute here.
        sources = str(Path(sources).expanduser().absolute())
    given = {
        "SOUVENIR_PORT": str(settings.port),
        "SOUVENIR_HOST": settings.host,
        "SOUVENIR_DATA": str(settings.data),
        "SOUVENIR_SOURCES": sources,
        "SOUVENIR_API_KEY": settings.api_key,
        "SOUVENIR_STATUS_URL": settings.status_url,
        "REDIS_URL": settings.redis_url,
        "QDRANT_URL": settings.qdrant_url,
        "OMP_NUM_THREADS": "1",
        "REMAP_SIGTERM": "SIGQUIT",
        "DO_NOT_TRACK": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "PYTHONUNBUFFERED": "1",
    }
    if settings.model_file:
        given["MOS_CHAT_MODEL"] = settings.chat_model
        given["SOUVENIR_CHAT_MODELS"] = as_text(settings.chat_models)
        given["OPENAI_BASE_URL"] = settings.openai_base_url
    return {**inherited, **given}
