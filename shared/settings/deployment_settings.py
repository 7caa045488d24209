"""Where a system runs and keeps what it has: addresses, folders, processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class DeploymentSettings:
    """A part of `Settings`, where the fields are explained."""

    port: int = field(
        default=8000, metadata={"env": "SOUVENIR_PORT", "says": "port of the gateway"}
    )
    host: str = field(
        default="127.0.0.1",
        metadata={"env": "SOUVENIR_HOST", "says": "address the gateway listens on"},
    )
    data: Path = field(
        default=Path("data"),
        metadata={"env": "SOUVENIR_DATA", "says": "the data folder of one machine"},
    )
    api_key: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_API_KEY",
            "says": "a key to accept from the start, for project 'default'",
        },
    )
    auth: bool = field(
        default=True,
        metadata={"env": "SOUVENIR_AUTH", "says": "off: no key is asked for"},
    )
    prefix: str = field(
        default="souvenir",
        metadata={
            "env": "SOUVENIR_PREFIX",
            "says": "starts the name of every collection and Redis key",
        },
    )
    redis_url: str = field(
        default="",
        metadata={
            "env": "REDIS_URL",
            "says": "a Redis or Valkey server; empty: start one",
        },
    )
    qdrant_url: str = field(
        default="",
        metadata={
            "env": "QDRANT_URL",
            "says": "a Qdrant server; empty: start the vector node",
        },
    )
    qdrant_api_key: str = field(
        default="", metadata={"env": "QDRANT_API_KEY", "says": "its key"}
    )
    durable_writes: bool = field(
        default=True,
        metadata={
            "env": "SOUVENIR_DURABLE_WRITES",
            "says": "our own vector store syncs each write to disk before the answer; "
            "off: a power cut takes the last 5 s",
        },
    )
    status_url: str = field(
        default="http://127.0.0.1:8001",
        metadata={
            "env": "SOUVENIR_STATUS_URL",
            "says": "where the gateway finds the status service",
        },
    )
    sources: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_SOURCES",
            "says": "where raw files wait: a folder or an s3:// URL; empty: <data>/sources",
        },
    )
    timezone: str = field(
        default="UTC",
        metadata={"env": "SOUVENIR_TIMEZONE", "says": "zone of times that name none"},
    )
    traces_url: str = field(
        default="",
        metadata={
            "env": "SOUVENIR_TRACES_URL",
            "says": "an OTLP/HTTP collector of traces, e.g. http://127.0.0.1:4318; "
            "empty: none",
        },
    )
    log_level: str = field(
        default="WARNING",
        metadata={"env": "SOUVENIR_LOG_LEVEL", "says": "DEBUG, INFO, WARNING or ERROR"},
    )
    text_concurrency: int = field(
        default=0,
        metadata={
            "env": "SOUVENIR_TEXT_CONCURRENCY",
            "says": "processes of a text worker; 0: as many as it has cores, at most 4",
        },
    )
    files_concurrency: int = field(
        default=2,
        metadata={
            "env": "SOUVENIR_FILES_CONCURRENCY",
            "says": "processes of a files worker",
        },
    )
