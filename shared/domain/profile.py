"""Profiles: structured knowledge of a user or an agent, field by field.

A template says which fields there are. Bound to an owner it becomes a profile; each of
its values is a memory, so that it is recalled like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.identity import computed_id
from shared.domain.memory import Memory, Type
from shared.domain.scope import Scope

PROFILE_TAG = "profile"
"""The tag of every memory that is a field of a profile."""
TEMPLATE, FIELD, LOCK = "profile_template_id", "profile_field", "algorithm_updatable"
"""Keys in such a memory's `info`: the template, the path of the field, and whether what
is said may change it.
"""


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One field of a template."""

    path: str
    """The names from the outermost category to the field, with dots."""
    value: str = ""
    """What it has from the start; "" for nothing."""
    updatable: bool = True
    """Whether what is said may change it."""


@dataclass(frozen=True, slots=True)
class ProfileTemplate:
    """The fields of profiles, for any number of owners. Times are epoch milliseconds."""

    id: str
    project: str
    name: str
    fields: tuple[TemplateField, ...] = ()
    created_at: int = 0
    updated_at: int = 0


@dataclass(frozen=True, slots=True)
class ProfileBinding:
    """That an owner has a profile by a template."""

    id: str
    """Computed from the three below."""
    project: str
    owner: str
    """The user id under which the memories are stored."""
    template: str
    """Its id; one that no template has is a name, and its fields are those that are edited."""
    created_at: int = 0
    """Epoch milliseconds."""


def field_id(project: str, owner: str, template: str, path: str) -> str:
    """The id of the memory that holds a field: the same whenever it is written."""
    return computed_id("profile", project, owner, template, path)


def field_memory(scope: Scope, template: str, field: TemplateField, at: int) -> Memory:
    """The memory that holds one field of the scope's user, written at `at` (epoch
    milliseconds).
    """
    return Memory(
        id=field_id(scope.project, scope.user, template, field.path),
        scope=scope,
        type=Type.USER,
        text=f"{field.path}: {field.value}",
        title=field.path,
        tags=(PROFILE_TAG,),
        created_at=at,
        updated_at=at,
        info={TEMPLATE: template, FIELD: field.path, LOCK: field.updatable},
    )


def value_of(field: Memory) -> str:
    """The value in the memory of a field."""
    return field.text.removeprefix(f"{field.info[FIELD]}: ")


def binding_id(project: str, owner: str, template: str) -> str:
    """The id of a binding: an owner has one profile by a template."""
    return computed_id("binding", project, owner, template)
