"""`after` of an export: the part that comes, and the last record of it that was given, e.g.
"fact:1765376340736.0.0b9a...". An export goes on behind that record, whether it is still
there or not: what is archived or deleted meanwhile takes no other out of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.gateway.memories.exported_records import Exportable
from shared.domain.cursor import Cursor, behind
from shared.errors import BadRequest

_OFFSET = re.compile(r"[0-9]{1,9}")
"""Release 0.1.0 counted records: an export that it began can be ended."""
_CURSOR = re.compile(r"(-?[0-9]{1,19})\.([0-9]{1,19})\.([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class Position:
    """Where an export goes on: behind a record, or where a release before counted to."""

    part: str
    cursor: Cursor | None = None
    offset: int = 0

    def behind(self, last: Exportable, size: int) -> str:
        """`after` of an answer of so many records, the last of which is given."""
        if self.offset:
            return f"{self.part}:{self.offset + size}"
        cursor = behind(last)
        return f"{self.part}:{cursor.at}.{cursor.position}.{UUID(cursor.id)}"


def read_position(after: str, parts: Sequence[str]) -> Position:
    """The position that `after` names; '' is the beginning. Raises `BadRequest`."""
    if not after:
        return Position(parts[0])
    part, _, place = after.partition(":")
    if part in parts and _OFFSET.fullmatch(place):
        return Position(part, offset=int(place))
    numbers = _CURSOR.fullmatch(place)
    if part not in parts or numbers is None:
        raise _unknown()
    at, position, id = numbers.groups()
    try:
        return Position(part, Cursor(int(at), str(UUID(id)), int(position)))
    except ValueError as error:
        raise _unknown() from error


def _unknown() -> BadRequest:
    return BadRequest("after: not from an answer of export/memory")
