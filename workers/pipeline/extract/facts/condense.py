"""A long answer, condensed: what a person asks for again later ("what was the third
place you named?"), without the talk around it.

An assistant's answer of a page would cost more to embed than all that its user said,
and would be found by every word of it. Kept are the opening, the beginning of each list
entry and of each paragraph, sentences with figures in them, and of code what it
defines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.language.sentences import sentences
from shared.language.words import is_chinese, word_count

LONG = 160
"""Words from which an answer is shortened: below, what is saved in embedding is lost in
finding. Two Chinese characters count as a word.
"""

HEAD = 25
"""Words of a list entry that are kept."""

OPENING = 25
"""Words of a paragraph after which only sentences with figures are kept."""

CLOSING = 40
"""Words of the end of a long text that stand for all of it where it was replied to."""

_CODE = re.compile(r"```(?P<language>[\w+#.-]*)[^\n]*\n(?P<code>.*?)(?:```|\Z)", re.S)
_DEFINES = re.compile(
    r"^\s*(?:(?:public|private|static|export|async|default|pub)\s+)*(?:def|class|function"
    r"|func|fn|interface|struct|enum|CREATE\s+TABLE)"
    r"\s+[\w.]+",
    re.M | re.I,
)
_ENTRY = re.compile(
    r"^\s*(?:\(?\d{1,3}[.)、:]|[-*•·+]|[a-zA-Z][.)]|[（(]?[一二三四五六七八九十]{1,3}[、.）)])\s+(?P<entry>\S.*)$"
)
_FIGURE = re.compile(r"\d")


def condense(text: str) -> str:
    """A long text condensed; the text itself where it is short."""
    if word_count(text) <= LONG:
        return without_code(text)
    parts = []
    for line in without_code(text).splitlines():
        entry = _ENTRY.match(line)
        if entry is None:
            part = " ".join(_telling(sentences(line)))
        else:
            mark, said = line[: entry.start("entry")].strip(), entry["entry"]
            head = " ".join(said.split()[:HEAD])
            if is_chinese(said):
                head = said[: 2 * HEAD]
            part = f"{mark} {head}"
        if part:
            parts.append(part)
    return "\n".join(parts)


def without_code(text: str) -> str:
    """The text with its blocks of code reduced to what they define."""
    return _CODE.sub(_of_code, text)


def _of_code(match: re.Match[str]) -> str:
    defined = [" ".join(line.split()) for line in _DEFINES.findall(match["code"])]
    return (
        f"[{match['language'] or 'code'}: {', '.join(defined[:8])}]\n"
        if defined
        else f"[{match['language'] or 'code'}]\n"
    )


def _telling(parts: list[str]) -> Iterator[str]:
    """Of a paragraph its beginning, the sentences with figures, and what is asked at its end."""
    words = 0
    for place, part in enumerate(parts):
        if (
            words < OPENING
            or _FIGURE.search(part)
            or (place == len(parts) - 1 and part.endswith(("?", "？")))
        ):
            yield part
        words += word_count(part)


def closing(text: str) -> str:
    """How a long text ends: what a reply to it most likely replies to. The text itself
    where it is short.
    """
    if word_count(text) <= 2 * CLOSING:
        return text
    parts: list[str] = []
    for part in reversed(sentences(text)):
        if parts and word_count(" ".join([part, *parts])) > CLOSING:
            break
        parts.insert(0, part)
    return " ".join(parts)
