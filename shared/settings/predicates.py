"""Whether a value is what a setting takes."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.domain.model_role import ModelRole

MAX_PORT = 65_535
LARGEST = 10**12
"""Of a number: what is larger is a slip of the finger."""
LEAST_SECRET_BYTES = 16
SECRET_PREFIX = "whsec_"
HTTP = ("http", "https")
_STORES = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "file")
"""Kinds of Sources that last."""
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]*\.?)*")
_ROLE_NUMBERS = ("timeout_s", "tries", "calls", "max_tokens")


def is_url(schemes: Sequence[str]) -> Callable[[str], bool]:
    """Whether a text is a URL of one of these schemes."""

    def fits(text: str) -> bool:
        parts = urlsplit(text)  # raises ValueError for half an address
        if parts.scheme.lower() not in schemes or re.search(r"\s", text):
            return False
        if parts.scheme == "unix":
            return bool(parts.path)
        return bool(parts.hostname) and (parts.port or 1) <= MAX_PORT

    return fits


def is_host(text: str) -> bool:
    """Whether it is an IP address or the name of a host."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        is_number = re.fullmatch(r"[\d.]+", text) is not None
        return not is_number and _HOST_NAME.fullmatch(text) is not None
    return True


def is_zone(text: str) -> bool:
    """Whether this machine knows the zone of time."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def is_sources(text: str) -> bool:
    """Whether files can wait there: a folder, or a URL of a store that lasts."""
    scheme, separator, rest = text.partition("://")
    return not separator or (scheme in _STORES and bool(rest.strip("/")))


def are_networks(values: Sequence[str]) -> bool:
    """Whether all are networks in CIDR; raises ValueError for one that is not."""
    return all(ipaddress.ip_network(value, strict=False) for value in values)


def are_origins(values: Sequence[str]) -> bool:
    """Whether all are origins of pages, or *."""
    return all(value == "*" or _is_origin(value) for value in values)


def _is_origin(text: str) -> bool:
    """RFC 6454: a scheme, a host and perhaps a port; a browser sends nothing behind them."""
    parts = urlsplit(text)
    return is_url(HTTP)(text) and text == f"{parts.scheme}://{parts.netloc}"


def are_secrets(text: str) -> bool:
    """Whether all can sign webhooks, with blanks between them."""
    for secret in text.split():
        try:
            key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
        except binascii.Error:
            return False
        if len(key) < LEAST_SECRET_BYTES or not secret.startswith(SECRET_PREFIX):
            return False
    return True


def is_key(text: str) -> bool:
    """Whether it can be sent in a header."""
    return text.isascii() and text.isprintable() and " " not in text


def is_line(text: str) -> bool:
    """Whether it is one line of text."""
    return text.isprintable()


def is_text(text: str) -> bool:
    """Whether it is text, of any number of lines."""
    return all(character.isprintable() or character in "\n\t" for character in text)


def are_models(models: Any) -> bool:
    """Whether JSON that was read names models of a chat, each with its endpoint."""
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
        and is_url(HTTP)(model["base_url"])
    )


def are_prices(prices: Any) -> bool:
    """Whether JSON that was read gives prices, by model."""
    if not isinstance(prices, dict):
        return False
    return all(name and _is_price(price) for name, price in prices.items())


def _is_price(price: Any) -> bool:
    if not isinstance(price, dict) or price.keys() != {"prompt", "completion"}:
        return False
    return all(
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 0 <= value <= LARGEST
        for value in price.values()
    )


def is_file(text: str) -> bool:
    """Whether it can be a file; one that is not there yet can."""
    return not Path(text).expanduser().is_dir()


def is_folder(path: Path) -> bool:
    """Whether it can be a folder; raises RuntimeError where there is no such home."""
    return not path.expanduser().is_file()  # raises for ~nobody
