"""What an answer means that names it by its place in what was offered: "number 2 then,
booking it now". Its words stay as they are; what they mean stands in front of them.
"""

from __future__ import annotations

from shared.language.sentences import is_question, last_questions, sentences
from shared.language.words import word_count
from workers.pipeline.extract.preferences.choices import offered
from workers.pipeline.extract.speech.patterns import POINTS_AT
from workers.pipeline.extract.speech.turns import Turn, is_persons

LONGEST = 30
"""Words of an answer; a longer one tells more than which of several is meant."""
LONGEST_OFFER = 40
"""Words of an offer without a list that is repeated in front."""
_PLACES = (
    "one first 一 1 a ein erst uno prim premi um un один перв １ 最初 첫",
    "two second 二 2 b zwei segund dos due deux deuxi dois два втор ２ 두",
    "three third 三 3 c drei dritt tres tercer tre terz trois três terceir три трет ３ 세",
    "four fourth 四 4 d vier cuatro cuart quattro quart quatre quatri quatro четы четв четвё ４ 네",
    "five fifth 五 5 e fünf cinco quint cinque cinq cinqui пять пят ５ 다섯",
)
_LAST = (
    "last",
    "letzt",
    "últim",
    "ultim",
    "derni",
    "последн",
    "最后",
    "最後",
    "마지막",
)
_STEM = 4
"""Letters from which the beginning of a word is enough to know it."""


def meant_option(turn: Turn, before: Turn | None) -> str:
    """The option that a person's answer means by its place, or all of an offer that has
    no list; "" where it means none by its place.
    """
    if before is None or before.message.role != "assistant" or not is_persons(turn):
        return ""
    is_reply = word_count(turn.text) <= LONGEST and not is_question(turn.text)
    place = _place(turn.text) if is_reply else None
    if place is None:
        return ""
    options = offered(before.text)
    if len(options) >= 2:
        is_one = -len(options) <= place < len(options)
        return options[place] if is_one else ""
    said = [s for s in sentences(before.text) if word_count(s) > 1]
    if last_questions(said):  # "For how many?" is answered with a number, not a place
        return ""
    last = said[-1] if said else ""
    return last if 1 < word_count(last) <= LONGEST_OFFER else ""


def means_by_place(answer: str) -> bool:
    """Whether an answer means something by its place."""
    return word_count(answer) <= LONGEST and _place(answer) is not None


def _place(answer: str) -> int | None:
    """The place that an answer names, -1 for the last one; None for none, or several."""
    places: set[int] = set()
    for pattern in POINTS_AT:
        for match in pattern.finditer(answer):
            word = next((group for group in match.groups() if group), "").lower()
            places.add(_number(word))
    return places.pop() if len(places) == 1 else None


def _number(word: str) -> int:
    if word.startswith(_LAST):
        return -1
    for place, forms in enumerate(_PLACES):
        if any(_is_form(word, form) for form in forms.split()):
            return place
    return int(word) - 1 if word.isdigit() and int(word) else len(_PLACES) + 99


def _is_form(word: str, form: str) -> bool:
    return word == form or (len(form) >= _STEM - 1 and word.startswith(form))
