"""Fetching what a user's URL names, without becoming the user's way into our network.

The host is resolved once, every address of it is checked, and the connection goes to a checked address and no other: a name that
changes its answer between check and use (DNS rebinding) gains nothing. The same again at every redirect. Nothing of ours goes along:
no credentials, no cookies, no proxy of the environment.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import httpcore

from shared.errors import FileRejected

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]

USER_AGENT = "Souvenir/0.1 (+file fetcher)"
CONNECT_S = 10.0
TRIES = 2
MAX_URL = 8192
_REDIRECTS = (301, 302, 303, 307, 308)
_METADATA = frozenset(map(ipaddress.ip_address, ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))
_NEVER = tuple(map(ipaddress.ip_network, ("100.64.0.0/10", "192.88.99.0/24", "64:ff9b:1::/48", "fec0::/10", "5f00::/16", "3fff::/20")))
_NAT64, _COMPATIBLE = ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96")
_NUMERIC = re.compile(r"^(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}\.?$", re.I)
_DOTTED = re.compile(r"^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as its server gave it: the name that it or the URL gives, and the media type that it claims ("" for none)."""

    data: bytes
    name: str
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class _Target:
    """A URL that may be asked: its parts in the form that goes on the wire, and the checked addresses of its host."""

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]


async def resolve_host(host: str, port: int) -> list[str]:
    """All addresses of a host, by the system's resolver. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def fetch(url: str, *, allow: Sequence[str] = (), max_bytes: int = 100 * 1024 * 1024, timeout_s: float = 60.0,
                max_redirects: int = 3, resolve: Resolve = resolve_host) -> Fetched:
    """Fetch a file over http or https. `allow` names inner networks (CIDR) that may be reached; `timeout_s` is for everything together.

    Raises FileRejected: 40000 for a URL that is none or that must not be asked, 40001 for a file that is not there or does not come,
    50104 for one larger than `max_bytes`.
    """
    networks = [ipaddress.ip_network(entry, strict=False) for entry in allow]
    try:
        async with asyncio.timeout(timeout_s):
            return await _follow(url, networks, max_bytes, max_redirects, resolve)
    except TimeoutError as error:
        raise FileRejected(f"The file did not come within {timeout_s:.0f} s.", code=40001) from error


async def _follow(url: str, networks: Sequence[Network], max_bytes: int, redirects: int, resolve: Resolve) -> Fetched:
    for _ in range(redirects + 1):
        target = await _checked(url, networks, resolve)
        answer = await _ask_again(target, max_bytes)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(target.url, answer)
    raise FileRejected(f"The URL is redirected more than {redirects} times.", code=40001)


async def _checked(url: str, networks: Sequence[Network], resolve: Resolve) -> _Target:
    """The URL ready to be asked, or FileRejected."""
    clean, host, port = escaped(url)
    if _NUMERIC.match(host) and not _DOTTED.match(host):
        raise FileRejected("The URL writes its address in a form that is not accepted.", code=40000)
    try:
        addresses = await resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise FileRejected(f"The host {host} is not known.", code=40001) from error
    if not addresses:
        raise FileRejected(f"The host {host} is not known.", code=40001)
    for address in addresses:
        if not is_allowed(address, networks):
            raise FileRejected(f"The host {host} is in a network that files are not fetched from.", code=40000)
    return _Target(clean, host, port, tuple(addresses))


def escaped(url: str) -> tuple[str, str, int]:
    """A URL as it goes on the wire, its host and its port. Raises FileRejected 40000.

    What stands unescaped in the path (spaces, colons, Chinese) is percent-encoded; what is encoded stays so.
    """
    url = url.strip()
    if len(url) > MAX_URL or re.search(r"[\x00-\x1f\x7f]", url):
        raise FileRejected("The URL is too long or holds control characters.", code=40000)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FileRejected("The URL is malformed.", code=40000) from error
    if parts.scheme.lower() not in ("http", "https"):
        raise FileRejected("Only http and https URLs are fetched.", code=40000)
    if "@" in parts.netloc:
        raise FileRejected("The URL carries credentials, which are not sent.", code=40000)
    host = _ascii(host)
    netloc = f"[{host}]" if ":" in host else host
    scheme, netloc = parts.scheme.lower(), f"{netloc}:{port}" if port else netloc
    query = _quoted(parts.query, "!$&'()*+,;=:@/?[]")
    path = _quoted(parts.path, "!$&'()*+,;=@/") or "/"
    return urlunsplit((scheme, netloc, path, query, "")), host, port or (443 if scheme == "https" else 80)


def _ascii(host: str) -> str:
    """A host name as DNS knows it. Raises FileRejected 40000."""
    try:
        name = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise FileRejected("The URL names no proper host.", code=40000) from error
    if not name or re.search(r"[^a-z0-9.\-_:%]", name) or "%" in name:
        raise FileRejected("The URL names no proper host.", code=40000)
    return name


def _quoted(text: str, safe: str) -> str:
    whole = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text)
    return quote(whole, safe=f"{safe}%-._~", encoding="utf-8", errors="replace")


def is_allowed(address: str, networks: Iterable[Network] = ()) -> bool:
    """Whether an address may be connected to: public, or in one of the networks. Where services of a cloud tell secrets
    (169.254.169.254 and the like) only when it is named alone."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(ip)
    listed = [network for network in networks for one in {ip, inner} if one.version == network.version and one in network]
    if {ip, inner} & _METADATA:
        return any(network.num_addresses == 1 for network in listed)
    return bool(listed) or (_is_public(ip) and _is_public(inner))


def _inner(ip: Address) -> Address:
    """The IPv4 address that an IPv6 address carries (mapped, NAT64, 6to4, Teredo, ISATAP, compatible); the address itself otherwise."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip.ipv4_mapped:
        return ip.ipv4_mapped
    if ip.sixtofour:
        return ip.sixtofour
    if ip.teredo:
        return ip.teredo[1]
    isatap = (int(ip) >> 32) & 0xFDFFFFFF == 0x5EFE
    if ip in _NAT64 or isatap or (ip in _COMPATIBLE and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _is_public(ip: Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in _NAT64):
        return True
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or any(
        ip in network for network in _NEVER if network.version == ip.version))


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to the checked addresses of one target, whatever name it is asked for."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, timeout: float | None = None,  # noqa: ASYNC109
                          local_address: str | None = None, socket_options: Any = None) -> httpcore.AsyncNetworkStream:
        failed: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            try:
                return await self._backend.connect_tcp(address, port, timeout=timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(self, path: str, timeout: float | None = None,  # noqa: ASYNC109
                                  socket_options: Any = None) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("no unix sockets here")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


async def _ask_again(target: _Target, max_bytes: int) -> Fetched | str:
    """Ask, and ask once more when the connection broke."""
    for left in reversed(range(TRIES)):
        try:
            return await _ask(target, max_bytes)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, ssl.SSLError, OSError) as error:
            if not left:
                raise FileRejected(f"The file could not be fetched from {target.host}: {_reason(error)}.", code=40001) from error
    raise AssertionError("unreachable")


def _reason(error: Exception) -> str:
    return "its certificate is not valid" if "CERTIFICATE" in str(error).upper() else "the connection failed"


async def _ask(target: _Target, max_bytes: int) -> Fetched | str:
    """The file, or where it is said to be instead."""
    headers = {"Host": urlsplit(target.url).netloc, "User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity",
               "Connection": "close"}
    limits = {"timeout": {"connect": CONNECT_S, "read": CONNECT_S * 3, "write": CONNECT_S, "pool": CONNECT_S}}
    pool = httpcore.AsyncConnectionPool(ssl_context=ssl.create_default_context(), network_backend=_Pinned(target.addresses),
                                        max_connections=1, retries=0, http2=False)
    async with pool, pool.stream("GET", target.url, headers=list(headers.items()), extensions=limits) as answer:
        given = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
        if answer.status in _REDIRECTS and given.get("location"):
            return _utf8(given["location"])
        if answer.status != 200:
            raise FileRejected(f"{target.host} answered {answer.status} for the file.", code=40001)
        data = await _body(answer.aiter_stream(), given, max_bytes)
        return Fetched(data, _name(given, target.url), given.get("content-type", "").partition(";")[0].strip().lower())


async def _body(pieces: AsyncIterator[bytes], headers: dict[str, str], max_bytes: int) -> bytes:
    """The whole body, unpacked, never more of it than allowed. Raises FileRejected 50104."""
    stated = headers.get("content-length", "")
    if stated.isdigit() and int(stated) > max_bytes:
        raise _too_large(max_bytes)
    unpack = _unpacker(headers.get("content-encoding", "identity").strip().lower())
    held = bytearray()
    async for piece in pieces:
        held += unpack(piece, max_bytes + 1 - len(held))
        if len(held) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(held)


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    if encoding in ("", "identity"):
        return lambda piece, room: piece[:room]
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FileRejected(f"The file comes packed as {encoding[:20]}, which is not accepted.", code=40001)
    inflate = zlib.decompressobj(47)

    def unpack(piece: bytes, room: int) -> bytes:
        try:
            return inflate.decompress(piece, room)
        except zlib.error as error:
            raise FileRejected("The file comes damaged.", code=40001) from error

    return unpack


def _too_large(max_bytes: int) -> FileRejected:
    return FileRejected(f"The file is larger than {max_bytes // 1024**2} MB.", code=50104)


def _name(headers: dict[str, str], url: str) -> str:
    """The file's name: as the server calls it, or as the URL ends."""
    return _base(_disposed(headers.get("content-disposition", ""))) or _base(unquote(urlsplit(url).path))


def _disposed(header: str) -> str:
    message = Message()
    message["content-disposition"] = _utf8(header).replace("\n", " ").replace("\r", " ")
    given = message.get_filename("") if header else ""
    return unquote(given) if re.search(r"%[0-9a-fA-F]{2}", given) else given


def _base(path: str) -> str:
    """The last part of a path, fit to be shown: no folders, no control characters, not too long."""
    name = re.split(r"[\\/]", path)[-1]
    return "".join(letter for letter in name if letter.isprintable()).strip(" .")[:200]


def _utf8(text: str) -> str:
    """A header that holds UTF-8 although headers should not."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
