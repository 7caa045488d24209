"""Numbers are read in one way on every route: 9, 9.0 and "9.0" are nine, an empty text is
none, and a fraction where a whole number is expected, true or a word is refused.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder

ASKED = {"user_id": "ann", "query": "tea"}
TALK = {"user": "ann", "messages": [{"role": "user", "content": "tea?"}]}
OF_ANN = {"query": "tea", "filters": {"user_id": "ann"}}
MEM0 = "/mem0/v3/memories/search/"
BODIES = [
    ("POST", "/search/memory", ASKED, "memory_limit_number"),
    ("POST", "/search/memory", ASKED, "context_tokens"),
    ("POST", "/get/memory", {"user_id": "ann"}, "size"),
    ("POST", "/get/memory", {"user_id": "ann"}, "page"),
    ("POST", "/get/message", {"user_id": "ann"}, "limit"),
    ("POST", "/chat", ASKED, "max_tokens"),
    ("POST", "/rerank", {"query": "a", "documents": ["a"]}, "top_n"),
    ("POST", "/list/profile_template", {}, "size"),
    ("POST", "/product/search", ASKED, "top_k"),
    ("POST", "/product/get_memory", {"mem_cube_id": "ann"}, "page_size"),
    ("POST", "/v1/chat/completions", TALK, "max_tokens"),
    ("PUT", "/project/settings", {"decay_days": 1}, "daily_tokens"),
    ("POST", MEM0, OF_ANN, "top_k"),
]
QUERIES = [
    ("GET", "/tasks?user_id=ann&limit={}"),
    ("GET", "/erasures?limit={}"),
    ("GET", "/project/audit?limit={}"),
    ("GET", "/mem0/v1/memories/?user_id=ann&page_size={}"),
    ("GET", "/mem0/v1/entities/?page_size={}"),
]
FRACTIONS = {"POST": (9.5, "9.5", "nine", True, [9]), "GET": ("9.5", "nine", "true")}
FRACTIONS["PUT"] = FRACTIONS["POST"]


@pytest.fixture
def world() -> World:
    return World(FakeEmbedder())


async def answered(world: World, method: str, path: str, body: Any = None) -> Any:
    return await world.client.request(method, path, json=body)


@pytest.mark.parametrize(("method", "path", "body", "field"), BODIES)
async def test_in_a_body(
    world: World, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    for number in (9, 9.0, "9", "9.0", " 9 ", "", None):
        answer = await answered(world, method, path, body | {field: number})
        assert answer.status_code == 200, (number, answer.text)
    for wrong in FRACTIONS[method]:
        answer = await answered(world, method, path, body | {field: wrong})
        assert answer.status_code in (400, 422), (wrong, answer.text)
        if isinstance(wrong, str | float) and not isinstance(wrong, bool):
            assert f"{field}: '{wrong}' is not a whole number" in answer.text


@pytest.mark.parametrize(("method", "path"), QUERIES)
async def test_in_the_query_of_a_url(world: World, method: str, path: str) -> None:
    for number in ("9", "9.0"):
        answer = await answered(world, method, path.format(number))
        assert answer.status_code == 200, (number, answer.text)
    for wrong in FRACTIONS[method]:
        answer = await answered(world, method, path.format(wrong))
        assert answer.status_code in (400, 422)
        assert f"'{wrong}' is not a whole number" in answer.text


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/search/memory", ASKED, "relativity"),
        ("/product/search", ASKED, "relativity"),
        ("/chat", ASKED, "temperature"),
        ("/v1/chat/completions", TALK, "top_p"),
        (MEM0, OF_ANN, "threshold"),
    ],
)
async def test_true_is_no_share(
    world: World, path: str, body: dict[str, Any], field: str
) -> None:
    for share in (0.5, "0.5", 1, ""):
        answer = await answered(world, "POST", path, body | {field: share})
        assert answer.status_code == 200, (share, answer.text)
    answer = await answered(world, "POST", path, body | {field: True})
    assert answer.status_code in (400, 422)
    assert f"{field}: true is not a number" in answer.text
