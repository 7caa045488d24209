"""What was found of a set-up, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    well: bool
    says: str
    """What it is like, for people."""
    fix: str = ""
    """What to do when it is not well."""
    grave: bool = True
    """Whether `souvenir up` cannot run when it is not well."""


def report(findings: Iterable[Finding], say: Callable[[str], None]) -> bool:
    """Print findings; whether none of them is grave."""
    grave = 0
    for finding in findings:
        about = f"{finding.name:<8}{finding.says}"
        if finding.well:
            say(f"ok   {about}")
            continue
        mark = "BAD " if finding.grave else "note"
        fix = f"\n             -> {finding.fix}" if finding.fix else ""
        say(f"{mark} {about}{fix}")
        grave += finding.grave
    if grave:
        say(f"\n{grave} to put right.")
    return not grave
