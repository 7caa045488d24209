"""What owners tell the model that extracts: checked here, before it is near a prompt."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from services.http.errors import refused
from shared.contract import Code
from shared.domain.project_settings import ALL, INSTRUCTION_KEYS

MAX_CHARACTERS = 2000
"""Of one instruction: more is no instruction but a prompt of its own."""

_FRAME = re.compile(
    r"<\|[^|\n]{1,40}\|>"  # ChatML and its relatives
    r"|\[/?INST\]|<</?SYS>>"  # Llama 2
    r"|</?(?:system|assistant|user|think|instructions?)\s*>"
    r"|^\s*#{2,}\s*(?:system|assistant)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Marks by which models tell one speaker from another: in an instruction they only
serve to speak as somebody else.
"""
_OVERRULING = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}"
    r"\b(?:previous|above|earlier|prior|preceding|system)\b.{0,30}"
    r"\b(?:instructions?|prompts?|rules?|messages?)\b"
    r"|(?:忽略|无视|忘记|忘掉|不要理会).{0,12}(?:以上|上述|之前|前面|先前|系统)"
    r".{0,12}(?:指令|提示|规则|内容|要求)",
    re.IGNORECASE | re.DOTALL,
)
"""The usual wording of an attempt to take the model over, in English and Chinese."""
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Invisible characters, newline and tab excepted."""


def checked(key: str, text: str) -> str:
    """An instruction, trimmed. Raises 40000 for one that is too long, or that reads as
    an attempt to take the model over.
    """
    plain = _CONTROLS.sub("", text).strip()
    if len(plain) > MAX_CHARACTERS:
        raise refused(f"{key}: longer than {MAX_CHARACTERS} characters", Code.MALFORMED)
    attempt = _FRAME.search(plain) or _OVERRULING.search(plain)
    if attempt:
        raise refused(
            f"{key}: {attempt[0][:60]!r} does not say what to remember; say what is worth"
            " remembering and what is not",
            Code.MALFORMED,
        )
    return plain


def known_keys(given: dict[str, str]) -> dict[str, str]:
    """Those instructions whose keys exist, checked, without empty ones: a newer
    client's keys are passed over, as its fields are.
    """
    instructions = {
        key: checked(key, given[key]) for key in INSTRUCTION_KEYS if key in given
    }
    return {key: text for key, text in instructions.items() if text}


def only_known_keys(given: dict[str, str]) -> dict[str, str]:
    """The same; raises 40000 for a key that does not exist."""
    for key in given:
        if key not in INSTRUCTION_KEYS:
            names = ", ".join(INSTRUCTION_KEYS)
            raise refused(f"{key}: not one of {names}", Code.MALFORMED)
    return known_keys(given)


def _as_object(given: Any) -> Any:
    """One text is for everything; null is absent."""
    if isinstance(given, str):
        return {ALL: given}
    if isinstance(given, dict):
        return {key: text for key, text in given.items() if text is not None}
    return given


_Texts = dict[str, Annotated[str, Field(strict=True)]]
Instructions = Annotated[
    _Texts, BeforeValidator(_as_object), AfterValidator(known_keys)
]
OwnersInstructions = Annotated[
    _Texts, BeforeValidator(_as_object), AfterValidator(only_known_keys)
]

DESCRIPTION = (
    "What the language model that extracts is told, by what it is about: "
    + ", ".join(INSTRUCTION_KEYS)
    + f". At most {MAX_CHARACTERS} characters each. Without a language model it has no"
    " effect."
)
EXAMPLE = {"preference": "只记录饮食偏好。", "all": "Never keep prices."}
