"""Profiles and events as the wire shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.gateway.profiles.known_profile import BASIC, ProfileEntry
from services.gateway.profiles.template_fields import nested
from services.gateway.schemas.view_items import EventItem, Profile, ProfileItem
from shared.domain.memory import Memory
from shared.domain.memory_detail import ABOUT, UNTIL
from shared.domain.profile import ProfileBinding, ProfileTemplate, TemplateField
from shared.domain.validity import period_of
from shared.language.dates import mentioned
from shared.language.lexical import without_date
from shared.language.words import is_chinese

_USER, _USER_ZH = "user", "用户"


def present_entry(entry: ProfileEntry, relativity: float) -> ProfileItem:
    """One attribute of a profile in the answer of a search."""
    category, _, name = entry.path.rpartition(".")
    return ProfileItem(
        id=entry.memory.id,
        memory=f"{entry.path}: {entry.value}",
        template_id=entry.template,
        profile_category=category,
        profile_field=name,
        profile_path=entry.path,
        value=entry.value,
        status=entry.memory.status.value,
        confidence=entry.memory.confidence,
        relativity=relativity,
        algorithm_updatable=entry.updatable,
        create_time=entry.memory.created_at,
        update_time=entry.memory.updated_at,
    )


def present_event(memory: Memory, extras: Mapping[str, Any]) -> EventItem:
    """A fact as an event. `extras`: fields that do not depend on its kind."""
    period = period_of(memory)
    return EventItem(
        id=memory.id,
        conversation_id=memory.scope.conversation,
        status=memory.status.value,
        create_time=memory.created_at,
        update_time=memory.updated_at,
        valid_from=period.since,
        valid_until=memory.valid_until or period.until or None,
        event_key=memory.title or memory.text,
        event_value=memory.text,
        event_time=event_days(memory),
        event_location=[],
        event_roles=event_roles(memory),
        tags=list(memory.tags),
        **extras,
    )


def event_days(memory: Memory) -> list[str]:
    """The days that an event is on: what an extractor noted, else what its text says."""
    first = datetime.fromtimestamp(memory.happened_at / 1000, UTC)
    until = memory.detail.get(UNTIL)
    if isinstance(until, int) and until > memory.happened_at:
        last = datetime.fromtimestamp(until / 1000, UTC)
        return [first.date().isoformat(), last.date().isoformat()]
    said = datetime.fromtimestamp((memory.said_at or memory.created_at) / 1000, UTC)
    for start, end in mentioned(without_date(memory.text), said):
        if start == first.date():
            return list(dict.fromkeys((start.isoformat(), end.isoformat())))
    return [first.date().isoformat()]


def event_roles(memory: Memory) -> list[str]:
    """Who takes part: who says it, and whom an extractor noted."""
    about = str(memory.detail.get(ABOUT) or "")
    by_user = _USER_ZH if is_chinese(memory.text) else _USER
    named = by_user if about in (_USER, _USER_ZH, "") else about
    return list(dict.fromkeys(filter(None, (memory.speaker, named))))


def present_profiles(
    entries: Sequence[ProfileEntry],
    bindings: Sequence[ProfileBinding],
    templates: Mapping[str, ProfileTemplate],
) -> list[Profile]:
    """The profiles of an owner, bound ones first: each with all fields of its template,
    and those that were set beside it; then what is read from memories.
    """
    bound = {binding.template: binding for binding in bindings}
    others = dict.fromkeys(entry.template for entry in entries)
    profiles = []
    for id in dict.fromkeys((*bound, *filter(None, others), *others)):
        own = [entry for entry in entries if entry.template == id]
        profiles.append(_profile(id, own, bound.get(id), templates.get(id)))
    return profiles


def _profile(
    id: str,
    entries: Sequence[ProfileEntry],
    binding: ProfileBinding | None,
    template: ProfileTemplate | None,
) -> Profile:
    empty = (
        [TemplateField(f.path, "", f.updatable) for f in template.fields]
        if template
        else []
    )
    fields = {field.path: field for field in empty}
    for entry in entries:
        value = entry.value
        if not entry.template and entry.path in fields:  # several allergies
            value = f"{fields[entry.path].value}; {value}"
        fields[entry.path] = TemplateField(entry.path, value, entry.updatable)
    times = [entry.memory.created_at for entry in entries]
    updated = [entry.memory.updated_at for entry in entries]
    bound_at = [binding.created_at] if binding else []
    return Profile(
        id=binding.id if binding else "",
        profile_template_id=id,
        profile_template_name=template.name if template else (id or BASIC),
        properties=nested(list(fields.values())),
        create_time=min([*times, *bound_at], default=0),
        update_time=max([*updated, *bound_at], default=0),
    )
