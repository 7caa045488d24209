"""Print the lines of requirements.lock that some extras need:

    python deploy/select_lock.py gateway > gateway.lock
    python deploy/select_lock.py worker files pdf > files.lock

The lock holds everything, and its comments say which package asked for each line
(`# via celery, dateparser`). Followed backwards from what pyproject.toml names for the
base and the extras, they give the part that a process needs, in the same versions.
Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = "souvenir-memory"


def selected(extras: Iterable[str]) -> list[str]:
    """The lines `name==version`, in the order of the lock. Raises KeyError for an extra
    that pyproject.toml does not have.
    """
    pinned = dict(_locked())
    needed = set[str]()
    waiting = list(_asked_for(extras))
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        waiting += [other for other, (_, via) in pinned.items() if name in via]
    return [line for name, (line, _) in pinned.items() if name in needed]


def _asked_for(extras: Iterable[str]) -> Iterator[str]:
    """Names of the packages that the base and the extras name, an extra that names
    others included.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    yield from map(_name, project["dependencies"])
    for extra in extras:
        for requirement in project["optional-dependencies"][extra]:
            if _name(requirement) == PROJECT:
                others = requirement.partition("[")[2].partition("]")[0]
                yield from _asked_for(others.split(","))
            else:
                yield _name(requirement)


def _locked() -> Iterator[tuple[str, tuple[str, frozenset[str]]]]:
    """Every package of the lock: its name, its line, and the packages that ask for it."""
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        requirement, _, comment = line.partition("#")
        if requirement.strip():
            via = comment.strip().removeprefix("via ").split(", ")
            yield _name(line), (requirement.strip(), frozenset(map(_name, via)))


def _name(requirement: str) -> str:
    name = re.split(r"[\[<>=~!; ]", requirement.strip())[0]
    return name.lower().replace("_", "-")


if __name__ == "__main__":
    print("\n".join(selected(sys.argv[1:] or ["all"])))
