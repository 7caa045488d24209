"""Turning what a person says of themselves into a statement about them: "I don't like fish" -> "The user doesn't like fish"."""

from __future__ import annotations

import re

_SAME = frozenset(
    """can can't cannot could couldn't will won't would wouldn't should shouldn't may might must had hadn't did didn't was wasn't
    went came got made took saw ate drank bought read said told thought felt found kept left met ran sat spent wore knew grew
    began chose drove fell gave heard held led lost paid put sent set slept spoke stood taught understood won wrote became quit
    used""".split()
)
_ADVERBS = re.compile(r"(?:also|always|never|really|usually|generally|typically|often|sometimes|still|just|only|even|rarely|seldom|actually"
                      r"|absolutely|much|both|then|now|\w+ly)\b", re.I)
_SUBJECT = re.compile(r"(?<![\w'’])I(?P<short>['’](?:m|ve|d|ll))?(?![\w'’])(?P<adverbs>(?:\s+" + _ADVERBS.pattern + r")*)(?P<verb>\s+[A-Za-z'’]+)?")
_SHORT = {"m": "is", "ve": "has", "d": "would", "ll": "will"}
_IRREGULAR = {"am": "is", "have": "has", "haven't": "hasn't", "do": "does", "don't": "doesn't", "go": "goes", "were": "was", "weren't": "wasn't"}
_BEGINS = re.compile(r"^[a-z]|(?<=[a-zA-Z0-9)][.!?] )they(?=\s)")
_MY = re.compile(r"\bmy\b", re.I)
_OTHERS = [
    (re.compile(r"\bmyself\b", re.I), "themselves"),
    (re.compile(r"\bmine\b", re.I), "theirs"),
    (_MY, "their"),
    (re.compile(r"\bme\b", re.I), "them"),
]


def third_person(statement: str, subject: str = "The user", subject_zh: str = "用户") -> str:
    """The statement with its speaker named: the first "I" becomes `subject`, later ones "they"; Chinese 我 becomes `subject_zh`.

    Only the pronouns and the verb beside them are changed, so the words that carry the meaning stay as they were said.
    """
    if re.search(r"[\u3400-\u9fff]", statement):
        return _third_person_zh(statement, subject_zh)
    out = _named_once(statement, subject)
    out = _SUBJECT.sub(lambda match: _about(match, "they"), out)
    for pattern, word in _OTHERS:
        out = pattern.sub(lambda match, word=word: word.capitalize() if match[0][0].isupper() else word, out)  # type: ignore[misc]
    return _BEGINS.sub(lambda match: match[0][:1].upper() + match[0][1:], out)


def _named_once(statement: str, subject: str) -> str:
    """The first word about the speaker names them: "my sister" -> "the user's sister", "I left" -> "the user left"."""
    first, owned = _SUBJECT.search(statement), _MY.search(statement)
    if owned is not None and (first is None or owned.start() < first.start()):
        return statement[: owned.start()] + _within(subject, owned.start()) + "'s" + statement[owned.end() :]
    if first is None:
        return statement
    return statement[: first.start()] + _about(first, _within(subject, first.start())) + statement[first.end() :]


def _within(subject: str, place: int) -> str:
    return subject if place == 0 else subject.replace("The user", "the user")


def _about(match: re.Match[str], subject: str) -> str:
    plural = subject == "they"
    short, adverbs, verb = match["short"], match["adverbs"] or "", match["verb"] or ""
    if short:
        word = _SHORT[short[1:]]
        word = {"is": "are", "has": "have"}.get(word, word) if plural else word
        return f"{subject} {word}{adverbs}{verb}"
    if not verb:
        return subject + adverbs
    return f"{subject}{adverbs} {_plural(verb.strip()) if plural else conjugated(verb.strip())}"


def _plural(verb: str) -> str:
    return {"am": "are", "was": "were", "wasn't": "weren't"}.get(verb, verb)


def conjugated(verb: str) -> str:
    """The form of the third person singular: prefer -> prefers; past forms and modals stay."""
    low = verb.lower().replace("’", "'")
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if low in _SAME or low.endswith("ed") or not low.isalpha():
        return verb
    if low.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es"
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def _third_person_zh(statement: str, subject: str) -> str:
    return re.sub(r"(?<![自本])我(?!们)", subject, statement)
