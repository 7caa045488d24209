"""The filter language on memories: what the engine lets through, case by case and by
comparison with plain Python.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from shared.domain.filter import (
    EXPIRES_AT,
    OWNER,
    SAID_AT,
    TEXT,
    Condition,
    Filter,
    Group,
    Value,
)
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Kind, Memory, SparseVector, Type
from shared.domain.scope import Scope
from shared.errors import BadRequest
from tests.contract.conftest import Stores
from tests.fakes.filtering import fits

WORD = SparseVector((1,), (1.0,))


def memory(
    project: str,
    name: str,
    *,
    agent: str = "",
    app: str = "",
    conversation: str = "c1",
    **more: Any,
) -> Memory:
    scope = Scope(project, "ann", conversation, agent, app)
    return Memory(
        computed_id(project, name),
        scope,
        more.pop("type", Type.LONG_TERM),
        name,
        **more,
    )


async def passing(stores: Stores, project: str, filter: Filter) -> set[str]:
    results, total = await stores.memories.page(
        project, "ann", Kind.FACT, 0, 1_000, filter
    )
    assert len(results) == total
    return {entry.text for entry in results}


@pytest.fixture
async def stored(stores: Stores, project: str) -> list[Memory]:
    memories = [
        memory(
            project,
            "a",
            agent="Agent-1",
            app="app",
            tags=("天气", "Sunny Day"),
            created_at=1_000,
            updated_at=9_000,
            happened_at=5_000,
            info={
                "scene": "Travel to Köln",
                "n": 1,
                "list": ["red", "Green", 3],
                "ok": True,
                "a.b": "dotted",
                'quo"te': "x",
                "50%22": "y",
            },
        ),
        memory(
            project,
            "b",
            agent="agent-2",
            conversation="c2",
            tags=("气温",),
            created_at=2_000,
            updated_at=8_000,
            type=Type.USER,
            said_at=4_000,
            info={
                "scene": "STRASSE",
                "n": 1.5,
                "list": [],
                "ok": False,
                "n_text": "1",
                "business_type": "shop",
                "biz_id": "b-1",
            },
        ),
        memory(
            project,
            "c",
            created_at=3_000,
            updated_at=7_000,
            expires_at=4_000_000_000_000,
            info={"n": -2, "ok": "true", "nested": {"n": 1}, "none": None},
        ),
        memory(
            project,
            "d",
            conversation="",
            created_at=1_760_000_000_001,
            info={"n": "1", "list": "red", "tags": "hidden", "big": 2**60},
        ),
    ]
    await stores.memories.put([Embedded(entry, WORD) for entry in memories])
    return memories


CASES: list[tuple[str, str, Value | tuple[Value, ...], str]] = [
    # labels
    ("agent_id", "eq", "Agent-1", "a"),
    ("agent_id", "eq", "agent-1", ""),
    ("agent_id", "eq", "", "cd"),
    ("agent_id", "eq", 1, ""),
    ("agent_id", "in", ("Agent-1", "agent-2", "x"), "ab"),
    ("agent_id", "in", (), ""),
    ("agent_id", "like", "AGENT", "ab"),
    ("agent_id", "like", "-2", "b"),
    ("app_id", "eq", "app", "a"),
    ("app_id", "like", "PP", "a"),
    ("conversation_id", "eq", "c2", "b"),
    ("session_id", "in", ("c1",), "ac"),
    ("conversation", "like", "C", "abc"),
    ("conversation_id", "eq", "", "d"),
    ("memory_type", "in", ("UserMemory", "x"), "b"),
    ("memory_type", "eq", "LongTermMemory", "acd"),
    # tags
    ("tags", "contains", "天气", "a"),
    ("tags", "eq", "气温", "b"),
    ("tags", "in", ("天气", "气温"), "ab"),
    ("tags", "contains", "天", ""),
    ("tags", "like", "气", "ab"),
    ("tags", "like", "sunny d", "a"),
    ("tags", "contains", "sunny day", ""),
    ("tags", "contains", 1, ""),
    # times
    ("create_time", "gte", 2_000, "bcd"),
    ("created_at", "gt", 2_000, "cd"),
    ("create_time", "lt", 2_000, "a"),
    ("memory_time", "gte", 5_000, "a"),
    ("memory_time", "gt", 5_000, ""),
    ("create_time", "lte", 2_000, "ab"),
    ("update_time", "gt", 7_000, "ab"),
    ("updated_at", "eq", 7_000, "c"),
    ("create_time", "in", (1_000, 3_000, 5), "ac"),
    ("create_time", "eq", "1000", ""),
    ("create_time", "eq", 1_760_000_000_001, "d"),
    ("create_time", "gt", 1_760_000_000_000, "d"),
    ("create_time", "gt", 1_760_000_000_001, ""),
    # info: equality
    ("scene", "eq", "Travel to Köln", "a"),
    ("info.scene", "eq", "Travel to Köln", "a"),
    ("scene", "eq", "Travel", ""),
    ("business_type", "eq", "shop", "b"),
    ("biz_id", "in", ("b-1", "b-2"), "b"),
    ("custom_status", "eq", "x", ""),
    ("n", "eq", 1, "a"),
    ("n", "eq", 1.0, "a"),
    ("n", "eq", "1", "d"),
    ("n", "eq", 1.5, "b"),
    ("n", "eq", True, ""),
    ("n", "in", (1, "1", -2), "acd"),
    ("ok", "eq", True, "a"),
    ("ok", "eq", False, "b"),
    ("ok", "eq", "true", "c"),
    ("ok", "eq", 1, ""),
    ("big", "eq", 2**60, "d"),
    ("n_text", "eq", "1", "b"),
    ("none", "eq", "None", ""),
    ("nested", "eq", 1, ""),
    ("unknown", "eq", "x", ""),
    ("a.b", "eq", "dotted", "a"),
    ('quo"te', "eq", "x", "a"),
    ("50%22", "eq", "y", "a"),
    ('50"', "eq", "y", ""),
    ("info.tags", "eq", "hidden", "d"),
    # info: lists
    ("list", "contains", "red", "ad"),
    ("list", "contains", "Green", "a"),
    ("list", "contains", "green", ""),
    ("list", "eq", 3, "a"),
    ("list", "in", ("x", 3), "a"),
    ("list", "gte", 3, "a"),
    ("list", "like", "RE", "ad"),
    # info: order
    ("n", "gt", 1, "b"),
    ("n", "gte", 1, "ab"),
    ("n", "lt", 0, "c"),
    ("n", "lte", 1.5, "abc"),
    ("scene", "gt", 1, ""),
    ("a.b", "gte", 1, ""),
    ("unknown", "lt", 5, ""),
    ("nested", "lt", 5, ""),
    # info: substring
    ("scene", "like", "köln", "a"),
    ("scene", "like", "KÖLN", "a"),
    ("scene", "like", "straße", "b"),
    ("scene", "like", "travel%", ""),
    ("a.b", "like", "DOT", "a"),
    ('quo"te', "like", "X", "a"),
    ("50%22", "like", "y", "a"),
    ("n", "like", "1", "d"),
    ("unknown", "like", "x", ""),
    # owner, text, moments that only the second dialect names
    (OWNER, "eq", "ann", "abcd"),
    (OWNER, "in", ("bob",), ""),
    (OWNER, "like", "an", "abcd"),
    (OWNER, "like", "bo", ""),
    (TEXT, "contains", "a", "a"),
    (TEXT, "contains", "A", ""),
    (TEXT, "like", "A", "a"),
    (SAID_AT, "gte", 4_000, "b"),
    (SAID_AT, "eq", 0, "acd"),
    (EXPIRES_AT, "gt", 0, "c"),
    (EXPIRES_AT, "lte", 0, "abd"),
]


@pytest.mark.parametrize(("field", "operator", "value", "expected"), CASES)
async def test_one_condition(
    stores: Stores,
    project: str,
    stored: object,
    field: str,
    operator: Any,
    value: Any,
    expected: str,
) -> None:
    assert await passing(stores, project, Condition(field, operator, value)) == set(
        expected
    )


async def test_by_id(stores: Stores, project: str, stored: list[Memory]) -> None:
    assert await passing(stores, project, Condition("id", "eq", stored[0].id)) == {"a"}
    assert await passing(
        stores,
        project,
        Condition("id", "in", (stored[1].id, "nonsense", stored[2].id, 7)),
    ) == {"b", "c"}
    assert await passing(stores, project, Condition("id", "eq", "nonsense")) == set()


GROUPS: list[tuple[Filter, str]] = [
    (Group("not", (Condition("agent_id", "eq", ""),)), "ab"),
    (
        Group("not", (Condition("n", "lt", 0), Condition("agent_id", "eq", "agent-2"))),
        "ad",
    ),
    (
        Group(
            "and",
            (
                Condition("create_time", "gt", 1_000),
                Group("not", (Group("not", (Condition("n", "lt", 0),)),)),
            ),
        ),
        "c",
    ),
    (
        Group(
            "and", (Condition("n", "gte", 1), Condition("agent_id", "eq", "agent-2"))
        ),
        "b",
    ),
    (
        Group("or", (Condition("n", "lt", 0), Condition("agent_id", "eq", "agent-2"))),
        "bc",
    ),
    (
        Group(
            "and",
            (
                Group(
                    "or", (Condition("ok", "eq", True), Condition("ok", "eq", False))
                ),
                Condition("create_time", "gt", 1_000),
            ),
        ),
        "b",
    ),
    (
        Group(
            "or",
            (
                Group(
                    "and", (Condition("ok", "eq", True), Condition("ok", "eq", False))
                ),
                Condition("conversation", "eq", ""),
            ),
        ),
        "d",
    ),
    (
        Group(
            "and",
            (
                Condition("create_time", "gte", 1_000),
                Condition("create_time", "lt", 3_000),
            ),
        ),
        "ab",
    ),
    (Group("and", ()), "abcd"),
    (Group("or", ()), ""),
]


@pytest.mark.parametrize(("filter", "expected"), GROUPS)
async def test_groups(
    stores: Stores, project: str, stored: list[Memory], filter: Filter, expected: str
) -> None:
    assert await passing(stores, project, filter) == set(expected)


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("id", "like", "a"),
        ("id", "gt", 1),
        ("create_time", "like", "2025"),
        ("memory_type", "like", "User"),
        ("tags", "gt", 1),
        ("agent_id", "lte", 1),
        ("n", "gt", "1"),
        ("create_time", "gte", "2025-01-01"),
        ("n", "lt", (1, 2)),
    ],
)
async def test_comparisons_that_make_no_sense_are_refused(
    stores: Stores, project: str, field: str, operator: Any, value: Any
) -> None:
    with pytest.raises(BadRequest, match=field):
        await passing(stores, project, Condition(field, operator, value))


@pytest.mark.parametrize("seed", range(4))
async def test_the_engine_agrees_with_plain_python(
    stores: Stores, project: str, seed: int
) -> None:
    """Filters of every shape on memories of every shape."""
    random = Random(seed)
    memories = [some_memory(random, project, str(number)) for number in range(60)]
    await stores.memories.put([Embedded(entry, WORD) for entry in memories])
    for _ in range(60):
        filter = some_filter(random, 0)
        assert await passing(stores, project, filter) == {
            entry.text for entry in memories if fits(entry, filter)
        }, filter


VALUES: tuple[Value, ...] = (
    "red",
    "Red",
    "rEDdish",
    "",
    "1",
    1,
    1.0,
    2,
    2.5,
    -3,
    True,
    False,
    "天气",
    "天",
)
KEYS = ("scene", "k", "K", "a b", "x.y", "[]", "'", '"', "%22", "知")


def some_memory(random: Random, project: str, name: str) -> Memory:
    info: dict[str, Any] = {
        key: random.choice(VALUES) for key in random.sample(KEYS, 4)
    }
    info |= {
        key: random.sample(VALUES, random.randrange(4))
        for key in random.sample(KEYS, 2)
    }
    tags = tuple(random.sample(("red", "rEDdish", "天气"), random.randrange(4)))
    return memory(
        project,
        name,
        agent=random.choice(("", "red", "Red")),
        conversation=random.choice(("1", "red")),
        info=info,
        tags=tags,
        created_at=random.randrange(4),
        updated_at=random.randrange(4),
    )


def some_filter(random: Random, depth: int) -> Filter:
    if depth < 3 and random.random() < 0.5:
        return Group(
            random.choice(("and", "or")),
            tuple(
                some_filter(random, depth + 1) for _ in range(random.randrange(1, 4))
            ),
        )
    return some_condition(random)


def some_condition(random: Random) -> Condition:
    field = random.choice(
        (*KEYS, *KEYS, "tags", "agent_id", "session_id", "create_time")
    )
    texts = [value for value in VALUES if isinstance(value, str)]
    numbers = [
        value
        for value in VALUES
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    match random.choice(("eq", "contains", "in", "like", "order")):
        case "like" if field != "create_time":
            return Condition(field, "like", random.choice(texts))
        case "order" if field in KEYS or field == "create_time":
            return Condition(
                field, random.choice(("gt", "gte", "lt", "lte")), random.choice(numbers)
            )
        case "in":
            return Condition(field, "in", tuple(random.sample(VALUES, 3)))
        case "contains":
            return Condition(field, "contains", random.choice(VALUES))
    return Condition(field, "eq", random.choice(VALUES))
