"""When a process began: with its id it says which process is meant, for ids are given anew."""

from __future__ import annotations

import subprocess
from pathlib import Path

_PROC = Path("/proc/self/stat")
"""There on Linux."""
_FIELD = 19
"""`starttime`, the 22nd field of /proc/PID/stat, counted from the third: the second, a
name, may hold spaces (man 5 proc_pid_stat).
"""


def process_start(pid: int) -> str:
    """The moment, to be compared only; "" where there is no such process, or it cannot be
    seen.
    """
    try:
        if _PROC.exists():
            stat = _PROC.parents[1] / str(pid) / "stat"
            return stat.read_text().rpartition(")")[2].split()[_FIELD]
        command = ["ps", "-o", "lstart=", "-p", str(pid)]
        output = subprocess.run(
            command, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False
        )
    except (OSError, IndexError):
        return ""
    return output.stdout.strip()
