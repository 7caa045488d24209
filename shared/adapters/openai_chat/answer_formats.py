"""How a structured answer is asked for: endpoints differ in what they take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import openai

FORMATS = ("json_schema", "json_object", "")
"""Response formats, the strictest first; "" is plain text."""
_REFUSED = frozenset({400, 404, 415, 422, 501})
"""HTTP statuses by which endpoints say that they do not know a response format."""

Messages = Sequence[Mapping[str, Any]]


def refuses_format(error: openai.OpenAIError) -> bool:
    """Whether a refusal may be about the response format. One that names its cause is
    not: the model is unknown, the request too long.
    """
    if not isinstance(error, openai.APIStatusError):
        return False
    return (
        error.status_code in _REFUSED
        and not is_unknown_model(error)
        and not is_too_long(error)
    )


def is_unknown_model(error: openai.APIStatusError) -> bool:
    """Whether the endpoint does not have the model."""
    words = error.message.lower()
    missing = any(
        said in words for said in ("not exist", "not found", "unknown", "no such")
    )
    return error.code == "model_not_found" or (
        error.status_code == 404 and "model" in words and missing
    )


def is_too_long(error: openai.APIStatusError) -> bool:
    """Whether the request does not fit into the model's context: OpenAI's code, and the
    words of vLLM, llama.cpp and Anthropic's compatible endpoint.
    """
    words = error.message.lower()
    said = ("context length", "context size", "context window", "too long")
    return (
        error.code == "context_length_exceeded"
        or error.status_code == 413
        or any(phrase in words for phrase in said)
    )


def in_format(
    format: str, messages: Messages, schema: Mapping[str, Any]
) -> tuple[Messages, dict[str, Any]]:
    """The messages, and what else is sent, to ask for an answer in a format."""
    if format == "json_schema":
        named = {"name": "answer", "schema": schema, "strict": True}
        return messages, {"response_format": {"type": format, "json_schema": named}}
    extra = {"response_format": {"type": format}} if format else {}
    words = (
        "Answer with one JSON object and nothing else. It must fit this JSON schema:\n"
        + json.dumps(schema, ensure_ascii=False)
    )
    # In the first system message: some endpoints take only one, and only at the front.
    if messages and messages[0].get("role") == "system":
        first, *rest = messages
        return [{**first, "content": f"{first['content']}\n\n{words}"}, *rest], extra
    return [{"role": "system", "content": words}, *messages], extra
