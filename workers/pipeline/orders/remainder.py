"""What a memory says besides what is to be forgotten: "My rent is 940 and my internet is
35" loses its rent and keeps the internet.

The clauses that are meant are cut out of the text, with the fragments that belong to them and
the clauses that tell of what goes ("he works at Philips"); all the rest stays word for word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.domain.identity import computed_id
from shared.domain.memory import Memory
from shared.domain.memory_detail import NOTES_OF_MODEL, filtered_notes
from shared.language.function_words import likely_languages
from shared.language.lexical import without_date
from shared.language.renewed_phrases import renewed_tags, renewed_title
from workers.pipeline.merge.clauses import clauses_behind, question_span, quote_span
from workers.pipeline.orders.clause_forms import Form
from workers.pipeline.orders.clause_parts import Part, parts_of
from workers.pipeline.orders.cut_out import cut_out, lists_more
from workers.pipeline.orders.telling_words import Named

_NAME = re.compile(r"\b[A-ZÄÖÜÀ-Ý][a-zß-ÿ]+\b")
"""Of a person; PIN and WiFi are things."""
_WITH: Mapping[str, str] = {
    "en": r"we|us|our|ours|him|her|them",
    "de": r"wir|uns\w*|ihn|ihm|ihnen",
    "fr": r"nous|nos|notre|on|lui|leur",
    "es": r"nosotr[oa]s|nuestr\w+|\w{2,}[aei]mos",
    "it": r"noi|nostr\w+|\w{2,}[aei]mmo|\w{2,}iamo",
    "pt": r"nós|noss[oa]s?|\w{2,}[aei]mos",
    "ru": r"мы|нас|нам|нами|наш\w*",
}
"""Words that may mean a person who was named, alone or with the user, by language."""
_IT: Mapping[str, str] = {
    "en": r"it|this|them",
    "de": r"es|ihn|da(?:mit|für|von|ran|zu|gegen)",
    "fr": r"ça|cela|celui-ci",
    "es": r"lo|eso|esto",
    "it": r"ne|questo",
    "pt": r"isso|isto",
    "ru": r"его|её|это",
}
"""Words that mean what was said before them in the same sentence."""
_IT_DENSE = re.compile(r"它|这个|这事|それ|これ")
_WITH_DENSE = re.compile(r"[我咱]们|[我咱]們|[他她]|私たち|僕たち|우리")
_VALUE = re.compile(r"\W*(?:[A-ZÀ-Ý\d][\w.'’-]*[\s.]*){1,4}|.*\d.*")
"""A fragment that is names or has a number."""


def remainder(memory: Memory, said: str) -> Memory:
    """What stays of a memory: its text is `said`, with the day of the memory."""
    day = memory.text[len(without_date(memory.text)) :]
    rest = replace(
        memory,
        id=computed_id("remainder", memory.id, said + day),  # the same in each try
        text=said + day,
        context="",
        reasoning="",
        replaced=(),  # they said earlier what is to be forgotten
        detail=_noted_of(memory, said),
    )
    title = renewed_title(memory, memory.title, rest.text)
    return replace(rest, title=title, tags=renewed_tags(memory, memory.tags, rest.text))


def remaining_text(
    text: str, named: Named, meant_clauses: Collection[str] = ()
) -> str | None:
    """A text without its day and without the clauses that are meant: nothing where all of it
    goes; None where it is not clear which they are.
    """
    parts = parts_of(text)
    quote = slice(*quote_span(text))
    is_quoted = any(
        _is_said(text[quote][start:end], named, meant_clauses)
        for start, end in clauses_behind(text[quote], 0)
    )
    meant = _meant(parts, named, meant_clauses)
    if not meant and not is_quoted:
        meant = _with_predicate(parts, named)
        if not meant:
            return None
    going = _with_belonging(parts, meant, named)
    if len(going) == len(parts):
        return ""
    front = text[: question_span(text)[0]]
    if 0 not in going:
        first = quote.stop if is_quoted else len(front)
        front += text[first : parts[0].start]
    return front + cut_out(text, parts, going)


def _noted_of(memory: Memory, said: str) -> dict[str, Any]:
    """The detail with what is noted of the clauses that stay: what a model has found is
    of all the words, and a note of a change quotes those that it makes outdated.
    """
    stays = said.casefold()
    detail = filtered_notes(
        memory.detail, lambda change: change["was"].casefold() in stays
    )
    return {key: value for key, value in detail.items() if key not in NOTES_OF_MODEL}


def _meant(
    parts: Sequence[Part], named: Named, meant_clauses: Collection[str]
) -> set[int]:
    """The places of the clauses that are meant: by the words of what is named, their own or
    with those of whom they tell, or by their meaning.
    """
    return {
        place
        for place, part in enumerate(parts)
        if _is_said(part.text, named, meant_clauses) or _is_said_of(part, named)
    }


def _with_predicate(parts: Sequence[Part], named: Named) -> set[int]:
    """Those with what is said of the first word of what is named: of "my wife hates mushrooms"
    all but those about others, where she is spoken of, else those that have all of it.
    """
    first, *telling = named.core
    about = [named.has_word(first, f"{part.about} {part.text}") for part in parts]
    matches = any if any(about) else all
    return {
        place
        for place, part in enumerate(parts)
        if telling
        and matches(named.has_word(word, part.text) for word in telling)
        and (about[place] or not part.about)
    }


def _is_said(clause: str, named: Named, meant_clauses: Collection[str]) -> bool:
    is_near = any(clause.endswith(meant) for meant in meant_clauses)
    return is_near or named.is_said_in(clause)


def _is_said_of(part: Part, named: Named) -> bool:
    """Whether a clause has what is named with the words that it takes over, or all of it is
    of that.
    """
    if not part.about:
        return False
    if named.is_all_of(part.about):
        return True
    whole = f"{part.about} {part.text} {part.beside}"
    return named.says_some_of(part.text) and named.is_said_in(whole)


def _with_belonging(parts: Sequence[Part], meant: set[int], named: Named) -> set[int]:
    """The clauses that are meant, and what belongs to them."""
    going = set(meant)
    root: Part | None = None
    is_person = len(named.core) == 1 and bool(_NAME.search(named.text))
    for place, part in enumerate(parts):
        if place in meant:
            root = (
                part if root is None or part.opens or not _belongs(part, root) else root
            )
        elif root and (_belongs(part, root) or _points_back(part, is_person)):
            going.add(place)
        else:
            root = None
    return going


def _belongs(part: Part, root: Part) -> bool:
    """Whether a part that follows one that goes belongs to it: not a further one of a list."""
    if part.form is not Form.FRAGMENT or part.opens:
        return False
    is_value = bool(_VALUE.fullmatch(part.text))
    if root.form is Form.FRAGMENT or part.is_joined:
        return is_value
    return not lists_more(root)


def _points_back(part: Part, is_person: bool) -> bool:
    """Whether a clause behind one that goes may mean the person, or the thing, of that."""
    if is_person and _has(part.text, _WITH, _WITH_DENSE):
        return True
    return not part.opens and _has(part.text, _IT, _IT_DENSE)


def _has(text: str, words: Mapping[str, str], dense: re.Pattern[str]) -> bool:
    names = [name for name in sorted(likely_languages(text)) if name in words]
    rows = "|".join(words[name] for name in names)
    return bool(re.search(rf"\b(?:{rows})\b", text, re.I) or dense.search(text))
