"""The JSON object in a model's answer, whatever stands around it."""

from __future__ import annotations

import re
from typing import Any

import json_repair

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.S)
_OPENING = re.compile(r"\{")
MOST_TRIED = 20
"""Opening braces that are tried."""


class UnreadableAnswer(ValueError):
    """The model's answer holds no such object."""


def object_with(key: str, answer: str) -> dict[str, Any]:
    """The first JSON object in an answer that has a key: prose with braces before it,
    fences and commas too many do no harm. Raises `UnreadableAnswer`.
    """
    plain = _THOUGHTS.sub("", answer).rpartition("</think>")[2]
    for match in list(_OPENING.finditer(plain))[:MOST_TRIED]:
        value = json_repair.loads(plain[match.start() :])
        if isinstance(value, dict) and key in value:
            return value
    raise UnreadableAnswer(f"the model's answer holds no {key!r}")
