"""The subject of a correction within a talk: "no, it's June 28" says nothing alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.language.sentences import sentences
from shared.language.words import is_chinese, terms
from workers.pipeline.orders.wordings import opens_with_wrong

_CLAUSE = re.compile(r"[,;.!](?=\s)|[，、；。！]")
_PREDICATE_ZH = re.compile(r"(?:应该|其实|明明|而)?(?:是|在|叫|姓|改[到成为])(?!不是)")
"""How a Chinese clause begins that leaves out of what it tells."""
_VALUE_ZH = re.compile(
    r"[\d零〇一二两三四五六七八九十百千万点半年月日号周星期礼拜早晚上下中午今明后天块元岁楼层个:：.\s]+"
)
"""A Chinese clause that is a value alone: 周六早上九点."""
_TOPIC_JA = re.compile(r"[はがもを](?=.)")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_TOPIC_KO = re.compile(r"[은는이가도을를]\s")
LONGEST = 80
"""Characters of what is put in front; of longer statements the end of the last clause
before them goes.
"""
TELLING, APART = 4, 3
"""Terms of its first clause from which a correction stands alone, unless that shares some with
what it corrects and does not say all of it again; and where it shares none.
"""
LONG = 16
"""Terms of a statement from which it is of several things, and of no use in front."""


def with_subject(correction: str, previous_statements: Sequence[str]) -> str:
    """A correction with what it corrects in brackets in front: the last of the previous
    statements, or the last one that shares words with it. The correction itself where
    there is none, or where it says all of it again.
    """
    statements = [statement.strip() for statement in previous_statements]
    own = set(terms(correction))
    shared = [s for s in statements if s and own & set(terms(s))]
    corrected = (shared or [s for s in statements if s] or [""])[-1]
    has_subject = correction.startswith(("(", "（"))
    if not corrected or corrected == correction or has_subject:
        return correction
    corrected = _sentence_of(corrected, own)
    said, lead = set(terms(corrected)), _lead(correction)
    again = lead & said
    is_whole = not lacks_subject(correction)
    is_whole = is_whole and (
        not again or len(said) >= LONG or len(again) * 2 >= len(said)
    )
    if len(lead) >= (TELLING if again else APART) and is_whole:
        return correction
    subject = _brief(corrected)
    if is_chinese(correction):
        return f"（{subject}）{correction}"
    return f"({subject}) {correction}"


def lacks_subject(correction: str) -> bool:
    """Whether a correction in Chinese, Japanese or Korean says what is right and not of what:
    是3月15号, 3月15日です. Its terms do not tell: each part of a date is one.
    """
    clauses = [clause.strip() for clause in _CLAUSE.split(correction.strip())]
    clauses = [clause for clause in clauses if clause and not opens_with_wrong(clause)]
    first = clauses[0] if clauses else ""
    if _HANGUL.search(first):
        return not _TOPIC_KO.search(first)
    if _KANA.search(first):
        return not _TOPIC_JA.search(first)
    is_predicate = _PREDICATE_ZH.match(first) or _VALUE_ZH.fullmatch(first)
    return is_chinese(first) and bool(is_predicate)


def _lead(correction: str) -> set[str]:
    """The terms of the first clause that has more than one."""
    clauses = [set(terms(clause)) for clause in _CLAUSE.split(correction)]
    return next((clause for clause in clauses if len(clause) > 1), set())


def _sentence_of(statement: str, words: set[str]) -> str:
    """The last sentence of a statement that has some of the words, else its last one."""
    said = sentences(statement)
    shared = [sentence for sentence in said if words & set(terms(sentence))]
    return (shared or said or [statement])[-1]


def _brief(statement: str) -> str:
    """A statement without its stop, cut at a space where it is long."""
    plain = statement.rstrip(" .。!！")
    if len(plain) <= LONGEST:
        return plain
    cut = plain[:LONGEST]
    return (cut[: cut.rfind(" ")] if " " in cut else cut).rstrip(" ,，、") + " …"
