"""What feedback says: what is to be replaced, what is right, what is denied."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.domain.message_reading import Reading
from shared.language.sentences import sentence_spans
from shared.language.words import terms
from workers.pipeline.orders.subject import lacks_subject
from workers.pipeline.orders.wordings import languages

_QUOTED = r"['\"“‘「『]?(?P<{0}>[^'\"“”‘’「」『』]+?)['\"”’」』]?"
_REPLACE = re.compile(
    r"(?:please\s+)?(?:replace|change|rename|correct|update)\s+"
    r"(?:(?:all|every|each|the\s+(?:word|name))\s+)*"
    + _QUOTED.format("old")
    + r"\s+(?:with|to|by|into)\s+"
    + _QUOTED.format("new")
    + r"(?:\s+(?:everywhere|throughout|in\s+(?:all|every|my)\s+memor\w+))?\s*[.!]*",
    re.I,
)
_REPLACE_ZH = re.compile(
    r"(?:请|帮我)?(?:把|将)(?:我的?)?(?:所有的?|全部的?|记忆(?:里|中)?的?)*"
    + _QUOTED.format("old")
    + r"(?:都|全部|全|统一)?(?:替换|修改|更换|改|换|更正)(?:成|为)"
    + _QUOTED.format("new")
    + r"[。.!！]*"
)
_DENIED = re.compile(
    r"\b(?:and |but )?(?:not|isn't|no longer|instead of|rather than"
    r"|never (?:said|told you|mentioned))\s+"
    r"(?:in |at |on |a |an |the )*(?P<what>[^,.;!?]{2,40})"
    r"|(?:不再?是|而不是|并非|不在|不叫|不住|没说(?:过)?)(?P<zh>[^，。；！？]{1,20})",
    re.I,
)
_CLAUSE = re.compile(r"[^\s](?:(?![,;:.!?](?:\s|$)|[，、；：。！？—،؛؟]).)*.?", re.S)
_EDGE = " \t\n,，、;；:："
_LONGEST_OPENING = 40
"""Characters of a clause before what is right."""
CORRECTS = 0.5
"""Probability from which a message corrects something."""
_FEWEST_TERMS = 2
"""Terms of a statement that says what is right; less is only a complaint."""


_AND = re.compile(
    r"(?:,\s*)?\s(?:and|und|y|et|e|и)\s(?=\S)|[，,；;](?=我|他|她|我们)(?:而且|并且)?",
    re.I,
)
"""Where what is right of one thing ends and what is of another begins."""
_HOLDER = re.compile(
    r"(?i:my|our|the|i|we|it|mein|unser|der|die|das|ich|wir|mi|nuestr|el|la|los|las|mon|ma"
    r"|mes|notre|le|les|je|nous|il|lo|i miei|o|a|eu|мой|моя|моё|мы|я)[\w'’]*\s"
    r"|[A-ZÀ-ÞА-Я][\w'’]+\s|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
"""How a part begins that says of whom or what it tells."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What feedback says is right, and whether something remembered is wrong."""

    statement: str
    denies: bool


def replacement(text: str) -> tuple[str, str] | None:
    """The words to replace and the words to put in their place; None where the feedback
    asks for no replacement.
    """
    match = _REPLACE.fullmatch(text) or _REPLACE_ZH.fullmatch(text)
    return (match["old"].strip(), match["new"].strip()) if match else None


def word_pattern(words: str) -> re.Pattern[str]:
    """Finds words in any case; in alphabetic scripts not as a part of longer ones."""
    escaped = re.escape(words)
    if words.isascii():
        escaped = rf"(?<!\w){escaped}(?!\w)"
    return re.compile(escaped, re.I)


def correction(text: str, reading: Reading) -> Correction:
    """What feedback says is right, without an opening such as "no, that's wrong" and an
    aside such as "please fix that"; no statement where it does not say it, or asks.
    """
    clauses = [match.span() for match in _CLAUSE.finditer(text)]
    first, last, subject = 0, len(clauses), ""
    corrects = reading.likely("correction") >= CORRECTS
    while first < last and _is_opening(text, clauses[first], reading, corrects):
        subject = _subject(_bare(text, clauses[first])) or subject
        first += 1
    asks_to_correct = False
    while first < last and _is_aside(text, clauses[last - 1]):
        last -= 1
        asks_to_correct = asks_to_correct or _says_wrong(text, clauses[last])
    if first == last:
        return Correction("", True)
    statement = text[clauses[first][0] : clauses[last - 1][1]].strip(_EDGE)
    if subject and subject.lower() not in statement.lower():
        statement = f"({subject}) {statement}"
    is_asked = statement.endswith(("?", "？"))
    denies = corrects or first > 0 or asks_to_correct
    is_right = not is_asked and (not is_brief(statement) or _is_value(statement))
    return Correction(statement if is_right else "", denies)


def is_brief(statement: str) -> bool:
    """Whether a statement has so few words that only what it corrects gives it a sense."""
    return len(terms(statement)) < _FEWEST_TERMS


def _is_value(statement: str) -> bool:
    """Whether a word says what is right of what is known: 在五楼, "8"."""
    has_number = any(map(str.isdigit, statement))
    return bool(terms(statement)) and (has_number or lacks_subject(statement))


def parts(statement: str) -> list[str]:
    """A correction of several things, sentence by sentence, and at an "and" between what
    says something by itself: "My flight is on the 8th and the hotel is the Astoria". All
    of it where a part says too little.
    """
    pieces: list[str] = []
    for start, end in sentence_spans(statement):
        sentence = statement[start:end].strip()
        both = _AND.split(sentence)
        are_whole = len(both) > 1 and all(map(_says_something, both))
        pieces += both if are_whole else [sentence]
    if len(pieces) < 2 or not all(map(_says_something, pieces)):
        return [statement]
    return [piece.strip(_EDGE) for piece in pieces]


def _says_something(piece: str) -> bool:
    """Whether a piece has words of its own beside what it denies, and does not go on
    with what stands before it.
    """
    return (
        len(set(terms(without_denials(piece)))) >= _FEWEST_TERMS
        and _HOLDER.match(piece.strip()) is not None
    )


def _is_opening(
    text: str, span: tuple[int, int], reading: Reading, corrects: bool
) -> bool:
    """Whether a clause only says that something is wrong: by its words, or because
    nothing of it is worth keeping in what corrects.
    """
    words = _bare(text, span)
    if _says_wrong(text, span) or _subject(words):
        return True
    is_kept = any(p.start < span[1] and p.end > span[0] for p in reading.parts)
    is_brief = len(words) <= _LONGEST_OPENING and not denied(words)
    return corrects and bool(reading.parts) and is_brief and not is_kept


def _says_wrong(text: str, span: tuple[int, int]) -> bool:
    """Whether a clause says that something is wrong, or asks to correct it."""
    words = _bare(text, span)
    return any(language.wrong.fullmatch(words) for language in languages())


def _subject(words: str) -> str:
    """Of what a clause says that it is wrong; "" where it says no such thing."""
    for language in languages():
        for pattern in language.wrong_of:
            match = pattern.fullmatch(words)
            if match is not None:
                return match["what"].strip()
    return ""


def _is_aside(text: str, span: tuple[int, int]) -> bool:
    words = _bare(text, span)
    return any(language.asides.fullmatch(words) for language in languages())


def _bare(text: str, span: tuple[int, int]) -> str:
    """A clause without the marks around it."""
    return text[slice(*span)].strip(" \t\n,，、;；:：.。!！?？—-¡¿،؛؟")


def denied(text: str) -> list[str]:
    """What a correction says is not so."""
    return [(match["what"] or match["zh"]).strip() for match in _DENIED.finditer(text)]


def without_denials(text: str) -> str:
    """What a correction says besides what is not so."""
    return _DENIED.sub(" ", text)
