"""Whether a text is a mail message, by its head."""

from __future__ import annotations

import re

_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(?:\s|$)")
_MBOX_LINE = re.compile(r"From \S+ .*\d{4}")
"""Before a message that was saved by itself from a mailbox."""
_TRANSPORT = frozenset(
    "message-id mime-version received return-path delivered-to dkim-signature".split()
)
"""Headers that programs write and people do not: a memo has "From:" and "To:" as well."""
MIN_HEADERS = 3


def looks_like_mail(text: str) -> bool:
    """Whether a text, of which the beginning is given, starts with the head of a mail."""
    names: set[str] = set()
    for number, line in enumerate(text.split("\n")):
        line = line.rstrip("\r")
        if number == 0 and _MBOX_LINE.match(line):
            continue
        if not line:
            break
        if line[0] in " \t" and names:
            continue
        header = _HEADER.match(line)
        if header is None:
            return False
        names.add(header[1].lower())
    return len(names) >= MIN_HEADERS and "from" in names and bool(names & _TRANSPORT)
