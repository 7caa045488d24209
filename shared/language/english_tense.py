"""Whether an English clause tells of what is past or of what still comes: it decides
which Friday "on Friday" is.
"""

from __future__ import annotations

import re

from shared.language.date_mention import clause_of
from shared.language.english_verbs import verbs

_AUXILIARIES = frozenset("was were did had wasn't weren't didn't hadn't".split())
_PASSIVE = frozenset("is are am be get gets getting being".split())
"""Words behind which a participle still comes: what is scheduled."""
_SHORTENED = ("'s", "'re", "'m")
_CAUSING = re.compile(
    r"\b(?:get|gets|getting|have|having)\s+(?:my|our|your|his|her|their|its|the|it|them)\b",
    re.I,
)
"""Behind it a participle is what is done to something: "I'm having my knee scoped"."""
_POSSESSING = ("'ve", "have", "has", "'s")
"""Before "got": "I've got the dentist on Friday"."""
_NOUNS = frozenset("left felt found rose saw spoke bore lay".split())
"""Past forms that are nouns or directions as well, behind these:"""
_BEFORE_NOUNS = frozenset("the a my turn".split())
_PERSONS = frozenset("i we they he she".split())
_OTHER_WORDS = frozenset(
    """
    bound ground wound called named booked reserved scheduled arranged registered noted
    planned hundred sacred naked wicked hatred infrared kindred
    """.split()
)
"""Forms that are other words, or do not tell when something is: "I booked us in on Friday"."""
_REGULAR = re.compile(r"[a-z]{3,}(?<!e)ed")
"""The past of verbs that are in no list."""
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?", re.I)
_AHEAD = re.compile(
    r"\b(?:will|won['’]t|going\s+to|gonna|have\s+to|has\s+to|must|needs?|due|until|by|deadline|plan\w*|want|can|could|should|let['’]?s"
    r"|remind|book|schedule\w*|have|is|are|am|\w+ing|arrives?|(?<!the\s)(?:leaves?|starts?|ends?|visits?)|expires?|fly|flies|see\s+(?:you|ya|u)"
    r"|appointment|appt|exam|interview|flight|surgery|wedding|funeral|(?<=ve\s)got|(?<=has\s)got)\b"
    r"|^\W*(?:lunch|dinner|brunch|breakfast|coffee|drinks|party|date|call|dentist|doctor|gp|vet|viewing|haircut|concert)\b|['’](?:ll|re|m)\b|\b(?:it|that)['’]s\b",
    re.I,
)
_TO_COME = re.compile(
    r"\b(?:will|won['’]t|(?<!was\s)(?<!were\s)going\s+to|gonna|have\s+to|has\s+to|must|needs?\s+to|remind"
    r"|(?:do\s+not|don['’]?t|never|not\s+to)\s+(?:let\s+\w+\s+)?forget|make\s+sure|(?<!was\s)(?<!were\s)due|deadline"
    r"|says?|(?:am|is|are)\s+\w+ing|(?:hope|hoping|plan|planning|want|aim|intend|expect|try|trie|trying)s?\s+to"
    r"|by(?=\s+(?:the\s+)?(?:\d|next|tomorrow|end|mon|tue|wed|thu|fri|sat|sun|christmas|easter)))\b"
    r"|['’]ll\b|['’](?:m|re|s)\s+\w+ing\b",
    re.I,
)
"""Words by which a clause certainly speaks of the future, whichever day is nearer."""
_MOVES = r"\b(?:moved|pushed|shifted|postponed|delayed|rescheduled|changed|switched|put|brought|bumped)\b"
_MOVED = re.compile(rf"{_MOVES}[^.!?;\n]{{0,60}}\bto\b", re.I)
_MOVED_TO = re.compile(
    rf"{_MOVES}[^.!?;\n]{{0,60}}\b(?:to|until|till)\s+(?:the\s+)?$", re.I
)
_USUAL = re.compile(
    r"\b(?:every|each|usual\w*|always|often|normally|generally|typically|never|(?:bi-?)?weekly|monthly|recurring"
    r"|days?\s+(?:off|but)|closed|opens?|opening|favou?rite|best|worst|busiest|garbage|rubbish|bins?|trash|recycling|laundry|gym|yoga)\b",
    re.I,
)
"""What is so every week."""
_WEEKLY = re.compile(
    r"\b(?:practice|rehearsals?|sessions?|lessons?|class(?:es)?|courses?|training|windows?|shifts?|club|choir"
    r"|collections?|stand-?ups?|sync|seminars?|tutoring|therapy|market|yoga|gym|swimming|bins?|service)\b",
    re.I,
)
_WEEKLY_ARE = re.compile(
    r"\b(?:sessions|lessons|classes|rehearsals|practices|trainings|shifts|meetings|deliveries|collections)\s+are\b",
    re.I,
)
_EACH_YEAR = re.compile(r"\b(?:born|birthday|anniversary|every|each|annual\w*)\b", re.I)
STOPS = ".!?;,\n"
ENDS = (
    *STOPS,
    ": ",
    " because ",
    " cause ",
    " 'cause ",
    " cuz ",
    " bc ",
    " but ",
    " so ",
    " that ",
    " although ",
    " though ",
    " when ",
    " while ",
    " if ",
)


def is_over(match: re.Match[str]) -> bool | None:
    """Whether the clause of a find tells of what is past (True) or still comes (False);
    None where it does not say. Where it has words of both, the last one counts.
    """
    clause = clause_of(match, ENDS)
    past = [] if _is_aim_of_move(match) else _past(clause)
    sure = [word.start() for word in _TO_COME.finditer(clause)]
    if past:
        return not sure or max(past) > max(sure)
    return False if _AHEAD.search(clause_of(match, STOPS)) else None


def _is_aim_of_move(match: re.Match[str]) -> bool:
    """Whether a day is what something was put off to: of the day "we moved it to 4 October"
    tells nothing.
    """
    return bool(_MOVED_TO.search(match.string[: match.start()]))


def is_to_come(match: re.Match[str]) -> bool:
    """Whether the clause surely tells of what still comes: "remind me of it on 2 October"
    said in November means the next one.
    """
    clause = clause_of(match, STOPS)
    return bool(_TO_COME.search(clause)) and not _past(clause)


def is_each_year(match: re.Match[str]) -> bool:
    """Whether the clause tells of a day that comes again, or of when somebody was born."""
    return bool(_EACH_YEAR.search(clause_of(match, STOPS)))


def is_each_week(match: re.Match[str]) -> bool:
    """Whether a weekday is the new one of what comes every week: "choir practice was moved
    to Thursday" tells of no single Thursday.
    """
    clause = clause_of(match, STOPS)
    is_moved = _MOVED.search(clause) and _WEEKLY.search(clause)
    return bool(is_moved or _WEEKLY_ARE.search(clause))


def is_usual(match: re.Match[str]) -> bool:
    """Whether the clause tells of what is so every week or month."""
    return bool(_USUAL.search(clause_of(match, STOPS)))


def _past(clause: str) -> list[int]:
    """Where past forms stand, but not those of what is done to something: "is planned"."""
    caused = _CAUSING.search(clause)
    words = [
        word
        for word in _WORD.finditer(clause)
        if caused is None or word.start() < caused.end()
    ]
    forms = ["", *(word[0].lower().replace("’", "'") for word in words), "", ""]
    return [
        word.start()
        for place, word in enumerate(words)
        if _is_past(forms[place], forms[place + 1], forms[place + 2 : place + 4])
    ]


def _is_past(before: str, word: str, after: list[str]) -> bool:
    if word in _AUXILIARIES:
        return True
    if word == "got":
        return not before.endswith(_POSSESSING)
    if word == "sat":
        return before in _PERSONS
    if word == "signed":
        return "up" not in after
    if word in _NOUNS:
        return before not in _BEFORE_NOUNS
    if word in verbs().uncertain:
        return before in ("he", "she", "it")
    is_passive = before in _PASSIVE or before.endswith(_SHORTENED)
    if is_passive or word in _OTHER_WORDS:
        return False
    return word in verbs().past or bool(_REGULAR.fullmatch(word))
