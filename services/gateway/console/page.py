"""The files of the console, built by `make console` into `built` beside this module,
and the headers that let its page do no more than it needs.
"""

from __future__ import annotations

import gzip
import mimetypes
import secrets
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

BUILT = "built"
INDEX = "index.html"
NONCE = "{{nonce}}"
"""Where the page holds the number that its own styles are allowed by."""
MAX_REMEMBERED = 256
"""Paths whose files stay in memory; anybody may ask for any path."""
_COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg")

LIBRARY_STYLES = (
    "'sha256-vGQdhYJbTuF+M8iCn1IZCHpdkiICocWHDq4qnQF4Rjw=' "
    "'sha256-441zG27rExd4/il+NvIqyL8zFx5XmyNQtE381kSkUJk='"
)
"""Hashes of the two styles that Radix' ScrollArea and Select write into the page, which
hide the scroll bars that these draw themselves. The walk through the console in a
browser fails when another release of them has others.
"""
POLICY = (
    "default-src 'none'; script-src 'self'; "
    f"style-src 'self' 'nonce-{{nonce}}' {LIBRARY_STYLES}; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
FOREVER = "public, max-age=31536000, immutable"
"""For files that are named after their content."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the console."""

    content: bytes
    media_type: str
    compressed: bytes | None
    """By gzip; None where that does not make it smaller."""


@lru_cache(maxsize=MAX_REMEMBERED)
def asset(name: str) -> Asset | None:
    """A file by its path below /console; None where there is none."""
    parts = name.split("/")
    if not all(parts) or ".." in parts or "\\" in name or "\0" in name:
        return None
    file = files(__package__).joinpath(BUILT, *parts)
    try:
        if not file.is_file():
            return None
    except (OSError, ValueError):  # no file can have such a name
        return None
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media_type == "text/javascript":
        media_type = "application/javascript"
    content = file.read_bytes()
    worth_it = media_type.startswith(_COMPRESSED)
    return Asset(content, media_type, gzip.compress(content, 9) if worth_it else None)


def index_page() -> tuple[bytes, dict[str, str]] | None:
    """The page and its headers, with a nonce of its own for every request; None where
    the console has not been built.
    """
    page = asset(INDEX)
    if page is None:
        return None
    nonce = secrets.token_urlsafe(16)
    headers = {
        **HEADERS,
        "Content-Security-Policy": POLICY.format(nonce=nonce),
        "Cache-Control": "no-store",
    }
    return page.content.replace(NONCE.encode(), nonce.encode()), headers
