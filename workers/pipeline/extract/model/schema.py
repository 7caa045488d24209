"""The structured output that a model is asked for. Strict: every field is required and
no other is allowed, as OpenAI's `strict` wants it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.domain.extraction import Bears
from shared.domain.memory_detail import Aspect

Schema = Mapping[str, Any]

_TEXT: Schema = {"type": "string"}
_YES_OR_NO: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "integer"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_NUMBERS: Schema = {"type": "array", "items": _NUMBER}
_KNOWN: Mapping[str, Schema] = {"known": _NUMBER}

ASSISTANT_SAID = "assistant_said"
ASPECTS: Mapping[str, Aspect] = {
    "profile": Aspect.PROFILE,
    "event": Aspect.EVENT,
    "plan": Aspect.PLAN,
    "opinion": Aspect.OPINION,
    ASSISTANT_SAID: Aspect.ADVICE,
    "other": Aspect.OTHER,
}
"""What the model calls them, and what is stored."""


def _object(**fields: Schema) -> Schema:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _list_of(entry: Schema) -> Schema:
    return {"type": "array", "items": entry}


_RELATIONS = _list_of(
    _object(
        **_KNOWN,
        how={"type": "string", "enum": [bears.value for bears in Bears]},
        whole=_YES_OR_NO,
    )
)
_FACT = _object(
    text=_TEXT,
    title=_TEXT,
    kind={"type": "string", "enum": list(ASPECTS)},
    about=_TEXT,
    attribute=_TEXT,
    **{"from": _TEXT, "to": _TEXT},
    tags=_TEXTS,
    questions=_TEXTS,
    lines=_NUMBERS,
    relations=_RELATIONS,
)
_PREFERENCE = _object(
    text=_TEXT,
    topic=_TEXT,
    explicit=_YES_OR_NO,
    reasoning=_TEXT,
    holder=_TEXT,
    every_answer=_YES_OR_NO,
    questions=_TEXTS,
    lines=_NUMBERS,
    relations=_RELATIONS,
)

MEMORIES = _object(
    facts=_list_of(_FACT),
    preferences=_list_of(_PREFERENCE),
    repeated=_list_of(_object(**_KNOWN, lines=_NUMBERS)),
)
"""What was read in a talk. `lines` are the numbers of the lines, `known` those of the
known memories.
"""

SKILL = _object(name=_TEXT, description=_TEXT, procedure=_TEXTS, experience=_TEXTS)
"""A skill in a model's words."""

PASSAGE_NOTES = _object(
    passages=_list_of(
        _object(
            passage=_NUMBER,
            title=_TEXT,
            summary=_TEXT,
            questions=_TEXTS,
            tags=_TEXTS,
        )
    )
)
"""What is noted beside the passages of a document, by their numbers."""
