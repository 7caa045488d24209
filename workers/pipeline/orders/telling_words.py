"""The words of what an order names, and whether a memory has them.

Words of all languages, without a stemmer for most: two words are the same if one is the
other with another ending. In scripts without spaces a run of characters is a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from workers.pipeline.orders.former_or_current import TimeWords
from workers.pipeline.orders.wordings import Language

SHORT = 4
"""Letters below which a word takes no ending but "s"."""
SHARE = 0.7
"""Of the longer word that two inflected forms of one have in common."""
PAIRS = 0.6
"""Share of a run's pairs of characters that stand in a text which has it."""
_LETTER = r"(?:[^\W_]|[\u0900-\u0963\u0970-\u097f\u064b-\u0652])"
"""Of a word; signs of vowels are parts of it."""
_WORD = re.compile(rf"{_LETTER}+(?:[’'-][^\W\d_]+)*")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+|[\u30a0-\u30ff]+|[a-z0-9]+", re.I)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[а-яё]")
_ENDING = re.compile(
    r"(?:ами|ями|ого|его|ому|ему|ыми|ими|[оеы]й|[оеыи]м|[аяы]х|[аяыиуюеоёьй])$"
)
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_TOLD = re.compile(r"\b([A-ZÀ-ÞА-ЯЁ][a-zß-ÿа-яё]+|\w*\d\w*)\b")
_BEHIND_PREPOSITION_DE = re.compile(
    r"\b(?:in|im|bei|beim|von|aus|an|am|namens)\s+(\w+)"
)
_DIGITS = re.compile(r"\d{2,}|[〇零一二三四五六七八九]{3,}")


@dataclass(frozen=True, slots=True)
class Named:
    """What an order names: its words by what must be there of them."""

    text: str
    core: tuple[str, ...]
    """Those that tell which thing is meant; all of them, where there are no others."""
    numbers: tuple[str, ...]
    """Words for a number ("locker number"): a number in the memory stands for them."""
    general: tuple[str, ...]
    """Words that hardly tell anything ("name")."""
    is_mine: bool
    """Whether it is said to be the user's own."""
    times: TimeWords
    when: str
    """FORMER or CURRENT, where the order says which one it means."""
    own: tuple[str, ...]
    """Those of the words that tell it from others of its kind: a name, a number."""

    def is_said_in(self, text: str) -> bool:
        """Whether a text has all its words."""
        lowered = text.lower()
        if not self.core or not _all_in(self.core, lowered):
            return False
        has_number = _all_in(self.numbers, lowered) or _DIGITS.search(text)
        return bool(has_number) if self.numbers else True

    def is_all_of(self, text: str) -> bool:
        """Whether what tells of something with this name is all of it: of "my wife", and not
        of "my wife's name".
        """
        return not self.general and bool(self.core) and _all_in(self.core, text.lower())

    def says_some_of(self, text: str) -> bool:
        """Whether a text has some of it: a word, a part of a run, or the number."""
        has_number = bool(self.numbers and _DIGITS.search(text))
        in_part = any(_has_pair(word, text) for word in self.core)
        return has_number or in_part or self.shares_words(text)

    @property
    def is_of_holder(self) -> bool:
        """Whether it is something of someone who is named: "Tom's door code"."""
        others = [word for word in self.core if word not in self.own]
        return bool(self.own) and bool(others or self.numbers)

    def without_holder(self) -> Named:
        """What is named without the names in it: of "Tom's door code" the door code."""
        if not self.is_of_holder:
            return self
        core = tuple(word for word in self.core if word not in self.own)
        text = " ".join((*core, *self.numbers, *self.general))
        return replace(self, text=text, core=core or self.numbers, own=())

    def has_word(self, word: str, text: str) -> bool:
        """Whether a text has one of its words, in whatever form."""
        return _is_in(word, text.lower())

    def tells_apart(self, text: str) -> bool:
        """Whether a text has a word that tells it from others of its kind."""
        lowered = text.lower()
        return any(_is_in(word, lowered) for word in self.own)

    def shares_words(self, text: str) -> bool:
        """Whether a text has one of its telling words."""
        lowered = text.lower()
        return any(_is_in(word, lowered) for word in self.core)


def named(text: str, language: Language) -> Named:
    """Take apart what an order names."""
    when, text = language.times.taken_from(text)
    words = _spaced(text, language) if language.is_spaced else _runs(text, language)
    numbers = [word for word in words if word in language.numbers]
    general = [word for word in words if word in language.general]
    core = [word for word in words if word not in (*numbers, *general)]
    longer = [word for word in core if len(word) > 1]
    if not language.is_spaced and longer:  # 我家的地址: any home has a 家
        general, core = [*general, *(w for w in core if w not in longer)], longer
    if not core:
        core, general = [*general, *numbers], []
        numbers = []
    return Named(
        text=text,
        core=tuple(core),
        numbers=tuple(numbers),
        general=tuple(general),
        is_mine=_is_mine(text, language),
        times=language.times,
        when=when,
        own=tuple(word for word in core if word in _names_in(text, language)),
    )


def _names_in(text: str, language: Language) -> set[str]:
    """Words that are written as names, or have a digit. German writes all nouns so: there
    only what follows a preposition.
    """
    names = _BEHIND_PREPOSITION_DE if language.code == "de" else _TOLD
    return {_bare(match[1].lower()) for match in names.finditer(text)}


def _is_mine(text: str, language: Language) -> bool:
    if not language.is_spaced:
        return text.startswith(tuple(language.mine))
    return bool(language.mine & set(_WORD.findall(text.lower())))


def _spaced(text: str, language: Language) -> list[str]:
    words = [_bare(word) for word in _WORD.findall(text.lower())]
    return [word for word in words if word and word not in language.small]


def _bare(word: str) -> str:
    """Without a genitive or an elided article ("mum's", "l'adresse")."""
    word = re.sub(r"[’']s$", "", word)
    return re.sub(r"^(?:l|d|j|qu|dell|nell|sull|un|m|s)[’']", "", word)


def _runs(text: str, language: Language) -> list[str]:
    """Runs of characters between particles, a word for a number apart."""
    small = sorted(language.small, key=len, reverse=True)
    numbers = sorted(language.numbers, key=len, reverse=True)
    parted = text.lower()
    for word in small:
        parted = parted.replace(word, " ")
    runs: list[str] = []
    if not _HAN_RUN.search(parted) and _WORD.search(text):
        return [text.strip()]  # a name in hiragana
    for run in _HAN_RUN.findall(parted):
        ending = next((word for word in numbers if run.endswith(word)), "")
        rest = run.removesuffix(ending) if ending else run
        runs += [part for part in (rest, ending) if part]
    return runs


def _all_in(words: Sequence[str], lowered: str) -> bool:
    return all(_is_in(word, lowered) for word in words)


def _is_in(word: str, lowered: str) -> bool:
    if _SPACELESS.search(word):
        return word in lowered or _pairs_in(word, lowered)
    others = [_bare(other) for other in _WORD.findall(lowered.replace("-", " "))]
    parts = [part for part in word.split("-") if part]
    return all(any(_same(part, other) for other in others) for part in parts)


def _has_pair(run: str, text: str) -> bool:
    """Whether a text has two characters of a run that stand together."""
    pairs = (run[start : start + 2] for start in range(len(run) - 1))
    return bool(_SPACELESS.search(run)) and any(pair in text for pair in pairs)


def _pairs_in(run: str, text: str) -> bool:
    pairs = [run[start : start + 2] for start in range(len(run) - 1)]
    if len(pairs) < 2:
        return False
    return sum(pair in text for pair in pairs) >= PAIRS * len(pairs)


def _same(word: str, other: str) -> bool:
    if word == other:
        return True
    if _CYRILLIC.search(word):
        stems = {_ENDING.sub("", word), _ENDING.sub("", other)}
        return len(stems) == 1 and len(stems.pop()) > 1
    shorter, longer = sorted((word, other), key=len)
    if _HANGUL.search(word):
        return len(shorter) > 1 and longer.startswith(shorter)
    if shorter.isascii() and len(shorter) < SHORT:
        return longer in (shorter + "s", shorter + "es")
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False))
    stem = sum(1 for _ in pairs)
    if not shorter.isascii() and len(longer) <= SHORT + 1:
        return stem >= max(3, len(longer) - 2)
    return stem >= max(SHORT, SHARE * len(longer))
