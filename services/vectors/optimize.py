"""`python -m services.vectors.optimize FOLDER`: index and vacuum one engine folder, in a process of its own."""

from __future__ import annotations

import os
import sys

import qdrant_edge as edge

DONE = 0
NOTHING_TO_DO = 3
_NICE = 10


def main() -> int:
    """Index the folder given; whoever serves requests goes first."""
    os.nice(_NICE)
    engine = edge.EdgeShard.load(sys.argv[1])
    changed = engine.optimize()
    engine.flush()
    engine.close()
    return DONE if changed else NOTHING_TO_DO


if __name__ == "__main__":
    sys.exit(main())
