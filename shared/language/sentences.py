"""Sentences of text in any language, taken apart and put together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise

from shared.language.function_words import likely_languages
from shared.language.words import is_chinese

_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|dra|prof|st|mt|vs|etc|e\.g|i\.e|no|nr|approx|inc|incl|inkl|tel|apt"
    r"|jr|sr|bzw|ca|sra?|mme|mlle|[a-z])|(?P<number>\d))\.$",
    re.I,
)
_SHORTENED = re.compile(
    r"\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dez|dec|mon|tues?|wed|thurs?|fri|sat|sun|ave|blvd|rd"
    r"|sq|co|corp|ltd|dept|div|univ|ft|in|kg|lbs?|oz|tbsp|tsp|min|sec|hrs?|est|max|vit|ext|fig|vol|pp?|ch|ed"
    r"|evtl|ggf|usw|bzgl|inkl|exkl|std|tägl|geb|verh|str|straße|pl|av|bd|boul|env|ej|aprox|núm|pág|ecc|pag|sig"
    r"|тыс|млн|руб|ул|кв|гор|обл)$|(?:str|gasse|platz)$",
    re.I,
)
"""What is short for a word, before a small letter."""
_STREET = re.compile(
    r"(?:str|strasse|gasse|platz|\b(?:ave|av|blvd|boul|bd|rd|ul|pl|apdo|apto|apt))\.$",
    re.I,
)
"""What is short for a street, before its number or a small letter."""
_GOING_ON = re.compile(
    r"(?:and|or|in|to|near|of|at|as|for|with|on|by|from|per|und|oder|im|in|an|am|bei|zu|mit|von|für|pro|et|ou|à"
    r"|de|du|des|en|avec|pour|y|o|con|para|por|e|di|da|com|и|или|в|на|с|за)\b",
    re.I,
)
_NUMBER_ALONE = re.compile(r"[\s(*#-]*\d{1,3}\.")
_MONTH = re.compile(
    r"(?:Jan|Feb|M[aä]r|Apr|May|Mai|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])[a-z]*\b"
)
_ORDINAL = re.compile(r"(?<![\d.,:])\d{1,2}\.$")
_ENTRY = re.compile(r"(?<!\S)(\d\d?)\.\s")
_WITHOUT_ORDINALS = frozenset(("en", "es", "fr", "it", "pt", "nl"))
"""Languages in which a point behind a number makes no ordinal of it."""
_COUNTING = re.compile(r"\b(?:no|nr|apt|tel)\.$", re.I)
"""Abbreviations before a number; before anything else it may be the word "no"."""
_MOST_OPENING = 8
"""Characters within which the first letter is looked for."""
_LONGEST_ABBREVIATION = 12
"""Characters in which an abbreviation stands, with what goes before it."""
_STOP = re.compile(
    r"(?P<stop>(?<![.!?…؟])[.!?…؟]+[\"'”’»)\]]*)\s+"
    r"|(?P<full>(?<![。！？；…।])[。！？；…।]+(?:[”’」』）\"]+(?=\s)|(?![。！？；…।”’」』）\"])))"
    r"|(?P<line>(?<!\s)\s*\n\s*)"
)
"""Each alternative looks at a run of marks once, from its first one on."""
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.S)
"""A block of code is no sentences."""
_KANA = re.compile(r"[\u3041-\u30fa]")
_OPENING = "\"'“‘«(【（「『[¿¡-–—*•"
_QUOTES = (("“", "”"), ("「", "」"), ("『", "』"), ("«", "»"), ("„", "“"))
LONGEST_QUOTE = 400
"""Characters within which an open quotation mark holds its sentences together."""
QUESTION_MARKS = ("?", "？", "؟")
ANSWER_LABEL = re.compile(
    r"\s*\**(?:a|ans|answers?|r|antwort|réponse|respuesta|risposta|resposta|о|ответ|答|回答|答え|답|답변)"
    r"\s*\d*\s*\**[.):：]",
    re.I,
)
"""What stands before the answer to a question that the line before asks."""
_LABELLED = re.compile(
    r"\s*(?:[-*•·]\s*)?\**[^\W\d_][^:：.!?。！？\n]{0,39}?\**\s?[:：]\**\s*(?!//)\S"
)


def sentences(text: str) -> list[str]:
    """The sentences in order, stripped, none empty; a line break ends one, an
    abbreviation, a number's point and the end of a sentence within a quotation do not.
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences stand in the text."""
    spans: list[tuple[int, int]] = []
    start = 0
    has_ordinals = cache(partial(_has_ordinals, text))
    fences = [match.span() for match in _FENCED.finditer(text)]
    opened = [first for first, _ in fences]
    for end, after in (*_ends(text), (len(text), len(text))):
        piece = text[start:end]
        before = bisect_right(opened, end)
        if before and end < fences[before - 1][1]:
            continue
        is_answered = is_question(piece) and _answers(text, after)
        if end < len(text) and (
            is_answered or _goes_on(text, (start, end), after, has_ordinals)
        ):
            continue
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            spans.append((start + lead, start + len(piece.rstrip())))
        start = after
    return spans


def is_question(sentence: str) -> bool:
    """Whether it ends with a question mark of some script."""
    return sentence.rstrip(" \"'”’」』)）").endswith(QUESTION_MARKS)


def last_questions(said: Sequence[str]) -> str:
    """The last question among sentences, with those right before it: they are answered
    together. "" for none.
    """
    places = [place for place, part in enumerate(said) if is_question(part)]
    if not places:
        return ""
    first = places[-1]
    while first and is_question(said[first - 1]):
        first -= 1
    return joined(said[first : places[-1] + 1])


def is_abbreviated(piece: str, after: str) -> bool:
    """Whether the point that a piece of a sentence ends with is that of an abbreviation,
    behind which `after` goes on: "works at St." before "Mary's".
    """
    following = after.lstrip()[:1]
    if _STREET.search(piece) and (following.isdigit() or following.islower()):
        return True
    point = _ABBREVIATION.search(piece[-_LONGEST_ABBREVIATION:])
    if point is None or point["number"] or not after.strip():
        return False
    return not _COUNTING.search(piece) or following.isdigit()


def labelled(line: str) -> bool:
    """Whether a line is a label with its value: "Smoker: no"."""
    return bool(_LABELLED.match(line))


def _answers(text: str, place: int) -> bool:
    """Whether the answer to a question begins at a place: "A: no", "– no"."""
    return text[place : place + 1] in ("–", "—") or bool(
        ANSWER_LABEL.match(text, place)
    )


def _ends(text: str) -> Iterator[tuple[int, int]]:
    """Where a sentence may end, and where the next one then begins."""
    is_casual = _first_letter(text, 0).islower()
    for match in _STOP.finditer(text):
        if match["stop"] is None:
            yield match.end("full") if match["full"] else match.start(), match.end()
        elif _may_begin(_first_letter(text, match.end())) or (
            is_casual and _begins_small(text, match)
        ):
            yield match.end("stop"), match.end()


def _begins_small(text: str, stop: re.Match[str]) -> bool:
    """Whether a small letter begins a sentence in a text that begins with one ("moved house.
    the cat hates it"): not behind "...", an abbreviation or an exclamation within quotation
    marks, and with no word that goes on with what was before ("5th ave. near the park").
    """
    if len(stop["stop"]) > 1:
        return False
    start = stop.start()
    before = text[max(0, start - _LONGEST_ABBREVIATION) : start]
    is_short = stop["stop"] == "." and _SHORTENED.search(before)
    return not is_short and not _GOING_ON.match(text, stop.end())


def _first_letter(text: str, place: int) -> str:
    """The first character from a place on, but for marks that open something."""
    return text[place : place + _MOST_OPENING].lstrip(_OPENING + " ")[:1]


def _may_begin(character: str) -> bool:
    return not character or character.isdigit() or not character.islower()


def _has_ordinals(text: str) -> bool:
    """Whether a point behind a number may make it an ordinal ("am 5. Mai", "der 3. Platz") or
    the number of an entry: "1. Milk 2. Eggs".
    """
    numbers = [int(number) for number in _ENTRY.findall(text)]
    is_listed = any(after == before + 1 for before, after in pairwise(numbers))
    if is_listed or 1 in numbers[:1]:
        return True
    return not likely_languages(text) <= _WITHOUT_ORDINALS


def _goes_on(
    text: str, span: tuple[int, int], after: int, has_ordinals: Callable[[], bool]
) -> bool:
    """Whether a sentence goes on behind a piece of the text that ends with a stop; what
    follows begins at `after`. `has_ordinals`: asked only where it matters.
    """
    start, end = span
    if "\n" in text[end:after]:
        return False
    point = _ABBREVIATION.search(text[max(start, end - _LONGEST_ABBREVIATION) : end])
    if point is not None:
        is_no_end = not point["number"] or _is_no_end(text, span, after)
        if is_no_end or (
            _ORDINAL.search(text, max(start, end - 3), end) and has_ordinals()
        ):
            return True
    piece = text[start:end]
    if len(piece) > LONGEST_QUOTE:
        return False
    return any(piece.count(a) > piece.count(b) for a, b in _QUOTES) or bool(
        piece.count('"') % 2
    )


def _is_no_end(text: str, span: tuple[int, int], after: int) -> bool:
    """Whether the point behind a number surely ends no sentence: it is the number of an entry,
    or a month or another number follows.
    """
    is_entry = bool(_NUMBER_ALONE.fullmatch(text, *span))
    return (
        is_entry or text[after : after + 1].isdigit() or bool(_MONTH.match(text, after))
    )


BULLET = re.compile(r"^\s*[-*•·]\s+")
NUMBERED = re.compile(
    r"^\s*(?:\(?\d{1,3}[.)、]|[（(]?[一二三四五六七八九十]{1,3}[、.）)])"
)
_TIGHT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_STOPPED = tuple(".!?。！？…؟।:：;；,，、~～")
_AFTER_STOP = "\"'”’»」』)）]】 *_"
_OPEN_WORD = re.compile(
    r"\b(?:an?|the|to|of|in|at|for|with|and|or|but|my|from|by|is|are|und|oder|der|die|das|den|dem|eine?n?"
    r"|mit|im|de|la|el|los|las|le|les|et|con|y|e|di|il|do|da|o|и|в|на|с)$",
    re.I,
)
"""Words that no line ends with, unless it is wrapped."""
_WRAPPED = 60
"""Characters from which a line may end because it is full."""


def is_listed(line: str) -> bool:
    """Whether a line is the entry of a list."""
    return bool(BULLET.match(line) or NUMBERED.match(line))


def joined(parts: Sequence[str]) -> str:
    """Sentences after each other, as their language writes them. Entries of a list and
    lines of a form stand without bullets, with a semicolon between them.
    """
    if any("```" in part for part in parts):  # lines of code stay lines
        return "\n".join(part.strip() for part in parts)
    lines = [line.strip() for line in "\n".join(parts).split("\n") if line.strip()]
    entries = [BULLET.sub("", line) for line in lines]
    is_tight = is_chinese("".join(entries)) or bool(_KANA.search("".join(entries)))
    space, semicolon = ("", "；") if is_tight else (" ", "; ")
    text = "".join(entries[:1])
    for before, entry, line in zip(entries, entries[1:], lines[1:], strict=False):
        between = space if _is_continued(before, line) else semicolon
        text += " " if is_tight and not between and _ends_spaced(before) else between
        text += entry
    return text


def _ends_spaced(sentence: str) -> bool:
    """Whether the last word is of a language that writes spaces, with a stop of one."""
    said = sentence.rstrip()
    last = said.rstrip(".!?\"')")[-1:]
    return last != said[-1:] and last.isascii()


def _is_continued(before: str, line: str) -> bool:
    """Whether no semicolon is needed before a line: the one before it has its stop, or
    goes on in it.
    """
    if before.rstrip(_AFTER_STOP).endswith(_STOPPED):
        return True
    if is_listed(line) or labelled(line):
        return False
    if not _has_letters(before[-1:]):
        return True
    is_full = len(before) > _WRAPPED and not _TIGHT.match(line)
    return line[:1].islower() or is_full or bool(_OPEN_WORD.search(before))


def _has_letters(character: str) -> bool:
    return character.isalnum() or character in "%€$£°\"'”’»」』)）]】"
