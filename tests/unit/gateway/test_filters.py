"""The filter language, form by form (contract 1.13)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.wire.filter_parser import read_filter, read_filters
from shared.domain.filter import Condition, Filter, Group
from shared.errors import BadRequest

A, B = Condition("agent_id", "eq", "a"), Condition("scene", "eq", "b")
DAY = 86_400_000
TENTH = 1_765_324_800_000  # 2025-12-10T00:00:00Z


def both(*members: Filter) -> Group:
    return Group("and", members)


TEXT_FIELDS = ("agent_id", "app_id", "conversation_id", "id", "memory_type", "tags")


@pytest.mark.parametrize(
    "wire, expected",
    [
        (None, None),
        ({}, None),
        ("", None),
        ({"and": []}, None),
        ({"or": [{}]}, None),
        ({"agent_id": "a"}, A),
        ({"and": [{"agent_id": "a"}]}, A),
        ({"and": [{"agent_id": "a"}, {"scene": "b"}]}, both(A, B)),
        ({"agent_id": "a", "scene": "b"}, both(A, B)),
        ({"and": [{"agent_id": "a", "scene": "b"}]}, both(A, B)),
        ({"or": [{"agent_id": "a"}, {"scene": "b"}]}, Group("or", (A, B))),
        (
            {"and": [{"agent_id": "a"}, {"or": [{"scene": "b"}, {"agent_id": "a"}]}]},
            both(A, Group("or", (B, A))),
        ),
        ({"and": [{"agent_id": "a"}, {"and": [{"scene": "b"}]}]}, both(A, B)),
        ({"or": [{"agent_id": "a"}], "scene": "b"}, both(A, B)),
        ({"info.scene": "b"}, B),
        ({"info": {"scene": "b"}}, B),
        ({"info": {"agent_id": "a", "scene": "b"}}, both(A, B)),
        ('{"agent_id": "a"}', A),
        ({"tags": {"contains": "t"}}, Condition("tags", "contains", "t")),
        (
            {"tags": {"contains": ["t", "u"]}},
            both(
                Condition("tags", "contains", "t"), Condition("tags", "contains", "u")
            ),
        ),
        ({"tags": ["t", "u"]}, Condition("tags", "in", ("t", "u"))),
        ({"scene": {"in": ["x", 2]}}, Condition("scene", "in", ("x", 2))),
        ({"scene": {"like": "旅"}}, Condition("scene", "like", "旅")),
        (
            {"level": {"gte": 1, "lt": "3.5"}},
            both(Condition("level", "gte", 1), Condition("level", "lt", 3.5)),
        ),
        ({"done": True}, Condition("done", "eq", True)),
        ({"scene": {"GTE": 1}}, Condition("scene", "gte", 1)),
        ({"session_id": "s"}, Condition("conversation_id", "eq", "s")),
    ],
)
def test_forms(wire: Any, expected: Filter | None) -> None:
    assert read_filter(wire) == expected


@pytest.mark.parametrize(
    "condition, expected",
    [
        ({"gte": "2025-12-10"}, Condition("create_time", "gte", TENTH)),
        ({"gt": "2025-12-10"}, Condition("create_time", "gt", TENTH + DAY - 1)),
        ({"lte": "2025-12-10"}, Condition("create_time", "lte", TENTH + DAY - 1)),
        ({"lt": "2025-12-10"}, Condition("create_time", "lt", TENTH)),
        (
            "2025-12-10",
            both(
                Condition("create_time", "gte", TENTH),
                Condition("create_time", "lte", TENTH + DAY - 1),
            ),
        ),
        (
            {"gte": "2025-12-10 08:00:00"},
            Condition("create_time", "gte", TENTH + DAY // 3),
        ),
        (
            {"lte": "2025-12-10 08:00:00"},
            Condition("create_time", "lte", TENTH + DAY // 3 + 999),
        ),
        (
            {"gte": "2025-12-10T08:00:00Z"},
            Condition("create_time", "gte", TENTH + DAY // 3),
        ),
        (
            {"gte": "2025-12-10T08:00:00.250+08:00"},
            Condition("create_time", "gte", TENTH + 250),
        ),
        ({"gte": TENTH}, Condition("create_time", "gte", TENTH)),
        ({"lte": str(TENTH)}, Condition("create_time", "lte", TENTH)),
    ],
)
def test_times(condition: Any, expected: Filter) -> None:
    assert read_filter({"create_time": condition}) == expected
    assert read_filter({"created_at": condition}) == expected


def test_times_without_a_zone_are_of_the_servers() -> None:
    assert read_filter(
        {"update_time": {"gte": "2025-12-10"}}, "Asia/Shanghai"
    ) == Condition("update_time", "gte", TENTH - DAY // 3)


@pytest.mark.parametrize(
    "wire, owner, expected",
    [
        ({"agent_id": "a"}, "user", (A, A, A)),
        ({"user": {"agent_id": "a"}, "public": {"scene": "b"}}, "user", (A, None, B)),
        (
            {
                "user": {"agent_id": "a"},
                "knowledgebase": {"and": [{"scene": "b"}]},
                "agent": {"scene": "b"},
            },
            "user",
            (A, B, None),
        ),
        (
            {"user": {"agent_id": "a"}, "agent": {"scene": "b"}},
            "agent",
            (B, None, None),
        ),
        ({"user": None, "public": {}}, "user", (None, None, None)),
        ({"user": "x"}, "user", (Condition("user", "eq", "x"),) * 3),
        ({"public": {"gte": 2}}, "user", (Condition("public", "gte", 2),) * 3),
        (None, "user", (None, None, None)),
    ],
)
def test_one_filter_for_each_source(
    wire: Any, owner: Any, expected: tuple[Filter | None, ...]
) -> None:
    filters = read_filters(wire, owner=owner)
    assert (filters.user, filters.knowledge_base, filters.public) == expected


@pytest.mark.parametrize(
    "wire, word",
    [
        ([], "filter"),
        (3, "filter"),
        ("not json", "filter"),
        ({"and": {}}, "and"),
        ({"and": ["x"]}, "and"),
        ({"or": [[]]}, "or"),
        ({"user_id": "x"}, "user_id"),
        ({"and": [{"info": {"user_id": "x"}}]}, "user_id"),
        ({"scene": None}, "scene"),
        ({"scene": {}}, "scene"),
        ({"scene": {"near": 1}}, "near"),
        ({"scene": {"in": "x"}}, "scene"),
        ({"scene": {"in": []}}, "scene"),
        ({"scene": {"like": 3}}, "scene"),
        ({"scene": {"contains": []}}, "scene"),
        ({"scene": {"gte": "high"}}, "scene"),
        ({"scene": {"gte": True}}, "scene"),
        ({"scene": {"gte": None}}, "scene"),
        ({"scene": [["x"]]}, "scene"),
        ({"create_time": {"gte": "soon"}}, "create_time"),
        ({"create_time": {"gte": ""}}, "create_time"),
        ({"create_time": True}, "create_time"),
        ({"create_time": {"in": ["2025-01-01"]}}, "create_time"),
        ({"create_time": {"like": "2025-01-01"}}, "create_time"),
        ({"create_time": {"gte": 1_765_376_340_736_000}}, "microseconds"),
        ({"create_time": {"lte": 10**18}}, "create_time"),
        *(({field: {"gte": 3}}, f"{field}: 'gte'") for field in TEXT_FIELDS),
        ({"info.": "x"}, "name"),
        ({"and": [{"scene": "x"}] * 201}, "200"),
    ],
)
def test_what_cannot_be_read_is_named(wire: Any, word: str) -> None:
    with pytest.raises(BadRequest, match=word) as refused:
        read_filters(wire)
    assert refused.value.code == 40000


@pytest.mark.parametrize("mode", ["and", "or"])
def test_and_and_or_may_be_written_in_capitals(mode: str) -> None:
    conditions = [{"scene": "x"}, {"tags": "y"}]
    assert read_filter({mode.upper(): conditions}) == read_filter({mode: conditions})


@pytest.mark.parametrize("key", ["and", "info"])
def test_endless_nesting_is_refused(key: str) -> None:
    wire: Any = {"scene": "x"}
    for _ in range(900):
        wire = {key: [wire] if key == "and" else wire}
    with pytest.raises(BadRequest, match="nested"):
        read_filter(wire)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["and", "or", "info", "tags", "create_time", "user", "gte", "in", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
)


@given(JSON)
def test_anything_is_read_or_refused(wire: Any) -> None:
    try:
        read_filters(wire)
    except BadRequest as refused:
        assert refused.message


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_is_no_moment_is_refused(number: float) -> None:
    with pytest.raises(BadRequest):
        read_filter({"create_time": {"gte": number}})
