"""What went wrong, in the words of a tool's result in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from workers.pipeline.extract.tools.json_verdict import happened
from workers.pipeline.extract.tools.result_fields import (
    BAD_STATES,
    CODES,
    DONE_FLAGS,
    ERROR_CODES,
    ERRORS,
    EXIT_CODES,
    GENERIC,
    KINDS,
    NESTED,
    STATES,
    STATUS_CODES,
    Fields,
    is_empty,
    message_of,
    normalised,
    number_of,
    plain_word,
)
from workers.pipeline.extract.tools.result_text import text_failure, without_label

DEEPEST_ERROR = 4
"""Levels of causes that an error is looked for in."""
NO_REASON = "no reason given"
"""The error of a result that says that it failed and not why."""
_ERROR_TYPES = re.compile(r"error|.*(?:_error|error|exception|fault)", re.IGNORECASE)


def says_why(words: str) -> bool:
    """Whether words say more than that something failed."""
    return words != NO_REASON and words.lower() not in GENERIC


def failure_words(fields: Fields) -> str:
    """What went wrong, in the words of the result: what it calls it and what it says."""
    filled = [fields[name] for name in ERRORS if not is_empty(fields.get(name))]
    errors = [_error_words(error) for error in filled]
    telling = _telling([_error_name(fields), *errors, message_of(fields)])
    return ": ".join(telling[:2]) or _nested_words(fields) or _code_words(fields)


def _telling(texts: Iterable[str]) -> list[str]:
    """The texts that say something, none of which is a part of another."""
    plain = [without_label(" ".join(text.split())) for text in texts]
    telling = [text for text in plain if text and text.lower() not in GENERIC]
    return [
        text
        for text in dict.fromkeys(telling)
        if not any(text != other and text.lower() in other.lower() for other in telling)
    ]


def _error_name(fields: Fields) -> str:
    for name in ("errortype", "errorcode", "errcode"):
        item = fields.get(name)
        if isinstance(item, str) and not is_empty(item):
            return item if number_of(item) is None else ""
    kind = fields.get("type")
    return kind if isinstance(kind, str) and _ERROR_TYPES.fullmatch(kind) else ""


def _error_words(error: Any, depth: int = 0) -> str:
    if isinstance(error, str):
        return error
    if isinstance(error, list):
        words = [_error_words(item, depth + 1) for item in error[:2]]
        return "; ".join(filter(None, words))
    if not isinstance(error, Mapping) or depth > DEEPEST_ERROR:
        return ""
    fields = normalised(error)
    inner = [fields[name] for name in ERRORS if not is_empty(fields.get(name))]
    message = message_of(fields) or (_error_words(inner[0], depth + 1) if inner else "")
    kind = _kind(fields)
    words = [text for text in (kind, message) if plain_word(text) not in GENERIC]
    telling = ": ".join(_telling(words))
    return telling or kind or _code_words(fields) or _first_text(fields)


def _kind(fields: Fields) -> str:
    """What an error is of: a field of the request, or its class."""
    names = ("field", "param", *KINDS)
    texts = [fields[name] for name in names if isinstance(fields.get(name), str)]
    return next((text for text in texts if number_of(text) is None), "")


def _first_text(fields: Fields) -> str:
    """A map of fields to what is wrong with them: {"email": ["is taken"]}."""
    for name, item in fields.items():
        words = item[0] if isinstance(item, list) and item else item
        if isinstance(words, str) and words:
            return f"{name}: {words}"
    return ""


def _nested_words(fields: Fields) -> str:
    """The words of the result itself, where nothing beside it says what went wrong."""
    for name in ("stderr", *NESTED, "stdout"):
        item = fields.get(name)
        if isinstance(item, list):
            texts = [part.get("text") for part in item if isinstance(part, Mapping)]
            item = "\n".join(text for text in texts if isinstance(text, str))
        if isinstance(item, Mapping):
            item = failure_words(normalised(item))
        if isinstance(item, str) and item.strip():
            return without_label(text_failure(item) or item.strip().splitlines()[-1])
    return ""


def _code_words(fields: Fields) -> str:
    """The code, named where HTTP has a name for it, or the state."""
    for name in sorted(STATUS_CODES | CODES):
        number = number_of(fields.get(name))
        if number is not None and number not in (0, 200):
            return _status_words(number)
    for name in sorted(EXIT_CODES | ERROR_CODES):
        number = number_of(fields.get(name))
        if number:
            return f"{'exit' if name in EXIT_CODES else 'error'} code {number}"
    if happened(fields):
        return "timed out"
    states = [
        fields[name] for name in sorted(STATES) if isinstance(fields.get(name), str)
    ]
    bad_states = [state for state in states if plain_word(state) in BAD_STATES]
    undone = [f"not {name}" for name in sorted(DONE_FLAGS) if fields.get(name) is False]
    return next(iter(bad_states + undone), "")


def _status_words(number: int) -> str:
    try:
        return f"{number} {HTTPStatus(number).phrase}"
    except ValueError:
        return f"code {number}"
