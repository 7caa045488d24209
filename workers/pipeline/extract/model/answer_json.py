"""The JSON in a model's answer, however it is wrapped: in prose, in a Markdown block,
behind thoughts, as a list, cut in the middle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import json_repair

from shared.language.foreign_json import foreign_json, require_shallow, storable

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.S)
_FENCED = re.compile(r"```[\w-]*[ \t]*\n?(.*?)(?:```|\Z)", re.S)
_OPENS = re.compile(r"[{\[]")
_CLOSING = {"{": "}", "[": "]"}
_ENTRY_DEPTH = 3
"""Brackets that are open within an entry: the object, its list, the entry."""
_FIELDS = frozenset({"text", "passage"})
"""One of which every entry of an answer has."""
_TRIED = 20
"""Places of an answer at which JSON may begin that are tried."""


class Unreadable(ValueError):
    """An answer holds nothing that was asked for."""


def object_in(answer: str, lists: tuple[str, ...]) -> tuple[dict[str, Any], bool]:
    """The object of an answer that has one of these lists, and whether it is cut: then
    it holds the entries that are whole. A bare list of entries is read as the first of
    the lists. Raises `Unreadable`.
    """
    plain = _THOUGHTS.sub("", answer).rpartition("</think>")[2]
    for text in _candidates(plain):
        whole, is_cut = _balanced(text)
        value = _loaded(whole)
        if isinstance(value, list):
            value = _of_list([e for e in value if isinstance(e, dict)], lists)
        if isinstance(value, dict) and any(name in value for name in lists):
            return value, is_cut
    raise Unreadable(f"the answer holds no JSON object with {' or '.join(lists)}")


def _candidates(text: str) -> Iterator[str]:
    """Where JSON may begin: in each Markdown block, then at each bracket."""
    for block in _FENCED.finditer(text):
        opening = _OPENS.search(block[1])
        if opening is not None:
            yield block[1][opening.start() :]
    for count, opening in enumerate(_OPENS.finditer(text)):
        if count < _TRIED:
            yield text[opening.start() :]


def _balanced(text: str) -> tuple[str, bool]:
    """The text up to the bracket that closes its first one; or, where it is missing,
    up to the last whole entry, with the brackets closed.
    """
    open_: list[str] = []
    entry_end, entry_open = 0, ""
    in_string = escaped = False
    for place, character in enumerate(text):
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "{[":
            open_.append(character)
        elif character in "}]" and open_:
            open_.pop()
            if not open_:
                return text[: place + 1], False
            if character == "}" and len(open_) < _ENTRY_DEPTH:
                entry_end, entry_open = place + 1, "".join(open_)
    return text[:entry_end] + "".join(map(_CLOSING.__getitem__, entry_open[::-1])), True


def _loaded(text: str) -> Any:
    try:
        return foreign_json(text)
    except ValueError:
        return _repaired(text) if text else None


def _repaired(text: str) -> Any:
    """What can be read of a text that is no JSON; None for what is nested too deep."""
    try:
        value = json_repair.loads(text)
        require_shallow(value)
    except (ValueError, RecursionError):
        return None
    return storable(value)


def _of_list(value: list[Any], lists: tuple[str, ...]) -> dict[str, Any]:
    """A list of entries, or of objects of lists, as one object of lists."""
    merged: dict[str, Any] = {}
    for entry in value:
        nested = [name for name in lists if isinstance(entry.get(name), list)]
        for name in nested:
            merged.setdefault(name, []).extend(entry[name])
        if not nested and not _FIELDS.isdisjoint(entry):
            merged.setdefault(_list_of(entry, lists), []).append(entry)
    return merged


def _list_of(entry: dict[str, Any], lists: tuple[str, ...]) -> str:
    is_preference = "explicit" in entry and "preferences" in lists
    return "preferences" if is_preference else lists[0]
