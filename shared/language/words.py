"""Words of English and Chinese text, as they are indexed: stems, Chinese words and
character pairs, without stop words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

import Stemmer

_RUN = re.compile(r"[\u3400-\u9fff]+|\d+|[^\W\d_]+(?:['’][^\W\d_]+)?")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_KATAKANA = re.compile(r"[\u30a1-\u30fa]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_ONLY_CHINESE = re.compile(
    r"[们們这這吗嗎呢吧说說欢歡还還没让讓给給把很你您她吃喝哪啊呀]"
)
"""Everyday characters that Japanese does not write."""
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u30a1-\u30fc\u3400-\u9fff]+"
)
_LATIN = re.compile(r"[^\W\d_]+")
STOP = frozenset(
    """
    a an the and or but if then so to of in on at by for with from as is are was
    were be been being am do does did done doing have has had having i you he she it
    we they me him her us them my your his its our their this that these those there
    here what when where which who whom why how not no yes just very really also too
    can could will would should may might must shall about into over after before up
    down out off again more most some any all both each few other than im ive id ill
    youre dont didnt doesnt isnt wasnt cant thats its lets hey hi hello oh wow
    thanks thank yeah ok okay
    """.split()
)
STOP_ZH = frozenset(
    """
    的 了 是 在 我 你 他 她 它 们 和 也 都 就 不 有 这 那 吗 呢 啊 吧 着 过 会 要 能
    把 被 给 跟 与 及 或 很 还 又 再 什么 哪 谁 怎么 为什么 我们 你们 他们 一个 这个
    那个 可以 自己 呀 嘛 请问 时候 哪里 哪儿 怎么样 如何 多少 几 来 去 吗 没有 一下
    您
    """.split()
)
_FILLER_ZH = frozenset("什么哪怎谁几候的了是在我你他她它们吗呢啊吧呀嘛")


_FEW_KANA = 8
"""Chinese characters for each hiragana from which these are a name within Chinese."""


def is_chinese(text: str) -> bool:
    """Whether a text is mainly Chinese: a Chinese character says as much as two to
    three letters of a word. Japanese and Korean texts are not, whatever Chinese
    characters they are written with.
    """
    chinese = len(_CHINESE.findall(text))
    if _is_japanese(text, chinese) or len(_HANGUL.findall(text)) > chinese:
        return False
    latin = sum(map(len, _LATIN.findall(_CHINESE.sub(" ", text))))
    return 3 * chinese > latin


def _is_japanese(text: str, chinese: int) -> bool:
    hiragana, katakana = len(_HIRAGANA.findall(text)), len(_KATAKANA.findall(text))
    if _ONLY_CHINESE.search(text):
        return hiragana * 2 > chinese
    return hiragana * _FEW_KANA > chinese or katakana * 2 > chinese


def word_count(text: str) -> int:
    """Words of a text. Of scripts without spaces (Chinese, Japanese, Thai, Lao, Burmese,
    Khmer) two characters count as one; so do their letters within other words.
    """
    unspaced = sum(map(len, _UNSPACED.findall(text)))
    spaced = sum(any(map(str.isalnum, run)) for run in _UNSPACED.sub(" ", text).split())
    return spaced + (unspaced + 1) // 2


_ENGLISH = frozenset(
    """
    i'm i've i'd the and is are was were my of to with for it that this have has had not
    don't you at on from but we they he she
    """.split()
)
_FOREIGN = frozenset(
    """
    ich und der die das ist nicht ein eine mein meine mit für auf zu wir sie den dem
    im von habe bin wird ja yo el la los las un una mi es y que no con para de en
    por pero me te se lo al del soy tengo je le les des une mon ma et est pas que
    avec pour dans sur nous vous il elle j'ai suis
    """.split()
)


_SHARED = frozenset("in a an no so as".split())
"""Words of English that the other languages have too."""
_WEIGHT_OF_I = 2
"""What "I" counts beside another English word: none of the others has it."""


def is_english(text: str) -> bool:
    """Whether a text in Latin letters may be read as English: none of the words that
    hold German, Spanish or French together outnumbers its own.
    """
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower().replace("’", "'"))
    foreign = sum(word in _FOREIGN for word in words)
    english = sum(word in _ENGLISH or word in _SHARED for word in words)
    return foreign <= english + _WEIGHT_OF_I * words.count("i")


def chinese_words(text: str) -> frozenset[str]:
    """The words of the Chinese in a text, stop words among them."""
    runs = (run for run in _RUN.findall(text) if _CHINESE.match(run))
    return frozenset(chain.from_iterable(map(_cut, runs)))


def _cut(run: str) -> list[str]:
    """The words of a stretch of Chinese. Imported here: the dictionary takes 32 MB, and
    many a process never meets any Chinese.
    """
    import rjieba

    words: list[str] = rjieba.cut(run)
    return words


def terms(text: str) -> list[str]:
    """The index terms of a text, in order and with repeats: stems, Chinese words, and
    Chinese character pairs beside them.
    """
    result: list[str] = []
    for run in _RUN.findall(text.lower()):
        if _CHINESE.match(run):
            words = [word for word in _cut(run) if word not in STOP_ZH]
            result += words
            whole = set(words)
            for start in range(len(run) - 1):
                pair = run[start : start + 2]
                if pair not in whole and not set(pair) & _FILLER_ZH:
                    result.append(pair)
            continue
        plain = re.sub(r"['’]s$", "", run).replace("'", "").replace("’", "")
        if plain not in STOP:
            result.append(_stem(plain))
    return result


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(Stemmer.Stemmer("english").stemWord(word))
