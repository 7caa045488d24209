"""Reads: retrieve, scroll, count, facet and query."""

from __future__ import annotations

from typing import Any

import qdrant_edge as edge

from services.vectors.translate.filters import (
    optional_filter,
    point_id,
    point_ids,
    to_filter,
)
from services.vectors.translate.validation import (
    Body,
    Malformed,
    Unsupported,
    as_list,
    as_object,
    checked_fields,
    choice,
    members,
    required,
)
from services.vectors.translate.write_requests import vector

_DIRECTIONS = members(edge.Direction, ("Asc", "Desc"))
_STAGE = ("prefetch", "query", "using", "filter", "params", "score_threshold", "limit")
_PARAMS = ("hnsw_ef", "exact", "indexed_only", "quantization", "acorn", "idf")
_QUANTIZATION = ("ignore", "rescore", "oversampling")
_ACORN = ("enable", "max_selectivity")
_RRF = ("k", "weights")
_QUERIES: dict[str, tuple[str, ...]] = {
    "nearest": ("mmr",),
    "fusion": (),
    "rrf": (),
    "order_by": (),
    "sample": (),
}
"""The kinds of `query`, and what may stand beside the kind."""
_SELECTS = ("with_payload", "with_vector")
_LIMIT = 10
"""Qdrant's own default of `limit`."""
_RRF_K = 2
"""Qdrant's own default of `k`, the constant of reciprocal rank fusion."""
_MMR_DIVERSITY = 0.5
"""Qdrant's own default of `diversity`."""


def retrieve(body: Body) -> tuple[list[Any], Any, Any]:
    """`POST /points`: ids, payload selector, vector selector."""
    given = checked_fields(body, ("ids", *_SELECTS), "retrieve")
    return (
        point_ids(given.get("ids")),
        payload_selector(given.get("with_payload", True)),
        _vector_selector(given.get("with_vector", False)),
    )


def scroll(body: Body) -> Any:
    """`POST /points/scroll`: a page, by id or by a payload field."""
    given = checked_fields(
        body, ("offset", "limit", "filter", "order_by", *_SELECTS), "scroll"
    )
    if "offset" in given and "order_by" in given:
        raise Malformed(
            "Cannot use an `offset` when using `order_by`. The alternative for paging is "
            "to use `order_by.start_from` and a filter to exclude the IDs that you've "
            "already seen for the `order_by.start_from` value"
        )
    return edge.ScrollRequest(
        offset=point_id(given["offset"]) if "offset" in given else None,
        limit=given.get("limit", _LIMIT),
        filter=optional_filter(given.get("filter")),
        with_payload=payload_selector(given.get("with_payload", True)),
        with_vector=_vector_selector(given.get("with_vector", False)),
        order_by=_order_by(given["order_by"]) if "order_by" in given else None,
    )


def count(body: Body) -> Any:
    """`POST /points/count`."""
    given = checked_fields(body, ("filter", "exact"), "count")
    return edge.CountRequest(
        exact=given.get("exact", True), filter=optional_filter(given.get("filter"))
    )


def facet(body: Body) -> Any:
    """`POST /facet`: the values of a field and how many points have each."""
    given = checked_fields(body, ("key", "limit", "filter", "exact"), "facet")
    return edge.FacetRequest(
        required(given, "key", "facet"),
        limit=given.get("limit", _LIMIT),
        exact=given.get("exact", False),
        filter=optional_filter(given.get("filter")),
    )


def query_batch(body: Body) -> Any:
    """`POST /points/query/batch`: the engine plans all searches as one."""
    searches = as_list(
        checked_fields(body, ("searches",), "query batch").get("searches"), "searches"
    )
    return edge.QueryBatchRequest(
        [query(as_object(search, "search")) for search in searches]
    )


def query(body: Body) -> Any:
    """`POST /points/query`: one stage over optional prefetched ones."""
    given = checked_fields(body, (*_STAGE, "offset", *_SELECTS), "query")
    return edge.QueryRequest(
        **_stage(given),
        offset=given.get("offset", 0),
        with_payload=payload_selector(given.get("with_payload", False)),
        with_vector=_vector_selector(given.get("with_vector", False)),
    )


def payload_selector(value: Any) -> Any:
    """All, none, a list of fields, or `{"include": [...]}` and `{"exclude": [...]}`."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return _names(value, "with_payload")
    body = as_object(value, "with_payload")
    if body.keys() == {"include"}:
        return edge.PayloadSelector.Include(_names(body["include"], "include"))
    if body.keys() == {"exclude"}:
        return edge.PayloadSelector.Exclude(_names(body["exclude"], "exclude"))
    raise Malformed("with_payload: expected a boolean, a list, `include` or `exclude`")


def _vector_selector(value: Any) -> bool | list[str]:
    return value if isinstance(value, bool) else _names(value, "with_vector")


def _names(value: Any, what: str) -> list[str]:
    names = as_list(value, what)
    if not all(isinstance(name, str) for name in names):
        raise Malformed(f"{what}: expected a list of names")
    return names


def _stage(given: Body) -> dict[str, Any]:
    asked = given.get("query")
    params = None
    if "params" in given:
        params = _params(as_object(given["params"], "params"))
    scoring = None if asked is None else _scoring(asked, given)
    stages = given.get("prefetch", [])
    prefetches = []
    for stage in stages if isinstance(stages, list) else [stages]:
        inner = checked_fields(as_object(stage, "prefetch"), _STAGE, "prefetch")
        prefetches.append(edge.Prefetch(**_stage(inner)))
    return {
        "limit": given.get("limit", _LIMIT),
        "query": scoring,
        "prefetches": prefetches,
        "filter": optional_filter(given.get("filter")),
        "score_threshold": given.get("score_threshold"),
        "params": params,
    }


def _scoring(asked: Any, stage: Body) -> Any:
    """What the engine ranks by, from the stage's `query`."""
    if isinstance(asked, int | str):
        raise Unsupported("query: by the id of a point")
    if isinstance(asked, list) or "indices" in asked:
        return edge.Query.Nearest(vector(asked), using=stage.get("using"))
    kind = next((kind for kind in _QUERIES if kind in asked), None)
    if kind is None:
        raise Unsupported(f"query: {', '.join(sorted(asked))}")
    body = checked_fields(asked, (kind, *_QUERIES[kind]), "query")
    match kind:
        case "nearest":
            return _nearest(body, stage)
        case "order_by":
            return _order_by(body.get(kind))
        case "sample":
            return choice(body.get(kind), {"random": edge.Sample.Random}, kind)
        case "rrf":
            given = checked_fields(as_object(body.get(kind), kind), _RRF, kind)
            return edge.Fusion.Rrf(
                k=given.get("k", _RRF_K), weights=given.get("weights")
            )
        case _:  # fusion
            kinds = {"rrf": edge.Fusion.Rrf(k=_RRF_K), "dbsf": edge.Fusion.Dbsf()}
            return choice(body.get(kind), kinds, kind)


def _nearest(body: Body, stage: Body) -> Any:
    wanted = required(body, "nearest", "query")
    if isinstance(wanted, int | str):
        raise Unsupported("query: by the id of a point")
    if "mmr" not in body:
        return edge.Query.Nearest(vector(wanted), using=stage.get("using"))
    mmr = checked_fields(
        as_object(body["mmr"], "mmr"), ("diversity", "candidates_limit"), "mmr"
    )
    candidates = mmr.get("candidates_limit", stage.get("limit", _LIMIT))
    return edge.Mmr(
        vector(wanted),
        1.0 - mmr.get("diversity", _MMR_DIVERSITY),
        candidates,
        using=stage.get("using"),
    )


def _order_by(value: Any) -> Any:
    if isinstance(value, str):
        return edge.OrderBy(value)
    body = checked_fields(
        as_object(value, "order_by"), ("key", "direction", "start_from"), "order_by"
    )
    direction = choice(body.get("direction", "asc"), _DIRECTIONS, "direction")
    return edge.OrderBy(
        required(body, "key", "order_by"), direction, body.get("start_from")
    )


def _params(value: Body) -> Any:
    given = dict(checked_fields(value, _PARAMS, "params"))
    if given.get("idf") == "global":
        given["idf"] = edge.IdfParams()
    elif "idf" in given:
        body = checked_fields(as_object(given["idf"], "idf"), ("corpus",), "idf")
        given["idf"] = edge.IdfParams(to_filter(required(body, "corpus", "idf")))
    for name, options, make in (
        ("quantization", _QUANTIZATION, edge.QuantizationSearchParams),
        ("acorn", _ACORN, edge.AcornSearchParams),
    ):
        if name in given:
            body = checked_fields(as_object(given[name], name), options, name)
            given[name] = make(**body)
    return edge.SearchParams(**given)
