"""Titles and tags of Korean text, by the particles and verb endings of its words."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[,.!?:：\n。、]+\s*")
_TOPIC = re.compile(r"(?:은|는)$")
_POINTING = frozenset(
    """
    나 내 나는 내가 난 나의 저 제 저는 제가 전 저의 우리 우리는 우리의 저희 저희는 당신 너 너는 그
    그는 그녀는 이 이것 이건 그것 그건 여기 거기 사용자 사용자는 사용자의 네 예 아니요 안녕하세요
    감사합니다 죄송합니다 그리고 그래서 그런데 하지만 또 참 사실 요즘 지금
    """.split()
)
_TIME = re.compile(
    r"(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|오늘|내일|어제|모레|매일|매주|매달|매년|올해|내년|작년|다음|지난|이번|요즘|지금|주말|아침|점심|저녁|밤|오전|오후"
    r"|.요일|시|분|.+(?:월|일|시|년|분)|주|달|해|년|월|\d.*)(?:에는|에|은|는|부터|까지|마다|의|도)?"
)
_PLAIN = re.compile(
    r"(?:입니다|이에요|예요|이다|이고|에서는|에게서|에서|에게|한테|으로|부터|까지|처럼|하고|이랑|에는|에)$"
)
_AFTER_CONSONANT = re.compile(r"(?:은|이|을|과)$")
_AFTER_VOWEL = re.compile(r"(?:는|가|를|와|로|랑|의|도|만)$")
_WHOLE = frozenset(
    """
    고양이 호랑이 원숭이 떡볶이 어린이 쌍둥이 목걸이 귀걸이 손잡이
    젊은이 늙은이 휴가 회의 강의 지도 제주도
    """.split()
)
"""Nouns that end like a noun with a particle."""
_VERB = re.compile(
    r".*(?:요|니다|다|고|며|면|서|지만|는데|려고|러|게|던|할|하는|했던|인|있는|없는|해|돼|죠|네)$"
)
_ACT = re.compile(
    r"(?:하고 있어요|하고 있습니다|해요|합니다|했어요|했습니다|할 거예요|하기로 했어요|하려고 해요)$"
)
"""Endings that make a verb of a noun."""
_BEING = re.compile(r"\s*(?:있|됐|되|이|예)(?:어요|습니다|었어요|었습니다|요)$")
_LIKING = frozenset("좋아 싫어".split())
_SHORTEST = 2
_ONE = frozenset("딸 집 차 개 약 책 꽃 술 형 빵 밥 물 꿈 땅".split())
"""Nouns of one syllable that are tags; the other ones are mostly counters."""


def korean_title(text: str, longest: int) -> str:
    """The topic, where one is marked, or else the first clause without what is around
    it; at most `longest` characters.
    """
    for clause in _CLAUSE.split(text):
        words = _after_pointing(clause.split())
        title = _shortened(_named(words), longest)
        if title:
            return title
    return ""


def korean_tags(text: str) -> list[str]:
    """Nouns and names in their order, without particles."""
    result = []
    for word in re.findall(r"[^\W_]+", text):
        word = _ACT.sub("", word) or word
        noun = _noun(word)
        is_verb = noun == word and _VERB.match(word) and word not in _WHOLE
        if not (
            is_verb
            or _TIME.fullmatch(word)
            or {word, noun} & (_POINTING | _LIKING)
            or noun.isdigit()
            or (len(noun) < _SHORTEST and noun not in _ONE)
        ):
            result.append(noun)
    return result


def _after_pointing(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) and (
        words[start] in _POINTING or _TIME.fullmatch(words[start])
    ):
        start += 1
    return words[start:]


def _named(words: list[str]) -> list[str]:
    """Up to the topic, or without what makes a sentence of it."""
    for place, word in enumerate(words[:-1]):
        if _TOPIC.search(word) and _noun(word) != word and korean_tags(word):
            return [*words[:place], _noun(word)]
    text = _BEING.sub("", _ACT.sub("", " ".join(words))).split()
    return [*text[:-1], _noun(text[-1])] if text else []


def _noun(word: str) -> str:
    """A word without its particle."""
    if word in _WHOLE:
        return word
    for ending in (
        _PLAIN,
        _AFTER_CONSONANT if _is_closed(word[-2:-1]) else _AFTER_VOWEL,
    ):
        stem = ending.sub("", word)
        if stem != word and stem:
            return stem
    return word


def _is_closed(syllable: str) -> bool:
    """Whether a syllable ends in a consonant."""
    return "가" <= syllable <= "힣" and (ord(syllable) - ord("가")) % 28 > 0


def _shortened(words: list[str], longest: int) -> str:
    while words and len(" ".join(words)) > longest:
        words = words[:-1]
    return " ".join(words)
