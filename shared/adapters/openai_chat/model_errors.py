"""The SDK's errors as errors of this project."""

from __future__ import annotations

import email.utils
import time

import openai

from shared.adapters.openai_chat.answer_formats import is_too_long, is_unknown_model
from shared.errors import (
    ModelMisconfigured,
    ModelRefused,
    ModelTooLong,
    ModelUnavailable,
    SouvenirError,
)
from shared.language.foreign_json import storable

_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""OpenAI's codes of a 429 that waiting does not help."""
_MAY_PASS = frozenset({408, 409, 425, 429})
_LONGEST_AFTER_S = 24 * 3600.0
_LONGEST_WORDS = 500
"""Characters of an endpoint's message that are handed on."""


def translated(error: openai.OpenAIError, timeout_s: float) -> SouvenirError:
    """The SDK's error as ours; the caller keeps the SDK's as its cause."""
    if isinstance(error, openai.APITimeoutError):
        return ModelUnavailable(
            f"the model does not answer: not a word within {timeout_s:g} s"
        )
    if not isinstance(error, openai.APIStatusError):
        return ModelUnavailable(f"the model does not answer: {error}")
    words = f"({error.status_code}): {storable(error.message[:_LONGEST_WORDS])}"
    if error.status_code in (401, 402, 403) or error.code in _NO_CREDIT:
        return ModelMisconfigured(
            f"the model's endpoint refused the key or its account {words}"
        )
    if error.status_code in _MAY_PASS:
        return ModelUnavailable(
            f"the model has no room now {words}", after=_after(error)
        )
    if error.status_code >= 500:
        return ModelUnavailable(
            f"the model does not answer {words}", after=_after(error)
        )
    if is_unknown_model(error):
        return ModelMisconfigured(f"the endpoint does not have the model {words}")
    if is_too_long(error):
        return ModelTooLong(f"too long for the model {words}")
    return ModelRefused(f"the model refused {words}")


def _after(error: openai.APIStatusError) -> float:
    """Seconds of the header Retry-After, which may be a date (RFC 9110, 10.2.3); 0
    where there is none, or none that can be read; a day at most.
    """
    given = error.response.headers.get("retry-after", "")
    try:
        seconds = float(given)
    except ValueError:
        try:
            moment = email.utils.parsedate_to_datetime(given).timestamp()
        except (ValueError, OverflowError):
            return 0.0
        seconds = moment - time.time()
    return min(max(0.0, seconds), _LONGEST_AFTER_S)
