"""Whose words the text of a memory is."""

from __future__ import annotations

import re

_ASSISTANT = re.compile(r"^(?:Assistant:|The assistant\b|助手说?[:：])")


def by_assistant(text: str) -> bool:
    """Whether it is what the assistant said."""
    return bool(_ASSISTANT.match(text))
