"""`python -m services.vectors.optimize FOLDER`: index and vacuum one engine folder, in
a process of its own.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

import qdrant_edge as edge

from services.vectors.log_sync import sync_tree

DONE = 0
NOTHING_TO_DO = 3
_NICE = 10
_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Index the folder given, at a lower priority than processes that serve requests."""
    os.nice(_NICE)
    # A node that was killed is started again and removes what was left: nothing must go
    # on writing there. Linux ends this process with its parent; elsewhere it goes on.
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    engine = edge.EdgeShard.load(sys.argv[1])
    changed = engine.optimize()
    engine.flush()
    engine.close()
    if changed:  # files that were only copied are not on disk yet
        sync_tree(Path(sys.argv[1]))
    return DONE if changed else NOTHING_TO_DO


if __name__ == "__main__":
    sys.exit(main())
