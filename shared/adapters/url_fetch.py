"""Fetching the file that a user's URL names: guarded (`url_guard.py`) at every
redirect, bounded in size and time. The request carries no credentials and no cookies,
and uses no proxy of the environment.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote, urljoin, urlsplit

import httpcore

from shared.adapters.url_guard import (
    Network,
    Pinned,
    Resolve,
    Target,
    checked,
    networks,
    resolve_host,
)
from shared.contract import LIMITS, Code
from shared.errors import FileRejected

USER_AGENT = "Souvenir/0.1 (+file fetcher)"
CONNECT_S = 10.0
READ_S = 30.0
"""Longest wait between two pieces of a file."""
TRIES = 2
_TIMEOUTS = {
    "connect": CONNECT_S,
    "read": READ_S,
    "write": CONNECT_S,
    "pool": CONNECT_S,
}
_REDIRECTS = (301, 302, 303, 307, 308)
_ZLIB_OR_GZIP = 47
"""zlib's `wbits`: the largest window (15), and either header is recognised (+ 32)."""
_GZIP = b"\x1f\x8b"
"""The start of each member of a gzip."""
_MAX_MEMBERS = 10_000
"""Of a gzip: each costs a copy of what stands behind it."""
_NAME_CHARACTERS = 200
_FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    ssl.SSLError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as its server gave it."""

    data: bytes
    name: str
    """As the server calls it, or as the URL ends; "" where neither names it."""
    media_type: str = ""
    """As the server says, in lower case, without parameters; "" where it says none."""


async def fetch(
    url: str,
    *,
    allow: Sequence[str] = (),
    max_bytes: int = LIMITS.file_bytes,
    timeout_s: float = 60.0,
    max_redirects: int = 3,
    resolve: Resolve = resolve_host,
) -> Fetched:
    """Fetch a file over http or https. `allow` names inner networks (CIDR) that may be
    reached; `timeout_s` is for everything together.

    Raises FileRejected: 40000 for a URL that is none or that must not be asked, 40001
    for a file that is not there or does not come, 50104 for one larger than
    `max_bytes`.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await _follow(
                url, networks(allow), max_bytes, max_redirects, resolve
            )
    except TimeoutError as error:
        raise FileRejected(
            f"The file did not come within {timeout_s:.0f} s.", code=Code.NOT_THERE
        ) from error


async def refuse(url: str) -> Fetched:
    """In place of `fetch` where nothing is to be fetched. Raises FileRejected 40000."""
    raise FileRejected(
        "Nothing is fetched by URL here: send the file itself.", code=Code.MALFORMED
    )


async def _follow(
    url: str,
    allowed: Sequence[Network],
    max_bytes: int,
    redirects: int,
    resolve: Resolve,
) -> Fetched:
    for _ in range(redirects + 1):
        target = await checked(url, allowed, resolve)
        answer = await _ask_again(target, max_bytes)
        if isinstance(answer, Fetched):
            return answer
        url = _redirected(target.url, answer)
    raise FileRejected(
        f"The URL is redirected more than {redirects} times.", code=Code.NOT_THERE
    )


def _redirected(url: str, place: str) -> str:
    """Where a redirect leads, which may be said in relation to the URL. Raises FileRejected."""
    try:
        return urljoin(url, place)
    except ValueError as error:
        raise FileRejected(
            "The URL is redirected to one that is none.", code=Code.NOT_THERE
        ) from error


async def _ask_again(target: Target, max_bytes: int) -> Fetched | str:
    """Ask, and ask once more when the connection broke."""
    for retries in reversed(range(TRIES)):
        try:
            return await _ask(target, max_bytes)
        except _FAILURES as error:
            if not retries:
                is_uncertified = "CERTIFICATE" in str(error).upper()
                reason = (
                    "its certificate is not valid"
                    if is_uncertified
                    else "the connection failed"
                )
                raise FileRejected(
                    f"The file could not be fetched from {target.host}: {reason}.",
                    code=Code.NOT_THERE,
                ) from error
    raise AssertionError("unreachable")


async def _ask(target: Target, max_bytes: int) -> Fetched | str:
    """The file, or where it is said to be instead."""
    headers = {
        "Host": urlsplit(target.url).netloc,
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    pool = httpcore.AsyncConnectionPool(
        ssl_context=ssl.create_default_context(),
        network_backend=Pinned(target.addresses),
        max_connections=1,
        retries=0,
        http2=False,
    )
    async with (
        pool,
        pool.stream(
            "GET",
            target.url,
            headers=list(headers.items()),
            extensions={"timeout": _TIMEOUTS},
        ) as answer,
    ):
        given = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in answer.headers
        }
        if answer.status in _REDIRECTS and given.get("location"):
            return _utf8(given["location"])
        if answer.status != 200:
            raise FileRejected(
                f"{target.host} answered {answer.status} for the file.",
                code=Code.NOT_THERE,
            )
        data = await _body(answer.aiter_stream(), given, max_bytes)
        media_type = given.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(data, _name(given, target.url), media_type)


async def _body(
    pieces: AsyncIterator[bytes], headers: dict[str, str], max_bytes: int
) -> bytes:
    """The whole body, unpacked, never more of it than allowed. Raises FileRejected 50104,
    `httpcore.RemoteProtocolError` where it is cut off.
    """
    stated = headers.get("content-length", "")
    if stated.isdigit() and int(stated) > max_bytes:
        raise _too_large(max_bytes)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    packed = None if encoding in ("", "identity") else Packed(encoding)
    held = bytearray()
    async for piece in pieces:
        room = max_bytes + 1 - len(held)
        held += packed.unpacked(piece, room) if packed else piece[:room]
        if len(held) > max_bytes:
            raise _too_large(max_bytes)
    if packed and not packed.is_whole:
        # As if the connection had broken, which it may have: it is asked once more.
        raise httpcore.RemoteProtocolError("the packed body is cut off")
    return bytes(held)


class Packed:
    """A packed body that comes piece by piece: zlib, or members of gzip one behind another."""

    def __init__(self, encoding: str) -> None:
        """Raises FileRejected for an encoding that is not known."""
        if encoding not in ("gzip", "x-gzip", "deflate"):
            raise FileRejected(
                f"The file comes packed as {encoding[:20]}, which is not accepted.",
                code=Code.NOT_THERE,
            )
        self._inflate = zlib.decompressobj(_ZLIB_OR_GZIP)
        self._members = 1
        self._came = self._ended = False

    @property
    def is_whole(self) -> bool:
        """Whether what came so far ends where a member does."""
        return not self._came or self._inflate.eof

    def unpacked(self, piece: bytes, room: int) -> bytes:
        """What a piece holds, at most `room` bytes of it. Raises FileRejected for one that
        is damaged.
        """
        self._came = self._came or bool(piece)
        held = bytearray()
        try:
            while piece and len(held) < room and not self._ended:
                if self._inflate.eof:
                    self._begin_member(piece)
                    continue
                held += self._inflate.decompress(piece, room - len(held))
                piece = self._inflate.unused_data
        except zlib.error as error:
            raise _damaged() from error
        return bytes(held)

    def _begin_member(self, start: bytes) -> None:
        """Go on with the next member; what is none is padding, and the end."""
        if not start.startswith(_GZIP[: len(start)]):
            self._ended = True
            return
        if self._members == _MAX_MEMBERS:
            raise _damaged()
        self._members += 1
        self._inflate = zlib.decompressobj(_ZLIB_OR_GZIP)


def _damaged() -> FileRejected:
    return FileRejected("The file comes damaged.", code=Code.NOT_THERE)


def _too_large(max_bytes: int) -> FileRejected:
    return FileRejected(
        f"The file is larger than {max_bytes // 1024**2} MB.", code=Code.FILE_TOO_LARGE
    )


def _name(headers: dict[str, str], url: str) -> str:
    """The file's name: as the server calls it, or as the URL ends."""
    header = _utf8(headers.get("content-disposition", ""))
    message = Message()
    if header:
        message["content-disposition"] = header.replace("\n", " ").replace("\r", " ")
    name = message.get_filename("")
    if re.search(r"%[0-9a-fA-F]{2}", name):
        name = unquote(name)
    return _base(name) or _base(unquote(urlsplit(url).path))


def _base(path: str) -> str:
    """The last part of a path, fit to be shown: no folders, no control characters, not too long."""
    name = re.split(r"[\\/]", path)[-1]
    return "".join(letter for letter in name if letter.isprintable()).strip(" .")[
        :_NAME_CHARACTERS
    ]


def _utf8(text: str) -> str:
    """A header that holds UTF-8 although headers should not."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
