"""How long the clients wait: tries, tasks that are followed while a server is away."""

from __future__ import annotations

import json

import httpx
import pytest

from souvenir_client import ApiError, calls
from souvenir_client.patience import OUTAGE_S, Outage, Patience, Tries
from tests.unit.client.servers import ADDED, Answer, Build, Server, events, no, ok

REFUSED = httpx.ConnectError("refused")
SEARCH = calls.search("q", "ann")


class Clock:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def paused(seconds: str) -> httpx.Response:
    return httpx.Response(429, headers={"Retry-After": seconds})


@pytest.mark.parametrize(
    "answer, pause",
    [
        (httpx.Response(503), 0.25),
        (paused("5"), 5.0),
        (paused("0"), 0.25),
        (paused("Wed, 21 Oct 2026 07:28:00 GMT"), 0.25),
        (paused("3600"), None),
        (httpx.Response(400), None),
        (httpx.LocalProtocolError("no header"), None),
    ],
)
def test_the_pause_is_the_one_that_the_server_asks_for(
    answer: httpx.Response | httpx.TransportError, pause: float | None
) -> None:
    assert Tries(SEARCH, Patience()).pause(answer) == pause


def test_a_call_ends_within_its_time_with_all_its_tries() -> None:
    clock = Clock()
    tries = Tries(SEARCH, Patience(pauses=(1, 1, 1), longest=5), clock)
    first = tries.timeout()
    assert (first.connect or 0) + (first.read or 0) <= 5
    clock.now = 3.5
    assert tries.pause(REFUSED) == 1
    clock.now = 4.5
    assert (tries.timeout().read or 0) < 1
    assert tries.pause(REFUSED) is None


def test_options_hold_for_one_client_alone(build: Build) -> None:
    server = Server(REFUSED)
    both = build(server)
    both.client, patient = both.client.with_options(pauses=()), both.client
    with pytest.raises(ApiError):
        both.do("search", "q", "ann")
    assert len(server.requests) == 1
    both.client = patient
    with pytest.raises(ApiError):
        both.do("search", "q", "ann")
    assert len(server.requests) == 4


def done(status: str = "completed") -> httpx.Response:
    return ok({"task_id": "t", "status": status})


@pytest.mark.parametrize("fault", [httpx.Response(503), REFUSED])
def test_waiting_outlasts_a_restart(build: Build, fault: Answer) -> None:
    server = Server(ADDED, done("running"), *[fault] * 4, done())
    assert build(server).do("upload", b"bytes", "ann", name="a.pdf").ended


def test_a_task_that_is_not_there_is_not_waited_for(build: Build) -> None:
    server = Server(no(404, 50131, "no task t"))
    with pytest.raises(ApiError, match=r"^no task t \(code 50131\)$"):
        build(server).do("wait_for", "t")
    assert len(server.requests) == 1


def test_a_server_that_stays_away_is_left_with_the_id_of_the_task() -> None:
    clock = Clock()
    outage = Outage("t-1", OUTAGE_S, clock)
    away = ApiError(50004, "no answer", 0)
    pauses = []
    while clock.now < OUTAGE_S:
        pauses.append(outage.pause(away))
        clock.now += pauses[-1]
    assert pauses[:3] == [0.25, 0.5, 1.0] and max(pauses) == 5.0
    with pytest.raises(ApiError, match="no answer; task t-1 is on the server"):
        outage.pause(away)
    outage.over()
    assert outage.pause(away) == 0.25


def progress(state: str, name: str = "progress") -> str:
    data = {"task_id": "t", "status": "running", "state": state}
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def test_watching_goes_on_after_a_break(build: Build) -> None:
    server = Server(
        events(progress("queued")),
        httpx.RemoteProtocolError("cut"),
        httpx.Response(503),
        events(progress("running"), progress("completed", "end")),
    )
    seen = [task.raw["state"] for task in build(server).do("watch", "t")]
    assert seen == ["queued", "running", "completed"]


@pytest.mark.parametrize("method, of", [("watch", ("t",)), ("chat_stream", ("q", "u"))])
def test_a_page_is_no_stream(build: Build, method: str, of: tuple[str, ...]) -> None:
    page = httpx.Response(200, html="<html>sign in</html>")
    server = Server(page)
    with pytest.raises(ApiError, match="sign in"):
        build(server).do(method, *of)
    assert len(server.requests) == 1
