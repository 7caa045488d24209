"""What a memory says besides what is to be forgotten: "My rent is 940 and my internet is
35" loses its rent and keeps the internet.

Only a clause with a subject stays, its own or the user, who is that of the clauses before
it ("I'm Lena, weigh 72 kg and play handball"), and only where what is named stands word for
word in another clause: "he works at Philips" goes with the person it tells of, as
does "I can't stand him", and of a memory that is meant by its meaning all goes. Beside a
person who is named "we" may mean them, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

from shared.domain.identity import computed_id
from shared.domain.judgement import Span
from shared.domain.memory import Memory
from shared.domain.memory_detail import NOTES_OF_MODEL, filtered_notes
from shared.language.english_verbs import (
    AUXILIARIES,
    singular,
    third_person,
    verbs,
)
from shared.language.lexical import without_date
from shared.language.renewed_phrases import renewed_tags, renewed_title
from shared.language.words import is_chinese, terms
from workers.pipeline.extract.speech.patterns import REFERS, TELLS
from workers.pipeline.merge.clauses import JOINS, clauses, question_span
from workers.pipeline.orders.meant_clauses import holder_of, with_holder
from workers.pipeline.orders.telling_words import Named
from workers.pipeline.orders.wordings import Language

_ARTICLE = re.compile(r"^(?:the|der|die|das|le|la|l['’]|el|il|o|a)\s+(?=\w)", re.I)
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W\d_]+)*")
_NAME = re.compile(r"\b[A-ZÄÖÜÀ-Ý][a-zß-ÿ]+\b")
"""Of a person; PIN and WiFi are things."""
_WE = {
    "en": r"we|us|our|ours",
    "de": r"wir|uns\w*",
    "fr": r"nous|nos|notre|on",
    "es": r"nosotr[oa]s|nuestr\w+|\w{2,}[aei]mos",
    "it": r"noi|nostr\w+|\w{2,}[aei]mmo|\w{2,}iamo",
    "pt": r"nós|noss[oa]s?|\w{2,}[aei]mos",
    "ru": r"мы|нас|нам|нами|наш\w*",
}
"""Words of several who speak, by language."""
_WE_DENSE = re.compile(r"[我咱]们|[我咱]們|私たち|僕たち|우리")
_THE_USERS = re.compile(r"^(?:the user['’]s|their)\s+(?=\w)", re.I)
_OF_THE_USER = re.compile(r"^(?:the user(?:['’]s)?|their)\s+(?=\w)", re.I)
"""How a clause about the user begins: "they" is written only where it means the user."""
_THEIRS = re.compile(r"\btheir\b")
_AS_THEY = re.compile(r"they\s+(?P<verb>[a-z]+)\b", re.I)
_OWN_ZH = re.compile(
    r"(?:用户|我)的?\S|[\u3400-\u9fff]{2,6}?(?:是|为|每月|要|共)?\s*[\d一二三四五六七八九十百千万两]+"
)
_PRONOUNS_ZH = ("他", "她", "它", "佢")
_USER = re.compile(r"I(?=['’\s])|The user(?=\s)")
_USER_ZH = re.compile(r"(?:用户|我)(?!的)")
_PLACES_ZH = ("在", "就在", "位于", "靠近", "离", "近", "旁边", "对面")
"""How a clause begins that goes on with the place of the one before it."""
_STOPS = (".", "!", "?", ";", "。", "！", "？", "；")
_NUMBER_WITHIN = 3
"""Words of a clause within which its value stands where it has no verb: "internet 35"."""


def remainder(
    memory: Memory,
    named: Named,
    language: Language,
    meant_clauses: Collection[str] = (),
) -> Memory | None:
    """The memory without the clauses that have what is named, and without those that are
    meant by their meaning; None where nothing of it stands alone without them.
    """
    text = without_date(memory.text)
    staying = _staying(text, named, language, meant_clauses)
    if not staying:
        return None
    said = _joined(text, staying)
    day = memory.text[len(text) :]
    rest = replace(
        memory,
        id=remainder_id(memory, said + day),
        text=said + day,
        context="",
        reasoning="",
        replaced=(),  # they said earlier what is to be forgotten
        detail=_noted_of(memory, said),
    )
    title = renewed_title(memory, memory.title, rest.text)
    return replace(rest, title=title, tags=renewed_tags(memory, memory.tags, rest.text))


def _staying(
    text: str, named: Named, language: Language, meant_clauses: Collection[str]
) -> list[str]:
    """The clauses of a text that stand alone without those that are meant; none where none
    is meant, or all that it says is one clause.
    """
    spans = clauses(text)
    meant = [
        span
        for span in spans
        if (clause := text[slice(*span)]) in meant_clauses or named.is_said_in(clause)
    ]
    if not meant or len(spans) < 2:
        return []
    is_person = bool(_NAME.search(named.text))
    is_of_thing = named.is_of_holder or any(
        text[slice(*span)] in meant_clauses for span in meant
    )
    return [
        clause
        for clause, is_apart in _others(text, spans, meant, named)
        if _stands_alone(clause, language, is_apart and is_of_thing)
        and not (is_person and _is_of_several(clause, language))
    ]


def remainder_id(memory: Memory, text: str) -> str:
    """The id of what stays of a memory: the same in each try."""
    return computed_id("remainder", memory.id, text)


def _noted_of(memory: Memory, said: str) -> dict[str, Any]:
    """The detail with what is noted of the clauses that stay: what a model has found is
    of all the words, and a note of a change quotes those that it makes outdated.
    """
    stays = said.casefold()
    detail = filtered_notes(
        memory.detail, lambda change: change["was"].casefold() in stays
    )
    return {key: value for key, value in detail.items() if key not in NOTES_OF_MODEL}


def _others(
    text: str, spans: Sequence[Span], meant: Sequence[Span], named: Named
) -> list[tuple[str, bool]]:
    """The clauses that are not meant, with their subject, and whether each is more than
    an addition to the one before; a number behind one of them belongs to it ("I'm Mia, 31").
    """
    subject = _subject_of(text[slice(*spans[0])]) if named.is_mine else ""
    comma = "，" if is_chinese(subject) else ", "
    others: list[tuple[str, bool]] = []
    is_behind, holder = False, ""
    for span in spans:
        clause = text[slice(*span)]
        # "Tom's door code" is not all about Tom: "he waters my plants" stays.
        holder = (holder_of(clause) if named.is_of_holder else "") or holder
        if span in meant:
            is_behind = False
        elif subject and is_behind and clause[0].isdigit():
            others[-1] = (others[-1][0] + comma + clause, others[-1][1])
        else:
            said = with_holder(_with_subject(clause, subject), holder)
            is_first = span == spans[0]
            others.append((said, is_first or _is_apart(text, span[0])))
            is_behind = True
    return others


def _is_apart(text: str, start: int) -> bool:
    """Whether a clause is a sentence, or joined to the one before by a word: what only a
    comma parts from it may belong to it ("at 12 Elm Street, Boston").
    """
    is_joined = bool(JOINS.match(text, start))
    return is_joined or text[:start].rstrip().endswith(_STOPS)


def _subject_of(clause: str) -> str:
    """The user, as the subject of a statement's first clause; empty where it is another."""
    user = (_USER_ZH if is_chinese(clause) else _USER).match(clause)
    return user[0] if user else ""


def _with_subject(clause: str, subject: str) -> str:
    """A clause that has no subject, behind that of the clauses before it; any other one
    as it is.
    """
    if not subject:
        return clause
    if is_chinese(subject):
        goes_on = clause.startswith((*_PRONOUNS_ZH, *_PLACES_ZH, subject))
        return clause if goes_on or not is_chinese(clause) else subject + clause
    plain = _without_joint(clause)
    user = _AS_THEY.match(plain) if subject != "I" else None
    if user:
        return f"{subject} {singular(user['verb'])}{plain[user.end() :]}"
    forms = _first_person() if subject == "I" else third_person()
    return f"{subject} {plain}" if plain.split()[0].lower() in forms else clause


@cache
def _first_person() -> frozenset[str]:
    """Verbs as they stand behind "I"."""
    forms = verbs()
    return forms.base | forms.past | forms.uncertain | AUXILIARIES


def _stands_alone(clause: str, language: Language, is_apart: bool) -> bool:
    """Whether a clause has a subject of its own: something of the user's, or a thing
    with its number ("the alarm is 90210"). `is_apart`: beside a thing that is named it
    may have any subject, as long as it does not point to what goes.
    """
    if len(set(terms(clause))) < (1 if _USER.match(clause) else 2):
        return False
    plain = _without_joint(clause)
    is_of_user = bool(_OF_THE_USER.match(plain) or _USER.match(plain))
    statement = _THEIRS.sub("", plain) if is_of_user else plain
    if not language.is_spaced or is_chinese(clause):
        of_user = _OWN_ZH.match(clause) or _USER_ZH.match(clause)
        is_own = bool(of_user) and not clause.startswith(_PRONOUNS_ZH)
        return is_own or (is_apart and not REFERS.search(statement))
    if REFERS.search(_OF_THE_USER.sub("", statement)):
        return False
    if is_apart or (_ARTICLE.match(plain) and any(map(str.isdigit, plain))):
        return True
    words = _WORD.findall(plain.lower())
    is_own = is_of_user or words[0] in language.mine or bool(TELLS.match(plain))
    return is_own or any(word[0].isdigit() for word in words[1:_NUMBER_WITHIN])


def _without_joint(clause: str) -> str:
    joint = JOINS.match(clause)
    return clause[joint.end() :] if joint else clause


def _is_of_several(clause: str, language: Language) -> bool:
    """Whether a clause tells of the one who speaks together with others."""
    words = _WE.get(language.code)
    plural = words is not None and re.search(rf"\b(?:{words})\b", clause, re.I)
    return bool(plural or _WE_DENSE.search(clause))


def _joined(text: str, staying: list[str]) -> str:
    """The clauses that stay, behind the name of who said them."""
    label = text[: question_span(text)[0]]
    if is_chinese(text):
        plain = staying[:1]
        for before, clause in pairwise(staying):  # the user is named once
            is_same = _USER_ZH.match(before) and _USER_ZH.match(clause)
            plain.append(_USER_ZH.sub("", clause, count=1) if is_same else clause)
        return label + "，".join(plain) + "。"
    plain = [
        _THE_USERS.sub("the user's ", _without_joint(clause)) for clause in staying
    ]
    plain = [re.sub(r"^The(?= user\b)", "the", clause) for clause in plain]
    said = ", ".join(plain)
    return f"{label}{said[:1].upper()}{said[1:]}."
