"""What chat programs ask for themselves, in their user's name: a title for the chat, tags,
questions to go on with, a search query, the rest of a line. It is answered and not
remembered: the user has not said it, and what they have said stands in it a second time.

Such a request quotes the conversation, in a block or turn by turn, and demands something
for a program around it, of the system or of the user, in which nobody speaks of himself.
Whatever lacks one of the three may be a person's: it is remembered.
"""

from __future__ import annotations

import re

_MARKS = " \t\r\n`-*>[{"
"""Around turns that are quoted without a word about them."""
_SHORT = 500
"""Characters of a request that only names the conversation: it says nothing else."""

_BLOCK = re.compile(
    r"<(chat_?history|history|conversation(?:_?history)?|messages|transcript|dialogue)>",
    re.I,
)
_SLOT = re.compile(r"<(\w+)>[^<]*</\1>")
"""Other texts that a template puts between tags, such as the beginning of a line."""
_USERS_TURN = re.compile(
    r'^[ \t>*#`-]{0,8}(?:user|human|you|用户|用戶)\**[ \t]?[:：]|"role"\s?:\s?"user"',
    re.I | re.M,
)
_ANSWER = re.compile(
    r"^[ \t>*#`-]{0,8}(?:assistant|ai|bot|model|chatgpt|助手|助理)\**[ \t]?[:：]"
    r'|"role"\s?:\s?"assistant"',
    re.I | re.M,
)
_NAMED = re.compile(
    r"\b(?:this|our|the) (?:chat|conversation|discussion|dialogue)\b|对话|聊天|这句话",
    re.I,
)
"""The conversation named, where the request comes behind it."""

_WANTED = re.compile(
    r"\b(?:titles?|names?|tags?|topics?|labels?|keywords?|emojis?|follow[- ]?ups?)\b"
    r"|\b(?:search quer(?:y|ies)|questions?|suggestions?|summar\w+|rephras\w+)\b"
    r"|标题|標題|标签|標籤|主题|主題|名称|关键词|总结|概括|摘要|追问|建议",
    re.I,
)
_ABOUT_TALKS = re.compile(
    r"\b(?:conversations?|chats?|dialogues?)\b|会话|對話|对话|聊天", re.I
)
_MADE_OF_TALKS = re.compile(
    r"\b(?:titles?|tags?|keywords?|summar\w+|rephras\w+|search quer(?:y|ies))\b"
    r"|标题|標題|标签|关键词|总结|概括|摘要",
    re.I,
)
_JSON = re.compile(r'\bjson\b|[{\[]\s?"\w+"\s?[:\]]', re.I)
_JSON_ALONE = re.compile(
    r"\b(?:only|strictly) (?:return|respond|reply|answer|output)\w*[^.\n]{0,30}\bjson\b"
    r"|\b(?:return|respond|reply|answer|output)\w* (?:\w+ )?(?:only|strictly)"
    r"[^.\n]{0,20}\bjson\b|\bjson only\b|(?:只|仅)(?:返回|输出)[^。\n]{0,10}json",
    re.I,
)
"""Of the system: what is answered is read by a program."""
_FORM = re.compile(
    r"\bonly\b|\bnothing else\b|\bstrictly\b|\bdo not use\b|\bno more than\b"
    r"|\b(?:no|without|other|additional|extra) (?:other |any )?"
    r"(?:text|lead-in|punctuation|quot\w+|explanations?|formatting)\b"
    r"|\b(?:\d+|two|three|four|five|six|ten)[- ]words?\b|\bwords? or (?:less|fewer)\b"
    r"|\bor-less\b|\bmax(?:imum)?\b|\b\d+ characters\b"
    r"|只|仅|直接返回|直接输出|不要|无需|不加|不使用|字以内|个字",
    re.I,
)
_TITLE_ALONE = re.compile(
    r"\b(?:only|just) (?:with )?(?:the |a )?(?:short )?title\b|\btitle (?:only|itself)\b"
    r"|\b(?:other|additional|extra) text\b|\bwithout any\b|直接返回|不要解释",
    re.I,
)
_OF_THEMSELVES = re.compile(
    r"(?<![\w'’])(?:I(?:['’]\w+)?(?![\w'’/])|(?i:my|me|mine|myself)(?![\w'’]))"
    r"|我|私|(?<![\w'’])(?i:ich|mein\w*|mir|mich|je|moi|mon|yo|mi|mis|eu|meu|minha)\b"
    r"|\b[яЯ]\b|(?<!\w)(?i:мне|меня|мой|моя)\b"
)
_ASKED_WITH_FILES = re.compile(r"\s*#{1,4} \S")
"""How a template begins that has the user's question behind excerpts of files."""


def own_words(query: str, system: str, *, is_first: bool) -> str:
    """What the user has said of a question: all of it, the part that a template was put
    around, or nothing, where a program asks. `is_first`: no turn was sent with it.
    """
    if is_first:
        is_of_program = _asks_about_quoted(query, system)
    else:
        is_of_program = _asks_for_title(query)
    return "" if is_of_program else _within_template(query) or query


def _asks_about_quoted(query: str, system: str) -> bool:
    frame, is_block = _frame(query)
    if frame is None or _OF_THEMSELVES.search(frame):
        return False
    if _JSON_ALONE.search(system):
        return True
    if not frame.strip(_MARKS):  # what is wanted stands with the system, or nowhere
        return all(
            part.search(system) for part in (_ABOUT_TALKS, _MADE_OF_TALKS, _FORM)
        )
    if is_block and _JSON.search(frame):
        return True  # in any language
    is_form = _FORM.search(frame) or _JSON.search(frame)
    return bool(_WANTED.search(frame) and is_form)


def _frame(query: str) -> tuple[str | None, bool]:
    """What stands around a quoted conversation, None without any; and whether that is a
    block with an end. Turns without one are taken to go on to the end of the text.
    """
    block = _BLOCK.search(query)
    if block:
        ends = list(re.compile(f"</{block[1]}>", re.I).finditer(query, block.end()))
        if ends:
            around = f"{query[: block.start()]}\n{query[ends[-1].end() :]}"
            return _SLOT.sub("", around), True
    turns = [_USERS_TURN.search(query), _ANSWER.search(query)]
    if not all(turns):
        return None, False
    return query[: min(turn.start() for turn in turns if turn)], False


def _asks_for_title(query: str) -> bool:
    """Whether a request behind the conversation asks for its title, and says no more."""
    return (
        len(query) <= _SHORT
        and not _OF_THEMSELVES.search(query)
        and all(p.search(query) for p in (_NAMED, _WANTED, _FORM, _TITLE_ALONE))
    )


def _within_template(query: str) -> str:
    """The question within a template about files; "" where there is no such template."""
    if query.count("<user_query>") == query.count("</user_query>") == 1:
        return query.partition("<user_query>")[2].partition("</user_query>")[0].strip()
    before, _, rest = query.partition("<context>")
    _, end, behind = rest.rpartition("</context>")
    is_template = end and _ASKED_WITH_FILES.match(before)
    return behind.strip() if is_template else ""
