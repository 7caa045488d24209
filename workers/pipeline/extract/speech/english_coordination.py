"""Further verbs of one subject: "I work at home and avoid noise"."""

from __future__ import annotations

import re

from shared.language.english_verbs import (
    AUXILIARIES,
    singular,
    verbs,
)
from shared.language.words import STOP

ADVERB = (
    r"(?:also|always|already|almost|ever|maybe|perhaps|soon|never|really|just|still|then|now"
    r"|often|sometimes|seldom|only|even|both|much|mostly|simply|no longer|once|twice|first|finally"
    r"|literally|honestly|hardly|barely|nearly|(?!(?:supp|multip|comp|misapp|resupp|oversupp)ly\b)[a-z]{4,}ly)"
)
"""Adverbs that may stand between "I" and its verb."""
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_LATER = (
    r"(?:since(?: then| \d{4})?|ever since|after that|(?:from|until) (?:then|there)(?: on)?|these days"
    r"|nowadays|currently|today|instead|at (?:present|the moment)|right now|for now|again"
    r"|in (?:the )?\w+|as a (?:result|consequence)),?"
)
_COORDINATED = re.compile(
    r"(?P<joint>\b(?:and|or|but|then)\s+|,\s+(?!and\b|or\b|but\b|then\b))"
    rf"(?P<adverbs>(?>(?:{_LATER}|{ADVERB})\s+)*)"
    r"(?P<verb>[a-z]+(?:['’]t)?)(?![\w'’])(?:\s+(?P<next>[a-z]+))?"
)
_INFINITIVE = re.compile(
    r"\bto\b(?! (?:the|an?|my|our|his|her|their|this|\d|[A-Z]))"
    r"|\b(?:can|could|will|would|should|must)\b|n['’]t\b"
)
_SUBORDINATE = re.compile(
    r"\b(?:that|who|which|when|because|if|where|while|how|what|since|so|than|as|until|you|he"
    r"|she|it|they|people)\b",
    re.I,
)
_OF_VERB = frozenset(
    "a an the my his her their this that these those it them at for as from in on with to".split()
)
"""What follows a verb rather than a noun."""
_OF_PLACE = frozenset("everywhere there here home abroad alone together daily".split())
"""The same where an adverb stands before: "and now bike everywhere"."""


def coordinated(
    stretch: str, has_infinitive: bool
) -> dict[tuple[int, int], str] | None:
    """Where further verbs stand in what follows a verb of the third person, and their
    forms; None where it is not certain whose verbs they are. `has_infinitive`: the
    first verb stands after an auxiliary.
    """
    forms = verbs()
    further: dict[tuple[int, int], str] = {}
    for match in _COORDINATED.finditer(stretch):
        verb = match["verb"].replace("’", "'")
        if verb in forms.uncertain and match["next"] in _OF_VERB:
            return None
        if verb not in ("am", "haven't", "don't") and verb not in forms.base:
            if _is_unknown_verb(match):
                return None
            continue
        between = stretch[: match.start()]
        bare = has_infinitive or bool(_INFINITIVE.search(between))
        if bare and match["joint"].startswith("or"):
            continue
        is_sure = match["joint"][0] != "," and _is_verb(match)
        if bare or _has_other_clause(between) or not is_sure:
            return None
        further[match.span("verb")] = singular(match["verb"])
    return further


def _is_verb(match: re.Match[str]) -> bool:
    """Whether a word after "and" can only be a verb."""
    is_noun = match["verb"] in verbs().nouns
    return not is_noun or match["next"] in _OF_VERB or _is_of_place(match)


def _is_unknown_verb(match: re.Match[str]) -> bool:
    """Whether a word after "and" and an adverb may be a verb that is in no list."""
    forms, verb = verbs(), match["verb"]
    listed = forms.past | forms.participles | forms.nouns | STOP | AUXILIARIES
    is_form = verb in listed or verb.endswith(("ing", "ed"))
    return not is_form and (
        _is_of_place(match) or bool(match["adverbs"] and match["next"] in _OF_VERB)
    )


def _is_of_place(match: re.Match[str]) -> bool:
    return bool(match["adverbs"]) and match["next"] in _OF_PLACE


def _has_other_clause(between: str) -> bool:
    """Whether another subject may own the verb that follows."""
    if _SUBORDINATE.search(between):
        return True
    words = [word.lower() for word in _WORD.findall(between)]
    only = verbs().base - verbs().nouns
    return any(word in only for word in words)
