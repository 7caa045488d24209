"""What a language model is used for, and how its endpoint is to be treated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelRole:
    """The endpoint of one role (extract, chat, vision, embed, rerank) and its limits."""

    base_url: str = ""
    """Where an OpenAI-compatible endpoint listens; it ends in /v1."""
    api_key: str = ""
    timeout_s: float = 60.0
    """Longest wait between two signs of life: the whole answer, unless it is streamed."""
    tries: int = 2
    """Requests of one call, the first included. An endpoint that was too slow is not
    asked twice: it may still be at work.
    """
    calls: int = 4
    """At a time, in one process."""
    max_tokens: int = 0
    """Of an answer, whatever a call asks for; 0 leaves it to the call."""
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    """Sent along with each request, e.g. {"think": false}."""
