"""Which clauses of memories an order means.

"I live at 12 Elm Street, and I've got two cats" is as a whole no nearer to "my address" than
to "my cats": of a memory that tells of several things each clause is compared for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile

from shared.domain.judgement import Span
from shared.language.english_verbs import third_person
from shared.language.function_words import likely_languages
from shared.language.lexical import without_date
from shared.language.words import is_chinese
from workers.pipeline.merge.clauses import behind_joint, clauses
from workers.pipeline.orders.clause_forms import is_other_dense, of_other
from workers.pipeline.orders.matching import Matcher, plain
from workers.pipeline.orders.telling_words import Named
from workers.pipeline.orders.whose import ANOTHERS, of_others

SEVERAL = 2
"""Clauses from which a memory tells of several things."""
MOST = 300
"""Clauses that are compared, those of the first texts: long ones have hundreds."""
_COMMAS = (",", "，", "、")
_NAMES_ONLY = re.compile(
    r"(?:[A-ZÀ-Ý][\w.'’-]*|\d[\w-]*)(?:\s+(?:[A-ZÀ-Ý][\w.'’-]*|\d[\w-]*)){0,3}"
)
_HOLDER = re.compile(
    r"^(?P<name>[A-ZÀ-ÞА-ЯЁ][a-zß-ÿа-яё]+)(?:['’]s\b|\s+(?!user\b)[a-zß-ÿ]|\W*$)"
)
"""Whom a statement that begins so is about: "Tom's door code", "Denise,"."""
_OTHERS_OWN = re.compile(
    r"(?:his|her|hers|seine?|ihre?|sa|son|ses|su|sus|suo|sua|его|её)\b", re.IGNORECASE
)
_ARTICLE = re.compile(
    r"(?:the|an?|der|die|das|eine?|le|la|les|une?|el|los|las|il|lo|gli|o|os|as)\s", re.I
)
_FIRST_PERSON = re.compile(
    r"\b(?:I|my|me|our|we|they|their|the user(?:['’]s)?|ich|mein\w*|mich|mir|wir|unser\w*|je|mon|ma|mes|nous"
    r"|notre|nos|yo|mis?|nuestr\w+|io|mi[oae]|eu|meu|minha)\b|\b[jm]['’]",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(("The", "User", "My", "I", "We", "He", "She", "They", "It"))


async def meant_clauses(
    matcher: Matcher, thing: Named, texts: Sequence[str]
) -> list[tuple[str, ...]]:
    """For each text of several clauses those that are about what is named: where some have
    its words these alone; none where it is a person, of whom a clause may tell with a pronoun
    only.
    """
    chosen: list[tuple[str, ...]] = [() for _ in texts]
    held = thing.without_holder()
    if held.own or await matcher.is_of_person(held):
        return chosen
    parts: list[tuple[int, list[str], str]] = []
    for place, text in enumerate(texts):
        for said, whole in _parts(without_date(text), thing):
            if all(thing.has_word(name, whole) for name in thing.own):
                parts.append((place, said, whole))
    parts = await _of_holder(matcher, thing, texts, parts[:MOST])
    wholes = [whole for _, _, whole in parts]
    near = await matcher.about(held, wholes)
    called = {place for place, _, whole in parts if held.is_said_in(whole)}
    for (place, said, whole), is_near in zip(parts, near, strict=True):
        is_other = place in called and not held.is_said_in(whole)
        if is_near and not is_other:
            chosen[place] = (*chosen[place], *said)
    return chosen


async def _of_holder(
    matcher: Matcher,
    thing: Named,
    texts: Sequence[str],
    parts: Sequence[tuple[int, list[str], str]],
) -> list[tuple[int, list[str], str]]:
    """The clauses without those of texts about others, where the user's own is named: "lives
    in Kiel" may not say who does.
    """
    if not thing.is_mine:
        return list(parts)
    places = list(dict.fromkeys(place for place, _, _ in parts))
    said = [plain(texts[place]) for place in places]
    others = await of_others(matcher.reader, said)
    left_out = {
        place
        for place, likely in zip(places, others, strict=True)
        if likely >= ANOTHERS
    }
    return [part for part in parts if part[0] not in left_out]


def holder_of(text: str) -> str:
    """Whom a statement is about, where it begins with one name."""
    match = _HOLDER.match(text)
    name = match["name"] if match else ""
    return "" if name in _NO_NAMES else name


def _has_subject(plain: str) -> bool:
    """Whether a clause tells of something else than the user: "the hotel is at 5 Main
    Street", "Ben has asthma".
    """
    if _FIRST_PERSON.search(plain):
        return False
    words = plain.split()
    is_name = holder_of(plain) and len(words) > 1 and words[1] in _tells_of_one()
    return bool(_ARTICLE.match(plain) or is_name)


@cache
def _tells_of_one() -> frozenset[str]:
    """Verbs behind a name."""
    return third_person() | {"hat", "ist", "est", "tiene", "está", "è"}


def additions(text: str, spans: Sequence[Span]) -> list[Span]:
    """The clauses that are no more than names and numbers behind a comma: they belong to
    the clause before ("at 12 Elm Street, Boston").
    """
    return [
        span
        for span in spans[1:]
        if text[: span[0]].rstrip().endswith(_COMMAS)
        and _NAMES_ONLY.fullmatch(text[slice(*span)])
    ]


def _parts(text: str, thing: Named) -> Iterator[tuple[list[str], str]]:
    """The clauses of a text that has several, each with those that belong to it, and the
    same as it is compared, with its holder in front; what is another's is no part of it
    for a thing of the user's.
    """
    spans = clauses(text)
    added = additions(text, spans)
    if len(spans) - len(added) < SEVERAL:
        return
    holder, names = "", likely_languages(text)
    for place, span in enumerate(spans):
        if span in added:
            continue
        behind = list(takewhile(added.__contains__, spans[place + 1 :]))
        clause = text[slice(*span)]
        plain = text[behind_joint(text, *span) : span[1]]
        is_behind = bool(
            of_other(plain, names) or is_other_dense(plain) or _OTHERS_OWN.match(plain)
        )
        is_others = is_behind or _has_subject(plain)
        if thing.is_mine and is_others and not thing.is_said_in(clause):
            continue
        holder = holder if is_behind else holder_of(plain) or holder
        in_front = holder and is_behind and not is_chinese(plain)
        end = (behind or [span])[-1][1]
        whole = text[span[0] : end]
        whole = (
            f"{holder}: {whole.removeprefix(clause.removesuffix(plain))}"
            if in_front
            else whole
        )
        yield [clause, *(text[slice(*other)] for other in behind)], whole
