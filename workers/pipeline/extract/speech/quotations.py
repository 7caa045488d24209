"""Quotation marks: which words of a text are somebody's own words between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PAIRS = re.compile(
    r"“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|»[^«]*(?:«|$)|「[^」]*(?:」|$)|『[^』]*(?:』|$)"
    r"|‹[^›]*(?:›|$)|‘[^’]*’(?!\w)|(?<!\d)\"[^\"]*(?:\"|$)|``[^`]*(?:''|``|$)|`[^`]*(?:`|$)"
    r"|(?<![\w'])'(?=\S)[^'\n]*(?:'\w[^'\n]*)*'(?!\w)"
)


def quotations(text: str) -> Iterator[tuple[int, int]]:
    """Where text stands between quotation marks of any script, the marks included. One
    that is not closed goes to the end.
    """
    for match in _PAIRS.finditer(text):
        yield match.span()
