"""Takes secrets out of texts before they are stored: API keys, card numbers, passwords.

The patterns are data, each with an example and a counter-example (`secrets.json`; the
examples are in pieces, so that no scanner takes them for secrets). A card number counts
only where its check digit is right (Luhn, ISO/IEC 7812-1, annex B). A password is
recognised by what stands before it, and by a digit, a sign or quotation marks: a plain
word may be anything.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

KINDS = ("keys", "cards", "passwords")
_CARDS = "cards"
_SECRET_GROUPS = ("secret", "secret2")
"""Groups of a pattern that hold the secret alone; without one all of the match is it."""


@dataclass(frozen=True, slots=True)
class SecretPattern:
    """How secrets of one form are recognised."""

    kind: str
    name: str
    """What it is called in the place of the secret, and in receipts."""
    pattern: re.Pattern[str]
    example: str
    counter_example: str


def redacted(text: str, kinds: Collection[str]) -> tuple[str, Counter[str]]:
    """The text with `[API key removed]` where a secret of these kinds stood, and how
    many of each name there were.
    """
    counts: Counter[str] = Counter()
    for secret in secret_patterns():
        if secret.kind in kinds:
            text = _without(text, secret, counts)
    return text, counts


def redacted_value(value: Any, kinds: Collection[str]) -> tuple[Any, Counter[str]]:
    """The same of every text in a JSON value."""
    if isinstance(value, str):
        return redacted(value, kinds)
    counts: Counter[str] = Counter()
    if isinstance(value, Mapping):
        entries = {name: redacted_value(entry, kinds) for name, entry in value.items()}
        for _, counted in entries.values():
            counts += counted
        return {name: entry for name, (entry, _) in entries.items()}, counts
    if isinstance(value, list | tuple):
        members = [redacted_value(member, kinds) for member in value]
        for _, counted in members:
            counts += counted
        return [member for member, _ in members], counts
    return value, counts


def written(counts: Mapping[str, int], where: str) -> str:
    """What was taken out, for people: "2 API keys, 1 password in report.pdf"."""
    parts = [
        f"{count} {name}{'s' if count > 1 else ''}"
        for name, count in sorted(counts.items())
    ]
    return f"{', '.join(parts)} in {where}"


@cache
def secret_patterns() -> tuple[SecretPattern, ...]:
    """All of them, in the order in which they are looked for."""
    rows = json.loads(files(__package__).joinpath("secrets.json").read_text("utf-8"))
    return tuple(
        SecretPattern(
            row["kind"],
            row["name"],
            re.compile(row["pattern"]),
            "".join(row["example"]),
            row["counter_example"],
        )
        for row in rows
    )


def has_right_check_digit(digits: str) -> bool:
    """Luhn's formula over a number written in digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _without(text: str, secret: SecretPattern, counts: Counter[str]) -> str:
    def replaced(match: re.Match[str]) -> str:
        whole = match.group()
        if secret.kind == _CARDS and not has_right_check_digit(
            re.sub(r"[^0-9]", "", whole)
        ):
            return whole
        counts[secret.name] += 1
        mark = f"[{secret.name} removed]"
        groups = match.groupdict()
        for name in _SECRET_GROUPS:
            if groups.get(name):
                start, end = (at - match.start() for at in match.span(name))
                return f"{whole[:start]}{mark}{whole[end:]}"
        return mark

    return secret.pattern.sub(replaced, text)
