"""How the variables of a model's role are named."""

from __future__ import annotations

from collections.abc import Mapping

ROLE_VARIABLES: Mapping[str, tuple[str, str]] = {
    "base_url": ("BASE_URL", "an endpoint of its own; empty: OPENAI_BASE_URL"),
    "api_key": ("API_KEY", "its key; with OPENAI_BASE_URL: OPENAI_API_KEY where empty"),
    "timeout_s": ("TIMEOUT_S", "longest wait for a sign of life, s"),
    "tries": ("TRIES", "requests of one call, where the first ones fail at once"),
    "calls": ("CALLS", "calls at a time, in one process"),
    "max_tokens": (
        "MAX_TOKENS",
        "most tokens of an answer; 0: as many as are asked for",
    ),
    "extra_body": ("EXTRA_BODY", 'JSON that is sent along, e.g. {"think": false}'),
}
"""Fields of a `ModelRole`: how the variable of each ends, and what it means."""
