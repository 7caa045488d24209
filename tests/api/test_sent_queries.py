"""The query of an address is read as a body is: a parameter that there is not is said, a
number that is too large is lowered, an empty one is absent.
"""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from services.http.answer_remarks import HEADER, MOST_CHARACTERS, header_of
from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder

LOWERED = [
    ("/tasks?user_id=ann&limit=100000", "limit: 100000 counts as 1000"),
    ("/tasks/dead?limit=1e6", "limit: 1e6 counts as 1000"),
    ("/erasures?limit=100000", "limit: 100000 counts as 1000"),
    ("/project/audit?limit=501", "limit: 501 counts as 500"),
    ("console/tasks?limit=2000", "limit: 2000 counts as 1000"),
    ("console/models?limit=2000", "limit: 2000 counts as 200"),
    ("/mem0/v1/events/?page_size=500", "page_size: 500 counts as 200"),
    ("/mem0/v1/entities/?page_size=5000", "page_size: 5000 counts as 1000"),
]
EMPTY = [
    "/tasks?user_id=ann&limit=&state=",
    "/tasks/dead?limit=",
    "/erasures?limit=&id=",
    "/project/audit?limit=&before=&user_id=",
    "console/requests?limit=",
    "/mem0/v1/events/?page=&page_size=",
    "/mem0/v1/memories/?user_id=ann&page=&page_size=",
]


@pytest.fixture
def world() -> World:
    return World(FakeEmbedder())


async def test_a_parameter_that_there_is_not_is_said_beside_a_list(
    world: World,
) -> None:
    answer = await world.get("tasks?user_id=ann&stat=failed&more=")
    assert answer.data == []
    remark = "stat: there is no such parameter"
    assert answer.body["remarks"] == [remark]
    assert answer.response.headers[HEADER] == remark


async def test_it_stands_in_data_that_has_a_place(world: World) -> None:
    asked = {"user_id": "ann", "query": "tea", "bogus": 1}
    answer = await world.post("search/memory?explain=true", asked)
    assert answer.data["remarks"] == [
        "explain: there is no such parameter",
        "bogus: there is no such field",
    ]
    assert answer.response.headers[HEADER] == "; ".join(answer.data["remarks"])


async def test_the_remarks_of_a_task_stay_its_own(world: World) -> None:
    said = {"user_id": "ann", "messages": [{"role": "user", "content": "I like tea."}]}
    task = (await world.post("add/message", said)).data["task_id"]
    answer = await world.get(f"tasks/{task}?bogus=1")
    assert answer.body["remarks"] == ["bogus: there is no such parameter"]
    assert not answer.data["remarks"]


@pytest.mark.parametrize(
    "path",
    [
        "/product/scheduler/status?user_id=ann&taskid=zz",
        "/product/scheduler/wait/stream?user_name=ann&timeout_seconds=0&taskid=zz",
        "console/users?taskid=zz",
        "/ping?taskid=zz",
    ],
)
async def test_a_list_and_a_stream_say_it_in_the_header(
    world: World, path: str
) -> None:
    answer = await world.get(path)
    assert answer.response.headers[HEADER] == "taskid: there is no such parameter"


async def test_a_refusal_says_it_too(world: World) -> None:
    for path in ("/tasks?userid=ann", "/mem0/v2/entities/user/nobody/?userid=ann"):
        answer = await world.get(path)
        assert answer.status in (400, 404)
        assert answer.response.headers[HEADER] == "userid: there is no such parameter"


@pytest.mark.parametrize(("path", "remark"), LOWERED)
async def test_a_number_that_is_too_large_is_lowered(
    world: World, path: str, remark: str
) -> None:
    answer = await world.get(path)
    assert answer.status == 200, answer.body
    assert answer.body["remarks"] == [remark]


async def test_seconds_are_lowered_too(world: World) -> None:
    path = "/product/scheduler/wait?user_name=ann&timeout_seconds=9000"
    answer = await world.post(path)
    assert answer.body["message"] == "idle"
    assert answer.body["remarks"] == ["timeout_seconds: 9000 counts as 600"]


@pytest.mark.parametrize("path", EMPTY)
async def test_an_empty_value_is_absent(world: World, path: str) -> None:
    answer = await world.get(path)
    assert answer.status == 200, answer.body
    assert HEADER not in answer.response.headers


async def test_too_small_a_number_is_refused_as_in_a_body(world: World) -> None:
    answer = await world.get("/tasks?user_id=ann&limit=0")
    assert (answer.status, answer.code) == (422, 40000)


def test_the_header_is_ascii_and_parts_remarks() -> None:
    remarks = ["größe: 9 counts as 5", "a;b\r\nX: there is no such parameter", "100%"]
    written = header_of(remarks)
    assert written.isascii() and "\n" not in written and "\r" not in written
    assert [unquote(part) for part in written.split("; ")] == remarks


def test_the_header_is_bounded() -> None:
    written = header_of(["ü" * 500] * 100)
    assert len(written) < MOST_CHARACTERS + 20
    assert written.endswith("more")
