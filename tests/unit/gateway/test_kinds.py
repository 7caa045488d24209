"""The table of kinds: complete, and true to the requests and answers of the wire."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from services.gateway.schemas.memories import GetMemory, Page
from services.gateway.schemas.product import (
    ProductFound,
    ProductGet,
    ProductListed,
    ProductSearch,
)
from services.gateway.schemas.search import Found, SearchMemory
from services.gateway.wire.presenters import PRESENTERS
from shared.domain.kinds import KIND_OF_TYPE, KIND_OF_VIEW, KINDS, Kind, RequestFields
from shared.domain.memory import Type
from shared.language.fact_views import VIEWS


def test_every_kind_has_a_row_and_a_presenter() -> None:
    assert list(KINDS) == list(Kind)
    assert set(PRESENTERS) == set(Kind)
    assert all(spec.kind is kind for kind, spec in KINDS.items())


def test_every_type_belongs_to_one_kind() -> None:
    types = [memory_type for spec in KINDS.values() for memory_type in spec.types]
    assert sorted(types) == sorted(Type)
    assert set(KIND_OF_TYPE) == set(Type)


def test_the_views_of_add_message() -> None:
    assert {*KIND_OF_VIEW, *VIEWS} == {
        "detail_factual",
        "profile",
        "event",
        "preference",
        "tool_memory",
        "skill",
    }


@pytest.mark.parametrize("kind", Kind)
def test_requests_have_the_fields_of_the_table(kind: Kind) -> None:
    spec = KINDS[kind]
    for fields, model in (
        (spec.search, SearchMemory),
        (spec.listing, GetMemory),
        (spec.cube_search, ProductSearch),
        (spec.cube_listing, ProductGet),
    ):
        assert names(fields) <= model.model_fields.keys()


def names(fields: RequestFields) -> set[str]:
    return {fields.limit, fields.include} - {""}


@pytest.mark.parametrize("model", [Found, Page])
def test_answers_have_a_list_for_every_kind(model: type[BaseModel]) -> None:
    assert {spec.wire_list for spec in KINDS.values()} <= model.model_fields.keys()


@pytest.mark.parametrize("model", [ProductFound, ProductListed])
def test_cubes_have_a_bucket_for_every_kind(model: type[BaseModel]) -> None:
    assert {spec.cube_list for spec in KINDS.values()} <= model.model_fields.keys()


def test_a_kind_that_is_turned_off_has_the_limit_0() -> None:
    request = SearchMemory(query="q", user_id="u", include_preference=False)
    limits = {kind: spec.search.limit_of(request) for kind, spec in KINDS.items()}
    assert limits == {
        Kind.FACT: 9,
        Kind.PREFERENCE: 0,
        Kind.TOOL: 0,
        Kind.SKILL: 0,
    }
