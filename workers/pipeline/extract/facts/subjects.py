"""What a statement is about, where it is one of the things that a person has one of at
a time: home, job, diet, number.

Two statements with one subject and another value contradict each other; the newer one
wins (`merge`).
"""

from __future__ import annotations

import re

_SELF = (
    r"(?:\b(?:I|we)(?:['’](?:m|re|ve)| am| are| have| just| recently| finally| now"
    r"| currently)*\s+|我们?家?(?:现在|最近|刚|已经|终于)*)"
)
_NUMBERS = {
    "rent": r"rent|房租|租金",
    "income": r"take-?home(?: pay)?|salary|income|pay|wages?|月薪|工资|薪水|年薪|收入",
    "weight": r"weight|weigh|体重",
    "height": r"height|身高",
    "age": r"age|年龄|年纪",
    "budget": r"budget|预算",
    "mortgage": r"mortgage|房贷",
    "savings_goal": r"savings goal|存款目标",
}
_OF_MINE = "|".join(rf"(?P<{name}>{words})" for name, words in _NUMBERS.items())
_AMOUNT = re.compile(
    rf"(?:\b(?:my|our)(?: \w+){{0,2}} |\bI(?: now)? |我们?的?(?:新)?(?:每月"
    rf"|现在)?的?)(?:{_OF_MINE})[^.!?。！？]{{0,30}}?\d",
    re.I,
)
_RULES = (
    (
        "home",
        re.compile(
            rf"{_SELF}(?:live|living|moved|relocated|settled|reside)\b(?!\s+(?:on|forward"
            rf"|out|in with))|{_SELF}(?:住在|搬到|搬去|搬家|定居)",
            re.I,
        ),
    ),
    (
        "job",
        re.compile(
            rf"{_SELF}(?:work(?:ing)? (?:as|at|for)|started (?:a new job|working)|got "
            rf"(?:a new job|hired)|(?:a|an) [\w ]{{3,25}} at\b)"
            r"|我(?:现在|最近|刚)*(?:在.{1,12}(?:上班|工作)|换了?工作|跳槽|入职)",
            re.I,
        ),
    ),
    (
        "diet",
        re.compile(
            r"\b(?:vegan|vegetarian|pescatarian|eat(?:ing)? meat again|no longer (?:a "
            r")?(?:vegan|vegetarian))\b|吃素|素食|(?:开始|又)吃肉",
            re.I,
        ),
    ),
    (
        "phone_number",
        re.compile(
            r"\bmy (?:new )?(?:(?:phone|mobile|cell)(?: number)?|number) is\b|我的?(?:新)?(?:手机"
            r"|电话)号?码?(?:是|换成)",
            re.I,
        ),
    ),
    (
        "email",
        re.compile(
            r"\bmy (?:new )?e-?mail(?: address)? is\b|我的?(?:新)?邮箱(?:地址)?(?:是|换成)",
            re.I,
        ),
    ),
    ("name", re.compile(r"\bmy name is\b|\bcall me\b|我(?:叫|的名字是)", re.I)),
    (
        "relationship",
        re.compile(
            r"\bI(?:'m| am) (?:single|married|divorced|engaged)\b|\bI got (?:married"
            r"|divorced|engaged)\b|我(?:单身|结婚了|离婚了|订婚了)",
            re.I,
        ),
    ),
)


def subject_of(said: str, speaker: str = "") -> str:
    """The subject of a statement of the user or of a named speaker ("user.home"), ""
    where none is recognised.

    A question is about nothing yet.
    """
    if said.rstrip().endswith(("?", "？")):
        return ""
    amount = _AMOUNT.search(said)
    name = next(
        (name for name, pattern in _RULES if pattern.search(said)),
        (amount.lastgroup or "") if amount else "",
    )
    return f"{speaker or 'user'}.{name}" if name else ""
