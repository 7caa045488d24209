"""How orders to the memory are worded. The wordings of a language, with examples, are
data: `languages/<code>.json`.

    forget      what it names is to go
    withhold    what is said here is not to be stored
    back        what was said just before is to go
    everything  all is to go
    restore     what went last is to come back
    unclear     may be such an order, or only "never mind"
    remember    speaks of forgetting and is no such order ("don't forget that ...")
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, product
from typing import Any

from shared.language.sentences import sentence_spans
from workers.pipeline.orders.former_or_current import TimeWords

UNSPACED = frozenset(("zh", "ja"))
"""Languages that write no space between words."""
SUFFIXED = frozenset(("zh", "ja", "ko"))
"""Languages whose verbs take their endings without a space."""
KINDS = ("remember", "restore", "unclear", "withhold", "forget", "delete")
"""In the order in which they are tried."""
LISTED = 5
"""Words up to which what follows a comma is a further thing that is named."""
MOST_ROUND = 6
"""Polite words before an order, and as many after it. Some rows can be read as two
others ("would you please"): with no bound, each more of them would double the time that
a sentence without an order takes.
"""
LONGEST = 600
"""Characters of a sentence that may be an order."""
OWN_WORDS = 3
"""Telling words behind "my" in an order whose wording is not known."""
_WHAT = r"(?P<what>[^,;:—–，；：、،؛.!?。！？।؟]+?)"
_REST = r"(?:\s*(?:[,;:—–，；：、،؛]|\s-\s)\s*(?P<rest>.+))?"
_END = r"[\s.!?。！？।؟…~)）\"”]*"
_COMMA = re.compile(r"[,，、;；،؛]\s*")
_SEPARATORS = re.compile(r"\s*[,，、;；]\s*(?:(?:and|und|y|et|e|и|和|및)\s+)?")


@dataclass(frozen=True, slots=True)
class Wording:
    """An order as it stands in a text: `text[start:end]`."""

    kind: str
    named: tuple[str, ...]
    """What it names, without the words around it ("everything you know about")."""
    start: int
    end: int
    language: str
    is_certain: bool = True
    """Whether it can mean nothing but the memory; "delete the file" can."""
    is_guessed: bool = False
    """Whether it is in none of the wordings, and what it names only supposed."""


@dataclass(frozen=True, slots=True)
class Language:
    """The wordings of one language, compiled."""

    code: str
    patterns: Mapping[str, Sequence[re.Pattern[str]]]
    everything: re.Pattern[str]
    back: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str] | None
    mine: frozenset[str]
    small: frozenset[str]
    numbers: tuple[str, ...]
    general: frozenset[str]
    wrong: re.Pattern[str]
    wrong_of: Sequence[re.Pattern[str]]
    """How it is said of what something is wrong ("you have the wrong alarm code")."""
    asides: re.Pattern[str]
    own_and_own: re.Pattern[str] | None
    """What stands between two things of the user that are named ("my rent and my PIN")."""
    joined: re.Pattern[str] | None
    """Commas that part nothing ("alles, was du weißt")."""
    stems: re.Pattern[str]
    """Beginnings of words that an order to the memory may have, in whatever wording."""
    of_mine: re.Pattern[str] | None
    """Something of the user's own: "my" and the telling words behind it."""
    denied: re.Pattern[str] | None
    """How what seems to be named begins where it is no order."""
    times: TimeWords
    """Words that say whether the former or the current one is meant."""

    @property
    def is_spaced(self) -> bool:
        """Whether words stand apart."""
        return self.code not in UNSPACED


@cache
def languages() -> tuple[Language, ...]:
    """All languages that have wordings."""
    return tuple(_language(code, rows) for code, rows in sorted(rows_of_all().items()))


def language_of(code: str) -> Language:
    """The wordings of one language; of English for a code without any."""
    by_code = {language.code: language for language in languages()}
    return by_code.get(code, by_code["en"])


@cache
def rows_of_all() -> dict[str, dict[str, Any]]:
    """The files of wordings by language, examples included."""
    folder = files(__package__).joinpath("languages")
    return {
        entry.name.removesuffix(".json"): json.loads(entry.read_text("utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    }


def orders_in(text: str) -> list[Wording]:
    """The orders to the memory in a text, in order, at most one a sentence."""
    wordings = (_order(text, start, end) for start, end in sentence_spans(text))
    return [
        wording
        for wording in wordings
        if wording is not None and wording.kind != "remember"
    ]


def wished_remembered(text: str) -> str:
    """The text with what is not to be forgotten in place of the wish for it ("don't
    forget that I fast" is "I fast").
    """
    spans = reversed(sentence_spans(text))
    for order in [_order(text, start, end) for start, end in spans]:
        if order is not None and order.kind == "remember" and order.named:
            text = text[: order.start] + order.named[0] + text[order.end :]
    return text


def is_no_order(text: str) -> bool:
    """Whether a text speaks of forgetting and orders nothing of the kind."""
    kinds = [_order(text, start, end) for start, end in sentence_spans(text)]
    return any(order is not None and order.kind == "remember" for order in kinds)


def speaks_of_forgetting(text: str) -> bool:
    """Whether a text has a word of forgetting or keeping in any language."""
    return any(language.stems.search(text) for language in languages())


def opens_with_wrong(text: str) -> bool:
    """Whether a text begins by saying that something was wrong ("correction: ...")."""
    opening = re.split(r"[,;:.!，；：。！、]", text, maxsplit=1)[0].strip()
    return any(language.wrong.fullmatch(opening) for language in languages())


def without(text: str, wordings: Sequence[Wording]) -> str:
    """What else a text says."""
    pieces, start = [], 0
    for wording in wordings:
        pieces.append(text[start : wording.start])
        start = wording.end
    pieces.append(text[start:])
    said = [_without_edges(piece) for piece in pieces if re.search(r"\w", piece)]
    return " ".join(said)


def _without_edges(piece: str) -> str:
    """A piece of a text without the marks that parted it from an order."""
    return piece.lstrip(" \t\n,;:—–，；：、.。!！").rstrip(" \t\n,;:—–，；：、")


def _order(text: str, start: int, end: int) -> Wording | None:
    if end - start > LONGEST:
        return _withheld(text, start, end)
    worded = _worded(text[start:end])
    if worded is not None:
        return _wording(*worded, start)
    return _withheld(text, start, end) or _behind_reason(text, start, end)


@lru_cache(maxsize=512)
def _worded(sentence: str) -> tuple[re.Match[str], str, Language] | None:
    """The first wording that a whole sentence has, its kind and its language. Kept, for a
    message is asked about each of its sentences several times.
    """
    read = {
        language.code: language.joined.sub(" ", sentence)
        if language.joined
        else sentence
        for language in languages()
    }
    for kind, language in product(KINDS, languages()):
        for match in _matches(language, kind, read[language.code]):
            return match, kind, language
    return None


def _withheld(text: str, start: int, end: int) -> Wording | None:
    """The order to keep out what the same sentence says ("..., don't save that")."""
    last = max((match.end() for match in _COMMA.finditer(text, start, end)), default=0)
    if not last or end - last > LONGEST:
        return None
    for language in languages():
        for match in _matches(language, "withhold", text[last:end]):
            wording = _wording(match, "withhold", language, last)
            return wording if wording.kind == "withhold" else None
    return None


def _behind_reason(text: str, start: int, end: int) -> Wording | None:
    """The order to forget at the end of a sentence that gives its reason before a comma;
    uncertain, for others may be quoted so ("he said, forget Rome").
    """
    last = max((match.end() for match in _COMMA.finditer(text, start, end)), default=0)
    if not last:
        return None
    for language, kind in product(languages(), ("remember", "forget", "delete")):
        for match in _matches(language, kind, text[last:end]):
            wording = _wording(match, kind, language, last)
            if kind == "remember" or wording.kind != "forget":
                return None
            tells = _tells_which(wording.named[0], language, kind)
            return replace(wording, is_certain=False) if tells else None
    return None


def _tells_which(named: str, language: Language, kind: str) -> bool:
    """Whether what is named has a word that is more than a pronoun or an article; what is
    to be deleted must be the user's ("wipe the slate" is a way of speaking).
    """
    words = named.lower().split()
    is_mine = any(word in language.mine for word in words)
    if kind == "delete" and language.is_spaced and not is_mine:
        return False
    if not language.is_spaced:
        small = sorted(language.small, key=len, reverse=True)
        return bool(re.sub("|".join(map(re.escape, small)), "", named).strip())
    return any(word not in language.small for word in words)


def _matches(language: Language, kind: str, sentence: str) -> Iterator[re.Match[str]]:
    for pattern in language.patterns[kind]:
        match = pattern.fullmatch(sentence)
        if match is None:
            continue
        what = match.groupdict().get("what") or ""
        if language.denied is None or not language.denied.match(what):
            yield match


def _wording(
    match: re.Match[str], kind: str, language: Language, start: int
) -> Wording:
    groups = match.groupdict()
    what, rest = (groups.get("what") or "").strip(), groups.get("rest") or ""
    end = start + (match.start("rest") if rest else match.end())
    certain = kind != "delete"
    kind = "forget" if kind == "delete" else kind
    if kind == "remember" and what:
        begin = start + match.start("what")
        return Wording(kind, (what,), start, begin + len(what), language.code)
    if kind in ("remember", "restore", "unclear") or not what:
        return Wording(kind, (), start, end, language.code)
    if language.everything.fullmatch(what):
        return Wording("everything", (), start, end, language.code)
    if language.back.fullmatch(what):
        back = "withhold" if kind == "withhold" else "back"
        return Wording(back, (), start, end, language.code, certain)
    named = _unframed(what, language)
    if not named or language.everything.fullmatch(named):
        return Wording("everything", (), start, end, language.code)
    listed = _listed(rest, language)
    if listed:
        end = start + match.end()
    certain = certain or named != what
    things = chain(*(_own_things(thing, language) for thing in (named, *listed)))
    return Wording("forget", tuple(things), start, end, language.code, certain)


def _unframed(what: str, language: Language) -> str:
    """What is named, without "everything that you know about" before or after it."""
    while True:
        shorter = language.before.sub("", what, count=1).strip()
        if language.after is not None:
            shorter = language.after.sub("", shorter, count=1).strip()
        if not shorter or shorter == what:
            return what
        what = shorter


def _own_things(named: str, language: Language) -> list[str]:
    """The things of the user that are named one after the other ("my rent and my PIN"),
    each short and called the user's; else all that is named.
    """
    things = language.own_and_own.split(named) if language.own_and_own else [named]
    is_short = all(len(thing.split()) <= LISTED for thing in things)
    is_own = any(named.lower().startswith(word) for word in language.mine)
    return things if is_short and is_own else [named]


def _listed(rest: str, language: Language) -> tuple[str, ...]:
    """Further things that are named after a comma: all of it are short, and begin with
    an article or a possessive.
    """
    if not rest or not language.is_spaced:
        return ()
    pieces = [piece.strip(" .!") for piece in _SEPARATORS.split(rest)]
    pieces = [piece.removeprefix("and ") for piece in pieces if piece]
    for piece in pieces:
        words = piece.lower().split()
        if len(words) > LISTED or len(words) < 2 or words[0] not in language.small:
            return ()
        if words[0] not in ("the", *language.mine) or words[0] in ("i", "i'm"):
            return ()
    return tuple(pieces)


def _language(code: str, rows: Mapping[str, Any]) -> Language:
    is_spaced = code not in UNSPACED
    return Language(
        code=code,
        patterns={kind: tuple(_patterns(code, rows, kind)) for kind in KINDS},
        everything=_any(rows["everything"]),
        back=_any(rows["back"]),
        before=_compiled(rf"^(?:{_alternatives(rows['frames'])}){_gap(is_spaced)}"),
        after=_after(rows.get("frames_after", ())),
        mine=frozenset(rows["mine"]),
        small=frozenset(rows["small"]),
        numbers=tuple(rows["numbers"]),
        general=frozenset(rows["general"]),
        wrong=_any(rows["wrong"]),
        wrong_of=tuple(_with_what(rows.get("wrong_of", ()))),
        asides=_any(rows["asides"]),
        own_and_own=_own_and_own(rows, is_spaced),
        joined=_compiled(rows["joined"]) if "joined" in rows else None,
        stems=_compiled(_stems(rows["stems"], is_spaced)),
        of_mine=_of_mine(rows) if is_spaced else None,
        denied=_compiled(rows["denied"]) if "denied" in rows else None,
        times=TimeWords.of(rows, is_spaced=is_spaced),
    )


def _own_and_own(rows: Mapping[str, Any], is_spaced: bool) -> re.Pattern[str] | None:
    if "and" not in rows:
        return None
    joins = _alternatives(rows["and"])
    mine = _alternatives([re.escape(word) for word in rows["mine"]])
    if is_spaced:
        return _compiled(rf"\s+(?:{joins})\s+(?=(?:{mine})\s)")
    return _compiled(rf"(?:{joins})(?=(?:{mine}))")


def _patterns(
    code: str, rows: Mapping[str, Any], kind: str
) -> Iterator[re.Pattern[str]]:
    is_spaced = code not in UNSPACED
    gap = r"[\s,，、!]+" if is_spaced else r"[\s,，、!]*"
    polite, tail = _alternatives(rows["polite"]), _alternatives(rows["tail"])
    tight = r"[\s,，、]*" if code in SUFFIXED else gap
    before = rf"(?:(?:{polite}){gap}){{0,{MOST_ROUND}}}"
    after = rf"(?:{tight}(?:{tail})){{0,{MOST_ROUND}}}"
    for wording in rows.get(kind, ()):
        inner = _spaced(wording).replace("{what}", _WHAT)
        yield _compiled(rf"[¡¿\s]*{before}(?:{inner}){after}{_REST}{_END}")


def _with_what(rows: Sequence[str]) -> Iterator[re.Pattern[str]]:
    for row in rows:
        yield _compiled(_spaced(row).replace("{what}", _WHAT))


def _after(rows: Sequence[str]) -> re.Pattern[str] | None:
    return _compiled(rf"(?:{_alternatives(rows)})$") if rows else None


def _stems(rows: Sequence[str], is_spaced: bool) -> str:
    return rf"\b(?:{'|'.join(rows)})" if is_spaced else "|".join(rows)


def _of_mine(rows: Mapping[str, Any]) -> re.Pattern[str]:
    mine = _alternatives([re.escape(word) for word in rows["mine"]])
    small = _alternatives([re.escape(word) for word in rows["small"]])
    telling = rf"\s+(?!(?:{small})\b)[^\s.,;:!?]+"
    return _compiled(rf"(?<!\w)(?:{mine})(?:{telling}){{1,{OWN_WORDS}}}")


def _gap(is_spaced: bool) -> str:
    return r"\s+" if is_spaced else r"\s*"


def _any(rows: Sequence[str]) -> re.Pattern[str]:
    return _compiled(_alternatives(rows))


def _alternatives(rows: Sequence[str]) -> str:
    return "|".join(f"(?:{_spaced(row)})" for row in rows)


def _spaced(row: str) -> str:
    """The pattern with any white space for each space."""
    return row.replace(" ?", r"\s*").replace(" ", r"\s+")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)
