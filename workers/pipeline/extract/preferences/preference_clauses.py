"""The clauses of a message that tell a wish or a standing instruction, as a judgement
finds them: where no phrase that rules know stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from shared.language.sentences import sentences
from shared.language.words import is_chinese
from workers.pipeline.extract.preferences.preference_classifier import Judgement
from workers.pipeline.extract.speech.patterns import TASK

LIKELY = 0.62
"""Likelihood from which a clause counts: a stray wish costs more than a missed one."""

LIKELY_IN_CHAT = 0.88
"""The same in a message that tells a lot: among it much sounds like a wish and is none."""

CHAT = 35
"""Words (Chinese characters / 2) of such a message."""

SURE = 0.8
"""Likelihood from which a clause tells nothing but a wish."""

BESIDE = 0.5
"""Likelihood from which it counts beside one that does."""

LONGEST = 90
"""Words (Chinese characters / 2) of a message beyond which it is a text to work on:
what it says is mostly nobody's wish.
"""

MOST_LINES = 3
"""Line breaks beyond which a message is notes, a log or a list."""

_START = (
    r"(?:i\b|we\b|you\b|he\b|she\b|they\b|it['’]?s?\b|there\b|please\b(?!\W*$)|don['’]t\b"
    r"|do not\b|never\b|always\b|(?:can|could) you\b|no\b"
    r"|not\b|nothing\b|just\b|keep\b|use\b|skip\b|give\b"
    r"|raise\b|send\b|put\b|when\b|ich\b|wir\b|bitte\b|kein\w*\b|es\b|yo\b|me\b|por favor\b"
    r"|prefiero\b|quiero\b|je\b|j['’]|il\b|ne\b"
    r"|pas\b|sin\b|sans\b|ohne\b)"
)
_JOINT = re.compile(
    r"(?<=\d)\.\s+(?=[A-Z])|"
    rf"\s*[,;:]\s+(?:(?:and|but|so|also|because|since|otherwise|und|aber|sonst|weil|denn"
    rf"|y|pero|porque|así que|et|mais"
    rf"|car)\s+)*(?={_START})"
    rf"|\s+(?:[-–—]|and|but|so|because|since|und|aber|weil|y|pero|porque|et|mais)\s+(?={_START})",
    re.I,
)
_JOINT_ZH = re.compile(r"[，；,;]\s*")
_TIED = re.compile(
    r"\b(?:but|because|since|otherwise|aber|sonst|weil|denn|pero|porque|mais|car)\b",
    re.I,
)
_TIED_ZH = re.compile(
    r"但|不过|因为|不然|否则|免得|省得|看着|毕竟|就算|即使|除非|多了|我怕"
)
_CASE = re.compile(
    r"(?:when(?:ever)?|if|for|wenn|falls|cuando|si|quand)\b|.*(?:的时候|时|的话|上)$",
    re.I,
)
_LEAD = re.compile(
    r"(?:(?:yes|yeah|yep|no(?=\s*[,.!–—-])|ok(?:ay)?|oh|hey|hi|btw|by the way|and|but"
    r"|also|well|actually|good|great|perfect"
    r"|thanks|sure|fine|note that|first of all|one (?:more )?thing(?: for [\w ]{1,20})?|so|ah"
    r"|ja|nein|und|aber|ach|übrigens|sí|y|pero|oui|et|mais)\s*[,:.!–—-]*\s+)+(?=\S)",
    re.I,
)
_LEAD_ZH = re.compile(
    r"(?:(?:对了|另外|还有|嗯+|好的?|行|那|哦|啊|顺便说一下|btw|不过"
    r"|但是?|而且|需要|要的?|可以|不用)[，,。：\s]+"
    r"|(?:对了|另外|还有|那|而且|并且|但是?|不过|可是|所以|然后)(?=\S))+"
)
_POINTS = re.compile(r"(?:but |while )?the (?:others?|rest)\b|其他|其它|别的", re.I)
"""What speaks of other options tells nothing without them."""
_ASKED = re.compile(
    r"^(?:please |and |also |but )?(?:can|could|would|will) you\b|^(?:kannst|könntest"
    r"|könnten|können) |^¿?(?:puedes|podrías"
    r"|puede) |^(?:peux|pourrais|pouvez)|(?:能不能|可不可以|能否|可以)",
    re.I,
)


def clauses(text: str) -> list[str]:
    """All clauses of a text that may tell a wish, without what leads in to them."""
    parts: list[str] = []
    for sentence in _sentences(text):
        parts += [sentence[start:end] for start, end in _spans(sentence)]
    return parts


@dataclass(frozen=True, slots=True)
class LikelyClause:
    """A stretch of a text, letter by letter, that tells a wish. `sure`: all of it does,
    so that it tells no fact besides.
    """

    stretch: str
    sure: bool


def likely_clauses(text: str, judgement: Judgement) -> Iterator[LikelyClause]:
    """What of a text tells a wish: in each sentence from its first such clause to its
    last, with the case that they are about ("when ...") and what gives them a reason.
    """
    limit = LIKELY_IN_CHAT if _words(text) > CHAT else LIKELY
    for sentence in _sentences(text):
        spans = _spans(sentence)
        likelihoods = [judgement(sentence[start:end]) for start, end in spans]
        if max(likelihoods, default=0.0) >= limit and not _POINTS.match(sentence):
            likely = [
                place
                for place, likelihood in enumerate(likelihoods)
                if likelihood >= BESIDE
            ]
            first, last = likely[0], likely[-1]
            is_sure = min(likelihoods[first : last + 1]) >= SURE
            if first and _CASE.match(sentence[slice(*spans[first - 1])]):
                first -= 1
            for (_, end), (start, after_end) in pairwise(spans[last:]):
                is_tied = _TIED.search(sentence[end:start])
                if not (is_tied or _TIED_ZH.match(sentence[start:after_end])):
                    break
                last += 1
            stretch = sentence[spans[first][0] : spans[last][1]].strip()
            yield LikelyClause(stretch, is_sure)


def _sentences(text: str) -> Iterator[str]:
    if (
        _words(text) > LONGEST
        or text.count("\n") > MOST_LINES
        or "```" in text
        or TASK.match(text)
    ):
        return
    for sentence in sentences(text):
        if not sentence.rstrip().endswith(("?", "？")) or _ASKED.search(
            without_lead(sentence)
        ):
            yield sentence


def _words(text: str) -> int:
    return len(text) // 2 if is_chinese(text) else len(text.split())


def _spans(sentence: str) -> list[tuple[int, int]]:
    joints = list((_JOINT_ZH if is_chinese(sentence) else _JOINT).finditer(sentence))
    starts, ends = (
        [0, *(joint.end() for joint in joints)],
        [*(joint.start() for joint in joints), len(sentence)],
    )
    spans = [
        (start + _lead(sentence[start:end]), end)
        for start, end in zip(starts, ends, strict=True)
    ]
    return [
        (start, end) for start, end in spans if len(sentence[start:end].strip()) > 1
    ]


def _lead(clause: str) -> int:
    match = (_LEAD_ZH if is_chinese(clause) else _LEAD).match(clause)
    return match.end() if match else 0


def without_lead(clause: str) -> str:
    """A clause without "oh and", "btw", 对了."""
    return clause[_lead(clause) :]
