"""Files that come inside a request: base64 or a data URI, told from URLs.

A text that is no base64 is the request's fault, known before anything is accepted: HTTP
400 with 40008 or 40009. Everything that can be said only of the decoded bytes (how
large, how many, what type, how many pages) is the job's to find: there the task fails,
as seed 003 says.
"""

from __future__ import annotations

import base64
import re

from shared.contract import Code
from shared.errors import BadRequest

_URL = re.compile(r"https?://", re.IGNORECASE)
_DATA_URI = re.compile(r"data:[^,]{0,256}?;base64,", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_OTHER_ALPHABET = str.maketrans("-_", "+/")


def is_url(text: str) -> bool:
    """Whether it has to be fetched."""
    return _URL.match(text.lstrip()) is not None


def decoded(text: str, field: str) -> bytes:
    """The bytes of base64 (line breaks, missing padding and the URL-safe alphabet are
    put right) or of a data URI.

    Raises `BadRequest` 40009 for a data URI without base64 or an unknown scheme, 40008
    for what is not base64 or decodes to nothing.
    """
    body = _body(text.lstrip(), field)
    try:
        data = base64.b64decode(
            body, validate=True
        )  # as nearly everybody sends it: putting it right first would copy 100 MB four times
    except ValueError:
        data = _put_right(body, field)
    if not data:
        raise BadRequest(f"{field}: an empty file", code=Code.BAD_CONTENT)
    return data


def _put_right(body: str, field: str) -> bytes:
    plain = _SPACE.sub("", body).translate(_OTHER_ALPHABET).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError as error:
        raise BadRequest(f"{field}: not base64", code=Code.BAD_CONTENT) from error


def _body(text: str, field: str) -> str:
    head = _DATA_URI.match(text)
    if head:
        return text[head.end() :]
    if ":" in text[:32]:
        raise BadRequest(
            f"{field}: an http(s) URL, base64 or 'data:...;base64,...' is expected",
            code=Code.BAD_FORMAT,
        )
    return text
