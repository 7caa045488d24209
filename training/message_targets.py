"""What the message model is to say of a message: classes of its heads, targets for each token."""

from __future__ import annotations

from dataclasses import dataclass

from shared.adapters.onnx.inputs import message_offset, message_parts
from shared.adapters.onnx.session import enclosed
from shared.adapters.onnx.tokenizer import Token, Tokenizer
from shared.adapters.onnx.weights import Weights
from training.data import ABOUT, LABELS, PART_KINDS, Message
from training.heads import HeadSize

WORTH_KEEPING = "worth_keeping"
ALL_LABELS = (*LABELS, WORTH_KEEPING)
TAGS = ("nothing", *PART_KINDS)
OUTSIDE = -100
"""The target of a token that takes no part in a loss."""
SIZES = (
    HeadSize("labels", len(ALL_LABELS), "best token"),
    HeadSize("about", len(ABOUT)),
    HeadSize("tags", len(TAGS), "each token"),
    HeadSize("begins", 1, "each token"),
    HeadSize("part_about", len(ABOUT), "each token"),
)
CLASSES = {
    "labels": ALL_LABELS,
    "about": ABOUT,
    "tags": TAGS,
    "begins": ("begins",),
    "part_about": ABOUT,
}
DISTRIBUTIONS = ("about", "tags", "part_about")
"""Heads whose classes exclude each other; the others' hold each for itself."""


@dataclass(frozen=True)
class Example:
    """A message as tokens, with the targets of all heads."""

    ids: list[int]
    tokens: list[Token]
    offset: int
    labels: list[float]
    about: int
    tags: list[int]
    begins: list[int]
    part_about: list[int]


def example_of(message: Message, tokenizer: Tokenizer, weights: Weights) -> Example:
    """Tokens and targets. A token belongs to the part that holds its first character."""
    parts, tokens = message_parts(
        tokenizer, message.role, message.text, message.previous
    )
    ids = enclosed(parts, weights.special.start, weights.special.end)
    offset = message_offset(parts, tokens)
    tags, begins, about = ([OUTSIDE] * len(ids) for _ in range(3))
    before = -1
    for place, token in enumerate(tokens, offset):
        number = _part_at(message, token)
        tags[place], begins[place] = 0, 0
        if number >= 0:
            part = message.parts[number]
            tags[place] = 1 + PART_KINDS.index(part.kind)
            about[place] = ABOUT.index(part.about)
            begins[place] = int(number != before)
        before = number
    labels = [float(label in message.labels) for label in LABELS] + [
        float(bool(message.parts))
    ]
    owner = ABOUT.index(message.about)
    return Example(ids, tokens, offset, labels, owner, tags, begins, about)


def _part_at(message: Message, token: Token) -> int:
    for number, part in enumerate(message.parts):
        if part.start <= token.start < part.end and token.start < token.end:
            return number
    return -1
