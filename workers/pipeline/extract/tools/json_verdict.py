"""Whether a JSON object itself says that a call failed: by flags, codes, states and error
fields.
"""

from __future__ import annotations

import re
from typing import Any

from workers.pipeline.extract.tools.result_fields import (
    BAD_STATES,
    CODES,
    DONE_FLAGS,
    ENVELOPE,
    ERROR_CODES,
    ERROR_STATES,
    ERRORS,
    EXIT_CODES,
    FAILED_FLAGS,
    FAILING_CODE,
    HAPPENED_FLAGS,
    NESTED,
    STATES,
    STATUS_CODES,
    SUCCESS_FLAGS,
    YES,
    Fields,
    is_empty,
    is_envelope,
    message_of,
    number_of,
    plain_word,
    truth_of,
)

_MEASURE = re.compile(r"[±+\-]?\d+(?:\.\d+)?\s*%?")
"""An "error" that is a number of statistics."""
_FINE_MESSAGES = YES | {"成功", "操作成功"}


def verdict(fields: Fields, reads: bool, is_nested: bool) -> bool | None:
    """True for a failure, False for a success, None where the object does not say.
    `reads`: the tool gives back records of others, which may be about failures.
    """
    flags = _flags(fields)
    if any(flags) or _has_bad_code(fields) or happened(fields):
        return True
    if flags:
        return False
    if _has_bad_state(fields, reads) or _is_undone(fields, reads):
        return True
    is_record = reads and is_nested and not is_envelope(fields)
    return True if not is_record and _has_error(fields) else None


def says_fine(fields: Fields) -> bool:
    """Whether a code says that the call went well, whatever its result is about."""
    names = (CODES | STATUS_CODES | ERROR_CODES) & fields.keys()
    return any(number_of(fields[name]) in (0, 200) for name in names)


def happened(fields: Fields) -> bool:
    """Whether a flag tells of a mishap, such as `timed_out`."""
    return any(fields[name] is True for name in HAPPENED_FLAGS & fields.keys())


def _flags(fields: Fields) -> list[bool]:
    """What the flags say, each as whether it tells a failure. Numbers may be counts:
    only a success of 0 tells one.
    """
    succeeded = [truth_of(fields[name]) for name in SUCCESS_FLAGS & fields.keys()]
    failed = [
        truth_of(fields[name])
        for name in FAILED_FLAGS & fields.keys()
        if isinstance(fields[name], bool | str)
    ]
    flags = [not truth for truth in succeeded if truth is not None]
    return flags + [truth for truth in failed if truth is not None]


def _has_bad_code(fields: Fields) -> bool:
    """Whether a code is one of a failure."""
    if any(number_of(fields[name]) for name in EXIT_CODES & fields.keys()):
        return True
    if any(not is_empty(fields[name]) for name in ERROR_CODES & fields.keys()):
        return True
    numbers = [number_of(fields[name]) for name in STATUS_CODES & fields.keys()]
    if any(number is not None and 400 <= number < 600 for number in numbers):
        return True
    codes = [fields[name] for name in CODES & fields.keys()]
    return is_envelope(fields) and any(_is_bad_code(code, fields) for code in codes)


def _is_bad_code(code: Any, fields: Fields) -> bool:
    """Whether the `code` of an envelope is one of a failure: an HTTP status, a longer code
    that begins like one (40013), or any but 0 and 200 where the message is not "ok" and
    there are no data.
    """
    number = number_of(code)
    if number is None:
        return isinstance(code, str) and _names_failure(code)
    if 400 <= number < 600 or (number >= 10_000 and str(number)[0] in "45"):
        return True
    if number == 0 or 100 <= number < 400:
        return False
    message = plain_word(message_of(fields))
    has_data = any(fields.get(name) for name in NESTED)
    return bool(message) and not has_data and message not in _FINE_MESSAGES


def _has_bad_state(fields: Fields, reads: bool) -> bool:
    """Whether a state tells a failure; a record that was looked up may hold any state."""
    if "error" in [fields.get(name) for name in ("type", "object", "kind")]:
        return True
    named = [fields[name] for name in STATES & fields.keys()]
    names = [name for name in named if isinstance(name, str)]
    names += [message_of(fields)]
    if is_envelope(fields) and any(map(_names_failure, names)):
        return True
    states = set(map(plain_word, names))
    if states & ERROR_STATES and (is_envelope(fields) or not reads):
        return True
    filled = {name for name, item in fields.items() if item not in (None, "", [], {})}
    return bool(states & BAD_STATES) and not (reads and filled - ENVELOPE)


def _names_failure(code: str) -> bool:
    """Whether a code or a state is the name of a failure: NOT_FOUND."""
    return plain_word(code) in BAD_STATES or bool(FAILING_CODE.fullmatch(code.strip()))


def _is_undone(fields: Fields, reads: bool) -> bool:
    """Whether what was to be done was not: {"booked": false, "reason": ...}."""
    undone = any(fields[name] is False for name in DONE_FLAGS & fields.keys())
    explained = bool(message_of(fields)) or any(name in fields for name in ERRORS)
    return undone and explained and not reads


def _has_error(fields: Fields) -> bool:
    """Whether an error field is filled. A number of errors is no error."""
    return any(
        _is_error(name, fields[name], is_envelope(fields))
        for name in ERRORS
        if name in fields and not is_empty(fields[name])
    )


def _is_error(name: str, item: Any, wraps: bool) -> bool:
    if isinstance(item, bool):
        return True
    if isinstance(item, int | float):
        return wraps and name == "error" and isinstance(item, int)
    return not (isinstance(item, str) and _MEASURE.fullmatch(item))
