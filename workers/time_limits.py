"""How long a task may run, and how long one has that is in hand when a worker ends."""

from __future__ import annotations

TASK_SECONDS = 2 * 3600
"""The longest that a task may run: twenty scanned files of two hundred pages. Below the
broker's visibility timeout, see there.
"""
KILL_GRACE_SECONDS = 60
"""From one limit to the next: the job is called off, the task interrupted, its process
killed.
"""
STOP_SECONDS = 4.0
"""From the order to end until the jobs in hand are called off."""
LAST_SECONDS = 3.0
"""From the calling off of all jobs to the end of a process of threads."""
