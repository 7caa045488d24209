"""What each setting takes, checked when it is read: a mistake is named at the start, and
not by whatever fails of it later.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.domain.model_role import ModelRole

MAX_PORT = 65_535
_LARGEST = 10**12
"""Of a whole number: what is larger is a slip of the finger."""
_LONGEST_S = 10**7
"""Of a time, about four months."""
_MOST_PROCESSES = 1024
_LEAST_SECRET_BYTES = 16
_SECRET_PREFIX = "whsec_"
_HTTP = ("http", "https")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_STORES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "file")
"""Kinds of Sources that last."""
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]*\.?)*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_ROLE_NUMBERS = ("timeout_s", "tries", "calls", "max_tokens")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a variable takes."""

    takes: str
    """For people."""
    fits: Callable[[Any], bool]
    """Given the value that was read; may raise ValueError too."""
    is_secret: bool = False
    """Whether the value must not be shown."""


def whole(least: int, most: int = _LARGEST, what: str = "a whole number") -> Rule:
    """A whole number within bounds."""
    takes = f"{what} of at least {least}"
    if most < _LARGEST:
        takes = f"{what} from {least} to {most}"
    return Rule(takes, lambda value: least <= value <= most)


def _seconds(least: float) -> Rule:
    than = "of 0 or more" if least == 0 else "above 0"

    def fits(value: float) -> bool:
        is_enough = value >= 0 if least == 0 else value > 0
        return math.isfinite(value) and is_enough and value <= _LONGEST_S

    return Rule(f"seconds, a number {than}, at most {_LONGEST_S}", fits)


def _is_url(schemes: Sequence[str]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        parts = urlsplit(text)  # raises ValueError for half an address
        if parts.scheme.lower() not in schemes or re.search(r"\s", text):
            return False
        if parts.scheme == "unix":
            return bool(parts.path)
        return bool(parts.hostname) and (parts.port or 1) <= MAX_PORT

    return fits


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        is_number = re.fullmatch(r"[\d.]+", text) is not None
        return not is_number and _HOST_NAME.fullmatch(text) is not None
    return True


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_sources(text: str) -> bool:
    scheme, is_url, rest = text.partition("://")
    return not is_url or (scheme in _STORES and bool(rest.strip("/")))


def _are_networks(values: Sequence[str]) -> bool:
    return all(ipaddress.ip_network(value, strict=False) for value in values)


def _are_origins(values: Sequence[str]) -> bool:
    return all(value == "*" or _is_origin(value) for value in values)


def _is_origin(text: str) -> bool:
    """RFC 6454: a scheme, a host and perhaps a port; a browser sends nothing behind them."""
    parts = urlsplit(text)
    return _is_url(_HTTP)(text) and text == f"{parts.scheme}://{parts.netloc}"


def _are_secrets(text: str) -> bool:
    for secret in text.split():
        try:
            key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
        except binascii.Error:
            return False
        if len(key) < _LEAST_SECRET_BYTES or not secret.startswith(_SECRET_PREFIX):
            return False
    return True


def _is_key(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _is_line(text: str) -> bool:
    return text.isprintable()


def _is_text(text: str) -> bool:
    return all(character.isprintable() or character in "\n\t" for character in text)


def _are_models(models: Any) -> bool:
    if not isinstance(models, dict):
        return False
    return all(_is_model(name, model) for name, model in models.items())


def _is_model(name: str, model: Any) -> bool:
    fields = {"model", *ModelRole.__dataclass_fields__}
    if not name or not isinstance(model, dict) or model.keys() - fields:
        return False
    numbers = [model[key] for key in _ROLE_NUMBERS if key in model]
    if not all(isinstance(number, int | float) and number >= 0 for number in numbers):
        return False
    texts = [model.get(key, "") for key in ("model", "api_key")]
    return (
        all(isinstance(text, str) for text in texts)
        and isinstance(model.get("extra_body", {}), dict)
        and isinstance(model.get("base_url"), str)
        and _is_url(_HTTP)(model["base_url"])
    )


def _are_prices(prices: Any) -> bool:
    if not isinstance(prices, dict):
        return False
    return all(name and _is_price(price) for name, price in prices.items())


def _is_price(price: Any) -> bool:
    if not isinstance(price, dict) or price.keys() != {"prompt", "completion"}:
        return False
    return all(
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 0 <= value <= _LARGEST
        for value in price.values()
    )


def _is_file(text: str) -> bool:
    return not Path(text).expanduser().is_dir()


def _is_folder(path: Path) -> bool:
    return not path.expanduser().is_file()  # raises for ~nobody


_URL = Rule("a URL, http(s)://HOST[:PORT][/PATH]", _is_url(_HTTP))
_KEY = Rule("a key, visible ASCII characters without blanks", _is_key, is_secret=True)
_LINE = Rule("one line of text", _is_line)
_TEXT = Rule("text", _is_text)
_COUNT = whole(1)
_LIMIT = whole(0)
"""0: without a limit."""

RULES: Mapping[str, Rule] = {
    "SOUVENIR_PORT": whole(1, MAX_PORT, "a port"),
    "SOUVENIR_HOST": Rule("an IP address or the name of a host", _is_host),
    "SOUVENIR_DATA": Rule("a folder", _is_folder),
    "SOUVENIR_API_KEY": _KEY,
    "SOUVENIR_PREFIX": Rule(
        "a name of at most 64 letters, digits, _ . -",
        lambda v: bool(_PREFIX.fullmatch(v)),
    ),
    "REDIS_URL": Rule(
        "a URL, redis://, rediss:// or unix://", _is_url(("redis", "rediss", "unix"))
    ),
    "QDRANT_URL": _URL,
    "QDRANT_API_KEY": _KEY,
    "SOUVENIR_STATUS_URL": _URL,
    "SOUVENIR_SOURCES": Rule(
        "a folder, or a URL such as s3://BUCKET/FOLDER", _is_sources
    ),
    "SOUVENIR_TIMEZONE": Rule("the name of a zone, such as Europe/Lisbon", _is_zone),
    "SOUVENIR_LOG_LEVEL": Rule(
        f"one of {', '.join(_LEVELS)}", lambda value: value.upper() in _LEVELS
    ),
    "SOUVENIR_TEXT_CONCURRENCY": whole(0, _MOST_PROCESSES),
    "SOUVENIR_FILES_CONCURRENCY": whole(1, _MOST_PROCESSES),
    "OPENAI_BASE_URL": _URL,
    "OPENAI_API_KEY": _KEY,
    "SOUVENIR_CHAT_MODELS": Rule(
        'JSON, {"NAME": {"base_url": "http...", "api_key": ..., "model": ...}}',
        _are_models,
        is_secret=True,
    ),
    "SOUVENIR_MODEL_PRICES": Rule(
        'JSON, {"MODEL": {"prompt": 0.25, "completion": 2}}, prices of a million tokens',
        _are_prices,
    ),
    "SOUVENIR_PRICE_CURRENCY": Rule(
        "a currency of ISO 4217, such as USD",
        lambda value: bool(_CURRENCY.fullmatch(value)),
    ),
    "SOUVENIR_EXTRACT_INSTRUCTIONS": _TEXT,
    "SOUVENIR_EMBED_QUERY_PREFIX": _TEXT,
    "SOUVENIR_EMBED_PASSAGE_PREFIX": _TEXT,
    "SOUVENIR_EMBED_BATCH": _COUNT,
    "SOUVENIR_CALIBRATION": Rule("a file", _is_file),
    "SOUVENIR_MODEL_FILE": Rule("a file", _is_file),
    "SOUVENIR_FETCH_ALLOW": Rule(
        "networks, such as 10.0.0.0/8, with commas between them", _are_networks
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
        f"{_SECRET_PREFIX}<base64 of at least {_LEAST_SECRET_BYTES} bytes>, several with "
        "blanks between them",
        _are_secrets,
        is_secret=True,
    ),
    "SOUVENIR_WEBHOOK_URL": _URL,
    "SOUVENIR_TRACES_URL": _URL,
    "SOUVENIR_CORS_ORIGINS": Rule(
        "origins, such as https://app.example.com, with commas between them, or *",
        _are_origins,
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
