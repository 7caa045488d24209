"""The clauses of a text as an order to forget sees them: of whom each tells, and which ones
are no clauses of their own but belong to the one before ("Thursdays at 4", "le 7741").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.judgement import Span
from shared.language.function_words import likely_languages
from shared.language.words import terms
from workers.pipeline.merge.clauses import behind_joint, clauses_behind, quote_span
from workers.pipeline.orders.clause_forms import (
    PRO_DROP,
    Form,
    is_dense,
    is_kin,
    is_other_dense,
    is_user_dense,
    of_all,
    of_other,
    of_user,
    subject_dense,
    subject_in,
)

_STOPS = (".", "!", "?", "。", "！", "？", "؟", "।", "\n", "|", ";", "；")
_CALLED = re.compile(
    r"\b(?:is|are|called|named|ist|heißt|heisst|est|appelle|es|llama|è|chiama|é|chama)\s+"
    r"((?:[A-ZÀ-Ý][\w’'-]*\s+)*[A-ZÀ-Ý][\w’'-]*)|叫([\u3400-\u9fff]{1,3})"
)
"""The name of the one whom a clause tells of."""

_OWNER = re.compile(r"([A-ZÀ-Ý][\w-]+)['’]s\s")
"""Whom "he" means behind what is theirs: "Tom's door code"."""
_THIRD = re.compile(r"\bthe user\b", re.I)
"""Of memories that are written in the third person, where "they" are the user."""

HEADS = (Form.WHOLE, Form.GOES_ON)
"""Clauses from which others take over a subject."""


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of a text, or a fragment that belongs to the one before."""

    start: int
    inner: int
    """Where it begins behind the word that joins it."""
    end: int
    text: str
    """From `inner` on."""
    opens: bool
    """Whether it is the first of a sentence, or of a line."""
    form: Form
    subject: str
    """As it is written: its own, or that of the clause before which it takes over."""
    about: str
    """Of whom or what it tells; empty where that is the user."""
    beside: str = ""
    """What it takes over besides: of "my sister in Basel" the verb."""

    @property
    def is_joined(self) -> bool:
        """Whether a word joins it to the one before."""
        return self.inner > self.start


def parts_of(text: str) -> list[Part]:
    """The clauses of a text without its day that say something, behind the bracket that
    quotes what was corrected.
    """
    names = likely_languages(text)
    parts: list[Part] = []
    for start, end in clauses_behind(text, quote_span(text)[1]):
        if terms(text[start:end]):
            parts.append(_part(text, (start, end), parts, names))
    return parts


def _part(text: str, span: Span, before: Sequence[Part], names: set[str]) -> Part:
    """The clause that stands there; `before`: those before it."""
    inner = behind_joint(text, *span)
    said = text[inner : span[1]]
    form, subject = subject_dense(said) if is_dense(said) else subject_in(said, names)
    opens = not before or text[: span[0]].rstrip(" ").endswith(_STOPS)
    if opens and form in (Form.FRAGMENT, Form.GAPPED):
        form, subject = Form.WHOLE, subject or said
    beside = ""
    if form is Form.WHOLE or not before:
        about = _about(said, subject, before, names)
    elif form is Form.GAPPED:
        about = subject
        beside = _head(before).text.removeprefix(_head(before).subject)
    elif opens:
        about = _of_sentence(said, _head(before), names)
    else:
        subject, about = _head(before).subject, _head(before).about
    return Part(span[0], inner, span[1], said, opens, form, subject, about, beside)


def _head(before: Sequence[Part]) -> Part:
    """The last clause from which others take over a subject."""
    whole = [part for part in before if part.form in HEADS]
    return (whole or before)[-1]


def _about(said: str, subject: str, before: Sequence[Part], names: set[str]) -> str:
    """Of whom or what a clause with a subject tells."""
    other = of_other(said, names)
    if other.lower() == "they" and any(_THIRD.search(part.text) for part in before):
        return ""
    if is_user_dense(said) or of_user(said, names):
        return ""
    if before and of_all(said, names):
        return before[-1].text
    if before and (other or is_other_dense(said)):
        head = _head(before)
        owner = _OWNER.match(head.about)
        return owner[1] if owner else head.about or head.text
    called = _CALLED.search(said)
    name = (called[1] or called[2]) if called and subject else ""
    return f"{subject} {name}".strip()


def _of_sentence(said: str, head: Part, names: set[str]) -> str:
    """Of whom a sentence tells that has no subject: of those before it where the language
    leaves out pronouns.
    """
    if is_dense(said):
        return head.about if is_kin(head.about) else ""
    return (head.about or head.text) if names & PRO_DROP else ""
