"""The table of canaries: who asks, and how many words come back that are another's.

    python -m tests.security

Every route is asked about everything that another owner has (`requests.py`), on the
gateway with stores in memory. Exits with 1 when a canary was seen or something changed.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.api.world import KEY, World
from tests.security.canaries import Flat, Planted, bound_key, plant
from tests.security.requests import Asked, ask, owned, reading, seen, writing

Kind = Callable[[Planted], Iterator[Asked]]


@dataclass(frozen=True)
class Stranger:
    """Whose key asks: for a whole project, or for one user of it."""

    says: str
    project: str
    user: str
    project_asked: str


STRANGERS = (
    Stranger("of another project", "one", "", "other"),
    Stranger("for a user of that name in another project", "default", "ben", "one"),
    Stranger("for another user of the project", "one", "ann", "one"),
)


@dataclass
class Row:
    """What one key was given of another's, or changed of it."""

    key: str
    requests: int = 0
    answered: int = 0
    """Of the requests, those that were not refused."""
    canaries: int = 0
    changed: int = 0

    def __str__(self) -> str:
        figures = (self.requests, self.answered, self.canaries, self.changed)
        return f"| {self.key} | {' | '.join(map(str, figures))} |"


async def asked_by(
    world: World,
    key: str,
    secret: str,
    requests: Iterable[Asked],
    of: Planted,
    own: str = "",
) -> Row:
    """Ask about all that somebody has, and count. `own`: the project of the key, where
    that is another: what is written there under the same user's name is no change.
    """

    def kept() -> list[Any]:
        return [v for v in owned(world, of) if not own or f"'{own}'" not in repr(v)]

    row, found, before = Row(key), set[str](), kept()
    for asked in requests:
        status, text = await ask(world, asked, secret)
        row.requests += 1
        row.answered += status < 400
        found |= seen(text, of, asked)
        after = kept()
        row.changed += after != before
        before = after
    row.canaries = len(found)
    return row


async def rows() -> list[Row]:
    """First the owner, who sees them; then those who must not."""
    async with World(Flat(), working=False, sync_wait_s=0.01) as world:
        ben = await plant(world, "one", "ben")
        table = [
            await asked_by(world, "the project's own, reading", KEY, reading(ben), ben)
        ]
    for kind in (reading, writing):
        table += [await stranger_asks(stranger, kind) for stranger in STRANGERS]
    return table


async def stranger_asks(stranger: Stranger, kind: Kind) -> Row:
    """One stranger, in a gateway of its own."""
    async with World(Flat(), working=False, sync_wait_s=0.01) as world:
        of = await plant(world, stranger.project_asked, "ben")
        secret = KEY
        if stranger.user:
            secret = await bound_key(world, stranger.project, stranger.user)
        own = "" if stranger.project == of.project else stranger.project
        key = f"{stranger.says}, {kind.__name__}"
        return await asked_by(world, key, secret, kind(of), of, own)


def main() -> int:
    """The exit code."""
    logging.disable(logging.CRITICAL)  # refusals are meant
    print("| key | requests | not refused | canaries seen | things changed |")
    print("|---|---|---|---|---|")
    owner, *others = asyncio.run(rows())
    for row in (owner, *others):
        print(row)
    bad = [row for row in others if row.canaries or row.changed]
    return 1 if bad or not owner.canaries else 0


if __name__ == "__main__":
    sys.exit(main())
