"""Small talk: what is said to be polite or to show that one listens, and says nothing
that anybody asks for later.
"""

from __future__ import annotations

import re

from shared.language.words import is_chinese, terms

FEW = 3
"""New telling words below which what an assistant says to a statement tells nothing of
its own; to a question any one of them may be the answer.
"""

_POLITE = """
    thanks thank thx ty cheers please sorry apologise apologize apology pardon welcome hi
    hello hey bye goodbye
    great good nice lovely perfect wonderful excellent amazing awesome fantastic brilliant
    beautiful cool fine super sweet happy glad
    pleased
    congratulations congrats well done proud luck lucky fingers crossed hope enjoy fun
    cheer bravo ouch aww wow haha lol yay phew hmm
    okay ok sure yes yeah yep no nope right exactly indeed absolutely definitely certainly
    course totally agreed alright fair enough
    got it noted note understood understand understandable remember mind saved save updated
    update keep kept record recorded know see hear
    heard listen
    listening read sound sounds feel feeling feels idea question point choice news thing
    way lot much bit
    help helpful assist here have day anything something everything else more further let
    tell ask say talk trust share sharing trusting
    take care wish best worry problem trouble kind sense make makes made look looks looking
    forward quite really very so too such always
    charm
    do does will would can could shall should go going start begin step basics first check
    moment inconvenience
    谢谢 谢谢啦 多谢 感谢 谢 谢啦 可以 就这样 您好 你好 早 早上好 早安 晚安 再见 拜拜 好
    好的 好嘞 好吧 好呀 行 可以 没问题 没事 不客气
    不用谢 客气 请 嗯 哦 哈 哈哈 嘿 嘿嘿 哇 呵呵 对 是 是啊 当然 确实 真
    真的 太 太好了 太棒 棒 真棒 厉害 不错 挺好 恭喜 祝贺 祝 祝您 祝你 加油 辛苦 辛苦了 开心
    高兴 幸福 顺利 愉快 希望 放心 注意 休息 身体
    保重 明白 了解 收到 知道 记下 记住 记录 已 更新 理解 抱歉
    不好意思 遗憾 帮 帮您 帮你 帮忙 帮助 需要 有 什么 还有 其他 随时 告诉 说 问 问题 听
    听起来 感觉 觉得 分享 信任 这样 那 就 吧 呢 啊 呀 哦
    了 的 您 你 一起 一下 慢慢 慢慢来 不再 会 为 让
    danke bitte gern gerne hallo tschüss schön super toll prima klar genau gut ja nein
    gracias muchas hola adiós bien muy vale genial perfecto claro bueno felicidades
    enhorabuena qué sí
    merci bonjour salut bien super parfait oui non
"""
_ONLY_POLITE = frozenset(terms(_POLITE)) | frozenset(_POLITE.split())
_POLITE_CHARACTERS = frozenset("".join(filter(is_chinese, _ONLY_POLITE)))
_FIGURE = re.compile(r"\d")


def is_polite_phrase(sentence: str) -> bool:
    """Whether a sentence is made of polite words only: "Perfect, thanks a lot!", 好的，谢谢啦."""
    return not _FIGURE.search(sentence) and not _telling(sentence)


def is_small_talk(sentence: str, answered: str) -> bool:
    """Whether what an assistant says only answers: it asks back, is polite, or repeats
    what the user just said (`answered`).
    """
    if sentence.rstrip().endswith(("?", "？")):
        return True
    few = 1 if answered.rstrip().endswith(("?", "？")) else FEW
    return not _FIGURE.search(sentence) and len(
        _telling(sentence) - frozenset(terms(answered))
    ) < few * (2 if is_chinese(sentence) else 1)


def _telling(sentence: str) -> frozenset[str]:
    """The words that are about something; of Chinese also pairs of characters, about two a word."""
    words = []
    for term in terms(sentence):
        is_of_polite = is_chinese(term) and _POLITE_CHARACTERS.issuperset(term)
        if term not in _ONLY_POLITE and not is_of_polite:
            words.append(term)
    return frozenset(words)
