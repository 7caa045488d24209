"""A deletion with a field that the route does not know would delete more than was meant,
where the field was to be a condition: it is refused, as an empty one is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, model_validator

from services.gateway.schemas.remarked import SENT_IN_VAIN, RemarkedRequest
from services.http.errors import refused
from shared.contract import Code

IDS = ("memory_ids", "file_ids")
"""What names each thing that goes, whatever conditions stand beside."""
_CONDITIONS = frozenset(
    "current reference_time search_memory_type task_id user_ids".split()
)
"""What clients send to other routes in vain, and what would choose memories here."""
_MEANS_NOTHING = SENT_IN_VAIN - _CONDITIONS
_SHOWN = 60
"""Characters of a field's name that a refusal repeats."""


def refuse_lost_conditions(given: Any, fields: Collection[str]) -> None:
    """`fields`: those that a request has. Raises 40000 for another one, misspelt or of
    another route, unless it is one that clients send anyway.
    """
    harmless = {*fields, *_MEANS_NOTHING}
    for name, value in given.items() if isinstance(given, dict) else ():
        if name not in harmless and value not in (None, "", [], {}):
            message = f"{str(name)[:_SHOWN]}: is no field of a deletion; it would narrow nothing"
            raise refused(message, Code.MALFORMED)


class WholeDeletion(RemarkedRequest):
    """A deletion of one thing with all that is in it: whatever else a request names was
    to narrow it.
    """

    @model_validator(mode="before")
    @classmethod
    def _refuse_lost_conditions(cls, given: Any) -> Any:
        refuse_lost_conditions(given, cls.model_fields)
        return given


def conditions_in_vain(request: BaseModel, fields: Iterable[str]) -> Iterator[str]:
    """A remark for each of these conditions that stands beside ids: what they name goes,
    whether or not the conditions describe it.
    """
    beside = next((name for name in IDS if getattr(request, name, None)), "")
    for name in fields if beside else ():
        if getattr(request, name):
            yield f"{name}: beside {beside} it narrows nothing"
