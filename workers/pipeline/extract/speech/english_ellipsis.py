"""English notes that leave out their subject: "Lost my wallet", "Can't stand my boss"."""

from __future__ import annotations

import re

from shared.language.english_verbs import verbs
from shared.language.sentences import is_question, sentence_spans
from shared.language.words import STOP
from workers.pipeline.extract.speech.english_coordination import ADVERB
from workers.pipeline.extract.speech.patterns import OPENING

_OWN = re.compile(r"(?<![\w'’])(?:me|my|mine|myself)\b", re.I)
_SUBJECT = re.compile(r"(?<![\w'’])I(?![\w-])")
_DAY = r"(?:(?:(?:yesterday|today|tonight|tomorrow|now|then|later)|(?:this|last|on) \w+),?)"
_LEAD = re.compile(
    rf"(?P<days>(?:{_DAY}\s+)*)(?P<adverbs>(?:(?>{ADVERB}),?\s+)*)", re.I
)
_VERB = re.compile(r"(?P<verb>[A-Za-z]+(?:['’]t)?)\s+(?P<rest>\S.*)", re.S)
_OBJECT = re.compile(
    r"(?:(?:up|off|out|down|over|back|away)\s+)?"
    r"(?:my|mine|myself|an?|the|another|some|this|that|his|her|their|our|two|three|\d+)\b",
    re.I,
)
"""What follows a verb and its particle: a participle ("lost in my thoughts") has no object."""
_COMPLEMENT = re.compile(
    r"(?!(?:for|from|of|in|at|with|on|by|is|was|are|and|or)\b|[^\w])", re.I
)
"""What follows a verb, and no noun that is spelt like it: "Need for my trip: a bag"."""
_OF_OTHERS = re.compile(
    r"(?:\w+\s+)?(?:me\b|my (?:day|night|evening|week|weekend|heart|life|mood|nerves|expectations)\b)",
    re.I,
)
"""What others do to who speaks: "made my day"."""
_NOUNS = frozenset("saw rose bore dove".split())
"""Past forms that are nouns as well, and no participles."""
_NEGATED = frozenset(
    "can't cannot couldn't won't wouldn't haven't hadn't didn't wasn't".split()
)
_STATES = frozenset("need want hate love miss prefer hope owe own".split())
"""Of which nobody is asked: "like" and "know" might be an order."""
_FINITE = re.compile(
    r"[^,;]*\b(?:is|was|are|were|has|had|will|would|can|could|does|makes|takes|keeps|gets"
    r"|gives|helps|costs|means|hurts|feels)\b",
    re.I,
)
"""A verb of which what comes before it in the clause is the subject: "Living with my aunt is fun"."""
_ME = re.compile(r"me\b", re.I)


class UncertainSubjectError(ValueError):
    """A sentence leaves out its subject, and that may be somebody else, or it asks."""


def with_subjects(text: str) -> str:
    """The text with "I" before the verb of each sentence that has "me" or "my" and leaves
    out its subject. Raises UncertainSubjectError where it is not certain whose verb it is.
    """
    out, last = list[str](), 0
    for start, end in sentence_spans(text):
        place = _place(text[start:end])
        if place is not None:
            verb = text[start + place :]
            out += [text[last : start + place], "I ", verb[:1].lower()]
            last = start + place + 1
    return "".join(out) + text[last:]


def _place(sentence: str) -> int | None:
    """Where the subject of a sentence is left out; None where it is not."""
    opening = OPENING.match(sentence)
    lead = _LEAD.match(sentence, opening.end() if opening else 0)
    match = _VERB.match(sentence, lead.end()) if lead else None
    if lead is None or match is None:
        return None
    own = _OWN.search(sentence, match.end("verb"))
    subject = _SUBJECT.search(sentence)
    if own is None or (subject and subject.start() < own.start()):
        return None
    verb = match["verb"].lower().replace("’", "'")
    is_sure = _is_speakers(verb, match["rest"])
    if is_sure is None:
        return None
    if not is_sure or is_question(sentence):
        raise UncertainSubjectError
    return lead.start("adverbs")


def _is_speakers(verb: str, rest: str) -> bool | None:
    """Whether a sentence's first word is a verb of who speaks; None where it is no verb
    that lacks its subject.
    """
    forms = verbs()
    if _ME.match(rest) and verb not in STOP:
        return False  # "Word me a text": an order, whatever the word is else
    if verb in _NEGATED:
        return not _OBJECT.match(rest)
    if verb == "don't":
        return rest.split()[0] in _STATES
    if verb in _STATES:
        is_name = verb == "miss" and rest[:1].isupper()
        return None if is_name or not _COMPLEMENT.match(rest) else True
    if verb in forms.past and verb not in forms.base:
        is_active = verb in forms.only_past - _NOUNS or bool(_OBJECT.match(rest))
        return is_active and not _OF_OTHERS.match(rest)
    if verb in forms.base and verb in forms.nouns:
        return False if _OWN.match(rest) else None
    is_doing = verb.endswith("ing") and any(
        base in forms.base for base in (verb[:-3], f"{verb[:-3]}e", verb[:-4])
    )
    if is_doing:
        return None if _FINITE.match(rest) else False
    is_form = verb in forms.uncertain or verb in forms.participles
    return False if is_form else None
