"""The inline marks of Markdown: links, emphasis, code, tags, escapes."""

from __future__ import annotations

import html
import re

from workers.parsers.ruby import with_reading, write_readings

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(<?([^)\s>]*)>?(?:\s+[\"'][^)]*)?\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~&$])")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_EMPHASIS = re.compile(
    r"(\*\*\*|\*\*|\*|~~|(?<!\w)___|(?<!\w)__|(?<!\w)_)(?=\S)(.+?)(?<=\S)\1(?!\w)"
)
_CODE = re.compile(r"(`+)(.+?)\1(?!`)")
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|del|div|em|font|i|img|ins|kbd|mark|p|q|s|small|span"
    r"|strong|sub|sup|u)(?:\s[^<>]*)?/?>",
    re.I,
)
_RUBY = re.compile(r"<ruby\b[^>]*>(.*?)</ruby>", re.I | re.S)
_PARENTHESES = re.compile(r"<rp\b[^>]*>.*?(?:</rp>|(?=<))", re.I | re.S)
_READING = re.compile(r"<rt\b[^>]*>(.*?)(?:</rt>|(?=<rt\b)|$)", re.I | re.S)
_ANY_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_PLACEHOLDER = re.compile("\0(\\d+)\0")
EMPHASIS_DEPTH = 3
"""How deeply emphasis in emphasis is taken off."""
PLACEHOLDER_DEPTH = 2
"""An escape may stand in code, so what is put back may hold a placeholder itself."""


def strip_inline_marks(text: str) -> str:
    """Text without Markdown's inline marks; a link keeps its address."""
    protected: list[str] = []

    def protect(match: re.Match[str]) -> str:
        protected.append(match[2] if match.re is _CODE else match[1])
        return f"\0{len(protected) - 1}\0"

    def link_text(link: re.Match[str]) -> str:
        words, address = link[1], link[2]
        leads_out = words != address and not address.startswith("#")
        return f"{words} ({address})" if leads_out else words

    text = _CODE.sub(protect, text)
    text = _ESCAPE.sub(protect, text)
    text = _IMAGE.sub(r"\1", text)
    text = LINK.sub(link_text, text)
    text = _ADDRESS.sub(r"\1", text)
    text = write_readings(_RUBY.sub(_with_readings, text))
    text = _TAG.sub(" ", text)
    for _ in range(EMPHASIS_DEPTH):
        text = _EMPHASIS.sub(r"\2", text)
    text = html.unescape(text)
    for _ in range(PLACEHOLDER_DEPTH):
        text = _PLACEHOLDER.sub(lambda match: protected[int(match[1])], text)
    return text.strip()


def _with_readings(ruby: re.Match[str]) -> str:
    """A word in ruby with its reading."""
    inner = _PARENTHESES.sub("", ruby[1])
    reading = "".join(_READING.findall(inner))
    base = _READING.sub("", inner)
    return with_reading(
        *("".join(_ANY_TAG.sub("", part).split()) for part in (base, reading))
    )
