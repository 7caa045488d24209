"""How a pair of statements and a message become tokens: the same in training and at run time."""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.onnx.tokenizer import Token, Tokenizer

OLD_TOKENS = 160
NEW_TOKENS = 224
PREVIOUS_TOKENS = 64
BEFORE_TOKENS = 48
MESSAGE_TOKENS = 384
"""Tokens that are read of each part; what is longer is cut."""


def pair_tokens(
    tokenizer: Tokenizer, old: str, new: str
) -> tuple[list[Token], list[Token]]:
    """Those of the remembered statement, then those of what is said later."""
    return tokenizer.tokens(old)[:OLD_TOKENS], tokenizer.tokens(new)[:NEW_TOKENS]


def pair_offsets(parts: Sequence[Sequence[int]]) -> tuple[int, int]:
    """The places of the first tokens of both parts in the input."""
    return 1, 1 + len(parts[0]) + 2


def message_parts(
    tokenizer: Tokenizer, role: str, text: str, previous: str
) -> tuple[list[list[int]], list[Token]]:
    """The parts of the input and the message's own tokens; the message comes first.

    Its tokens lie in the input from place 1 + the tokens of its role on: see `message_offset`.
    """
    tokens = tokenizer.tokens(text)[:MESSAGE_TOKENS]
    parts = [[*tokenizer.ids(f"{role}:"), *(token.id for token in tokens)]]
    if previous:
        parts.append(tokenizer.ids(previous)[-PREVIOUS_TOKENS:])
    return parts, tokens


def message_offset(parts: Sequence[Sequence[int]], tokens: Sequence[Token]) -> int:
    """The place of the message's first token in the input."""
    return 1 + len(parts[0]) - len(tokens)
