"""A Redis in cluster mode, through which no job would pass, is refused at the start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.settings import Settings
from shared.wiring import require_usable_redis
from tests.support.redis_ports import valkey_server
from tests.support.valkey import Valkey, valkey

__all__ = ["valkey_server"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    folder = tmp_path_factory.mktemp("cluster")
    with valkey(folder, "--cluster-enabled", "yes") as server:
        yield server


async def test_cluster_mode_is_refused(cluster: Valkey) -> None:
    with pytest.raises(ValueError, match="Redis in cluster mode"):
        await require_usable_redis(Settings(redis_url=cluster.url))


async def test_one_server_is_taken_and_one_that_is_away_too(
    valkey_server: Valkey,
) -> None:
    await require_usable_redis(Settings(redis_url=valkey_server.url))
    await require_usable_redis(Settings(redis_url="redis://127.0.0.1:1/0"))


@pytest.mark.parametrize(
    "command",
    [
        ("workers", "text"),
        ("uvicorn", "services.status.app:create_app", "--factory", "--port", "0"),
        ("uvicorn", "services.gateway.app:create_app", "--factory", "--port", "0"),
    ],
    ids=["worker", "status", "gateway"],
)
def test_no_process_starts_on_it(
    cluster: Valkey, tmp_path: Path, command: tuple[str, ...]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "REDIS_URL": cluster.url,
            "QDRANT_URL": "http://127.0.0.1:1",
            "SOUVENIR_DATA": str(tmp_path),
        },
    )
    assert ended.returncode != 0
    assert "REDIS_URL names a Redis in cluster mode" in ended.stderr
