"""Quotation marks: which words of a text are somebody's own words between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.language.sentences import sentence_spans

_PAIRS = re.compile(
    r"“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|»[^«]*(?:«|$)|「[^」]*(?:」|$)|『[^』]*(?:』|$)"
    r"|‹[^›]*(?:›|$)|‘[^’]*’(?!\w)|(?<!\d)\"[^\"]*(?:\"|$)|``[^`]*(?:''|``|$)|`[^`]*(?:`|$)"
    r"|(?<![\w'])'(?=\S)[^'\n]*(?:'\w[^'\n]*)*'(?!\w)"
)
_CLOSING = frozenset("”“»«」』›’\"'`")


def quotations(text: str) -> Iterator[tuple[int, int]]:
    """Where text stands between quotation marks of any script, the marks included. One
    that is not closed goes to the end.
    """
    for match in _PAIRS.finditer(text):
        yield match.span()


def sentences_with_quotations(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text stand, with all the sentences of a quotation in the one
    that it begins in: without it they would be nobody's words, or the speaker's.
    """
    closed = [
        (start, end)
        for start, end in quotations(text)
        if text[end - 1] in _CLOSING and end - start > 1
    ]
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text):
        is_inside = any(first < start < last for first, last in closed)
        if spans and is_inside:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans
