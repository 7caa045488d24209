"""Whether a tool's result in JSON tells that it failed, also by what is nested in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workers.pipeline.extract.tools.error_words import NO_REASON, failure_words
from workers.pipeline.extract.tools.json_verdict import says_fine, verdict
from workers.pipeline.extract.tools.parsed_result import parsed
from workers.pipeline.extract.tools.result_fields import (
    NESTED,
    Fields,
    is_envelope,
    is_nesting,
    message_of,
    normalised,
)
from workers.pipeline.extract.tools.result_text import text_failure

DEEPEST = 3
"""Levels of nesting that are looked into."""
MOST_ITEMS = 50
"""Items of a list that are looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a result says: `failed` is None where it does not say."""

    failed: bool | None
    words: str = ""


UNSAID = Finding(None)
FINE = Finding(False)


def json_finding(value: Any, reads: bool = False, depth: int = 0) -> Finding:
    """What a value says of the call. `reads`: the tool gives back records of others,
    which may be about failures.
    """
    if depth > DEEPEST:
        return UNSAID
    if isinstance(value, Mapping):
        return _of_object(normalised(value), reads, depth)
    if isinstance(value, list):
        return _of_list(value, reads, depth)
    if isinstance(value, str):
        inner = parsed(value)
        if inner is not None:
            return json_finding(inner, reads, depth + 1)
        words = text_failure(value, reads)
        return Finding(True, words) if words else UNSAID
    return UNSAID


def _of_object(fields: Fields, reads: bool, depth: int) -> Finding:
    failed = verdict(fields, reads, is_nested=depth > 0)
    if failed:
        return Finding(True, failure_words(fields) or NO_REASON)
    if fields.get("iserror") is False:
        return FINE
    is_fine = failed is False or says_fine(fields)
    nested = _of_nested(fields, reads or is_fine, depth)
    if nested.failed:
        return nested
    if is_fine:
        return FINE
    message = message_of(fields)
    has_data = bool(fields.keys() & set(NESTED))
    if not message or has_data or not is_envelope(fields):
        return UNSAID
    failure = text_failure(message, reads)
    return Finding(True, failure_words(fields)) if failure else UNSAID


def _of_nested(fields: Fields, reads: bool, depth: int) -> Finding:
    """What the results in an object say, where it is but their wrapping."""
    wraps = is_envelope(fields)
    for name in filter(is_nesting, fields):
        inner = fields[name]
        if isinstance(inner, Mapping) or (wraps and inner):
            finding = json_finding(inner, reads or not wraps, depth + 1)
            if finding.failed:
                return finding
    printed = fields.get("stderr")
    if wraps and isinstance(printed, str) and not fields.get("stdout"):
        return json_finding(printed, reads, depth + 1)
    return UNSAID


def _of_list(items: Sequence[Any], reads: bool, depth: int) -> Finding:
    """A list fails where all its items do; of records with fields of their own nobody can
    say that the call failed.
    """
    texts = [item["text"] for item in items if _is_text_block(item)]
    if items and len(texts) == len(items):
        return json_finding("\n".join(texts), reads, depth + 1)
    if reads and len(items) > 1 and all(_is_record(item) for item in items):
        return UNSAID
    findings = []
    for item in items[:MOST_ITEMS]:
        wraps = isinstance(item, Mapping) and is_envelope(normalised(item))
        findings.append(json_finding(item, reads, depth + 1) if wraps else UNSAID)
    if findings and all(finding.failed for finding in findings):
        return findings[0]
    return UNSAID


def _is_record(item: Any) -> bool:
    """Whether an item is one of several that were looked up: it has a key."""
    return isinstance(item, Mapping) and "id" in normalised(item)


def _is_text_block(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and item.get("type", "text") == "text"
        and isinstance(item.get("text"), str)
        and not item.get("error")
    )
