"""Whether an English clause tells of what is past or of what still comes: it decides
which Friday "on Friday" is.
"""

from __future__ import annotations

import re
from functools import cache

from shared.language.date_mention import clause_of
from shared.language.english_verbs import verbs

_AUXILIARY = r"was|were|did|had|(?:was|were|did|had)n['’]?t"
_NOT_PASSIVE = "".join(
    rf"(?<!{before}\s)"
    for before in "\\bis \\bare \\bam \\bbe \\bget \\bgets \\bbeing ['’]s ['’]re ['’]m".split()
)
"""What is scheduled still comes."""
_NO_NOUN = r"(?<!\bthe\s)(?<!\ba\s)(?<!\bmy\s)(?<!\bturn\s)"
_NOUNS = "left felt found rose saw spoke bore lay".split()
"""Past forms that are other words as well."""
_OTHER_WORDS = frozenset(
    """
    bound ground wound sat got called named booked reserved scheduled arranged registered
    signed noted planned
    """.split()
) | frozenset(_NOUNS)
"""Those, and forms that do not tell when something is: "I booked us in on Friday"."""
_REGULAR = r"[a-z]{3,}(?<!e)ed" + "".join(
    rf"(?<!\b{word})"
    for word in (
        *"hundred sacred naked wicked hatred infrared kindred called named booked reserved".split(),
        *"scheduled arranged registered signed noted planned".split(),
    )
)
"""The past of verbs that are in no list."""
_AHEAD = re.compile(
    r"\b(?:will|going\s+to|gonna|have\s+to|has\s+to|must|needs?|due|until|by|deadline|plan\w*|want|can|could|should|let['’]?s"
    r"|remind|book|schedule\w*|have|is|are|am|\w+ing|arrives?|leaves?|starts?|ends?|visits?|expires?|fly|flies|see\s+(?:you|ya|u)"
    r"|appointment|appt|exam|interview|flight|surgery|wedding|funeral|(?<=ve\s)got|(?<=has\s)got)\b"
    r"|^\W*(?:lunch|dinner|brunch|breakfast|coffee|drinks|party|date|call|dentist|doctor|gp|vet|viewing|haircut|concert)\b|['’](?:ll|re|m)\b|\b(?:it|that)['’]s\b",
    re.I,
)
_TO_COME = re.compile(
    r"\b(?:will|(?<!was\s)(?<!were\s)going\s+to|gonna|have\s+to|has\s+to|must|needs?\s+to|remind"
    r"|(?:do\s+not|don['’]?t|never|not\s+to)\s+(?:let\s+\w+\s+)?forget|make\s+sure|(?<!was\s)(?<!were\s)due|deadline"
    r"|says?|(?:am|is|are)\s+\w+ing|(?:hope|hoping|plan|planning|want|aim|intend|expect|try|trie|trying)s?\s+to"
    r"|by(?=\s+(?:the\s+)?(?:\d|next|tomorrow|end|mon|tue|wed|thu|fri|sat|sun|christmas|easter)))\b"
    r"|['’]ll\b|['’](?:m|re|s)\s+\w+ing\b",
    re.I,
)
"""Words by which a clause certainly speaks of the future, whichever day is nearer."""
_USUAL = re.compile(
    r"\b(?:every|each|usual\w*|always|often|normally|generally|typically|never|(?:bi-?)?weekly|monthly|recurring"
    r"|days?\s+(?:off|but)|closed|opens?|opening|favou?rite|best|worst|busiest|garbage|rubbish|bins?|trash|recycling|laundry|gym|yoga)\b",
    re.I,
)
"""What is so every week."""
STOPS = ".!?;,\n"
ENDS = (
    *STOPS,
    ": ",
    " because ",
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
    past = [word.start() for word in _past().finditer(clause)]
    sure = [word.start() for word in _TO_COME.finditer(clause)]
    if past:
        return not sure or max(past) > max(sure)
    return False if _AHEAD.search(clause_of(match, STOPS)) else None


def is_to_come(match: re.Match[str]) -> bool:
    """Whether the clause surely tells of what still comes: "remind me of it on 2 October"
    said in November means the next one.
    """
    clause = clause_of(match, STOPS)
    return bool(_TO_COME.search(clause)) and not _past().search(clause)


def is_usual(match: re.Match[str]) -> bool:
    """Whether the clause tells of what is so every week or month."""
    return bool(_USUAL.search(clause_of(match, STOPS)))


@cache
def _past() -> re.Pattern[str]:
    """Past forms, but not those of what is done to something: "is planned"."""
    forms = "|".join(sorted(verbs().past - _OTHER_WORDS, key=len, reverse=True))
    either = "|".join(sorted(verbs().uncertain))
    return re.compile(
        rf"\b(?:{_AUXILIARY}|{_NOT_PASSIVE}(?:{forms}|{_REGULAR})|{_NO_NOUN}(?:{'|'.join(_NOUNS)})"
        rf"|(?<!['’]ve\s)(?<!have\s)(?<!has\s)(?<!['’]s\s)got|signed(?!\s+(?:\w+\s+)?up)"
        rf"|(?:he|she|it)\s+(?:{either})|(?:I|we|they|he|she|and)\s+sat)\b",
        re.I,
    )
