"""Where a statement begins and ends within its sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from shared.domain.message_reading import KeptPart
from shared.language.sentences import is_question
from workers.pipeline.extract.speech.patterns import (
    ASKED_IN_PLACE,
    ASKS_BEHIND,
    CHATTER,
    FRAME,
    FRAME_BEHIND,
    FRAMES_FURTHER,
    REQUEST_BEHIND,
)
from workers.pipeline.extract.statements.segments import CJK

_SAYS = re.compile(r"\w")
_BREAK = re.compile(r"[,，;；:：.。!！?？—–\n¿](?!\d)")
_SUBJECT = re.compile(
    r"(?<=[,，;；:：.。!！?？”」\n])\s*(?:那|那么|请问)?(?:我们?|你|您|他们?|她们?|它们?|咱们?|大家|这)?"
    r"(?:还|又|现在|今天|明天|到底)?$"
)
"""What is left of a Chinese question before its verb."""
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)+")


def bounds(
    text: str, start: int, end: int, parts: Sequence[KeptPart], *, noted: bool = False
) -> tuple[int, int]:
    """The sentence without chatter before it, without a question beside the kept words,
    and without words that only ask to note it. All of the sentence where it is not
    certain what may be left out. `noted`: whether the reader sees that it asks to note
    the kept words.
    """
    first, last = max(start, parts[0].start), min(end, parts[-1].end)
    begins = _behind_chatter(text, start, end, first, last)
    frame = FRAME.match(text, begins, end)
    is_framed = frame is not None and begins < frame.end() < last
    is_to_end = not _SAYS.search(text[last:end])
    if noted and is_to_end and not is_framed and _asks_before(text, begins, first, end):
        return _to_words(text, first, last)
    if frame is not None and is_framed and not FRAMES_FURTHER.search(text, first, end):
        begins = frame.end()
    elif _is_beside(text[begins:first]):
        begins = first
    if not is_framed and is_to_end:
        last = end  # the mark of a question that is kept
    ends = _end(text, begins, first, last, end)
    return _to_words(text, begins, ends)


def _asks_before(text: str, begins: int, first: int, end: int) -> bool:
    """Whether a sentence is a question whose first words are not kept."""
    return is_question(text[begins:end]) and bool(_SAYS.search(text[begins:first]))


def _behind_chatter(text: str, start: int, end: int, first: int, last: int) -> int:
    chatter = CHATTER.match(text, start, end)
    return chatter.end() if chatter and chatter.end() <= first + 1 < last else start


def _is_beside(lead: str) -> bool:
    """Whether the words before a statement are a question of their own, with its mark or
    by its first words: "and what about dates, ...".
    """
    if is_question(lead):
        return bool(_SAYS.search(lead))
    opening = CHATTER.match(lead)
    asked = ASKS_BEHIND.match(lead, opening.end() if opening else 0)
    return asked is not None and bool(_BREAK.match(lead.rstrip()[-1:]))


def _end(text: str, begins: int, first: int, last: int, end: int) -> int:
    """Where the statement ends: before the question that follows it, before words that
    ask to note it, or before a request that adds nothing.
    """
    rest = text[last:end]
    behind = FRAME_BEHIND.search(text, last, end) or REQUEST_BEHIND.search(
        text, first, end
    )
    if behind is not None:
        return behind.start()
    # A question that begins before the kept words is one with them.
    asks = is_question(rest) and not _SAYS.search(text[begins:first])
    if not asks:
        return _before_last_question(text, begins, end)
    asked = ASKS_BEHIND.search(text, last, end)
    broken = _BREAK.search(text, last, end)
    places = [match.start() for match in (asked, broken) if match]
    ends = min(places, default=last)
    subject = _SUBJECT.search(text, first, ends)
    if subject:
        return subject.start()
    return _last_break(text, first, ends) if ASKED_IN_PLACE.match(text, ends) else ends


def _before_last_question(text: str, begins: int, end: int) -> int:
    """The end of a sentence without a last clause that is a question from its first word
    on: "..., should I be worried?".
    """
    if not is_question(text[begins:end]):
        return end
    place = _last_break(text, begins, end - 1)
    clause = place + len(text[place:end]) - len(text[place:end].lstrip(" ,，;；:：—–"))
    is_asked = place > begins and ASKS_BEHIND.match(text, clause)
    return place if is_asked else end


def _last_break(text: str, begins: int, end: int) -> int:
    """Where the last clause of a stretch is parted from the one before it; its beginning
    where it has one clause.
    """
    return max(
        (match.start() for match in _BREAK.finditer(text, begins, end)), default=begins
    )


def _to_words(text: str, first: int, last: int) -> tuple[int, int]:
    """The bounds moved outwards to the borders of words."""
    while _inside_word(text, first):
        first -= 1
    while _inside_word(text, last):
        last += 1
    return first, last


def _inside_word(text: str, place: int) -> bool:
    """Whether a place stands between two characters of a word or a number."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if CJK.match(before) or CJK.match(after):
        return False
    if _is_of_word(before) and _is_of_word(after):
        return True
    return any(
        number.start() < place < number.end() for number in _NUMBER.finditer(text)
    )


def _is_of_word(character: str) -> bool:
    """A letter or digit, an apostrophe, a vowel sign."""
    return (
        character.isalnum()
        or character in "'’"
        or unicodedata.category(character).startswith("M")
    )
