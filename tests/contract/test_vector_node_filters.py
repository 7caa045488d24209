"""Every filter condition, asked by an unmodified client: of the vector node, and of a
real server where QDRANT_TEST_URL names one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from qdrant_client import QdrantClient
from qdrant_client import models as q

from tests.contract.test_vector_node import url

__all__ = ["url"]

UUIDS = ["5c56c793-69f3-4fbf-87e6-c4bf54c28c26", "0b6b1a5e-9d6f-4a59-8f0a-4f8f3a7c2b11"]
PAYLOADS: dict[int, dict[str, object]] = {
    1: {
        "user": "ann",
        "n": 1,
        "f": 0.5,
        "yes": True,
        "at": "2024-01-01T00:00:00Z",
        "text": "green tea in the morning",
        "ref": UUIDS[0],
    },
    2: {
        "user": "ann",
        "n": 2,
        "f": 1.5,
        "yes": False,
        "at": "2024-06-01T12:00:00+02:00",
        "text": "black coffee",
        "tags": ["a", "b"],
    },
    3: {
        "user": "bob",
        "n": 3,
        "f": -1,
        "yes": True,
        "at": "2025-01-01",
        "text": "morning coffee",
        "tags": [],
        "ref": UUIDS[1],
    },
    4: {
        "user": "张伟",
        "n": 4,
        "none": None,
        "tags": ["a"],
        "place": {"lon": 13.4, "lat": 52.5},
    },
    5: {
        "user": "eve",
        "n": 5,
        "parts": [{"kind": "x", "size": 1}, {"kind": "y", "size": 9}],
        "deep": {"er": "here"},
    },
    6: {
        "user": "eve",
        "n": -6,
        "parts": [{"kind": "x", "size": 9}],
        "place": {"lon": 2.35, "lat": 48.85},
        "tags": ["a", "b", "c"],
    },
}
INDEXES = {
    "user": "keyword",
    "n": "integer",
    "f": "float",
    "yes": "bool",
    "at": "datetime",
    "text": "text",
    "ref": "uuid",
    "place": "geo",
    "tags": "keyword",
    "parts[].kind": "keyword",
}


def on(key: str, **condition: object) -> q.FieldCondition:
    return q.FieldCondition(key=key, **condition)


def equal(key: str, value: object) -> q.FieldCondition:
    return on(key, match=q.MatchValue(value=value))


def day(year: int, month: int, of: int) -> datetime:
    return datetime(year, month, of, tzinfo=UTC)


POINT = q.GeoPoint
BERLIN = POINT(lon=13.40, lat=52.52)
CASES: dict[str, tuple[q.Condition | q.Filter, set[int]]] = {
    "value: word": (equal("user", "ann"), {1, 2}),
    "value: chinese": (equal("user", "张伟"), {4}),
    "value: number": (equal("n", -6), {6}),
    "value: true": (equal("yes", True), {1, 3}),
    "value: false": (equal("yes", False), {2}),
    "value: uuid": (equal("ref", UUIDS[0]), {1}),
    "value: in a list": (equal("tags", "b"), {2, 6}),
    "value: deeper": (equal("deep.er", "here"), {5}),
    "value: in objects of a list": (equal("parts[].kind", "y"), {5}),
    "any: words": (on("user", match=q.MatchAny(any=["bob", "eve"])), {3, 5, 6}),
    "any: numbers": (on("n", match=q.MatchAny(any=[1, 3])), {1, 3}),
    "any: none": (on("user", match=q.MatchAny(any=[])), set()),
    "except": (on("user", match=q.MatchExcept(**{"except": ["ann", "eve"]})), {3, 4}),
    "text": (on("text", match=q.MatchText(text="coffee morning")), {3}),
    "text any": (on("text", match=q.MatchTextAny(text_any="tea black")), {1, 2}),
    "range: above": (on("n", range=q.Range(gt=2)), {3, 4, 5}),
    "range: between": (on("f", range=q.Range(gte=-1, lte=0.5)), {1, 3}),
    "range: below": (on("n", range=q.Range(lt=1)), {6}),
    "time: from": (on("at", range=q.DatetimeRange(gte=day(2024, 6, 1))), {2, 3}),
    "time: between": (
        on("at", range=q.DatetimeRange(gt=day(2024, 1, 1), lt=day(2025, 1, 1))),
        {2},
    ),
    "time: zone": (
        on("at", range=q.DatetimeRange(lte=datetime(2024, 6, 1, 10, tzinfo=UTC))),
        {1, 2},
    ),
    "ids": (q.HasIdCondition(has_id=[2, 5, 99]), {2, 5}),
    "vector": (q.HasVectorCondition(has_vector="extra"), {1}),
    "empty": (q.IsEmptyCondition(is_empty=q.PayloadField(key="tags")), {1, 3, 5}),
    "null": (q.IsNullCondition(is_null=q.PayloadField(key="none")), {4}),
    "field empty": (on("tags", is_empty=True), {1, 3, 5}),
    "field not empty": (on("tags", is_empty=False), {2, 4, 6}),
    "field null": (on("none", is_null=True), {4}),
    "values count": (on("tags", values_count=q.ValuesCount(gte=2)), {2, 6}),
    "values count between": (
        on("tags", values_count=q.ValuesCount(gt=0, lt=3)),
        {2, 4},
    ),
    "nested": (
        q.NestedCondition(
            nested=q.Nested(
                key="parts",
                filter=q.Filter(
                    must=[equal("kind", "x"), on("size", range=q.Range(gte=5))]
                ),
            )
        ),
        {6},
    ),
    "geo: circle": (
        on("place", geo_radius=q.GeoRadius(center=BERLIN, radius=10_000)),
        {4},
    ),
    "geo: box": (
        on(
            "place",
            geo_bounding_box=q.GeoBoundingBox(
                top_left=POINT(lon=0, lat=50), bottom_right=POINT(lon=5, lat=45)
            ),
        ),
        {6},
    ),
    "geo: polygon": (
        on(
            "place",
            geo_polygon=q.GeoPolygon(
                exterior=q.GeoLineString(
                    points=[
                        POINT(lon=13, lat=52),
                        POINT(lon=14, lat=52),
                        POINT(lon=14, lat=53),
                        POINT(lon=13, lat=53),
                        POINT(lon=13, lat=52),
                    ]
                )
            ),
        ),
        {4},
    ),
    "must": (q.Filter(must=[equal("user", "ann"), equal("n", 2)]), {2}),
    "must: one without a list": (q.Filter(must=equal("user", "ann")), {1, 2}),
    "should": (q.Filter(should=[equal("user", "bob"), equal("n", 2)]), {2, 3}),
    "must not": (
        q.Filter(must_not=[equal("user", "ann"), equal("user", "eve")]),
        {3, 4},
    ),
    "min should": (
        q.Filter(
            min_should=q.MinShould(
                min_count=2,
                conditions=[equal("user", "ann"), equal("yes", True), equal("n", 1)],
            )
        ),
        {1},
    ),
    "all clauses": (
        q.Filter(
            must=[on("n", range=q.Range(gt=0))],
            should=[equal("user", "ann"), equal("user", "eve")],
            must_not=[q.HasIdCondition(has_id=[1])],
        ),
        {2, 5},
    ),
    "filters in filters": (
        q.Filter(
            should=[
                q.Filter(
                    must=[equal("user", "ann"), q.Filter(must_not=[equal("n", 1)])]
                ),
                q.Filter(must=[equal("user", "bob")]),
            ]
        ),
        {2, 3},
    ),
    "no conditions": (q.Filter(), {1, 2, 3, 4, 5, 6}),
}


@pytest.fixture(scope="module")
def client(url: str) -> QdrantClient:
    return QdrantClient(url=url)


@pytest.fixture(scope="module", params=[True, False], ids=["indexed", "plain"])
def name(client: QdrantClient, request: pytest.FixtureRequest) -> str:
    """Six points, with and without payload indexes: the answers must be the same."""
    name = f"test_{uuid4().hex}"
    size = q.VectorParams(size=2, distance=q.Distance.DOT)
    client.create_collection(name, vectors_config={"dense": size, "extra": size})
    for key, kind in INDEXES.items() if request.param else ():
        client.create_payload_index(name, key, field_schema=kind)
    client.upsert(
        name,
        [
            q.PointStruct(
                id=id,
                vector={"dense": [1, id]} | ({"extra": [1, 1]} if id == 1 else {}),
                payload=payload,
            )
            for id, payload in PAYLOADS.items()
        ],
    )
    return name


@pytest.mark.parametrize("case", CASES)
def test_a_filter_lets_through(client: QdrantClient, name: str, case: str) -> None:
    condition, wanted = CASES[case]
    filter = (
        condition if isinstance(condition, q.Filter) else q.Filter(must=[condition])
    )
    scrolled, _ = client.scroll(name, filter)
    queried = client.query_points(
        name, query=[1.0, 1.0], using="dense", query_filter=filter
    ).points
    assert {point.id for point in scrolled} == wanted
    assert {point.id for point in queried} == wanted
    assert client.count(name, filter).count == len(wanted)
    client.set_payload(name, {"marked": case}, points=filter)
    marked, _ = client.scroll(name, q.Filter(must=[equal("marked", case)]))
    assert {point.id for point in marked} == wanted
