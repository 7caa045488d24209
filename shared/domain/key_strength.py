"""Whether a key that somebody chose can be guessed. Keys that Souvenir makes hold 192
random bits; one that is chosen by hand must at least not be a word.
"""

from __future__ import annotations

import math
import re

MIN_CHARACTERS = 16
MIN_BITS = 56.0
"""Characters times the bits that the number of different ones allows: an upper bound of
what there is to guess.
"""
MIN_OWN_CHARACTERS = 8
"""Letters and digits beside the words that everybody tries."""
_WELL_KNOWN = re.compile(
    "change|please|default|example|password|passwort|secret|souvenir|memos|memory|admin|root|test"
    "|demo|apikey|api|key|token|letmein|qwertyuiop|qwerty|asdfgh|abcdefgh|abcdef|abc|1234567890"
    "|0123456789|123456789|12345678|1234567|123456|12345|1234|123|dev|local|your|insert|here|me",
    re.IGNORECASE,
)


def weakness(key: str) -> str:
    """What is wrong with a key, for people; empty for a good one."""
    if not (key.isascii() and key.isprintable()) or " " in key:
        return "has characters that cannot stand in an HTTP header"
    if len(key) < MIN_CHARACTERS:
        return f"is shorter than {MIN_CHARACTERS} characters"
    if key in (key + key)[1:-1]:
        return "repeats a few characters"
    if len(key) * math.log2(len(set(key))) < MIN_BITS:
        return "has too few different characters"
    own = re.sub(r"[^a-z0-9]", "", _WELL_KNOWN.sub("", key), flags=re.IGNORECASE)
    if len(own) < MIN_OWN_CHARACTERS:
        return "is made of words that everybody tries"
    return ""
