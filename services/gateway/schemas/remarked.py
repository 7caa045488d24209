"""What of a request has another effect than it seems to have, or none: numbers that count as
others, and fields that there are not, in its parts too. They are ignored, since clients of
other releases send them (contract, section 0), and said, since mostly they are misspelt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar

from pydantic import AliasChoices, PrivateAttr, model_validator
from pydantic.fields import FieldInfo

from services.gateway.schemas.base import Incoming, differs, types_of

SENT_IN_VAIN = frozenset(
    """
    asyncMode chat_history current dedup force_stop framework internet_search
    is_feedback is_upload_skill mode neighbor_discovery pref_top_k reference_time
    rerank search_memory_type source task_id use_mem_os_cube user_ids
    """.split()
)
"""Fields that published clients of the Cloud and of the open-source server send although they
mean nothing (contract 0, 2.2, 2.3).
"""
_MOST = 20
"""Remarks of one request on fields that there are not, and of its parts."""
_SHOWN = 60
"""Characters of such a field's name."""


class RemarkedPart(Incoming):
    """A part of a request, or all of it, that remembers what there is to say of how it was
    sent.
    """

    sent_in_vain: ClassVar[frozenset[str]] = frozenset()
    """Fields that clients of its dialect send anyway: nothing is said of them."""

    _remarks: tuple[str, ...] = PrivateAttr(default=())

    @model_validator(mode="wrap")
    @classmethod
    def _compare_with_what_was_sent(cls, given: Any, read: Any) -> Any:
        made = read(given)
        if isinstance(given, dict):
            numbers = _counted_otherwise(made, given)
            others = _other_names(made, given)
            made._remarks = (*numbers, *others, *_unknown(made, given))
        return made

    def remarks(self) -> tuple[str, ...]:
        """Which numbers count as others than were sent, which names of a field do not
        count beside another one, and which fields there are not: `title`, and of a part
        `file.0.title`.
        """
        return (*self._remarks, *islice(_of_parts(self), _MOST))


class RemarkedRequest(RemarkedPart):
    """A whole request of that sort."""

    sent_in_vain: ClassVar[frozenset[str]] = SENT_IN_VAIN


def _of_parts(whole: RemarkedPart) -> Iterator[str]:
    """The remarks of the parts, with their place in front."""
    for name in type(whole).model_fields:
        value = getattr(whole, name)
        if isinstance(value, RemarkedPart):
            yield from (f"{name}.{remark}" for remark in value.remarks())
        elif isinstance(value, list):
            for place, part in enumerate(value):
                if isinstance(part, RemarkedPart):
                    said = part.remarks()
                    yield from (f"{name}.{place}.{remark}" for remark in said)


def _names(name: str, field: FieldInfo) -> list[str]:
    """The names of a field on the wire."""
    alias = field.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias or name]
    return [choice for choice in choices if isinstance(choice, str)]


def _counted_otherwise(
    request: RemarkedPart, given: Mapping[str, Any]
) -> Iterator[str]:
    for name, field in type(request).model_fields.items():
        read = getattr(request, name)
        if not types_of(field.annotation) & {int, float} or read is None:
            continue
        for spelt in _names(name, field):
            if not isinstance(read, str) and differs(given.get(spelt), read):
                counted = f"{read:g}" if isinstance(read, float) else read
                yield f"{spelt}: {given[spelt]} counts as {counted}"


def _other_names(request: RemarkedPart, given: Mapping[str, Any]) -> Iterator[str]:
    """A remark for each further name of a field that comes with another value. Of
    numbers it is said already that they count as others.
    """
    for name, field in type(request).model_fields.items():
        if types_of(field.annotation) & {int, float}:
            continue
        sent = [spelt for spelt in _names(name, field) if given.get(spelt) is not None]
        for other in sent[1:]:
            if given[other] and given[other] != given[sent[0]]:
                yield f"{other}: beside {sent[0]} it means nothing"


def _unknown(request: RemarkedPart, given: Mapping[str, Any]) -> list[str]:
    """One remark for each field that asks for something and is none."""
    names = set(request.sent_in_vain)
    for name, field in type(request).model_fields.items():
        names |= {name, *_names(name, field)}
    unknown = [name for name, value in given.items() if value and name not in names]
    return [f"{name[:_SHOWN]}: there is no such field" for name in unknown[:_MOST]]
