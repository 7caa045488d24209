"""Orders that take back another: "Forget Otto's pin. Actually, undo that." In the same talk
neither is carried out; what an earlier job has forgotten comes back (`obey.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from shared.domain.passage import Talk
from workers.pipeline.orders.wordings import Wording, without

Placed = tuple[str, int]
"""An order by its message's id and where it begins there."""


UNDO = "restore"
_SAYS = re.compile(r"\w")


def is_undo(text: str, wording: Wording, before: Wording | None) -> bool:
    """Whether "undo" is all that a message says, or stands right behind another order."""
    behind = text[before.end : wording.start] if before else text
    return not without(text, [wording]) or not _SAYS.search(behind)


def without_lone_undo(text: str, orders: Sequence[Wording]) -> list[Wording]:
    """The orders without an "undo" behind what has turned out to be none."""
    befores = (None, *orders)
    pairs = zip(orders, befores, strict=False)
    return [w for w, b in pairs if w.kind != UNDO or is_undo(text, w, b)]


def undone_orders(
    talk: Talk, wordings: Mapping[str, Sequence[Wording]]
) -> frozenset[Placed]:
    """The orders that are taken back in the same talk, in the same message or in the user's
    next one, and those that take them back.
    """
    undone: set[Placed] = set()
    open_orders: list[Placed] = []
    for message in talk.messages:
        if message.role != "user":
            continue
        given = wordings.get(message.id, ())
        for wording in given:
            placed = (message.id, wording.start)
            if wording.kind == UNDO and open_orders:
                undone |= {open_orders.pop(), placed}
            elif wording.kind != UNDO:
                open_orders.append(placed)
        if not given:
            open_orders.clear()
    return frozenset(undone)
