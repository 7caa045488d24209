"""What Souvenir asks of Qdrant, asked by an unmodified client: of the vector node, and
of a real server where QDRANT_TEST_URL names one.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Iterator
from uuid import UUID, uuid4

import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q
from qdrant_client.http.exceptions import UnexpectedResponse

from tests.support.vector_node import vector_node

VECTORS = {"dense": q.VectorParams(size=4, distance=q.Distance.COSINE)}
SPARSE = {"lexical": q.SparseVectorParams(modifier=q.Modifier.IDF)}
OF_ANN = q.Filter(must=[q.FieldCondition(key="user", match=q.MatchValue(value="ann"))])
UUID_ID = "5c56c793-69f3-4fbf-87e6-c4bf54c28c26"


@pytest.fixture(scope="module", params=["node", "server"])
def url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if request.param == "server":
        if "QDRANT_TEST_URL" not in os.environ:
            pytest.skip("QDRANT_TEST_URL names no server")
        yield os.environ["QDRANT_TEST_URL"]
        return
    with vector_node(tmp_path_factory.mktemp("node")) as node:
        yield node.url


@pytest.fixture
async def client(url: str) -> AsyncIterator[AsyncQdrantClient]:
    made = AsyncQdrantClient(url=url)
    yield made
    await made.close()


@pytest.fixture
async def name(client: AsyncQdrantClient) -> AsyncIterator[str]:
    """An empty collection with a dense and a sparse vector and an indexed user."""
    name = f"test_{uuid4().hex}"
    await client.create_collection(
        name, vectors_config=VECTORS, sparse_vectors_config=SPARSE
    )
    await client.create_payload_index(name, "user", field_schema="keyword")
    yield name
    await client.delete_collection(name)


def point(
    id: int | str,
    dense: list[float],
    words: dict[int, float] | None = None,
    **payload: object,
) -> q.PointStruct:
    vector: dict[str, object] = {"dense": dense}
    if words:
        vector["lexical"] = q.SparseVector(
            indices=list(words), values=list(words.values())
        )
    return q.PointStruct(id=id, vector=vector, payload=payload)


@pytest.fixture
async def filled(client: AsyncQdrantClient, name: str) -> str:
    """Four points: two of ann's, two of bob's."""
    await client.upsert(
        name,
        [
            point(1, [1, 0, 0, 0], {1: 1.0, 2: 1.0}, user="ann", n=1),
            point(2, [0.8, 0.6, 0, 0], {1: 1.0, 3: 1.0}, user="ann", n=2),
            point(3, [0, 1, 0, 0], {1: 1.0, 4: 1.0}, user="bob", n=3),
            point(UUID_ID, [0, 0, 1, 0], {2: 1.0}, user="bob", n=4),
        ],
    )
    return name


async def ids(
    client: AsyncQdrantClient, name: str, filter: q.Filter | None = None
) -> list[object]:
    response, _ = await client.scroll(name, filter, limit=100)
    return [item.id for item in response]


async def payload(client: AsyncQdrantClient, name: str, id: int) -> object:
    return (await client.retrieve(name, [id]))[0].payload


def refused(
    error: pytest.ExceptionInfo[UnexpectedResponse], status: int, words: str
) -> bool:
    return error.value.status_code == status and words in error.value.content.decode()


# Collections


async def test_version_fits_the_client(client: AsyncQdrantClient) -> None:
    assert (await client.info()).version.startswith("1.")


async def test_a_collection_is_listed_described_and_gone_after_delete(
    client: AsyncQdrantClient,
) -> None:
    name = f"test_{uuid4().hex}"
    assert not await client.collection_exists(name)
    assert await client.create_collection(
        name, vectors_config=VECTORS, sparse_vectors_config=SPARSE
    )
    assert await client.collection_exists(name)
    assert name in [item.name for item in (await client.get_collections()).collections]
    params = (await client.get_collection(name)).config.params
    assert params.vectors["dense"].size == 4
    assert params.vectors["dense"].distance == q.Distance.COSINE
    assert params.sparse_vectors["lexical"].modifier == q.Modifier.IDF
    assert await client.delete_collection(name)
    assert not await client.collection_exists(name)
    assert not await client.delete_collection(name)


async def test_creating_a_collection_twice_is_a_conflict(
    client: AsyncQdrantClient, name: str
) -> None:
    with pytest.raises(UnexpectedResponse) as error:
        await client.create_collection(name, vectors_config=VECTORS)
    assert refused(error, 409, "already exists")


async def test_a_collection_may_have_no_vectors(client: AsyncQdrantClient) -> None:
    name = f"test_{uuid4().hex}"
    await client.create_collection(name, vectors_config={})
    await client.create_payload_index(name, "at", field_schema="integer")
    await client.upsert(
        name, [q.PointStruct(id=id, vector={}, payload={"at": id}) for id in (1, 2, 3)]
    )
    response, _ = await client.scroll(
        name,
        order_by=q.OrderBy(key="at", direction=q.Direction.DESC),
        limit=2,
        with_vectors=True,
    )
    assert [(item.id, item.vector) for item in response] == [(3, {}), (2, {})]
    assert (await client.get_collection(name)).config.params.vectors == {}
    await client.delete_collection(name)


async def test_an_unnamed_vector(client: AsyncQdrantClient) -> None:
    name = f"test_{uuid4().hex}"
    await client.create_collection(
        name, vectors_config=q.VectorParams(size=2, distance=q.Distance.DOT)
    )
    await client.upsert(
        name,
        [
            q.PointStruct(id=1, vector=[1.0, 2.0]),
            q.PointStruct(id=2, vector=[3.0, 4.0]),
        ],
    )
    response = await client.query_points(name, query=[1.0, 1.0], with_vectors=True)
    assert [(item.id, item.score, item.vector) for item in response.points] == [
        (2, 7.0, [3.0, 4.0]),
        (1, 3.0, [1.0, 2.0]),
    ]
    await client.delete_collection(name)


@pytest.mark.parametrize(
    "kind", ["keyword", "integer", "float", "bool", "datetime", "text", "uuid", "geo"]
)
async def test_payload_indexes_of_every_kind(
    client: AsyncQdrantClient, name: str, kind: str
) -> None:
    await client.create_payload_index(
        name, "field", field_schema=q.PayloadSchemaType(kind)
    )
    assert (await client.get_collection(name)).payload_schema["field"].data_type == kind
    await client.create_payload_index(
        name, "field", field_schema=q.PayloadSchemaType(kind)
    )
    await client.delete_payload_index(name, "field")
    assert "field" not in (await client.get_collection(name)).payload_schema


async def test_payload_indexes_with_parameters(
    client: AsyncQdrantClient, name: str
) -> None:
    keyword = q.KeywordIndexParams(type=q.KeywordIndexType.KEYWORD, is_tenant=True)
    words = q.TextIndexParams(
        type=q.TextIndexType.TEXT,
        tokenizer=q.TokenizerType.WORD,
        min_token_len=2,
        lowercase=True,
    )
    await client.create_payload_index(name, "tenant", field_schema=keyword)
    await client.create_payload_index(name, "words", field_schema=words)
    schema = (await client.get_collection(name)).payload_schema
    assert (schema["tenant"].data_type, schema["words"].data_type) == (
        "keyword",
        "text",
    )


# Writing


async def test_points_come_back_as_they_were_put(
    client: AsyncQdrantClient, name: str
) -> None:
    said = {
        "text": "喝茶 tea",
        "n": 7,
        "f": 0.25,
        "yes": True,
        "none": None,
        "deep": {"list": [1, {"x": "y"}]},
    }
    written = await client.upsert(
        name, [point(UUID_ID, [0, 0.6, 0.8, 0], {5: 0.5}, **said)]
    )
    assert written.status == q.UpdateStatus.COMPLETED
    response = (await client.retrieve(name, [UUID_ID, 404], with_vectors=True))[0]
    assert UUID(str(response.id)) == UUID(UUID_ID)
    assert json.dumps(response.payload, sort_keys=True) == json.dumps(
        said, sort_keys=True
    )
    assert response.vector["dense"] == pytest.approx([0, 0.6, 0.8, 0])
    assert response.vector["lexical"] == q.SparseVector(indices=[5], values=[0.5])


async def test_upsert_replaces_and_does_not_double(
    client: AsyncQdrantClient, filled: str
) -> None:
    await client.upsert(filled, [point(1, [0, 0, 0, 1], user="carol")])
    assert (await client.count(filled)).count == 4
    response = (await client.retrieve(filled, [1], with_vectors=True))[0]
    assert response.payload == {"user": "carol"}
    assert response.vector == {"dense": [0, 0, 0, 1]}


async def test_upsert_of_columns(client: AsyncQdrantClient, name: str) -> None:
    await client.upsert(
        name,
        q.Batch(
            ids=[1, 2],
            vectors={"dense": [[1, 0, 0, 0], [0, 1, 0, 0]]},
            payloads=[{"n": 1}, {"n": 2}],
        ),
    )
    response = await client.retrieve(name, [1, 2], with_vectors=True)
    assert {
        item.id: (item.payload["n"], item.vector["dense"]) for item in response
    } == {
        1: (1, [1, 0, 0, 0]),
        2: (2, [0, 1, 0, 0]),
    }


async def test_a_big_upsert_is_whole(client: AsyncQdrantClient, name: str) -> None:
    await client.upsert(
        name, [point(id, [1, 0, 0, id], user="ann", n=id) for id in range(1, 778)]
    )
    assert (await client.count(name)).count == 777
    assert await payload(client, name, 777) == {"user": "ann", "n": 777}


async def test_a_condition_decides_what_an_upsert_may_replace(
    client: AsyncQdrantClient, filled: str
) -> None:
    points = [
        point(1, [1, 0, 0, 0], user="ann", new=True),
        point(3, [1, 0, 0, 0], user="ann", new=True),
    ]
    await client.upsert(filled, points, update_filter=OF_ANN)
    assert await payload(client, filled, 1) == {"user": "ann", "new": True}
    assert await payload(client, filled, 3) == {"user": "bob", "n": 3}


async def test_upsert_modes(client: AsyncQdrantClient, filled: str) -> None:
    points = [point(1, [1, 0, 0, 0], new=True), point(9, [1, 0, 0, 0], new=True)]
    await client.upsert(filled, points, update_mode=q.UpdateMode.INSERT_ONLY)
    assert (await payload(client, filled, 1), await payload(client, filled, 9)) == (
        {"user": "ann", "n": 1},
        {"new": True},
    )
    await client.upsert(
        filled,
        [point(1, [1, 0, 0, 0], new=1), point(10, [1, 0, 0, 0])],
        update_mode=q.UpdateMode.UPDATE_ONLY,
    )
    assert await payload(client, filled, 1) == {"new": 1}
    assert await client.retrieve(filled, [10]) == []


async def test_delete_by_ids_and_by_filter(
    client: AsyncQdrantClient, filled: str
) -> None:
    await client.delete(filled, [1, 404])
    assert await ids(client, filled) == [2, 3, UUID_ID]
    await client.delete(filled, q.FilterSelector(filter=OF_ANN))
    assert await ids(client, filled) == [3, UUID_ID]
    left = await client.query_points(filled, query=[1.0, 0, 0, 0], using="dense")
    assert {item.id for item in left.points} == {3, UUID_ID}


async def test_payloads_are_set_overwritten_deleted_and_cleared(
    client: AsyncQdrantClient, filled: str
) -> None:
    await client.set_payload(filled, {"a": 1}, points=[1])
    await client.set_payload(filled, {"b": 2}, points=OF_ANN)
    await client.set_payload(filled, {"x": 3}, points=[1], key="deep")
    assert await payload(client, filled, 1) == {
        "user": "ann",
        "n": 1,
        "a": 1,
        "b": 2,
        "deep": {"x": 3},
    }
    await client.overwrite_payload(filled, {"user": "ann", "c": 3}, points=[1])
    assert await payload(client, filled, 1) == {"user": "ann", "c": 3}
    await client.delete_payload(filled, ["c"], points=OF_ANN)
    assert await payload(client, filled, 1) == {"user": "ann"}
    await client.clear_payload(filled, points_selector=[1])
    assert await payload(client, filled, 1) == {}
    assert await ids(client, filled, OF_ANN) == [2]


async def test_single_vectors_are_replaced_and_deleted(
    client: AsyncQdrantClient, filled: str
) -> None:
    await client.update_vectors(
        filled, [q.PointVectors(id=1, vector={"dense": [0, 0, 0, 1]})]
    )
    await client.delete_vectors(filled, ["lexical"], points=[1])
    assert (await client.retrieve(filled, [1], with_vectors=True))[0].vector == {
        "dense": [0, 0, 0, 1]
    }
    await client.delete_vectors(filled, ["dense"], points=OF_ANN)
    response = await client.query_points(filled, query=[1.0, 0, 0, 0], using="dense")
    assert {item.id for item in response.points} == {3, UUID_ID}


async def test_several_operations_are_done_in_order(
    client: AsyncQdrantClient, filled: str
) -> None:
    results = await client.batch_update_points(
        filled,
        [
            q.UpsertOperation(
                upsert=q.PointsList(points=[point(7, [1, 0, 0, 0], user="dan")])
            ),
            q.SetPayloadOperation(
                set_payload=q.SetPayload(payload={"a": 1}, points=[7])
            ),
            q.OverwritePayloadOperation(
                overwrite_payload=q.SetPayload(payload={"o": 1}, points=[1])
            ),
            q.DeletePayloadOperation(
                delete_payload=q.DeletePayload(keys=["n"], points=[2])
            ),
            q.ClearPayloadOperation(clear_payload=q.PointIdsList(points=[3])),
            q.UpdateVectorsOperation(
                update_vectors=q.UpdateVectors(
                    points=[q.PointVectors(id=2, vector={"dense": [0, 0, 0, 1]})]
                )
            ),
            q.DeleteVectorsOperation(
                delete_vectors=q.DeleteVectors(points=[3], vector=["lexical"])
            ),
            q.DeleteOperation(delete=q.PointIdsList(points=[UUID_ID])),
        ],
    )
    assert [item.status for item in results] == [q.UpdateStatus.COMPLETED] * 8
    response = {
        item.id: item
        for item in await client.retrieve(
            filled, [7, 1, 2, 3, UUID_ID], with_vectors=True
        )
    }
    assert {id: item.payload for id, item in response.items()} == {
        7: {"user": "dan", "a": 1},
        1: {"o": 1},
        2: {"user": "ann"},
        3: {},
    }
    assert response[2].vector["dense"] == [0, 0, 0, 1]
    assert "lexical" not in response[3].vector


# Reading


async def test_retrieve_shows_what_was_asked_for(
    client: AsyncQdrantClient, filled: str
) -> None:
    assert [
        item.payload for item in await client.retrieve(filled, [1], with_payload=False)
    ] == [None]
    assert (await client.retrieve(filled, [1], with_payload=["n"]))[0].payload == {
        "n": 1
    }
    assert (
        await client.retrieve(
            filled, [1], with_payload=q.PayloadSelectorInclude(include=["n"])
        )
    )[0].payload == {"n": 1}
    assert (
        await client.retrieve(
            filled, [1], with_payload=q.PayloadSelectorExclude(exclude=["n"])
        )
    )[0].payload == {"user": "ann"}
    assert (await client.retrieve(filled, [1], with_vectors=["dense"]))[0].vector == {
        "dense": [1, 0, 0, 0]
    }
    assert (await client.retrieve(filled, [1]))[0].vector is None


async def test_scroll_goes_through_all_pages(
    client: AsyncQdrantClient, name: str
) -> None:
    await client.upsert(
        name,
        [
            point(id, [1, 0, 0, 0], user="ann" if id % 2 else "bob")
            for id in range(1, 22)
        ],
    )
    seen, after = [], None
    while True:
        page, after = await client.scroll(name, OF_ANN, limit=4, offset=after)
        seen += [item.id for item in page]
        if after is None:
            break
    assert seen == list(range(1, 22, 2))


async def test_scroll_in_the_order_of_a_field(
    client: AsyncQdrantClient, filled: str
) -> None:
    await client.create_payload_index(filled, "n", field_schema="integer")
    down, after = await client.scroll(
        filled, order_by=q.OrderBy(key="n", direction=q.Direction.DESC), limit=3
    )
    assert [item.payload["n"] for item in down] == [4, 3, 2]
    assert after is None
    up, _ = await client.scroll(
        filled, order_by=q.OrderBy(key="n", start_from=2), limit=2
    )
    assert [item.payload["n"] for item in up] == [2, 3]
    with pytest.raises(UnexpectedResponse) as error:
        await client.scroll(filled, order_by="unindexed")
    assert refused(error, 400, "No range index")


async def test_count_and_facet(client: AsyncQdrantClient, filled: str) -> None:
    assert (await client.count(filled)).count == 4
    assert (await client.count(filled, count_filter=OF_ANN, exact=False)).count == 2
    await client.upsert(filled, [point(8, [1, 0, 0, 0], user="ann")])
    response = (await client.facet(filled, "user", exact=True)).hits
    assert [(item.value, item.count) for item in response] == [("ann", 3), ("bob", 2)]
    assert [
        item.value
        for item in (
            await client.facet(filled, "user", facet_filter=OF_ANN, limit=1)
        ).hits
    ] == ["ann"]
    with pytest.raises(UnexpectedResponse) as error:
        await client.facet(filled, "unindexed")
    assert refused(error, 400, "No appropriate index for faceting")


# Querying


async def test_dense_query(client: AsyncQdrantClient, filled: str) -> None:
    response = (
        await client.query_points(
            filled,
            query=[1.0, 0, 0, 0],
            using="dense",
            query_filter=OF_ANN,
            with_payload=["n"],
        )
    ).points
    assert [(item.id, item.payload) for item in response] == [
        (1, {"n": 1}),
        (2, {"n": 2}),
    ]
    assert [item.score for item in response] == pytest.approx([1.0, 0.8])
    bare = (
        await client.query_points(
            filled,
            query=[1.0, 0, 0, 0],
            using="dense",
            with_payload=False,
            limit=1,
            offset=1,
        )
    ).points
    assert [(item.id, item.payload, item.vector) for item in bare] == [(2, None, None)]


async def test_a_score_threshold(client: AsyncQdrantClient, filled: str) -> None:
    response = await client.query_points(
        filled, query=[1.0, 0, 0, 0], using="dense", score_threshold=0.5
    )
    assert [item.id for item in response.points] == [1, 2]


async def test_sparse_query_weighs_words_by_how_rare_they_are(
    client: AsyncQdrantClient, filled: str
) -> None:
    asked = q.SparseVector(indices=[1, 4], values=[1.0, 1.0])
    response = (
        await client.query_points(
            filled, query=asked, using="lexical", with_vectors=["lexical"]
        )
    ).points
    assert response[0].id == 3
    assert {item.id for item in response} == {1, 2, 3}
    assert response[0].vector["lexical"] == q.SparseVector(
        indices=[1, 4], values=[1.0, 1.0]
    )


async def test_rarity_can_be_that_of_a_filter(
    client: AsyncQdrantClient, filled: str
) -> None:
    """Word 2 is in half of all points and in half of ann's; word 1 in three of four,
    but in all of ann's.
    """

    async def score(word: int, idf: q.IdfCorpusParams | None) -> float:
        asked = q.SparseVector(indices=[word], values=[1.0])
        params = q.SearchParams(idf=idf)
        return (
            (
                await client.query_points(
                    filled,
                    query=asked,
                    using="lexical",
                    query_filter=OF_ANN,
                    search_params=params,
                )
            )
            .points[0]
            .score
        )

    own = q.IdfCorpusParams(corpus=OF_ANN)
    assert await score(1, own) < await score(1, None)
    assert await score(2, own) == pytest.approx(await score(2, None))


@pytest.mark.parametrize(
    "fusion",
    [
        q.FusionQuery(fusion=q.Fusion.RRF),
        q.FusionQuery(fusion=q.Fusion.DBSF),
        q.RrfQuery(rrf=q.Rrf(k=10, weights=[1.0, 2.0])),
    ],
)
async def test_prefetched_queries_are_fused(
    client: AsyncQdrantClient, filled: str, fusion: q.Query
) -> None:
    response = await client.query_points(
        filled,
        prefetch=[
            q.Prefetch(query=[0.0, 1, 0, 0], using="dense", limit=3),
            q.Prefetch(
                query=q.SparseVector(indices=[4], values=[1.0]),
                using="lexical",
                limit=3,
                filter=q.Filter(must_not=[OF_ANN]),
            ),
        ],
        query=fusion,
        limit=2,
    )
    assert response.points[0].id == 3
    assert len(response.points) == 2


async def test_a_prefetch_is_scored_again(
    client: AsyncQdrantClient, filled: str
) -> None:
    nearest = q.Prefetch(query=[1.0, 0, 0, 0], using="dense", limit=2)
    response = await client.query_points(
        filled, prefetch=nearest, query=[0.0, 1, 0, 0], using="dense"
    )
    assert [item.id for item in response.points] == [2, 1]


async def test_queries_without_a_vector(client: AsyncQdrantClient, filled: str) -> None:
    await client.create_payload_index(filled, "n", field_schema="integer")
    ordered = await client.query_points(
        filled,
        query=q.OrderByQuery(order_by=q.OrderBy(key="n", direction=q.Direction.DESC)),
        limit=2,
    )
    assert [item.payload["n"] for item in ordered.points] == [4, 3]
    sampled = await client.query_points(
        filled, query=q.SampleQuery(sample=q.Sample.RANDOM), limit=10
    )
    assert len(sampled.points) == 4
    assert [
        item.id
        for item in (await client.query_points(filled, query_filter=OF_ANN)).points
    ] == [1, 2]


@pytest.mark.parametrize("limit", [10, None])
async def test_variety(
    client: AsyncQdrantClient, filled: str, limit: int | None
) -> None:
    await client.upsert(filled, [point(8, [0.999, 0.04, 0, 0])])
    varied = q.NearestQuery(
        nearest=[1.0, 0, 0, 0], mmr=q.Mmr(diversity=0.9, candidates_limit=limit)
    )
    response = await client.query_points(filled, query=varied, using="dense", limit=3)
    assert response.points[0].id == 1
    assert response.points[1].id != 8


async def test_several_queries_in_one_call(
    client: AsyncQdrantClient, filled: str
) -> None:
    results = await client.query_batch_points(
        filled,
        [
            q.QueryRequest(
                query=[1.0, 0, 0, 0], using="dense", limit=1, with_payload=True
            ),
            q.QueryRequest(
                query=q.SparseVector(indices=[4], values=[1.0]),
                using="lexical",
                limit=1,
                filter=OF_ANN,
            ),
            q.QueryRequest(
                query=[0.0, 0, 1, 0],
                using="dense",
                limit=1,
                params=q.SearchParams(exact=True, hnsw_ef=64),
            ),
        ],
    )
    assert [[item.id for item in result.points] for result in results] == [
        [1],
        [],
        [UUID_ID],
    ]
    assert results[0].points[0].payload == {"user": "ann", "n": 1}


# Refusals that a real server makes as well


async def test_an_unknown_collection_is_not_found(client: AsyncQdrantClient) -> None:
    asked = [
        lambda: client.get_collection("nowhere"),
        lambda: client.upsert("nowhere", [point(1, [1, 0, 0, 0])]),
        lambda: client.count("nowhere"),
        lambda: client.scroll("nowhere"),
        lambda: client.retrieve("nowhere", [1]),
        lambda: client.query_points("nowhere", query=[1.0]),
        lambda: client.delete("nowhere", [1]),
        lambda: client.create_payload_index("nowhere", "a", field_schema="keyword"),
    ]
    for ask in asked:
        with pytest.raises(UnexpectedResponse) as error:
            await ask()
        assert refused(error, 404, "nowhere")


async def test_a_vector_of_the_wrong_size(
    client: AsyncQdrantClient, filled: str
) -> None:
    for ask in (
        lambda: client.upsert(filled, [point(9, [1, 0])]),
        lambda: client.query_points(filled, query=[1.0], using="dense"),
    ):
        with pytest.raises(UnexpectedResponse) as error:
            await ask()
        assert refused(error, 400, "expected dim: 4")


async def test_an_unknown_vector(client: AsyncQdrantClient, filled: str) -> None:
    asked = (
        lambda: client.query_points(filled, query=[1.0, 0, 0, 0], using="other"),
        lambda: client.upsert(filled, [q.PointStruct(id=9, vector={"other": [1.0]})]),
    )
    for ask in asked:
        with pytest.raises(UnexpectedResponse) as error:
            await ask()
        assert refused(error, 400, "Not existing vector name")


async def test_ids_that_are_none(client: AsyncQdrantClient, filled: str) -> None:
    with pytest.raises(UnexpectedResponse) as error:
        await client.retrieve(filled, ["not-a-uuid"])
    assert error.value.status_code == 400


async def test_a_payload_for_a_point_that_is_not_there(
    client: AsyncQdrantClient, filled: str
) -> None:
    with pytest.raises(UnexpectedResponse) as error:
        await client.set_payload(filled, {"a": 1}, points=[404])
    assert refused(error, 404, "404")
