"""`python -m services.vectors --data DIR [--host 127.0.0.1] [--port 6333]`: the vector
node over one data folder.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
from pathlib import Path
from typing import IO

import uvicorn

from services.vectors.app import create_app
from services.vectors.maintenance import (
    FLUSH_SYNCED_S,
    FLUSH_UNSYNCED_S,
    MaintenanceSchedule,
)
from services.vectors.registry import Registry
from shared import logs

_KEEP_ALIVE_S = 75
"""Longer than any client keeps an idle connection, so that it is never closed under a request."""


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    options = _options()
    logs.set_up("vectors", options.log_level)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    flush_s = FLUSH_SYNCED_S if options.sync_writes else FLUSH_UNSYNCED_S
    schedule = MaintenanceSchedule(
        flush_s=options.flush_s or flush_s,
        index_after=options.index_after,
        quiet_s=options.quiet_s,
    )
    lock = _exclusive_lock(options.data)
    registry = Registry(options.data / "collections", synced=options.sync_writes)
    registry.open()
    uvicorn.run(
        create_app(registry, schedule),
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        ws="none",
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=10,
    )
    lock.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m services.vectors", description=__doc__
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder that holds the collections"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=6333)
    parser.add_argument("--log-level", default="WARNING")
    parser.add_argument(
        "--flush-s",
        type=float,
        help=f"seconds between flushes of all to disk; default {FLUSH_SYNCED_S:g}, "
        f"without --sync-writes {FLUSH_UNSYNCED_S:g}",
    )
    parser.add_argument(
        "--sync-writes",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="answer a write once it is on disk; without, a power cut takes what was "
        "written since the last flush",
    )
    parser.add_argument(
        "--index-after",
        type=int,
        default=MaintenanceSchedule().index_after,
        help="changed points that make indexing due; 0: never",
    )
    parser.add_argument(
        "--quiet-s",
        type=float,
        default=MaintenanceSchedule().quiet_s,
        help="seconds without a write before indexing",
    )
    return parser.parse_args()


def _exclusive_lock(data: Path) -> IO[str]:
    """Hold the folder's lock for as long as the process lives; two nodes on one folder
    would destroy it.
    """
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "node.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        sys.exit(
            f"another vector node (process {lock.read().strip() or 'unknown'}) already holds {data}"
        )
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


if __name__ == "__main__":
    main()
