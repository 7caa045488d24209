"""Short texts in Latin letters: which of the alphabets of Windows, DOS and the Macintosh
their few other letters were written in. A detector that counts has too little to count.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

CANDIDATES = ("cp1252", "mac_roman", "cp1250", "cp1254", "cp850", "gb18030")
"""In the order in which they win where they are equally plausible."""
LATIN_SHARE = 0.6
"""Share of plain letters among letters and other bytes, from which on text is Latin."""
DETECTED, USUAL = 0.25, 0.05
"""What the detected encoding and the most usual one are given beforehand, of 1."""
_FREQUENT = frozenset("äöüßéèêëàâçîïôûùœñáíóúãõåøæÄÖÜÉÈÊÀÂÇÎÔÑÁÍÓÚÅØÆŒ")
_LESS_FREQUENT = frozenset(
    "ąćęłńśźżčďěňřšťůžýőűșțăğışìòýĄĆĘŁŃŚŹŻČĎĚŇŘŠŤŮŽÝŐŰȘȚĂĞİŞÌÒÙÃÕ"
)
_MARKS = frozenset("“”„‘’‚–—…•€£°§©®™«»¿¡·ºª½¼¾²³")
_APOSTROPHES = frozenset("’´")
_BEFORE_CONSONANTS = frozenset("ńśźćŃŚŹĆ")
"""Letters that no vowel follows, since Polish writes them otherwise there."""
_VOWELS = frozenset("aeiouyAEIOUY")


def is_mostly_latin(data: bytes) -> bool:
    """Whether the letters of bytes, in any extension of ASCII, are mostly plain ones."""
    plain = sum(1 for byte in data if byte < 0x80 and chr(byte).isalpha())
    others = sum(1 for byte in data if byte >= 0x80)
    return others > 0 and plain >= LATIN_SHARE * (plain + others)


def latin_encoding(sample: bytes, detected: str) -> str:
    """The encoding in which the other letters of a Latin text make sense: the detected
    one, unless another does so clearly better.
    """
    best, highest = detected, float("-inf")
    for encoding in (detected, *CANDIDATES):
        try:
            text = sample.decode(encoding, "replace")
        except LookupError:
            continue
        score = _plausibility(text)
        score += DETECTED if encoding == detected else 0
        score += USUAL if encoding == CANDIDATES[0] else 0
        if score > highest:
            best, highest = encoding, score
    return best


def _plausibility(text: str) -> float:
    """How well the letters beyond ASCII fit their neighbours: -1 to 1, their mean."""
    scores: list[float] = []
    padded = f" {text} "
    at = 0
    for is_other, run in groupby(padded, key=lambda character: character > "\x7f"):
        length = len(list(run))
        if is_other:
            before, behind = padded[at - 1], padded[at + length]
            scores += _scores_of_run(padded[at : at + length], before, behind)
        at += length
    return sum(scores) / len(scores) if scores else 0.0


def _scores_of_run(run: str, before: str, behind: str) -> list[float]:
    """The plausibility of letters beyond ASCII that stand together."""
    around = f"{before}{run}{behind}"
    return [
        _score(character, around[index], around[index + 2], len(run))
        for index, character in enumerate(run)
    ]


def _score(character: str, before: str, behind: str, length: int) -> float:
    """The plausibility of one character between two others."""
    if character in _MARKS or not character.isalpha():
        is_inside = before.isalpha() and behind.isalpha()
        is_usual = character in _MARKS or character == "\xa0"
        fits = not is_inside or character in _APOSTROPHES
        return 0.8 if is_usual and fits else -1.0
    if not unicodedata.name(character, "").startswith("LATIN"):
        is_stray = length == 1 or (before.isascii() and before.islower())
        return -1.0 if is_stray else 0.8
    is_word_inner = before.islower() or (before.isupper() and behind.islower())
    if character.isupper() and is_word_inner:
        return -1.0
    if character in _BEFORE_CONSONANTS and behind in _VOWELS:
        return -1.0
    if character in _FREQUENT:
        return 1.0
    return 0.8 if character in _LESS_FREQUENT else 0.1
