"""The wordings of feedback, in English and Chinese: what is to be replaced, what is
right, what is denied.
"""

from __future__ import annotations

import re

from shared.language.words import terms

_QUOTED = r"['\"“‘「『]?(?P<{0}>[^'\"“”‘’「」『』]+?)['\"”’」』]?"
_REPLACE = re.compile(
    r"(?:please\s+)?(?:replace|change|rename|correct|update)\s+"
    r"(?:(?:all|every|each|the\s+(?:word|name))\s+)*"
    + _QUOTED.format("old")
    + r"\s+(?:with|to|by|into)\s+"
    + _QUOTED.format("new")
    + r"(?:\s+(?:everywhere|throughout|in\s+(?:all|every|my)\s+memor\w+))?\s*[.!]*",
    re.I,
)
_REPLACE_ZH = re.compile(
    r"(?:请|帮我)?(?:把|将)(?:我的?)?(?:所有的?|全部的?|记忆(?:里|中)?的?)*"
    + _QUOTED.format("old")
    + r"(?:都|全部|全|统一)?(?:替换|修改|更换|改|换|更正)(?:成|为)"
    + _QUOTED.format("new")
    + r"[。.!！]*"
)
_OPENING = re.compile(
    r"^(?:(?:no|nope|wrong|incorrect|actually|sorry|you(?:'re| are) wrong"
    r"|that(?:'s| is| was)? (?:wrong|not (?:right|true|correct)|incorrect)"
    r"|不对|错了|不是的?|不正确|说错了|记错了|你(?:说|记)错了)[\s,，.。!！;；:：]*)+",
    re.I,
)
_DENIED = re.compile(
    r"\b(?:and |but )?(?:not|isn't|no longer|instead of|rather than)\s+"
    r"(?:in |at |on |a |an |the )*(?P<what>[^,.;!?]{2,40})"
    r"|(?:不再?是|而不是|并非|不在|不叫|不住)(?P<zh>[^，。；！？]{1,20})",
    re.I,
)
_FEWEST_TERMS = 2
"""Terms of a statement that says what is right; less is only a complaint."""


def replacement(text: str) -> tuple[str, str] | None:
    """The words to replace and the words to put in their place; None where the feedback
    asks for no replacement.
    """
    match = _REPLACE.fullmatch(text) or _REPLACE_ZH.fullmatch(text)
    return (match["old"].strip(), match["new"].strip()) if match else None


def word_pattern(words: str) -> re.Pattern[str]:
    """Finds words in any case; in alphabetic scripts not as a part of longer ones."""
    escaped = re.escape(words)
    if words.isascii():
        escaped = rf"(?<!\w){escaped}(?!\w)"
    return re.compile(escaped, re.I)


def correction(text: str) -> str:
    """What the feedback says is right, without an opening such as "no, that's wrong";
    empty where it does not say it, or asks.
    """
    statement = _OPENING.sub("", text).strip()
    is_question = statement.endswith(("?", "？"))
    return "" if is_question or len(terms(statement)) < _FEWEST_TERMS else statement


def denied(text: str) -> list[str]:
    """What a correction says is not so."""
    return [(match["what"] or match["zh"]).strip() for match in _DENIED.finditer(text)]
