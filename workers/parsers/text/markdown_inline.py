"""The inline marks of Markdown: links, emphasis, code, tags, escapes."""

from __future__ import annotations

import html
import re

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
    text = _TAG.sub(" ", text)
    for _ in range(EMPHASIS_DEPTH):
        text = _EMPHASIS.sub(r"\2", text)
    text = html.unescape(text)
    for _ in range(PLACEHOLDER_DEPTH):
        text = _PLACEHOLDER.sub(lambda match: protected[int(match[1])], text)
    return text.strip()
