"""The words that rules of speech look for, from the tables in `languages/`: a file a
language, rows of a pattern, an example and a counter-example, which run as tests.

How the rows of a table are put together stands here, what they mean where they are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

LANGUAGES = ("en", "zh", "de", "es", "fr", "it", "pt", "ru", "ja", "ko")
PERSON = "<person>"
"""In a row: whom a row of `person` names, which stands before it in the file."""
_LABEL = r"\s*\**(?:{rows})\**\s*[:：]\**\s*"
_SHAPES: Mapping[str, str] = {
    "chatter": r"(?:{rows})(?: ?[,!:：…，！、。]+\s*|\.+\s+|\s+[–—-]+\s+)(?=\S)",
    "joint": r"(?:{rows})\s*",
    "remark": r"(?:{rows})[,!:…，！、。：]*\s*(?=\S)",
    "points_back": r"{rows}",
    "resets": r"\W*(?:{rows})",
    "sign_off": r"\s*(?:{rows})[\s,，.。!！]*$",
    "leans": r"\W*(?:{rows})",
    "tells": r"\W*(?:{rows})",
    "impersonal": r"\W*(?:{rows})",
    "about_one": r"\W*(?:{rows})",
    "supposes": r"\W*(?:{rows})",
    "answers": r"\W*(?:{rows})",
    "takes_note": r"\W*(?:{rows})",
    "asked_in_place": r"\s*(?:{rows})",
    "frame": r"\W*(?:{rows})\s*",
    "before_me": r"(?:{rows})$",
    "acknowledges": r"\W*(?:(?:{rows})\W*)+$",
    "field": _LABEL,
    "self": _LABEL,
    "user": _LABEL,
    "assistant": _LABEL,
    "inner": _LABEL,
    "final": _LABEL,
    "mail_from": _LABEL + r"(?P<value>\S[^\n]*)",
    "mail_header": _LABEL + r"(?P<value>\S[^\n]*)",
    "mail_subject": _LABEL + r"(?P<value>\S[^\n]*)",
    "forwarded": r"\s*[-–—_=]{{2,}}\s*(?:{rows})\s*[-–—_=]{{2,}}\s*$",
    "wrote": r"\s*(?:{rows})\s*$",
    "sent": r"(?:.*[,，;；:：.。!！?？\s])?(?:{rows})",
    "preface": r"\s*(?>(?:(?:{rows})[\s,，:：.。!！;；~～…–—-]*)+)",
    "person": r"(?:{rows})",
    "announces": r"(?:{rows})\s*[:：]\s*",
    "stops": r"\W*(?:{rows})",
    "things": _LABEL,
    "role_play": r"\W*(?:{rows})",
    "edits": r"(?:{rows})\s*[:：]\s*",
}
"""Of the tables whose rows are matched at the beginning; the others are searched for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A pattern of a table of a language, with a text that it is for and one that only
    looks like it.
    """

    language: str
    table: str
    pattern: str
    example: str
    counter_example: str

    def matches(self, text: str) -> bool:
        """Whether the text is one that the row is for."""
        pattern = _compiled(self.table, [self.pattern])
        find = pattern.match if self.table in _SHAPES else pattern.search
        return find(text) is not None


@cache
def rows() -> tuple[Row, ...]:
    """All rows of all languages."""
    return tuple(chain.from_iterable(map(_rows_of, LANGUAGES)))


def _rows_of(language: str) -> Iterator[Row]:
    folder = files(__package__).joinpath("languages")
    table, persons = "", list[str]()
    for line in folder.joinpath(f"{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            table = line[1:-1]
        elif line and not line.startswith("#"):
            pattern, *examples = line.split("\t")
            pattern = pattern.replace(PERSON, f"(?:{'|'.join(persons)})")
            persons += [pattern] if table == "person" else []
            yield Row(language, table, pattern, *examples)


def _compiled(table: str, patterns: Iterable[str]) -> re.Pattern[str]:
    shape = _SHAPES.get(table, "{rows}")
    return re.compile(shape.format(rows="|".join(patterns)), re.I)


def _of(table: str) -> list[str]:
    return [row.pattern for row in rows() if row.table == table]


def _table(table: str) -> re.Pattern[str]:
    return _compiled(table, _of(table))


def _by_language(table: str) -> Mapping[str, re.Pattern[str]]:
    """The pattern of each language that has rows of a table."""
    return {
        language: _compiled(table, patterns)
        for language in LANGUAGES
        if (
            patterns := [
                row.pattern
                for row in rows()
                if (row.language, row.table) == (language, table)
            ]
        )
    }


_ONE_CHATTER = f"{_table('chatter').pattern}|{_table('joint').pattern}"
CHATTER = re.compile(f"(?>(?:{_ONE_CHATTER})+)", re.I)
"""What a sentence may begin with that says nothing."""
OPENING = re.compile(f"(?>(?:{_ONE_CHATTER}|{_table('remark').pattern})+)", re.I)
"""Those, and words that say how something is meant: "PS:", "Sorry, ..."."""
ONLY_CHATTER = re.compile(rf"\W*(?:(?:{'|'.join(_of('chatter'))})\W*)+$", re.I)
"""What says nothing at all: "Good morning!"."""
POINTS_BACK = _by_language("points_back")
"""Pronouns of persons who were named before."""
IMPERSONAL = _table("impersonal")
"""Sentences of what "they" do to who speaks: these may be nobody who was named."""
ABOUT_ONE = _table("about_one")
"""How sentences begin that tell of one person, whom "they" does not mean."""
REFERS = _table("refers")
"""Words of a question that refer to what was said before it."""
RESETS = _table("resets")
"""How requests begin to set otherwise what was said last: "Make that the 6th"."""
SIGN_OFF = _table("sign_off")
"""What stands before the name at the end of a letter."""
LEANS = _by_language("leans")
"""How sentences begin that say nothing without the one before them."""
TELLS = _table("tells")
TELLS_IN = _by_language("tells")
"""How sentences begin in which a person tells something of themselves or their own."""
PREFACE = _table("preface")
"""What stands before a statement and only announces it: "FYI", "as I said"."""
SUPPOSES = _table("supposes")
"""How clauses begin that suppose something."""
ANSWERS = _table("answers")
"""How answers begin: what they answer belongs to them."""
ASKED_IN_PLACE = _table("asked_in_place")
"""Question words where the answer would stand: what goes before says nothing alone."""
ASKS_BEHIND = _table("asks_behind")
"""Where a question begins behind a statement, in one sentence with it."""
FRAME = _table("frame")
"""What asks to note what follows: it is left out of what is noted."""
FRAME_BEHIND = _table("frame_behind")
"""The same behind what is to be noted."""
REQUEST_BEHIND = _table("request_behind")
"""A request behind a statement that adds nothing to it: 帮我推荐点早餐."""
ASKS_HELP = _table("asks_help")
"""Clauses that ask the assistant for something; in a chain with others they begin anew."""
FRAMES_FURTHER = _table("frames_further")
"""Where the frame goes on in what is noted: "... and that Ann covers"."""
ACKNOWLEDGES = _table("acknowledges")
"""What only thanks, praises or takes note."""
TAKES_NOTE = _table("takes_note")
"""How assistants begin who only confirm what the user said."""
OFFERS = _table("offers")
"""Questions of assistants that offer something rather than ask."""
OFFERS_HELP = _table("offers_help")
"""Those that offer help of any kind: whatever is said next does not answer them."""
ADDRESS = _table("address")
"""Requests to be addressed in a certain way: they are for all times to come."""
ASKS_TO_TELL = _table("asks_to_tell")
"""Requests of assistants for an answer, without a question mark."""
STOPS = _table("stops")
"""Requests never to speak of something again: they are for all times to come, too."""
THINGS = _table("things")
"""Labels of lists of things to buy or to pack, which tell no taste."""
ROLE_PLAY = _table("role_play")
"""How a game begins in which who speaks is somebody else."""
FROM_NOW_ON = _table("from_now_on")
"""Words by which a request is for all times to come."""
BEFORE_ME = _table("before_me")
"""What may stand before 我 within a clause. After anything else, as the topic in 政治我报了班,
"用户" in its place would read as one with it.
"""
REMINDS = _table("reminds")
"""Requests to be reminded of something: they are to be remembered, however they are put."""
FIELD = _table("field")
"""Labels of forms, notes and lists: "Breakfast:" names nobody."""
SELF = _table("self")
USER = _table("user")
ASSISTANT = _table("assistant")
SPOKEN = _table("spoken")
"""What people say to each other, in forms seldom."""
MAIL_FROM = _table("mail_from")
MAIL_HEADER = _table("mail_header")
MAIL_SUBJECT = _table("mail_subject")
"""Lines of a mail's head. Without subject or address it may be a journey's: "From: Rome"."""
FORWARDED = _table("forwarded")
WROTE = tuple(_compiled("wrote", [pattern]) for pattern in _of("wrote"))
"""Lines that say whose words follow, with the group `writer` where they name them."""
SENT = tuple(_compiled("sent", [pattern]) for pattern in _of("sent"))
"""Words that say who sent what is quoted below them, as the group `writer`."""
ANNOUNCES = tuple(_compiled("announces", [pattern]) for pattern in _of("announces"))
"""Clauses that end with a colon and say whose words follow, as the group `writer`."""
EDITS = _table("edits")
"""Requests, ended by a colon, to work on the text that follows: it may be anybody's."""
EDITS_LETTER = re.compile(
    rf"(?:{'|'.join(_of('edits'))})\s*(?:[.!?。！？]+\s*|\n\s*)", re.I
)
"""The same without a colon: only what is signed can be parted from the speaker's own words."""
OWN_AGAIN = _table("own_again")
"""What the one who quotes says of who is quoted, or asks behind the quotation."""
FIRST_PERSON = _table("first_person")
INNER = _table("inner")
FINAL = _table("final")
CHOOSES = _table("chooses")
OPTION_NUMBER = _table("option_number")
POINTS_AT = tuple(_compiled("points_at", [pattern]) for pattern in _of("points_at"))
"""Words that mean one of several things that were listed, with its place as a group."""
AGAINST = _table("against")
RECALLED = re.compile(
    r"<(?P<tag>[\w-]*memor(?:y|ies)[\w-]*)(?:\s[^<>]*)?>.*?</(?P=tag)>", re.I | re.S
)
