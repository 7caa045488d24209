"""Whether two statements are plainly of two people, so that the newer one changes nothing of
the older: "the user's mother lives in Lagos" and "the user lives in London now". Pure
functions on words.
"""

from __future__ import annotations

import re

_PEOPLE = (
    "mother mum mom 妈妈 母亲 妈",
    "father dad 爸爸 父亲 爸",
    "sister 姐姐 妹妹 姐 妹",
    "brother 哥哥 弟弟 哥 弟",
    "son 儿子",
    "daughter 女儿 闺女",
    "aunt 阿姨 姑姑 姨妈",
    "uncle 叔叔 舅舅 伯伯",
    "cousin 表妹 表弟 表哥 表姐 堂弟 堂妹 堂哥 堂姐",
    "grandmother grandma 奶奶 外婆 姥姥",
    "grandfather grandpa 爷爷 外公 姥爷",
    "nephew niece 侄子 侄女 外甥",
    "colleague coworker 同事",
    "boss manager 老板 领导 上司",
    "neighbour neighbor 邻居",
    "friend 朋友 闺蜜",
    "roommate flatmate 室友",
)
"""Words for people who are not the user, those for the same ones together. Whoever lives
with the user as a partner is none: what is so of the one is often so of the other.
"""
_GROUP: dict[str, int] = {}
for _place, _row in enumerate(_PEOPLE):
    _GROUP |= dict.fromkeys(_row.split(), _place)
_WORDS = "|".join(sorted(_GROUP, key=len, reverse=True))
_OTHER = re.compile(
    rf"^(?:The user['’]s (?:older |younger |best |little |big )?(?P<en>{_WORDS})\b(?!['’]s)"
    rf"|用户的?(?P<zh>{_WORDS})(?!的|家))",
)
_USER = re.compile(rf"^(?:The user(?!['’]s|\sand\b)\b|用户(?!的|和|跟|(?:{_WORDS})))")
_SOMEBODY = re.compile(rf"\b(?:she|he|her|his|him|{_WORDS})s?\b|[她他]|{_WORDS}", re.I)


def are_of_two_people(old: str, new: str) -> bool:
    """Whether an older statement is of somebody whom the newer one does not speak of."""
    holder = _OTHER.match(old)
    if holder is None:
        return False
    other = _OTHER.match(new)
    group = _GROUP[holder["en"] or holder["zh"]]
    if other is not None:
        named = {_GROUP.get(word.lower()) for word in _SOMEBODY.findall(new)}
        return group not in named
    return bool(_USER.match(new)) and not _SOMEBODY.search(new)
