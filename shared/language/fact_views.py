"""Views of facts (contract 1.1, 1.2): which facts belong to a profile, and which tell of
an event. Every fact is in `detail_factual` too.

By what a language model said of it, where one read it; else by what is certain: who the
user is (`personal_facts`), and what has a day of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from shared.domain.kinds import KIND_OF_TYPE, Kind, Type
from shared.domain.memory import Origin
from shared.domain.memory_detail import ASPECT, Aspect
from shared.domain.profile import PROFILE_TAG
from shared.language.attribution import by_assistant
from shared.language.personal_facts import personal_facts

PROFILE, EVENT = "profile", "event"
"""The names of the views on the wire."""
VIEWS = (PROFILE, EVENT)
_NO_VIEW = (Aspect.OPINION, Aspect.ADVICE, Aspect.OTHER)


class Statement(Protocol):
    """A memory, or the draft of one."""

    @property
    def type(self) -> Type: ...
    @property
    def text(self) -> str: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def detail(self) -> Mapping[str, Any]: ...
    @property
    def origins(self) -> Sequence[Origin]: ...
    @property
    def happened_at(self) -> int: ...
    @property
    def said_at(self) -> int: ...


def view_of(statement: Statement) -> str:
    """`PROFILE`, `EVENT`, or "" for neither."""
    if KIND_OF_TYPE[statement.type] is not Kind.FACT:
        return ""
    if PROFILE_TAG in statement.tags:
        return PROFILE
    aspect = statement.detail.get(ASPECT)
    if aspect in (Aspect.PROFILE, Aspect.EVENT):
        return PROFILE if aspect == Aspect.PROFILE else EVENT
    if aspect in _NO_VIEW or is_from_elsewhere(statement):
        return ""
    if aspect is None and personal_facts(statement.text):
        return PROFILE
    return EVENT if has_own_day(statement) else ""


def is_from_elsewhere(statement: Statement) -> bool:
    """Whether it stands in a file, or the assistant said it."""
    is_read = any(origin.file or origin.source for origin in statement.origins)
    return is_read or by_assistant(statement.text)


def has_own_day(statement: Statement) -> bool:
    """Whether it speaks of a day: the time that it was said at is none."""
    return 0 < statement.happened_at != statement.said_at > 0
