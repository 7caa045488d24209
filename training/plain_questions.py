"""Questions that were written about talks and lives, as messages that state nothing: whoever asks
where his sister lives says nothing new by it. The data of the message model alone has too few of
them: of 500, the model trained on it kept every fourth as a fact.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from training.data import Message, Talk
from training.lives import Life

NUMBER = 1600
"""So many are learned from: a fifth of all messages."""
_STATES_SOMETHING = "request"
"""The type of question that often tells a circumstance first ("My boss is coming for dinner; what
should I cook?").
"""
_TWO_SENTENCES = re.compile(r"[.!。！…;；:：—]\s*\S")


def plain_questions(
    asked: Iterable[Talk | Life], number: int = NUMBER
) -> list[Message]:
    """At most so many of them, picked by a hash of their words, so that the same data gives
    the same ones.
    """
    found = {
        question.text: Message(
            item.language,
            "user",
            question.text,
            "",
            frozenset({"question"}),
            "user",
            (),
            item.source,
        )
        for item in asked
        for question in item.questions
        if question.type != _STATES_SOMETHING
        and not _TWO_SENTENCES.search(question.text)
    }
    return [found[text] for text in _picked(list(found), number)]


def _picked(texts: Sequence[str], number: int) -> list[str]:
    return sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())[
        :number
    ]
