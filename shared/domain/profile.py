"""Profiles: structured knowledge of a user or an agent, field by field.

A template says which fields there are. Bound to an owner it becomes a profile; each of
its values is a memory, so that it is recalled like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

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
