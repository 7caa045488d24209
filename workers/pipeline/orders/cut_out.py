"""A text without some of its clauses: what stays is word for word, with its marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from workers.pipeline.orders.clause_forms import Form, is_dense
from workers.pipeline.orders.clause_parts import HEADS, Part

_HAVING = re.compile(
    r"(?:I|we|the user|ich|wir|je|j|yo|io|eu)?['’\s]*"
    r"(?:have|has|ve got|habe|haben|ai|avons|tengo|tenemos|ho|abbiamo|tenho|temos)\b",
    re.I,
)
"""How a clause begins that tells what the user has: "and a dog" may follow."""
_BEING = re.compile(
    r"(?:I['’]m|I am|the user is|ich bin|je suis|soy|sono|sou)(?=\s+(?:[A-ZÀ-Ý]\w+|\d+)$)",
    re.I,
)
"""How a clause begins that says the user's name or age, as others in its list may."""
_LAST_MARKS = ".!?。！？"


def lists_more(part: Part) -> bool:
    """Whether fragments behind a clause say further things of the user: "I'm Mia, 31"."""
    return bool(_BEING.match(part.text))


def cut_out(text: str, parts: Sequence[Part], going: Collection[int]) -> str:
    """What stays of a text from its first clause on without those that go, of which there
    are some others. Behind the beginning of a sentence that goes its subject stays for a
    clause that takes it over.
    """
    said, gone = "", list[Part]()
    end = parts[0].start
    for place, part in enumerate(parts):
        if place in going:
            gone.append(part)
            continue
        if gone:
            between = _mark(text, parts, place - len(gone), place) if said else ""
            said += between + _behind(text, gone, part)
        else:
            said += text[end : part.end]
        gone, end = [], part.end
    if not gone:
        return said + text[end:]
    mark = _mark(text, parts, len(parts) - len(gone), len(parts)).rstrip()
    return said + (mark if mark[-1:] in _LAST_MARKS else text[parts[-1].end :])


def _mark(text: str, parts: Sequence[Part], first: int, behind: int) -> str:
    """The mark that stays for the clauses from `first` on: the end of the sentence before
    them or of theirs, else what stands behind them.
    """
    places = range(first, min(behind + 1, len(parts)))
    place = next((place for place in places if parts[place].opens), behind)
    start = parts[place - 1].end
    return text[start : parts[place].start] if place < len(parts) else text[start:]


def _behind(text: str, gone: Sequence[Part], part: Part) -> str:
    """A clause that stays behind those that are gone."""
    if part.opens:
        return text[part.start : part.end]
    opening = [place for place, other in enumerate(gone) if other.opens]
    of_sentence = gone[opening[-1] :] if opening else gone
    subject = _taken_over(of_sentence, part)
    if not subject and not opening:
        return text[part.start : part.end]
    said = subject + text[part.inner : part.end]
    is_capital = bool(opening) and of_sentence[0].text[:1].isupper()
    return said[:1].upper() + said[1:] if is_capital else said


def _taken_over(gone: Sequence[Part], part: Part) -> str:
    """What a clause takes over of those before it: the subject, or subject and verb."""
    heads = [other for other in gone if other.form in HEADS]
    subject = ""
    if heads and part.form is Form.GOES_ON:
        subject = heads[-1].subject
    elif heads and part.form is Form.FRAGMENT:
        pattern = _HAVING if part.is_joined else _BEING
        match = pattern.match(heads[-1].text)
        subject = match[0] if match else ""
    if not subject or subject.endswith((":", "：", "'", "’")):
        return ""
    return subject if is_dense(part.text) else f"{subject} "
