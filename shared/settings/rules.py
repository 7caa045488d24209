"""What each setting takes, checked when it is read: a mistake is named at the start, and
not by whatever fails of it later.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.settings.predicates import (
    HTTP,
    LARGEST,
    LEAST_SECRET_BYTES,
    MAX_PORT,
    SECRET_PREFIX,
    are_models,
    are_networks,
    are_origins,
    are_prices,
    are_secrets,
    is_file,
    is_folder,
    is_host,
    is_key,
    is_line,
    is_sources,
    is_text,
    is_url,
    is_zone,
)

_LONGEST_S = 10**7
"""Of a time, about four months."""
_MOST_PROCESSES = 1024
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a variable takes."""

    takes: str
    """For people."""
    fits: Callable[[Any], bool]
    """Given the value that was read; may raise ValueError too."""
    is_secret: bool = False
    """Whether the value must not be shown."""


def whole(least: int, most: int = LARGEST, what: str = "a whole number") -> Rule:
    """A whole number within bounds."""
    takes = f"{what} of at least {least}"
    if most < LARGEST:
        takes = f"{what} from {least} to {most}"
    return Rule(takes, lambda value: least <= value <= most)


def _seconds(least: float) -> Rule:
    than = "of 0 or more" if least == 0 else "above 0"

    def fits(value: float) -> bool:
        is_enough = value >= 0 if least == 0 else value > 0
        return math.isfinite(value) and is_enough and value <= _LONGEST_S

    return Rule(f"seconds, a number {than}, at most {_LONGEST_S}", fits)


_URL = Rule("a URL, http(s)://HOST[:PORT][/PATH]", is_url(HTTP))
_KEY = Rule("a key, visible ASCII characters without blanks", is_key, is_secret=True)
_LINE = Rule("one line of text", is_line)
_TEXT = Rule("text", is_text)
_COUNT = whole(1)
_LIMIT = whole(0)
"""0: without a limit."""

RULES: Mapping[str, Rule] = {
    "SOUVENIR_PORT": whole(1, MAX_PORT, "a port"),
    "SOUVENIR_HOST": Rule("an IP address or the name of a host", is_host),
    "SOUVENIR_DATA": Rule("a folder", is_folder),
    "SOUVENIR_API_KEY": _KEY,
    "SOUVENIR_PREFIX": Rule(
        "a name of at most 64 letters, digits, _ . -",
        lambda v: bool(_PREFIX.fullmatch(v)),
    ),
    "REDIS_URL": Rule(
        "a URL, redis://, rediss:// or unix://", is_url(("redis", "rediss", "unix"))
    ),
    "QDRANT_URL": _URL,
    "QDRANT_API_KEY": _KEY,
    "SOUVENIR_STATUS_URL": _URL,
    "SOUVENIR_SOURCES": Rule(
        "a folder, or a URL such as s3://BUCKET/FOLDER", is_sources
    ),
    "SOUVENIR_TIMEZONE": Rule("the name of a zone, such as Europe/Lisbon", is_zone),
    "SOUVENIR_LOG_LEVEL": Rule(
        f"one of {', '.join(_LEVELS)}", lambda value: value.upper() in _LEVELS
    ),
    "SOUVENIR_TEXT_CONCURRENCY": whole(0, _MOST_PROCESSES),
    "SOUVENIR_FILES_CONCURRENCY": whole(1, _MOST_PROCESSES),
    "OPENAI_BASE_URL": _URL,
    "OPENAI_API_KEY": _KEY,
    "SOUVENIR_CHAT_MODELS": Rule(
        'JSON, {"NAME": {"base_url": "http...", "api_key": ..., "model": ...}}',
        are_models,
        is_secret=True,
    ),
    "SOUVENIR_MODEL_PRICES": Rule(
        'JSON, {"MODEL": {"prompt": 0.25, "completion": 2}}, prices of a million tokens',
        are_prices,
    ),
    "SOUVENIR_PRICE_CURRENCY": Rule(
        "a currency of ISO 4217, such as USD",
        lambda value: bool(_CURRENCY.fullmatch(value)),
    ),
    "SOUVENIR_EXTRACT_INSTRUCTIONS": _TEXT,
    "SOUVENIR_EMBED_QUERY_PREFIX": _TEXT,
    "SOUVENIR_EMBED_PASSAGE_PREFIX": _TEXT,
    "SOUVENIR_EMBED_BATCH": _COUNT,
    "SOUVENIR_CALIBRATION": Rule("a file", is_file),
    "SOUVENIR_MODEL_FILE": Rule("a file", is_file),
    "SOUVENIR_FETCH_ALLOW": Rule(
        "networks, such as 10.0.0.0/8, with commas between them", are_networks
    ),
    "SOUVENIR_MAX_MESSAGE_TOKENS": _COUNT,
    "SOUVENIR_MAX_QUERY_TOKENS": _COUNT,
    "SOUVENIR_MAX_BODY_MB": whole(1, 1_000_000),
    "SOUVENIR_MAX_BODIES_MB": whole(0, 1_000_000),
    "SOUVENIR_MAX_ATTEMPTS": _COUNT,
    "SOUVENIR_SWEEP_AFTER_S": whole(1, _LONGEST_S),
    "SOUVENIR_SYNC_WAIT_S": _seconds(0),
    "SOUVENIR_MAX_ANSWER_S": _seconds(1),
    "SOUVENIR_MAX_BACKUP_S": _seconds(1),
    "SOUVENIR_WEBHOOK_SECRET": Rule(
        f"{SECRET_PREFIX}<base64 of at least {LEAST_SECRET_BYTES} bytes>, several with "
        "blanks between them",
        are_secrets,
        is_secret=True,
    ),
    "SOUVENIR_WEBHOOK_URL": _URL,
    "SOUVENIR_TRACES_URL": _URL,
    "SOUVENIR_CORS_ORIGINS": Rule(
        "origins, such as https://app.example.com, with commas between them, or *",
        are_origins,
    ),
}
"""By variable; those that are not listed have the rule of their end, or of their type."""

_BY_END: Mapping[str, Rule] = {
    "_BASE_URL": _URL,
    "_API_KEY": _KEY,
    "_TIMEOUT_S": _seconds(1),
    "_TRIES": whole(1, 100),
    "_CALLS": whole(1, 10_000),
    "_EXTRA_BODY": Rule("a JSON object", lambda value: isinstance(value, dict)),
}
_BY_TYPE: Mapping[type, Rule] = {
    int: _LIMIT,
    float: Rule("a number of 0 or more", lambda v: math.isfinite(v) and v >= 0),
    str: _LINE,
}
_ANYTHING = Rule("", lambda _: True)


def rule_of(variable: str, kind: type) -> Rule:
    """What a variable takes whose values are of this type."""
    if variable in RULES:
        return RULES[variable]
    ends = (rule for end, rule in _BY_END.items() if variable.endswith(end))
    return next(ends, _BY_TYPE.get(kind, _ANYTHING))


def require_fit(variable: str, text: str, value: Any) -> None:
    """Raises ValueError, in one line with the variable and what it takes. `text` is what
    the value was read from.
    """
    rule = rule_of(variable, type(value))
    try:
        fits = rule.fits(value)
    except (ValueError, RuntimeError, OSError):  # RecursionError is a RuntimeError
        fits = False
    if not fits:
        raise ValueError(f"{quoted(variable, text)} is not what it takes: {rule.takes}")


def quoted(variable: str, text: str) -> str:
    """A variable with its text as it may be shown: no key, no password, not too long."""
    if rule_of(variable, str).is_secret:
        return f"the value of {variable}"
    visible = re.sub(r"//[^@/\s]*@", "//***@", text)
    return f"{variable}={visible[:80]!r}"
