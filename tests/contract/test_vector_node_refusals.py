"""What the vector node does not do, it says so; what is malformed is the caller's
mistake; nothing of either is an error of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from itertools import product
from typing import Any

import httpx
import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q
from qdrant_client.http.exceptions import UnexpectedResponse

from tests.support.vector_node import vector_node

QUANTIZED = q.ScalarQuantization(
    scalar=q.ScalarQuantizationConfig(type=q.ScalarType.INT8)
)
ELSEWHERE = q.LookupLocation(collection="other")
Ask = Callable[[AsyncQdrantClient], Coroutine[Any, Any, object]]
ASKED: dict[str, tuple[Ask, str]] = {
    "aliases": (lambda c: c.get_aliases(), "GET /aliases"),
    "snapshots": (lambda c: c.create_snapshot("c"), "POST /collections/c/snapshots"),
    "groups": (
        lambda c: c.query_points_groups("c", group_by="user", query=[1.0], using="d"),
        "POST /collections/c/points/query/groups",
    ),
    "matrix": (lambda c: c.search_matrix_pairs("c"), "points/search/matrix/pairs"),
    "settings": (
        lambda c: c.update_collection("c", metadata={"a": 1}),
        "PATCH /collections/c",
    ),
    "quantization": (
        lambda c: c.create_collection(
            "x", vectors_config={}, quantization_config=QUANTIZED
        ),
        "`quantization_config`",
    ),
    "replicas": (
        lambda c: c.create_collection("x", vectors_config={}, replication_factor=2),
        "replica",
    ),
    "shard key": (lambda c: c.count("c", shard_key_selector="eu"), "`shard_key`"),
    "query by id": (
        lambda c: c.query_points("c", query=1, using="d"),
        "by the id of a point",
    ),
    "nearest by id": (
        lambda c: c.query_points("c", query=q.NearestQuery(nearest=1), using="d"),
        "by the id of a point",
    ),
    "recommend": (
        lambda c: c.query_points(
            "c",
            query=q.RecommendQuery(recommend=q.RecommendInput(positive=[[1.0, 0.0]])),
        ),
        "recommend",
    ),
    "formula": (
        lambda c: c.query_points(
            "c", query=q.FormulaQuery(formula=q.SumExpression(sum=["$score", 1.0]))
        ),
        "formula",
    ),
    "lookup": (
        lambda c: c.query_points(
            "c", query=[1.0, 0.0], using="d", lookup_from=ELSEWHERE
        ),
        "`lookup_from`",
    ),
    "slice": (
        lambda c: c.count(
            "c",
            count_filter=q.Filter(
                must=[q.SliceCondition(slice=q.Slice(total=2, index=0))]
            ),
        ),
        "slice",
    ),
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A node with a collection "c" of one point."""
    with vector_node(tmp_path_factory.mktemp("node")) as node:
        with httpx.Client(base_url=node.url) as client:
            client.put(
                "/collections/c",
                json={"vectors": {"d": {"size": 2, "distance": "Dot"}}},
            ).raise_for_status()
            client.put(
                "/collections/c/points",
                json={"points": [{"id": 1, "vector": {"d": [1, 2]}}]},
            ).raise_for_status()
        yield node.url


@pytest.mark.parametrize("name", ASKED)
async def test_what_is_not_done_is_refused_by_name(url: str, name: str) -> None:
    ask, words = ASKED[name]
    with pytest.raises(UnexpectedResponse) as error:
        await ask(AsyncQdrantClient(url=url))
    assert error.value.status_code == 501
    assert words in error.value.structured()["status"]["error"]


def test_an_inference_object_is_refused(url: str) -> None:
    """A client without fastembed does not send one; others might."""
    words = {"points": [{"id": 1, "vector": {"d": {"text": "hello", "model": "any"}}}]}
    answer = httpx.put(url + "/collections/c/points", json=words)
    assert (answer.status_code, "inference" in answer.text) == (501, True)


@pytest.mark.parametrize("body", ["{", "{'a': 1}", '"text"', "[1]", "nonsense", "\x00"])
def test_what_is_not_json_is_malformed(url: str, body: str) -> None:
    answer = httpx.post(url + "/collections/c/points/scroll", content=body)
    assert answer.status_code == 400
    assert answer.json()["status"]["error"]


WRONG: list[Any] = [
    None,
    0,
    -1,
    1.5,
    True,
    "x",
    [],
    [None],
    [[]],
    ["x"],
    {},
    {"x": 1},
    {"key": 1},
    [{}],
    [{"id": "x"}],
    [{"id": 1}],
    {"must": 1},
    {"must": [1]},
    {"must": [{"key": "a"}]},
    {"must": [{"key": 7, "match": {"value": 1}}]},
    {"must": [{"key": "a", "match": {"value": 1.5}}]},
    {"must": [{"key": "a[", "match": {"value": 1}}]},
    {"indices": [1], "values": []},
    {"nearest": None},
    {"fusion": "x"},
    {"must": [{"key": "a", "range": {"gt": "soon"}}]},
]
ROUTES: dict[tuple[str, str], list[str]] = {
    ("PUT", "/points"): ["points", "batch", "update_filter", "update_mode"],
    ("POST", "/points"): ["ids", "with_payload", "with_vector"],
    ("POST", "/points/scroll"): [
        "filter",
        "limit",
        "offset",
        "order_by",
        "with_payload",
        "with_vector",
    ],
    ("POST", "/points/count"): ["filter", "exact"],
    ("POST", "/points/query"): [
        "query",
        "prefetch",
        "filter",
        "limit",
        "params",
        "using",
        "score_threshold",
        "with_payload",
        "with_vector",
    ],
    ("POST", "/points/query/batch"): ["searches"],
    ("POST", "/points/delete"): ["points", "filter"],
    ("POST", "/points/payload"): ["payload", "points", "filter", "key"],
    ("POST", "/points/payload/delete"): ["keys", "points"],
    ("POST", "/points/batch"): ["operations"],
    ("PUT", "/points/vectors"): ["points"],
    ("POST", "/points/vectors/delete"): ["vector", "points"],
    ("POST", "/facet"): ["key", "limit", "filter"],
    ("PUT", "/index"): ["field_name", "field_schema"],
    ("PUT", "x"): [
        "vectors",
        "sparse_vectors",
        "hnsw_config",
        "optimizers_config",
        "on_disk_payload",
    ],
}
GOOD: dict[str, Any] = {
    "points": [1],
    "payload": {"a": 1},
    "keys": ["a"],
    "vector": ["d"],
    "ids": [1],
    "key": "a",
    "field_name": "a",
    "field_schema": "keyword",
}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_wrong_shape_is_an_error_of_ours(url: str, method: str, path: str) -> None:
    """Each field of each route given everything it is not: answered, or the caller's
    mistake, or refused; never a 500.
    """
    with httpx.Client(base_url=url + "/collections/c") as client:
        for field, wrong in product(ROUTES[method, path], WRONG):
            body = {
                name: value
                for name, value in GOOD.items()
                if name in ROUTES[method, path]
            } | {field: wrong}
            answer = client.request(
                method,
                path if path.startswith("/") else f"{url}/collections/made",
                json=body,
            )
            assert answer.status_code in (200, 400, 404, 409, 501), (body, answer.text)
            if answer.status_code != 200:
                assert answer.json()["status"]["error"]
        assert client.post("/points/count", json={}).status_code == 200
