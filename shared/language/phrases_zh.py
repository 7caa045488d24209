"""Titles and tags of Chinese text, by the parts of speech that jieba's dictionary gives.

Words are cut by the dictionary alone: guessed words ("催得", "快递 员会") would make odd
tags. Only names of persons, which no dictionary holds, are taken from the guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

from shared.language.words import STOP_ZH

_CLAUSE = re.compile(
    r"(?>(?:[，,。！？!?；;：、\n（）()…【】〔〕\[\]《》]|(?<!\d):|:(?!\d))+)"
)
_QUOTES = re.compile(r"[“”‘’「」『』\"]")
_LATER = 0.7
"""What a clause loses for each one before it: people begin with what they are about."""
_TELLING = frozenset("n nr ns nt nz nrt nrfg vn l i j t eng an".split())
"""Parts of speech that name things: nouns, names, idioms, Latin words."""
_NAMES = frozenset("nr ns nt nz nrt nrfg eng".split())
_POINTING = frozenset("r d c u uj ul uz ug ud uv y e o p f x m q".split())
"""Parts of speech that no title begins with: pronouns, adverbs, particles and the like."""
_HELPING = frozenset(
    """
    要 会 能 可以 想 想要 打算 准备 计划 应该 需要 必须 可能 得 希望 觉得 认为 知道 记得 说 说错
    告诉 问 是 有 没有 请 帮 让 叫 记住 记下 记一下 谢谢 你好 您好 拜拜 再见 不好意思 对不起 抱歉
    麻烦 顺便 顺便说一下 最近 目前 联系 回复 喜欢 开始 使用 进行 发现 认识 看到 用来 成为 变成
    发生 出来 起来 下来 过来 回来 回去 出去 一下 用户 助手 已经 刚刚 刚 正在 在 对 跟 和 把 被 给
    从 向 为 因为 所以 但是 然后 另外 其实 收到 更新 汇报 转发 刚才 超过 专门 建议 带上 左右
    """.split()
)
"""Words that a title does not begin with."""
_TRAILING = frozenset(
    "的 了 着 过 是 有 在 和 跟 与 对 把 被 给 从 到 为 吗 呢 吧 啊 就 都 也 很 叫 得 不是 不 没 超过"
    " 不超过".split()
)
_GENERAL = frozenset(
    """
    事情 东西 时候 时间 问题 情况 地方 样子 方面 有点 个人 大家 有时 有时候 一般 平时 自己 家里
    意思 办法 感觉 关系 名字 现在 工作日 工作日内 月底 年底 对面 全家 人家 作为 就是 小时 分钟
    附近 里面 外面 上面 下面
    """.split()
)
"""Nouns too general to be tags."""
_ONE = frozenset(
    "车猫狗书茶酒饭菜鱼鸟花房床灯门猪马牛羊鸡鸭虾蟹糖盐奶药牙腰腿胃琴棋画诗歌"
)
"""Nouns of one character that are tags; the dictionary's other ones are mostly verbs."""
_VALUE = re.compile(
    r"\d|[一二三四五六七八九十百千万]{2,}|[一二三四五六七八九][百千万]|[一二三四五六七八九十]+[元块岁点号度斤]"
)
_SHORTEST_LATIN = 3
"""Letters of a Latin word that is a tag: shorter ones are mostly parts of codes."""
_KIN = frozenset("妈爸弟妹哥姐爷奶公婆舅姨姑叔媽")
_NEGATIONS = frozenset("不 没 没有 别 不要 不能 不会 从不 从来不 不再 无法".split())
"""Words that a title keeps: without them it would say the opposite."""
_TIME = re.compile(
    r"[今明昨后前每当去来上下本这]个?(?:[年天日月周晚早次]|星期|礼拜).{0,3}|周[一二三四五六日天末]|.*星期.*|礼拜.?"
    r"|[一二三四五六七八九十百几两零]+(?:[年月日号周天点岁个分时].{0,2})|.*\d.*"
    r"|.*(?:上午|下午|早上|晚上|中午|傍晚|半夜|以前|以后|之前|之后|月份)"
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
    "戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_FIRST = _SURNAMES | set("小阿老")
_TITLED = re.compile(
    rf"[{''.join(sorted(_SURNAMES))}](?:老师|医生|经理|总监|教授|主任|律师|师傅|阿姨|叔叔|先生|女士|同学)"
)


def chinese_title(text: str, longest: int) -> str:
    """A few words in their order, at most `longest` characters; "" where nothing is
    named.
    """
    best, most, first = "", 0.0, ""
    lone = ""
    clauses = list(filter(None, _CLAUSE.split(_QUOTES.sub("", text))))
    for number, clause in enumerate(clauses):
        words = _trimmed(_tagged(clause))
        title = _joined(words, longest)
        later = _LATER * number
        if lone and title and len(lone + title) <= longest:  # "我爷爷，前天摔了一跤"
            title, later = lone + title, 0.0
        lone = _lone(words) if number == 0 else ""
        if lone and _VALUE.search(clause) and len(clause) <= longest:
            title = clause[clause.index(lone) :]  # "预算不超过三千"
        weight = min(sum(_weight(word) for word in words), 3.0)
        first = first or title
        if weight and title and weight - later > most:
            best, most = title, weight - later
    return best or first


def _lone(words: Sequence[tuple[str, str]]) -> str:
    """The word of a title that has no other one and names a thing."""
    return words[0][0] if len(words) == 1 and _is_telling(words[0]) else ""


def chinese_tags(text: str) -> list[str]:
    """Names and topics, the most telling first."""
    persons = list(dict.fromkeys(_persons(text)))
    for person in persons:
        text = text.replace(person, "，")
    words = list(chain.from_iterable(map(_tagged, _CLAUSE.split(text))))
    names = [word for word, tag in words if tag in _NAMES and _is_telling((word, tag))]
    topics = [word for word, tag in words if _is_telling((word, tag))]
    acts = [word for word, tag in words if _is_act((word, tag))]
    result = list(dict.fromkeys([*persons, *names[:2], *topics]))
    return result or acts


def _tagged(clause: str) -> list[tuple[str, str]]:
    import rjieba  # see `shared.language.words`

    words: list[tuple[str, str]] = []
    for word, tag in rjieba.tag(clause.replace("我国庆", "国庆"), False):
        if len(word) == 2 and word[0] in _ONE and word[1] == "叫":  # "猫叫年糕"
            words += [(word[0], "n"), (word[1], "v")]
        else:
            words.append((word, tag))
    return words


def _weight(tagged: tuple[str, str]) -> float:
    if _is_telling(tagged):
        return 1.0
    return 0.5 * _is_act(tagged)


def _is_act(tagged: tuple[str, str]) -> bool:
    word, tag = tagged
    return tag in ("v", "vn") and len(word) > 1 and not _is_general(word)


def _is_telling(tagged: tuple[str, str]) -> bool:
    word, tag = tagged
    if len(word) == 1:
        return word in _ONE
    if tag == "eng" and len(word) < _SHORTEST_LATIN:
        return False
    return tag in _TELLING and not _is_general(word)


def _is_general(word: str) -> bool:
    return (
        word in STOP_ZH
        or word in _GENERAL
        or word in _HELPING
        or word[0] in "不别没"
        or bool(_TIME.fullmatch(word))
    )


def _trimmed(words: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without pronouns, adverbs and times before the content, and without particles
    and bare numbers after it.
    """
    phrase = list(words)
    while phrase and phrase[0][0] not in _NEGATIONS and _is_before(phrase):
        phrase.pop(0)
    while phrase and (phrase[-1][0] in _TRAILING or phrase[-1][1] in ("m", "q", "x")):
        _, tag = phrase.pop()
        is_code = tag in ("m", "x") and phrase and phrase[-1][1] == "eng"
        if is_code:  # "kiwi-77"
            phrase[-1] = ("", "x")
    return phrase


def _is_before(words: Sequence[tuple[str, str]]) -> bool:
    """Whether the first word stands before the content; "外送" and "我妈" stay whole."""
    word, tag = words[0]
    after = words[1][0] if len(words) > 1 else ""
    if tag == "f" and len(word) == 1 and not _TIME.fullmatch(word + after):
        return False
    if tag == "r" and after in _KIN:
        return False
    return (
        tag in _POINTING
        or word in _HELPING
        or word in STOP_ZH
        or bool(_TIME.fullmatch(word))
    )


def _joined(words: Sequence[tuple[str, str]], longest: int) -> str:
    """The words as they stand, as many as there is room for."""
    phrase = list(words)
    if sum(len(word) for word, _ in phrase) > longest:
        while phrase and sum(len(word) for word, _ in phrase) > longest:
            phrase.pop()
        while len(phrase) > 1 and not _weight(phrase[-1]):
            phrase.pop()
    text = ""
    for word, _ in phrase:
        between = " " if _is_latin(text[-1:]) and _is_latin(word[:1]) else ""
        text += between + word.strip()
    return text


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _persons(text: str) -> Iterator[str]:
    """Names of persons: "陈老师", and those that jieba guesses."""
    import rjieba  # see `shared.language.words`

    words = rjieba.cut(text, False)
    starts = set(accumulate(map(len, words), initial=0))
    for titled in _TITLED.finditer(text):
        if titled.start() in starts:  # not within a word: "语文老师"
            yield titled[0]
    in_dictionary = set(words)
    for word, tag in rjieba.tag(text):
        is_name = tag == "nr" and word[0] in _FIRST and len(word) in (2, 3)
        if is_name and word not in in_dictionary:
            yield word
