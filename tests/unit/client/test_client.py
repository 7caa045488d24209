"""Both clients against a server that is a function: retries, errors, waiting, streams."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from souvenir_client import ApiError, AsyncClient, Client, Task
from tests.unit.client.servers import ADDED, Answer, Build, Server, events, no, ok


@pytest.mark.parametrize(
    "url, expected",
    [
        ("http://h:1", "http://h:1/api/openmem/v1/get/status"),
        ("http://h:1/", "http://h:1/api/openmem/v1/get/status"),
        ("http://h:1/api/openmem/v1", "http://h:1/api/openmem/v1/get/status"),
        ("http://h:1/product", "http://h:1/product/get/status"),
    ],
)
def test_any_base_url_will_do(build: Build, url: str, expected: str) -> None:
    server = Server(ok({"task_id": "t", "status": "running"}))
    build(server, url).do("status", "t")
    (request,) = server.requests
    assert (
        str(request.url),
        request.headers["Authorization"],
        json.loads(request.content),
    ) == (expected, "Token k", {"task_id": "t"})


def test_without_a_key_none_is_sent(build: Build) -> None:
    server = Server(ADDED)
    build(server, key="").do("add", "hi", "ann")
    assert "Authorization" not in server.requests[0].headers


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUVENIR_URL", "http://elsewhere.test")
    monkeypatch.setenv("SOUVENIR_API_KEY", "secret")
    server = Server(ADDED)
    with Client(transport=httpx.MockTransport(server)) as client:
        client.add("hi", "ann")
    assert (
        server.requests[0].url.host,
        server.requests[0].headers["Authorization"],
    ) == ("elsewhere.test", "Token secret")


@pytest.mark.parametrize(
    "fault",
    [
        httpx.Response(503),
        httpx.Response(502, text="<html>"),
        httpx.Response(429),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
        httpx.RemoteProtocolError("cut"),
    ],
)
def test_a_passing_fault_is_not_seen_and_nothing_is_added_twice(
    build: Build, fault: Answer
) -> None:
    server = Server(fault, fault, ADDED)
    assert build(server).do("add", "hi", "ann").task_id == "t"
    keys = [request.headers["Idempotency-Key"] for request in server.requests]
    assert len(keys) == 3 and len(set(keys)) == 1


def test_a_lasting_fault_is_raised(build: Build) -> None:
    server = Server(no(503, 50004, "no memory today"))
    with pytest.raises(ApiError, match="no memory today") as raised:
        build(server).do("search", "q", "ann")
    assert (raised.value.code, raised.value.status, len(server.requests)) == (
        50004,
        503,
        3,
    )


def test_no_answer_is_an_error(build: Build) -> None:
    with pytest.raises(
        ApiError, match=r"no answer from http://memory.test/\S+ refused"
    ) as raised:
        build(Server(httpx.ConnectError("refused"))).do("search", "q", "ann")
    assert (raised.value.code, raised.value.status) == (50004, 0)


@pytest.mark.parametrize(
    "method, arguments",
    [("chat", ("q", "ann")), ("delete", (["m"],)), ("create_knowledgebase", ("k",))],
)
@pytest.mark.parametrize("fault", [httpx.Response(503), httpx.ReadTimeout("slow")])
def test_what_may_have_been_done_is_not_done_again(
    build: Build, method: str, arguments: tuple[Any, ...], fault: Answer
) -> None:
    server = Server(fault)
    with pytest.raises(ApiError):
        build(server).do(method, *arguments)
    assert len(server.requests) == 1


def test_what_never_arrived_is_sent_again(build: Build) -> None:
    server = Server(httpx.ConnectError("refused"), ok({"response": "hello"}))
    assert build(server).do("chat", "q", "ann") == "hello"


@pytest.mark.parametrize(
    "answer, code, status",
    [
        (no(401, 40132, "wrong key"), 40132, 401),
        (no(200, 40000, "odd"), 40000, 200),
        (httpx.Response(404, text="<html>"), 50000, 404),
        (httpx.Response(200, json=[]), 50000, 200),
        (httpx.Response(200, json={"detail": "x"}), 50000, 200),
        (ok({}), 50000, 200),
    ],
)
def test_every_other_answer_is_an_error(
    build: Build, answer: httpx.Response, code: int, status: int
) -> None:
    server = Server(answer)
    with pytest.raises(ApiError) as raised:
        build(server).do("status", "t")
    assert (raised.value.code, raised.value.status, len(server.requests)) == (
        code,
        status,
        1,
    )


def test_the_open_source_success_is_one(build: Build) -> None:
    assert (
        build(Server(ok({"response": "hello"}, code=200))).do("chat", "q", "ann")
        == "hello"
    )


def test_an_answer_without_an_envelope(build: Build) -> None:
    ranked = httpx.Response(
        200, json={"id": "r", "results": [{"index": 1, "relevance_score": 0.9}]}
    )
    assert build(Server(ranked)).do("rerank", "q", ["a", "b"]) == [
        {"index": 1, "relevance_score": 0.9}
    ]


@pytest.mark.parametrize(
    "name, same",
    [
        ("add", "add_message"),
        ("search", "search_memory"),
        ("get", "get_message"),
        ("memories", "get_memory"),
        ("memory", "get_memory_by_id"),
        ("status", "get_task_status"),
        ("delete", "delete_memory"),
        ("update", "update_memory"),
        ("feedback", "add_feedback"),
        ("extract", "extract_memory"),
        ("add_knowledgebase_file", "add_knowledgebase_file_json"),
    ],
)
def test_both_names_are_there(name: str, same: str) -> None:
    for kind in (Client, AsyncClient):
        assert getattr(kind, name) is getattr(kind, same)


def states(*steps: dict[str, Any]) -> list[httpx.Response]:
    return [ok({"task_id": "t", **step}) for step in steps]


def test_waiting_shows_every_state(build: Build) -> None:
    seen: list[Task] = []
    server = Server(
        *states(
            {"status": "running", "progress": {"pages_done": 1}},
            {"status": "running", "progress": {"pages_done": 2}},
            {"status": "completed"},
        )
    )
    task = build(server).do("wait_for", "t", seen.append, every=0)
    assert task.status == "completed"
    assert [item.raw.get("progress", {}).get("pages_done") for item in seen] == [
        1,
        2,
        None,
    ]


def test_waiting_ends_some_time(build: Build) -> None:
    with pytest.raises(TimeoutError):
        build(Server(*states({"status": "running"}))).do(
            "wait_for", "t", every=0.001, longest=0.01
        )


def test_an_upload_waits_until_it_is_read(build: Build) -> None:
    server = Server(
        ADDED,
        *states(
            {"status": "running"},
            {"status": "failed", "error_code": 50107, "error_message": "unreadable"},
        ),
    )
    seen: list[Task] = []
    task = build(server).do(
        "upload", b"bytes", "ann", name="a.pdf", on_progress=seen.append
    )
    assert (task.status, task.error_code, task.error_message, len(seen)) == (
        "failed",
        50107,
        "unreadable",
        2,
    )
    assert (
        json.loads(server.requests[0].content)["messages"][0]["content"][0]["file"][
            "filename"
        ]
        == "a.pdf"
    )


def test_a_stream_gives_the_words(build: Build) -> None:
    server = Server(
        events(
            {"type": "reasoning", "data": "hm"},
            ": alive\n\n",
            {"type": "text", "data": "Lis"},
            {"type": "text", "data": "bon"},
            {"type": "end", "data": ""},
        )
    )
    assert build(server).do("chat_stream", "q", "ann", temperature=0) == ["Lis", "bon"]
    assert json.loads(server.requests[0].content) == {
        "query": "q",
        "user_id": "ann",
        "stream": True,
        "temperature": 0,
    }


@pytest.mark.parametrize(
    "answer, code",
    [
        (
            events(
                {"type": "text", "data": "Lis"},
                {"type": "error", "content": "the model left", "code": 50004},
            ),
            50004,
        ),
        (events({"type": "error", "data": "the model left"}), 50002),
        (no(400, 40002, "the model left"), 40002),
        (httpx.ReadError("the model left"), 50004),
    ],
)
def test_a_stream_that_fails_is_an_error(
    build: Build, answer: Answer, code: int
) -> None:
    with pytest.raises(ApiError, match="the model left") as raised:
        build(Server(answer)).do("chat_stream", "q", "ann")
    assert raised.value.code == code


@pytest.mark.parametrize(
    "script, needs, extra",
    [("cli", "typer", "souvenir-client[cli]"), ("mcp", "mcp", "souvenir-client[mcp]")],
)
def test_without_its_extra_a_command_says_what_to_install(
    script: str, needs: str, extra: str
) -> None:
    """In a Python that has httpx and not the extra."""
    program = (
        f"import sys; sys.modules['{needs}'] = None; "
        f"from souvenir_client import commands; commands.{script}()"
    )
    path = str(Path(__file__).parents[3] / "clients/python")
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert extra in done.stderr


def task_state(status: str, state: str, **more: Any) -> dict[str, Any]:
    return {"task_id": "t", "status": status, "state": state, **more}


def stream(*given: tuple[str, dict[str, Any]]) -> httpx.Response:
    return events(
        ": alive\n\n",
        *(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in given),
    )


def test_a_task_is_watched_to_its_end_also_when_the_stream_is_cut_off(
    build: Build,
) -> None:
    cut = stream(
        ("progress", task_state("running", "queued")),
        ("progress", task_state("running", "running")),
    )
    whole = stream(
        ("progress", task_state("running", "running")),
        ("end", task_state("completed", "completed")),
    )
    server = Server(cut, whole)
    assert [task.raw["state"] for task in build(server).do("watch", "t")] == [
        "queued",
        "running",
        "running",
        "completed",
    ]
    assert [(request.method, request.url.path) for request in server.requests] == [
        ("GET", "/api/openmem/v1/tasks/t/events")
    ] * 2


def test_a_task_that_is_not_there_cannot_be_watched(build: Build) -> None:
    with pytest.raises(ApiError, match="no task t"):
        build(Server(no(404, 50131, "no task t"))).do("watch", "t")


def test_tasks_are_listed_called_off_and_tried_again(build: Build) -> None:
    dead = task_state("failed", "dead", error_code=50004, error_message="out of tries")
    server = Server(
        ok([dead]),
        ok(task_state("failed", "cancelled")),
        ok(task_state("running", "queued")),
        ok([dead]),
        ok({**dead, "receipts": []}),
    )
    both = build(server)
    (listed,) = both.do("tasks", "ann", state=["dead", "failed"], limit=5)
    assert listed == Task("t", "failed", 50004, "out of tries", dead)
    assert both.do("cancel", "t").raw["state"] == "cancelled"
    assert both.do("replay", "t").status == "running"
    assert both.do("dead_tasks") == [listed]
    assert both.do("task", "a/b").raw["receipts"] == []
    assert [
        (request.method, request.url.raw_path.decode().removeprefix("/api/openmem/v1"))
        for request in server.requests
    ] == [
        ("GET", "/tasks?user_id=ann&state=dead&state=failed&limit=5"),
        ("POST", "/tasks/t/cancel"),
        ("POST", "/tasks/t/replay"),
        ("GET", "/tasks/dead"),
        ("GET", "/tasks/a%2Fb"),
    ]
