"""A thumb: that a memory was, or was not, of use."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from struct import error as WrongSize
from struct import pack, unpack

MOST_THUMBS = 20
"""Thumbs that a memory keeps, the newest."""
MOST_OF_ONE = 5
"""Of these, those of one user, where others see the memory too."""
_STEPS = 127
"""Values of a signed byte on either side of 0."""


@dataclass(frozen=True, slots=True)
class Thumb:
    """What somebody thinks of a memory: in general, or as an answer to a question."""

    up: bool
    query: str = ""
    """The question; "" where it is meant of any."""
    user: str = ""
    """In whose searches it counts; "" for everybody who sees the memory."""
    at: int = 0
    """When it was given, epoch milliseconds."""
    reason: str = ""
    embedder: str = ""
    """The name of what computed `vector`; "" where there is none."""
    vector: str = ""
    """The question's, so that no search has to compute it: `packed`."""


def packed(vector: Sequence[float]) -> str:
    """The direction of a vector in a byte a dimension, base64; "" for one without any.
    Cosines of what is packed are right to about 0.01.
    """
    longest = max(map(abs, vector), default=0.0)
    if not longest:
        return ""
    steps = [round(value / longest * _STEPS) for value in vector]
    return b64encode(pack(f"{len(steps)}b", *steps)).decode()


def unpacked(text: str) -> tuple[float, ...]:
    """The unit vector that was packed; empty for anything else."""
    try:
        data = b64decode(text, validate=True)
        steps = unpack(f"{len(data)}b", data)
    except (NotBase64, WrongSize, ValueError):
        return ()
    length = sqrt(sum(step * step for step in steps))
    return tuple(step / length for step in steps) if length else ()


def with_thumb(
    thumbs: Iterable[Thumb], new: Thumb | None, query: str, user: str
) -> tuple[Thumb, ...]:
    """The thumbs with a new one, newest last, in place of that of the same user for the
    same question; without it where none is given.
    """
    others = [thumb for thumb in thumbs if (thumb.query, thumb.user) != (query, user)]
    if new is not None:
        others.append(new)
    own = [thumb for thumb in others if user and thumb.user == user]
    too_many = own[:-MOST_OF_ONE]
    return tuple(thumb for thumb in others if thumb not in too_many)[-MOST_THUMBS:]


def with_thumbs_of(
    user: str, given: Iterable[Thumb], stored: Iterable[Thumb]
) -> tuple[Thumb, ...]:
    """The stored thumbs, of one user those that are given."""
    merged = [thumb for thumb in stored if thumb.user != user]
    merged += [thumb for thumb in given if thumb.user == user]
    return tuple(sorted(merged, key=lambda thumb: thumb.at)[-MOST_THUMBS:])
