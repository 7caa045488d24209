"""Files that come inside a request: base64 or a data URI; and URLs, which are not.

A text that is no base64 is the request's fault, known before anything is accepted: HTTP
400 with BAD_CONTENT or BAD_FORMAT. Everything that can be said only of the decoded
bytes (how large, how many, what type, how many pages) is found by the job: there the
task fails, not the request.
"""

from __future__ import annotations

import base64
import re

from shared.contract import Code
from shared.errors import BadRequest

_URL = re.compile(r"https?://", re.IGNORECASE)
_DATA_URI = re.compile(r"data:[^,]{0,256}?;base64,", re.IGNORECASE)
_LONGEST_SCHEME = 32
"""Characters within which the colon of a scheme is looked for."""
_SPACE = re.compile(r"\s+")
_URL_SAFE_ALPHABET = str.maketrans("-_", "+/")


def is_url(text: str) -> bool:
    """Whether it has to be fetched."""
    return _URL.match(text.lstrip()) is not None


def decoded(text: str, field: str) -> bytes:
    """The bytes of base64 (line breaks, missing padding and the URL-safe alphabet are
    put right) or of a data URI.

    Raises `BadRequest` with BAD_FORMAT for a data URI without base64 or an unknown
    scheme, with BAD_CONTENT for what is not base64 or decodes to nothing.
    """
    body = text.lstrip()
    head = _DATA_URI.match(body)
    if head:
        body = body[head.end() :]
    elif ":" in body[:_LONGEST_SCHEME]:
        raise BadRequest(
            f"{field}: an http(s) URL, base64 or 'data:...;base64,...' is expected",
            code=Code.BAD_FORMAT,
        )
    try:
        # As nearly everybody sends it: putting it right first would copy 100 MB four
        # times.
        data = base64.b64decode(body, validate=True)
    except ValueError:
        standard = _SPACE.sub("", body).translate(_URL_SAFE_ALPHABET).rstrip("=")
        padding = "=" * (-len(standard) % 4)
        try:
            data = base64.b64decode(standard + padding, validate=True)
        except ValueError as error:
            raise BadRequest(f"{field}: not base64", code=Code.BAD_CONTENT) from error
    if not data:
        raise BadRequest(f"{field}: an empty file", code=Code.BAD_CONTENT)
    return data
