"""Collections: what the engine is asked to create, what `GET /collections/{name}` says,
and payload indexes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import qdrant_edge as edge

from services.vectors.translate.validation import (
    Body,
    Malformed,
    Unsupported,
    as_object,
    checked_fields,
    choice,
    members,
    required,
)
from services.vectors.translate.write_requests import Change

PLACEHOLDER_VECTOR = "-"
"""The engine asks for one vector at creation; a collection without any gets this one,
which is deleted at once.
"""

_ONLY_ONE = ("shard_number", "replication_factor", "write_consistency_factor")
_CREATE = (
    "vectors",
    "sparse_vectors",
    "hnsw_config",
    "optimizers_config",
    "on_disk_payload",
    "metadata",
    *_ONLY_ONE,
)
_DENSE = (
    "size",
    "distance",
    "on_disk",
    "datatype",
    "multivector_config",
    "hnsw_config",
)
_HNSW = (
    "m",
    "ef_construct",
    "full_scan_threshold",
    "max_indexing_threads",
    "on_disk",
    "payload_m",
    "inline_storage",
)
_OPTIMIZERS = (
    "deleted_threshold",
    "vacuum_min_vector_number",
    "default_segment_number",
    "max_segment_size",
    "indexing_threshold",
)
_HNSW_DEFAULTS = {"m": 16, "ef_construct": 100, "full_scan_threshold": 10_000}

_DISTANCES = members(edge.Distance, ("Cosine", "Euclid", "Dot", "Manhattan"), str)
_DATATYPES = members(
    edge.VectorStorageDatatype, ("Float32", "Float16", "Uint8", "Turbo8", "Turbo16")
)
_MODIFIERS = {"idf": edge.Modifier.Idf, "none": None}
_SCHEMAS = members(
    edge.PayloadSchemaType,
    ("Keyword", "Integer", "Float", "Geo", "Text", "Bool", "Datetime", "Uuid"),
)
_TOKENIZERS = members(
    edge.TokenizerType, ("Prefix", "Whitespace", "Word", "Multilingual", "Code")
)
_INDEXES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "keyword": (
        edge.KeywordIndexParams,
        ("is_tenant", "on_disk", "enable_hnsw", "prefix"),
    ),
    "integer": (
        edge.IntegerIndexParams,
        ("lookup", "range", "is_principal", "on_disk", "enable_hnsw"),
    ),
    "float": (edge.FloatIndexParams, ("is_principal", "on_disk", "enable_hnsw")),
    "geo": (edge.GeoIndexParams, ("on_disk", "enable_hnsw")),
    "bool": (edge.BoolIndexParams, ("on_disk", "enable_hnsw")),
    "datetime": (edge.DatetimeIndexParams, ("is_principal", "on_disk", "enable_hnsw")),
    "uuid": (edge.UuidIndexParams, ("is_tenant", "on_disk", "enable_hnsw")),
    "text": (
        edge.TextIndexParams,
        (
            "tokenizer",
            "min_token_len",
            "max_token_len",
            "lowercase",
            "ascii_folding",
            "phrase_matching",
            "on_disk",
            "enable_hnsw",
        ),
    ),
}


def engine_config(body: Body) -> Any:
    """The engine's configuration for a `PUT /collections/{name}` body."""
    given = checked_fields(body, _CREATE, "create collection")
    if any(given.get(name, 1) != 1 for name in _ONLY_ONE):
        raise Unsupported("create collection: more than one shard or replica")
    dense = {name: _dense(params) for name, params in dense_vectors(given).items()}
    sparse = {
        name: _sparse(as_object(params, "sparse vector"))
        for name, params in given.get("sparse_vectors", {}).items()
    }
    if not dense and not sparse:
        sparse = {PLACEHOLDER_VECTOR: edge.EdgeSparseVectorParams()}
    hnsw = _hnsw(given["hnsw_config"]) if "hnsw_config" in given else None
    optimizers = None
    if "optimizers_config" in given:
        what = "optimizers_config"
        options = checked_fields(as_object(given[what], what), _OPTIMIZERS, what)
        optimizers = edge.EdgeOptimizersConfig(**options)
    return edge.EdgeConfig(
        vectors=dense,
        sparse_vectors=sparse,
        on_disk_payload=given.get("on_disk_payload"),
        hnsw_config=hnsw,
        optimizers=optimizers,
        wal_enabled=True,
    )


def has_vectors(body: Body) -> bool:
    """Whether a collection created by this body has vectors at all."""
    return bool(body.get("vectors") or body.get("sparse_vectors"))


def dense_vectors(body: Body) -> Mapping[str, Body]:
    """Dense vectors by name; an unnamed one has the name ""."""
    vectors = as_object(body.get("vectors") or {}, "vectors")
    return {"": vectors} if "size" in vectors else vectors


def delete_placeholder_vector() -> Any:
    """The operation that takes `NO_VECTORS` away again."""
    return edge.UpdateOperation.delete_vector_name(PLACEHOLDER_VECTOR)


def new_vector(name: str, body: Body) -> tuple[Change, Body]:
    """`PUT /vectors/{name}`: the operation that makes room for one more dense vector a
    point, and how the collection describes it from then on.
    """
    given = checked_fields(body, ("dense", "sparse"), "create vector")
    if "sparse" in given:
        raise Unsupported("create vector: sparse")
    params = checked_fields(
        as_object(required(given, "dense", "create vector"), "dense"),
        ("size", "distance", "datatype"),
        "dense",
    )
    size = required(params, "size", "dense")
    distance = choice(params.get("distance"), _DISTANCES, "distance")
    options = {}
    if "datatype" in params:
        options["datatype"] = choice(params["datatype"], _DATATYPES, "datatype")
    operation = edge.UpdateOperation.create_dense_vector(
        name, size, distance, **options
    )
    return Change(operation), params


def drop_vector(name: str) -> Change:
    """`DELETE /vectors/{name}`: takes one of the vectors away from all points."""
    return Change(edge.UpdateOperation.delete_vector_name(name))


def field_index(body: Body) -> Iterator[Change]:
    """`PUT /index`: the operation that indexes one payload field."""
    given = checked_fields(body, ("field_name", "field_schema"), "create index")
    name = required(given, "field_name", "create index")
    schema = required(given, "field_schema", "create index")
    if isinstance(schema, str):
        params = choice(schema, _SCHEMAS, "field_schema")
    else:
        options = dict(as_object(schema, "field_schema"))
        kind = options.pop("type", None)
        if kind not in _INDEXES:
            raise Malformed(f"field_schema: unknown type `{kind}`")
        make, allowed = _INDEXES[kind]
        options = dict(checked_fields(options, allowed, f"{kind} index"))
        if "tokenizer" in options:
            tokenizer = choice(options["tokenizer"], _TOKENIZERS, "tokenizer")
            options["tokenizer"] = tokenizer
        params = make(**options)
    yield Change(edge.UpdateOperation.create_field_index(name, params))


def drop_field_index(name: str) -> Iterator[Change]:
    """`DELETE /index/{name}`."""
    yield Change(edge.UpdateOperation.delete_field_index(name))


def description(body: Body, info: Any) -> dict[str, Any]:
    """What `GET /collections/{name}` answers: as it was created, and what the engine counts."""
    payload_schema = {}
    for name, index in info.payload_schema.items():
        kind = next(
            word for word, member in _SCHEMAS.items() if member == index.data_type
        )
        payload_schema[name] = {"data_type": kind, "points": index.points}
    return {
        "status": "green",
        "optimizer_status": "ok",
        "indexed_vectors_count": info.indexed_vectors_count,
        "points_count": info.points_count,
        "segments_count": info.segments_count,
        "config": {
            "params": {
                "vectors": body.get("vectors") or {},
                "sparse_vectors": body.get("sparse_vectors"),
                "shard_number": 1,
                "replication_factor": 1,
                "write_consistency_factor": 1,
                "on_disk_payload": body.get("on_disk_payload", True),
            },
            "hnsw_config": _HNSW_DEFAULTS | (body.get("hnsw_config") or {}),
            "optimizer_config": {"default_segment_number": 0, "flush_interval_sec": 5}
            | (body.get("optimizers_config") or {}),
            "metadata": body.get("metadata"),
        },
        "payload_schema": payload_schema,
    }


def _dense(value: Any) -> Any:
    given = dict(
        checked_fields(as_object(value, "vector params"), _DENSE, "vector params")
    )
    given["distance"] = choice(given.get("distance"), _DISTANCES, "distance")
    if "datatype" in given:
        given["datatype"] = choice(given["datatype"], _DATATYPES, "datatype")
    if "hnsw_config" in given:
        given["hnsw_config"] = _hnsw(given["hnsw_config"])
    if "multivector_config" in given:
        given["multivector_config"] = edge.MultiVectorConfig(
            edge.MultiVectorComparator.MaxSim
        )
    size = required(given, "size", "vector params")
    given.pop("size")
    return edge.EdgeVectorParams(size, given.pop("distance"), **given)


def _sparse(value: Body) -> Any:
    given = checked_fields(value, ("index", "modifier"), "sparse vector params")
    index = dict(
        checked_fields(
            given.get("index", {}),
            ("full_scan_threshold", "on_disk", "datatype"),
            "sparse index",
        )
    )
    if "datatype" in index:
        index["datatype"] = choice(index["datatype"], _DATATYPES, "datatype")
    return edge.EdgeSparseVectorParams(
        modifier=choice(given.get("modifier", "none"), _MODIFIERS, "modifier"), **index
    )


def _hnsw(value: Any) -> Any:
    given = checked_fields(as_object(value, "hnsw_config"), _HNSW, "hnsw_config")
    return edge.HnswIndexConfig(**_HNSW_DEFAULTS | dict(given))
