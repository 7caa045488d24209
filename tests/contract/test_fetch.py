"""Fetching, held to a real server on loopback: what comes, what must not, and that a
checked address is the one that is asked.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from shared.adapters.url_fetch import Packed, fetch, refuse
from shared.adapters.url_guard import check_literal, escaped, is_allowed, networks
from shared.errors import FileRejected
from workers.parsers.parse_file import parse

LOOPBACK = ["127.0.0.0/8"]


class Server:
    """A plain HTTP/1.1 server; remembers what it was asked."""

    def __init__(self) -> None:
        self.routes: dict[
            str, bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]
        ] = {}
        self.asked: list[str] = []
        self.port = 0

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.asked.append(head)
        answer = self.routes.get(
            head.split(" ")[1], b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        )
        try:
            if callable(answer):
                await answer(writer)
            else:
                writer.write(answer)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@asynccontextmanager
async def running() -> AsyncIterator[Server]:
    server = Server()
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with running() as started:
        yield started


def ok(body: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def to(place: str) -> bytes:
    return (
        f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
    )


async def refused(url: str, **options: object) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        await fetch(url, **{"allow": LOOPBACK, "timeout_s": 10.0, **options})  # type: ignore[arg-type]
    return caught.value


async def test_a_web_page_is_fetched_and_read(server: Server) -> None:
    page = b"<html><body><nav>Menu</nav><h1>Harbour</h1><p>Boats.</p></body></html>"
    server.routes["/harbour"] = ok(page, "Content-Type: text/html; charset=utf-8")
    fetched = await fetch(server.url("/harbour"), allow=LOOPBACK)
    assert (fetched.data, fetched.media_type) == (page, "text/html")
    texts = [element.text for element in parse(fetched.data, fetched.name).elements]
    assert texts[-2:] == ["Harbour", "Boats."]
    with pytest.raises(FileRejected) as caught:
        await fetch(server.url("/harbour"))
    assert caught.value.code == 40000


async def test_where_nothing_is_to_be_fetched_it_says_so() -> None:
    with pytest.raises(FileRejected) as caught:
        await refuse("http://example.com/page")
    assert (caught.value.code, "URL" in caught.value.message) == (40000, True)


async def test_a_name_with_spaces_and_colons_is_asked_for_encoded_and_kept_plain(
    server: Server,
) -> None:
    server.routes["/file/A%3A%20plain%20name.pdf"] = ok(
        b"%PDF-1.7", "Content-Type: application/pdf; charset=binary"
    )
    file = await fetch(server.url("/file/A: plain name.pdf"), allow=LOOPBACK)
    assert (file.data, file.name, file.media_type) == (
        b"%PDF-1.7",
        "A: plain name.pdf",
        "application/pdf",
    )


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('Content-Disposition: attachment; filename="../../report.pdf"', "report.pdf"),
        (
            "Content-Disposition: attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf",
            "报告.pdf",
        ),
        ("Content-Disposition: inline", "x.bin"),
    ],
)
async def test_names_come_from_the_server_first(
    server: Server, header: str, name: str
) -> None:
    server.routes["/x.bin"] = ok(b"1", header)
    assert (await fetch(server.url("/x.bin"), allow=LOOPBACK)).name == name


async def test_loopback_is_refused_where_it_is_not_listed(server: Server) -> None:
    assert (await refused(server.url("/"), allow=[])).code == 40000
    assert server.asked == []


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0x7f.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "0",
        "0.0.0.0",
        "127.0.0.1.",
        "１２７.0.0.1",
    ],
)
async def test_other_spellings_of_loopback_are_refused(
    server: Server, host: str
) -> None:
    assert (await refused(server.url("/", host), allow=[])).code in (40000, 40001)
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://example.org/",
        "data:text/plain,x",
        "//example.org/x",
        "",
        "http://",
        "http:///x",
        "http://user:word@127.0.0.1/",
        "http://a\tb/",
        "http://exa mple.org/",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "http://127.0.0.1\\@example.org/",
    ],
)
async def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    assert (await refused(url)).code in (40000, 40001)


async def test_a_redirect_is_followed_and_checked_again(server: Server) -> None:
    server.routes |= {
        "/a": to("/b?q=1"),
        "/b?q=1": ok(b"here"),
        "/out": to("http://169.254.169.254/latest/meta-data/"),
        "/scheme": to("file:///etc/passwd"),
    }
    assert (await fetch(server.url("/a"), allow=LOOPBACK)).data == b"here"
    assert (await refused(server.url("/out"))).code == 40000
    assert (await refused(server.url("/scheme"))).code == 40000


async def test_redirects_end(server: Server) -> None:
    server.routes["/round"] = to("/round")
    assert (await refused(server.url("/round"), max_redirects=3)).code == 40001
    assert len(server.asked) == 4


async def test_the_checked_address_is_the_one_that_is_asked(server: Server) -> None:
    """A name that answers otherwise the second time: it is asked once, and the
    connection goes where the first answer said.
    """
    answers = [["127.0.0.1"], ["10.1.2.3"]]

    async def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    server.routes["/x"] = ok(b"pinned")
    file = await fetch(
        f"http://rebind.example:{server.port}/x", allow=LOOPBACK, resolve=rebinding
    )
    assert file.data == b"pinned"
    assert answers == [["10.1.2.3"]]
    assert f"Host: rebind.example:{server.port}" in server.asked[0]


async def test_a_redirect_resolves_again(server: Server) -> None:
    answers = [["127.0.0.1"], ["10.1.2.3"]]

    async def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    server.routes["/x"] = to("/y")
    assert (
        await refused(f"http://rebind.example:{server.port}/x", resolve=rebinding)
    ).code == 40000


async def test_one_forbidden_address_of_many_is_enough(server: Server) -> None:
    async def mixed(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "192.168.7.7"]

    assert (
        await refused(f"http://mixed.example:{server.port}/x", resolve=mixed)
    ).code == 40000


async def test_a_stated_size_and_a_real_one_are_both_held_to_the_limit(
    server: Server,
) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    server.routes |= {
        "/stated": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
        "/endless": endless,
        "/fits": ok(b"x" * 1000),
    }
    assert (await refused(server.url("/stated"), max_bytes=1000)).code == 50104
    assert (await refused(server.url("/endless"), max_bytes=1_000_000)).code == 50104
    assert (
        len((await fetch(server.url("/fits"), allow=LOOPBACK, max_bytes=1000)).data)
        == 1000
    )


async def test_a_packed_body_is_unpacked_within_the_limit(server: Server) -> None:
    server.routes |= {
        "/small": ok(gzip.compress(b"hello"), "Content-Encoding: gzip"),
        "/bomb": ok(zlib.compress(b"\0" * 50_000_000), "Content-Encoding: deflate"),
        "/odd": ok(b"??", "Content-Encoding: br"),
    }
    assert (await fetch(server.url("/small"), allow=LOOPBACK)).data == b"hello"
    assert (await refused(server.url("/bomb"), max_bytes=1_000_000)).code == 50104
    assert (await refused(server.url("/odd"))).code == 40001


async def test_a_redirect_to_what_is_no_address_is_refused(server: Server) -> None:
    for place in ("http://[bad", "//[", "http://a:99999999/", "http://exa mple.com:x/"):
        server.routes["/r"] = to(place)
        assert (await refused(server.url("/r"))).code in (40000, 40001), place


async def test_a_packed_body_that_is_cut_off_is_asked_for_again(
    server: Server,
) -> None:
    whole = gzip.compress(b"first " + bytes(range(256)) * 50)
    members = gzip.compress(b"first ") + gzip.compress(b"second")
    for cut in (whole[:200], whole[:-4], members[:-9]):
        body = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + cut
        server.routes["/cut"] = body
        asked = len(server.asked)
        assert (await refused(server.url("/cut"))).code == 40001
        assert len(server.asked) == asked + 2


async def test_all_members_of_a_gzip_are_read_within_the_limit(server: Server) -> None:
    members = gzip.compress(b"first ") + gzip.compress(b"second")
    bomb = b"".join(gzip.compress(b"\0" * 10_000) for _ in range(10))
    server.routes |= {
        "/two": ok(members, "Content-Encoding: gzip"),
        "/padded": ok(members + b"\0" * 512, "Content-Encoding: gzip"),
        "/bomb": ok(bomb, "Content-Encoding: gzip"),
        "/many": ok(gzip.compress(b"") * 10_001, "Content-Encoding: gzip"),
        "/nothing": ok(b"", "Content-Encoding: gzip"),
    }
    for path in ("/two", "/padded"):
        fetched = await fetch(server.url(path), allow=LOOPBACK)
        assert fetched.data == b"first second"
    assert (await refused(server.url("/bomb"), max_bytes=99_999)).code == 50104
    assert (await refused(server.url("/many"))).code == 40001
    assert (await fetch(server.url("/nothing"), allow=LOOPBACK)).data == b""


def test_members_are_read_however_they_are_cut_into_pieces() -> None:
    body = gzip.compress(b"first ") + gzip.compress(b"second")
    packed = Packed("gzip")
    pieces = [packed.unpacked(body[at : at + 1], 100) for at in range(len(body))]
    assert b"".join(pieces) == b"first second"
    assert packed.is_whole


async def test_a_server_that_dribbles_is_left(server: Server) -> None:
    async def dribble(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    server.routes["/slow"] = dribble
    assert (await refused(server.url("/slow"), timeout_s=0.5)).code == 40001


async def test_nothing_of_ours_goes_along(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    server.routes |= {
        "/a": b"HTTP/1.1 302 Found\r\nSet-Cookie: id=1\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
        "/b": ok(b"1"),
    }
    await fetch(server.url("/a"), allow=LOOPBACK)
    sent = {
        line.partition(":")[0].lower()
        for head in server.asked
        for line in head.split("\r\n")[1:]
        if line
    }
    assert sent == {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_what_is_not_there_is_said_so(server: Server) -> None:
    assert (await refused(server.url("/none"))).code == 40001
    assert (await refused("http://no-such-host.invalid/")).code == 40001


async def test_a_connection_that_breaks_is_tried_again_once(server: Server) -> None:
    async def break_off(writer: asyncio.StreamWriter) -> None:
        server.routes["/x"] = ok(b"second time")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf")

    server.routes["/x"] = break_off
    assert (await fetch(server.url("/x"), allow=LOOPBACK)).data == b"second time"


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "192.88.99.1",
        "168.63.129.16",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2606:4700::5efe:10.0.0.1",
        "::127.0.0.1",
        "nonsense",
    ],
)
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "93.184.216.34",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_public_addresses_are(address: str) -> None:
    assert is_allowed(address)


def test_metadata_services_must_be_named_alone() -> None:
    import ipaddress

    assert not is_allowed("169.254.169.254", [ipaddress.ip_network("169.254.0.0/16")])
    assert is_allowed("169.254.169.254", [ipaddress.ip_network("169.254.169.254/32")])


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        ("HTTP://Example.ORG/a b", "http://example.org/a%20b"),
        ("https://example.org/a%20b:c%", "https://example.org/a%20b%3Ac%25"),
        (
            "https://example.org/文?键=值&u=http://x/",
            "https://example.org/%E6%96%87?%E9%94%AE=%E5%80%BC&u=http://x/",
        ),
        ("http://example.org", "http://example.org/"),
        ("http://bücher.example:8080/x#part", "http://xn--bcher-kva.example:8080/x"),
    ],
)
def test_urls_are_escaped_once(url: str, wire: str) -> None:
    assert escaped(url)[0] == wire


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "https://10.0.0.8",
        "http://[::1]:80/",
        "http://0x7f.1/",
        "http://2130706433/",
        "ftp://a.example/",
        "http://u:p@a.example/",
        "nonsense",
        "http://169.254.169.254/latest",
        "http://[::ffff:10.0.0.1]/",
    ],
)
def test_some_urls_are_refused_before_anybody_is_asked(url: str) -> None:
    with pytest.raises(FileRejected) as refused:
        check_literal(url, [])
    assert refused.value.code == 40000


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/hook",
        "http://127.0.0.1:9/x",
        "http://1.1.1.1/",
        "http://localhost/",
    ],
)
def test_others_are_not(url: str) -> None:
    check_literal(url, networks(["127.0.0.0/8"]))
