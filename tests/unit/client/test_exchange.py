"""What is sent, what is read, and what an error may say."""

from __future__ import annotations

import json

import httpx
import pytest

from souvenir_client import ApiError, Client
from souvenir_client.sse import Event, EventReader
from tests.unit.client.servers import ADDED, Build, Server, events

SECRET = "sk-SECRET-123"
HALF = "cut \ud83d"


def test_a_key_from_a_file_is_sent_without_its_line_break(build: Build) -> None:
    server = Server(ADDED)
    build(server, key=f"{SECRET}\n").do("add", "hi", "ann")
    assert server.requests[0].headers["Authorization"] == f"Token {SECRET}"


@pytest.mark.parametrize("key", [f"{SECRET}\nmore", f"{SECRET}”", f"{SECRET} more"])
def test_a_key_that_no_header_carries_is_refused_and_not_shown(
    build: Build, key: str
) -> None:
    with pytest.raises(ValueError, match="API key") as raised:
        build(Server(ADDED), key=key)
    assert SECRET not in str(raised.value)


def test_what_cannot_be_sent_is_neither_sent_again_nor_quoted(build: Build) -> None:
    server = Server(httpx.LocalProtocolError(f"Illegal header value b'{SECRET}'"))
    with pytest.raises(ApiError) as raised:
        build(server).do("search", "q", "ann")
    assert SECRET not in str(raised.value) and raised.value.__cause__ is None
    assert len(server.requests) == 1


def test_no_error_shows_the_password_of_an_address(build: Build) -> None:
    server = Server(httpx.ConnectError("refused"))
    with pytest.raises(ApiError, match="http://h/") as raised:
        build(server, "http://me:hunter2@h").do("search", "q", "ann")
    assert "hunter2" not in str(raised.value)


def test_half_an_emoji_is_sent_as_it_is(build: Build) -> None:
    server = Server(ADDED)
    build(server).do("add", HALF, "ann")
    (request,) = server.requests
    assert json.loads(request.content)["messages"][0]["content"] == HALF
    assert request.headers["Content-Type"] == "application/json"


def test_a_redirect_says_where_the_server_is(build: Build) -> None:
    there = "https://memory.test/api/openmem/v1/search/memory"
    server = Server(httpx.Response(301, headers={"Location": there}))
    with pytest.raises(ApiError, match=r"the server is at https://memory\.test: "):
        build(server).do("search", "q", "ann")


def test_an_add_under_a_key_of_ones_own(build: Build) -> None:
    server = Server(ADDED)
    build(server).do("add", "hi", "ann", idempotency_key="turn-1")
    (request,) = server.requests
    assert request.headers["Idempotency-Key"] == "turn-1"
    assert "idempotency_key" not in json.loads(request.content)


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_a_line_ends_at_a_line_feed_alone(build: Build, sign: str) -> None:
    text = json.dumps({"type": "text", "data": f"Ada{sign}lives"}, ensure_ascii=False)
    server = Server(events(f"data: {text}\r\n\r\n"))
    assert build(server).do("chat_stream", "q", "ann") == [f"Ada{sign}lives"]


def test_an_event_that_is_no_json_is_an_error_of_the_server(build: Build) -> None:
    server = Server(events("data: {half\n\n"))
    with pytest.raises(ApiError, match="cannot be read"):
        build(server).do("chat_stream", "q", "ann")


def test_events_in_pieces_of_any_length() -> None:
    stream = 'event: end\ndata: {"a":\ndata: "ä"}\n\n: alive\n\ndata:1\n'.encode()
    for length in range(1, len(stream)):
        reader = EventReader()
        pieces = [stream[at : at + length] for at in range(0, len(stream), length)]
        read = [event for piece in pieces for event in reader.read(piece)]
        assert [*read, *reader.end()] == [
            Event("end", '{"a":\n"ä"}'),
            Event("", "1"),
        ]


def test_a_body_has_no_number_that_json_has_not() -> None:
    server = Server(ADDED)
    with (
        Client("http://h", "k", transport=httpx.MockTransport(server)) as client,
        pytest.raises(ValueError),
    ):
        client.search("q", "ann", relativity=float("nan"))
    assert not server.requests
