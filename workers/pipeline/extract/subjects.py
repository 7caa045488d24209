"""What a statement is about, where it is one of the things that a person has one of at a time: home, job, diet, number.

Two statements with one subject and another value contradict each other; the newer one wins (`merge`).
"""

from __future__ import annotations

import re

_SELF = r"(?:\bI(?:'m| am|'ve| have| just| recently| finally| now| currently)*\s+|我(?:现在|最近|刚|已经|终于)*)"
_RULES = (
    ("home", re.compile(rf"{_SELF}(?:live|living|moved|relocated|settled|reside)\b(?!\s+(?:on|forward|out|in with))|我(?:现在|最近|刚|已经|终于)*(?:住在|搬到|搬去|搬家|定居)", re.I)),
    ("job", re.compile(rf"{_SELF}(?:work(?:ing)? (?:as|at|for)|started (?:a new job|working)|got (?:a new job|hired)|(?:a|an) [\w ]{{3,25}} at\b)|我(?:现在|最近|刚)*(?:在.{{1,12}}(?:上班|工作)|换了?工作|跳槽|入职)", re.I)),
    ("diet", re.compile(r"\b(?:vegan|vegetarian|pescatarian|eat(?:ing)? meat again|no longer (?:a )?(?:vegan|vegetarian))\b|吃素|素食|(?:开始|又)吃肉", re.I)),
    ("phone_number", re.compile(r"\bmy (?:new )?(?:phone|mobile|cell)(?: number)? is\b|我的?(?:新)?(?:手机|电话)号?码?(?:是|换成)", re.I)),
    ("email", re.compile(r"\bmy (?:new )?e-?mail(?: address)? is\b|我的?(?:新)?邮箱(?:地址)?(?:是|换成)", re.I)),
    ("name", re.compile(r"\bmy name is\b|\bcall me\b|我(?:叫|的名字是)", re.I)),
    ("relationship", re.compile(r"\bI(?:'m| am) (?:single|married|divorced|engaged)\b|\bI got (?:married|divorced|engaged)\b|我(?:单身|结婚了|离婚了|订婚了)", re.I)),
)


def subject_of(said: str, speaker: str = "") -> str:
    """The subject of a statement of the user or of a named speaker ("user.home"), "" where none is recognised.

    A question is about nothing yet.
    """
    if said.rstrip().endswith(("?", "？")):
        return ""
    name = next((name for name, pattern in _RULES if pattern.search(said)), "")
    return f"{speaker or 'user'}.{name}" if name else ""
