"""Answers to a question about preferences: "Any fish you don't like?" - "Mackerel, too
oily.". Alone they tell nothing, so the question goes with them.
"""

from __future__ import annotations

import re

from shared.domain.message import Message
from shared.language.sentences import sentences
from shared.language.words import is_chinese

LONGEST = 8
"""Words of an answer that says no more than was asked for; two Chinese characters count as one."""

_ASKED = re.compile(
    r"(?<!would you )\blike(?!\s+(?:me|to)\b)|\bprefer\w*|\bdislik\w*|\bavoid\b|\bfavou?rite\b"
    r"|\ballerg\w*|\bdiet\w*|\bhate\b|\brather\b"
    r"|\bcan['’]?t (?:you )?(?:eat|stand|have)\b|\brestrictions?\b|\brequirements?\b"
    r"|\bwhich (?:one|colou?r|size|style|kind|type|option|sort)\b|\bwhat (?:colou?r|style"
    r"|kind|sort|matters)\b"
    r"|喜欢|偏好|偏爱|忌口|过敏|讨厌|倾向|口味|颜色|风格|介意|在意|要求|[要选][哪什][种款个么]|不能吃|优先"
    r"|\bmögen|\bmag(?:st)?\b|\bbevorzug\w*|\blieber\b|\ballergi\w*|\bgusta\w*|\bprefier\w*"
    r"|\balergi\w*|\baime\w*|\bpréf\w*|\ballergi\w*",
    re.I,
)
_NOTHING = re.compile(
    r"(?:(?:no|nope|yes|yeah|yep|sure|ok(?:ay)?|none|nothing(?: special)?|not really"
    r"|all(?: of them)?|any|both|either|whatever"
    r"|don['’]?t (?:know|care|mind)|no idea|thanks|i do|i don['’]t|please)\b[\s,.!]*)+"
    r"|(?:没有?|有|无|是的?|好的?|嗯|都行|都可以|随便|不知道|没什么"
    r"|可以|行|要|不要|不用|谢谢)[的了吧呢啊，。！\s]*|\b(?:ja|nein|sí|no|oui|non)\b[\s,.!]*",
    re.I,
)


def asks_for_preference(message: Message, before: Message | None) -> str:
    """The question about preferences that a short message answers; "" where it answers none,
    or says no more than yes or no.
    """
    if (
        before is None
        or before.role != "assistant"
        or not is_short(message.text)
        or _NOTHING.fullmatch(message.text.strip())
    ):
        return ""
    question = question_of(before)
    return question if _ASKED.search(question) else ""


def is_short(text: str) -> bool:
    """Whether a text is an answer that needs its question."""
    words = len(text) // 2 if is_chinese(text) else len(text.split())
    return words <= LONGEST and not text.rstrip().endswith(("?", "？"))


def question_of(before: Message) -> str:
    """The question that a message ends with, "" for none."""
    parts = sentences(before.text)
    return parts[-1] if parts and parts[-1].endswith(("?", "？")) else ""
