"""Standing instructions: what a user asks of every answer to come. A one-off request
("write me an email") is none.
"""

from __future__ import annotations

import re

from shared.language.words import is_chinese

_ORDER = re.compile(
    r"(?:please\b|(?:can|could|would|will) you\b|don['’]?t\b|do not\b|never\b|always\b"
    r"|no\b|not\b|nothing\b|stop\b|skip\b|avoid\b|keep\b|use\b"
    r"|give\b|put\b|send\b|show\b|tell\b|call\b|write\b|answer\b|reply\b"
    r"|respond\b|explain\b|raise\b|speak\b|talk\b|ask\b|add\b|start\b|end\b|be\b|leave\b"
    r"|just\b|only\b|from now on\b|in future\b|when you\b"
    r"|whenever you\b|let['’]s\b|remember\b|stick\b|make\b"
    r"|bitte\b|kein\w*\b|antworte\b|\w+e mi(?:r|ch)\b|sin\b|por favor\b|no me\b|pas d|réponds\b)"
    r"|(?:请|麻烦|能不能|可以|别|不要|不用|不必|少|用|给我|以后|今后"
    r"|往后|每次|每条|一律|统一|记得|尽量|先|直接|说|讲|把|写|回答|回复)",
    re.I,
)
_POLITE = re.compile(
    r"^(?:(?:and|also|but)\s+)?(?:(?:(?:can|could|would|will) you\s+)?(?:please\s+)?)(?=\w)",
    re.I,
)

_MANNER = re.compile(
    r"\b(?:answers?|answered|answering|repl(?:y|ies)|respond\w*|responses?|messages)\b"
    r"|\bemojis?\b|\bsmil(?:ey|ie)s?\b|\bjargon\b"
    r"|\bsugar-?coat\w*|\bpep talks?\b|\blectur\w+|\badvice\b|\bapologi\w+|\bsmall talk\b"
    r"|\bcall (?:me|them|him|her|the user)\b|\baddress (?:me|them|him|her|the user)\b"
    r"|\bto the point\b|\b(?:blunt|brief|concise)\b"
    r"|\bexplain\w* (?:the )?(?:basics?|obvious)|\bexclamation\b|\bpreamble|\bintroductions?\b"
    r"|\b(?:start|begin|open|lead|end|finish|close) with\b"
    r"|^(?:always|from now on|every time|immer|ab jetzt|siempre|toujours|总是|永远|每次|一律)\W*$"
    r"|\b(?:speak|talk|write) (?:to (?:me|them|the user) )?in [A-Z]\w+|\bswear\w*|\bjust "
    r"listen\b|\bmotivational\b|\bpraise\b"
    r"|回答(?!的?对|得)|回复|答复|聊天|对话|表情|emoji|称呼我|叫(?:我"
    r"|用户)|[“\"「]?[您你][”\"」]|长篇大论|绕弯|说重点|鸡汤"
    r"|啰嗦|道歉|客气|之类的话|劝(?:我|用户)|说教|安慰|通俗"
    r"|\b(?:antwort\w*|duz\w*|siez\w*|nenn\w* mich|fass dich)\b|\b(?:respóndeme|respuestas"
    r"|tráta\w*|tute\w*|llámame|consejos|al grano)\b"
    r"|\b(?:répon\w*|tutoie\w*|vouvoie\w*|appelle-moi)\b",
    re.I,
)
_IN_CASES = re.compile(
    r"\b(?:when(?:ever)? (?:you|I|they)"
    r"|for (?!me\b|them\b|your\b|(?:temperature|distance|weight|price|length|unit|amount"
    r"|date|time|measurement)s\b)\w+s\b|minutes|e-?mails?"
    r"|letters?|reports?|recipes?|code|comments?|functions?"
    r"|tests?|customer|client|before|during|after \d)\b"
    r"|(?<!回答)(?<!回复)(?<!回答我)(?<!回复我)(?:的时候|时，)|写(?![成得]|[。！]?$)|邮件|纪要|代码(?!示例|例子)|comment|文件"
    r"|题|概念|菜谱|推荐|客户|\b(?:wenn|cuando|quand)\b",
    re.I,
)
_WHEN = re.compile(
    r"(?:when|whenever|if|for|wenn|cuando|quand)\b"
    r"(?! (?:you )?(?:answer|reply|respond|talk|explain|tell me|say)"
    r" ?(?:something|anything|things|to me|me)?,)"
    r"|[^，,。]*(?<!回答)(?<!回复)(?<!聊天)(?<!回答我)(?<!回复我)(?<!和我聊天)(?:的时候|时，)",
    re.I,
)
_CLAUSE = re.compile(r"[,;.，；。]\s*|\s+(?:and|but)\s+")


def is_order(said: str) -> bool:
    """Whether words are said to somebody who is to do something, rather than of oneself."""
    return bool(_ORDER.match(said.strip())) and not re.match(
        r"(?:no|not|用)[\s,]*(?:longer|我|了)", said.strip(), re.I
    )


def on_every_answer(said: str) -> bool:
    """Whether a preference is about the manner of answering (language, length, tone,
    how to be addressed) whatever is asked.
    """
    if _WHEN.match(said):
        return False
    return any(
        _MANNER.search(clause) and not _IN_CASES.search(clause)
        for clause in _CLAUSE.split(said)
    )


def marks_of(said: str) -> tuple[bool, bool, bool]:
    """Whether a case stands in front of an instruction, whether a clause names a kind of
    task, and whether one is about the manner of answering.
    """
    clauses = _CLAUSE.split(said)
    return (
        _WHEN.match(said) is not None,
        any(map(_IN_CASES.search, clauses)),
        any(map(_MANNER.search, clauses)),
    )


def plainly(said: str) -> str:
    """An order without its politeness: "can you use metric units?" -> "use metric units."."""
    if is_chinese(said):
        return re.sub(r"^(?:请|麻烦)(?=\S{2})", "", said)
    return re.sub(r"\?$", ".", _POLITE.sub("", said))
