"""A deletion by conditions that names one which the route does not know would delete more
than was meant: it is refused, as an empty one is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from services.gateway.wire.filter_fields import FIELD_ALIASES, FIELDS
from services.http.errors import refused
from shared.contract import Code

IDS = ("memory_ids", "file_ids")
"""What names each thing that goes, whatever conditions stand beside."""
_ELSEWHERE = """
    cube_id file_id file_ids filters info knowledgebase_id knowledgebase_ids mem_cube_id
    mem_cube_ids memory_id memory_ids metadata profile_id profile_template_id
    profile_template_ids query readable_cube_ids remove_fields run_id status template_id
    user_id user_ids writable_cube_ids
"""
"""Other names by which routes of one dialect or another choose memories and profiles."""
_CONDITIONS = frozenset((*FIELDS, *FIELD_ALIASES, *_ELSEWHERE.split()))


def refuse_lost_conditions(given: Any, fields: Collection[str]) -> None:
    """`fields`: those that a request has. Raises 40000 for a condition that is
    none of them.
    """
    for name, value in given.items() if isinstance(given, dict) else ():
        is_lost = name in _CONDITIONS and name not in fields
        if is_lost and value not in (None, "", [], {}):
            message = f"{name}: is no field of a deletion; it would narrow nothing"
            raise refused(message, Code.MALFORMED)


def conditions_in_vain(request: BaseModel, fields: Iterable[str]) -> Iterator[str]:
    """A remark for each of these conditions that stands beside ids: what they name goes,
    whether or not the conditions describe it.
    """
    beside = next((name for name in IDS if getattr(request, name, None)), "")
    for name in fields if beside else ():
        if getattr(request, name):
            yield f"{name}: beside {beside} it narrows nothing"
