"""The fields that a filter of the wire may name (contract 1.13); any other name is a key
of `info`.
"""

from __future__ import annotations

TIME_FIELDS = frozenset(("create_time", "update_time", "memory_time"))

TEXT_FIELDS = frozenset(
    ("agent_id", "app_id", "conversation_id", "id", "memory_type", "tags")
)
"""Those that hold texts, of which none is more than another."""

INFO_FIELDS = frozenset(("business_type", "biz_id", "scene", "custom_status"))
"""Keys of `info` that the contract names."""

FIELDS = frozenset((*TIME_FIELDS, *TEXT_FIELDS, *INFO_FIELDS))

FIELD_ALIASES = {
    "created_at": "create_time",
    "updated_at": "update_time",
    "session_id": "conversation_id",
}
