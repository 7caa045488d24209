"""Asking a URL that a user names, without becoming the user's way into an inner network.

The host is resolved once, every address of it is checked, and the connection goes to a
checked address and no other: a name that changes its answer between check and use (DNS
rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpcore

from shared.contract import Code
from shared.errors import FileRejected

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]

MAX_URL = 8192
REFUSED, UNKNOWN = Code.MALFORMED, Code.NOT_THERE
"""Codes of a URL that must not be asked, and of one whose host is not known."""
_METADATA_ADDRESSES = (
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
)
_METADATA = frozenset(map(ipaddress.ip_address, _METADATA_ADDRESSES))
"""Where clouds serve credentials to their own machines."""
_RESERVED_NETWORKS = (
    "100.64.0.0/10",
    "192.88.99.0/24",
    "64:ff9b:1::/48",
    "fec0::/10",
    "5f00::/16",
    "3fff::/20",
)
_NEVER = tuple(map(ipaddress.ip_network, _RESERVED_NETWORKS))
"""Networks that are not public although Python's `is_global` says so in some releases."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
_NUMERIC = re.compile(r"^(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}\.?$", re.I)
_DOTTED = re.compile(r"^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked: its parts in the form that goes on the wire, and the
    checked addresses of its host.
    """

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]


async def resolve_host(host: str, port: int) -> list[str]:
    """All addresses of a host, by the system's resolver. Raises OSError."""
    entries = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    )
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def networks(allow: Iterable[str]) -> list[Network]:
    """Inner networks that may be reached, from their CIDR notation. Raises ValueError."""
    return [ipaddress.ip_network(entry, strict=False) for entry in allow]


async def checked(url: str, allowed: Sequence[Network], resolve: Resolve) -> Target:
    """The URL ready to be asked, or FileRejected."""
    clean, host, port = _spelled(url)
    try:
        addresses = await resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise FileRejected(f"The host {host} is not known.", code=UNKNOWN) from error
    if not addresses:
        raise FileRejected(f"The host {host} is not known.", code=UNKNOWN)
    for address in addresses:
        if not is_allowed(address, allowed):
            raise _refused(host)
    return Target(clean, host, port, tuple(addresses))


def check_literal(url: str, allowed: Sequence[Network]) -> None:
    """What can be said of a URL without asking anybody: raises FileRejected 40000 when
    it is none, or names a refused address itself.
    """
    _, host, _ = _spelled(url)
    if (":" in host or _DOTTED.match(host)) and not is_allowed(host, allowed):
        raise _refused(host)


def _spelled(url: str) -> tuple[str, str, int]:
    """`escaped`, without hosts that are addresses in disguise (0x7f.1, 2130706433).
    Raises FileRejected 40000.
    """
    clean, host, port = escaped(url)
    if _NUMERIC.match(host) and not _DOTTED.match(host):
        raise FileRejected(
            "The URL writes its address in a form that is not accepted.", code=REFUSED
        )
    return clean, host, port


def _refused(host: str) -> FileRejected:
    return FileRejected(
        f"The host {host} is in a network that is not to be reached from here, unless"
        " SOUVENIR_FETCH_ALLOW names it.",
        code=REFUSED,
    )


def escaped(url: str) -> tuple[str, str, int]:
    """A URL as it goes on the wire, its host and its port. Raises FileRejected 40000.

    What stands unescaped in the path (spaces, colons, Chinese) is percent-encoded; what
    is encoded stays so.
    """
    url = url.strip()
    if len(url) > MAX_URL or re.search(r"[\x00-\x1f\x7f]", url):
        raise FileRejected(
            "The URL is too long or holds control characters.", code=REFUSED
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FileRejected("The URL is malformed.", code=REFUSED) from error
    if parts.scheme.lower() not in ("http", "https"):
        raise FileRejected("Only http and https URLs are accepted.", code=REFUSED)
    if "@" in parts.netloc:
        raise FileRejected(
            "The URL carries credentials, which are not sent.", code=REFUSED
        )
    host = _ascii(host)
    netloc = f"[{host}]" if ":" in host else host
    scheme, netloc = parts.scheme.lower(), f"{netloc}:{port}" if port else netloc
    query = _quoted(parts.query, "!$&'()*+,;=:@/?[]")
    path = _quoted(parts.path, "!$&'()*+,;=@/") or "/"
    return (
        urlunsplit((scheme, netloc, path, query, "")),
        host,
        port or (443 if scheme == "https" else 80),
    )


def _ascii(host: str) -> str:
    """A host name as DNS knows it. Raises FileRejected 40000."""
    try:
        name = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise FileRejected("The URL names no proper host.", code=REFUSED) from error
    if not name or re.search(r"[^a-z0-9.\-_:%]", name) or "%" in name:
        raise FileRejected("The URL names no proper host.", code=REFUSED)
    return name


def _quoted(text: str, safe: str) -> str:
    whole = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", text)
    return quote(whole, safe=f"{safe}%-._~", encoding="utf-8", errors="replace")


def is_allowed(address: str, networks: Iterable[Network] = ()) -> bool:
    """Whether an address may be connected to: public, or in one of the networks. The
    addresses where clouds serve credentials (169.254.169.254 and the like) only when
    such an address is a network of its own in the list.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(ip)
    addresses = {ip, inner}
    listed = [
        network for network in networks if any(_is_in(ip, network) for ip in addresses)
    ]
    if addresses & _METADATA:
        return any(network.num_addresses == 1 for network in listed)
    return bool(listed) or (_is_public(ip) and _is_public(inner))


def _inner(ip: Address) -> Address:
    """The IPv4 address that an IPv6 address carries (mapped, NAT64, 6to4, Teredo,
    ISATAP, compatible); the address itself otherwise.
    """
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


def _is_in(ip: Address, network: Network) -> bool:
    return ip.version == network.version and ip in network


def _is_public(ip: Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in _NAT64
    ):
        return True
    return ip.is_global and not (
        ip.is_multicast
        or ip.is_reserved
        or ip.is_unspecified
        or any(_is_in(ip, network) for network in _NEVER)
    )


class Pinned(httpcore.AsyncNetworkBackend):
    """Connects to the checked addresses of one target, whatever name it is asked for."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            try:
                return await self._backend.connect_tcp(address, port, timeout=timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("no unix sockets here")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)
