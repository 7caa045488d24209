"""search/memory: what comes back, in which shape (contract 1.2, 7.2, 7.3)."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from shared.domain.memory import ToolUse, Type
from shared.domain.scope import Scope
from tests.api.world import World

LISTS = (
    "memory_detail_list",
    "preference_detail_list",
    "tool_memory_detail_list",
    "skill_detail_list",
)


def ask(query: str = "咖啡", **more: Any) -> dict[str, Any]:
    return {"user_id": "ann", "query": query, "relativity": 0, **more}


async def everything(world: World) -> None:
    """One memory of each kind, all about coffee."""
    await world.remember("用户每天早上喝咖啡", tags=("咖啡",), confidence=0.9)
    await world.remember("用户喜欢手冲咖啡", type=Type.EXPLICIT, reasoning="用户说喜欢")
    await world.remember(
        "用户询问咖啡店 -> 调用 find_shop -> 返回三家",
        type=Type.TRAJECTORY,
        experience="先确认城市",
        tools=(ToolUse("find_shop", 2, 0.5, "timeout", "慢"),),
    )
    await world.remember(
        '{"name": "find_shop", "description": "咖啡"}', type=Type.SCHEMA
    )
    await world.remember(
        "冲咖啡",
        type=Type.SKILL,
        detail={
            "skill_value": {
                "name": "冲咖啡",
                "procedure": "磨豆, 注水",
                "examples": ["手冲"],
                "odd": 1,
            },
            "skill_url": "u",
        },
    )


async def test_an_empty_answer_has_lists_and_a_string(
    world: World, prefix: str
) -> None:
    answer = await world.post(
        f"{prefix}/search/memory", {"user_id": "nobody", "query": "x"}
    )
    assert answer.data == {
        **{name: [] for name in LISTS},
        "preference_note": "",
        "message_detail_list": None,
    }
    assert (answer.code, answer.message) == (200 if prefix == "/product" else 0, "ok")


async def test_every_kind_has_its_shape(world: World) -> None:
    await everything(world)
    data = (
        await world.post(
            "search/memory", ask(include_tool_memory=True, include_skill=True)
        )
    ).data
    (fact,), (wish,), tools, (skill,) = (data[name] for name in LISTS)
    common = {
        "id",
        "conversation_id",
        "status",
        "create_time",
        "update_time",
        "valid_from",
        "relativity",
    }
    assert fact.keys() == common | {
        "memory_key",
        "memory_value",
        "memory_type",
        "memory_time",
        "confidence",
        "tags",
    }
    assert (fact["memory_value"], fact["tags"], fact["memory_time"]) == (
        "用户每天早上喝咖啡",
        ["咖啡"],
        None,
    )
    assert fact["memory_type"] == "WorkingMemory"
    assert (
        fact["create_time"],
        fact["update_time"],
        fact["conversation_id"],
        fact["status"],
    ) == (1765376340736, 1765376340737, "monday", "activated")
    assert wish.keys() == common | {"preference_type", "preference", "reasoning"}
    assert (wish["preference_type"], wish["preference"], wish["reasoning"]) == (
        "explicit_preference",
        "用户喜欢手冲咖啡",
        "用户说喜欢",
    )
    assert skill.keys() == common | {
        "skill_value",
        "skill_url",
        "skill_type",
        "confidence",
        "tags",
    }
    assert skill["skill_value"] == {
        "name": "冲咖啡",
        "description": "冲咖啡",
        "procedure": "磨豆, 注水",
        "experience": [],
        "preference": [],
        "examples": ["手冲"],
        "script": {},
        "others": {},
    }
    by_type = {tool["tool_type"]: tool for tool in tools}
    assert by_type["ToolSchemaMemory"].keys() == common | {"tool_type", "tool_value"}
    assert isinstance(by_type["ToolSchemaMemory"]["tool_value"], str)
    assert by_type["ToolTrajectoryMemory"]["experience"] == "先确认城市"
    assert by_type["ToolTrajectoryMemory"]["tool_used_status"] == [
        {
            "used_tool": "find_shop",
            "error_type": "timeout",
            "success_rate": 0.5,
            "tool_experience": "慢",
        }
    ]
    assert all(0 <= item["relativity"] <= 1 for name in LISTS for item in data[name])


@pytest.mark.parametrize(
    "more, counts",
    [
        ({}, (1, 1, 0, 0)),
        ({"include_preference": False}, (1, 0, 0, 0)),
        ({"include_tool_memory": True}, (1, 1, 2, 0)),
        ({"include_skill": "true"}, (1, 1, 0, 1)),
        ({"memory_limit_number": 0, "preference_limit_number": 0}, (0, 0, 0, 0)),
        ({"include_tool_memory": True, "tool_memory_limit_number": "1"}, (1, 1, 1, 0)),
        (
            dict.fromkeys(
                (
                    "filter",
                    "relativity",
                    "knowledgebase_ids",
                    "conversation_id",
                    "agent_id",
                    "memory_limit_number",
                    "include_preference",
                    "include_tool_memory",
                    "include_skill",
                    "tool_memory_limit_number",
                    "context_format",
                    "source",
                )
            ),
            (1, 1, 0, 0),
        ),
    ],
)
async def test_what_is_asked_for_comes_back(
    world: World, more: dict[str, Any], counts: tuple[int, ...]
) -> None:
    await everything(world)
    data = (
        await world.post(
            "search/memory", {**ask("咖啡 每天 喜欢 用户 手冲 早上"), **more}
        )
    ).data
    assert tuple(len(data[name]) for name in LISTS) == counts


@pytest.mark.parametrize(
    "given, number",
    [
        (None, 9),
        (3, 3),
        ("4", 4),
        ("4.0", 4),
        (25, 25),
        (26, 25),
        (10_000, 25),
    ],
)
async def test_limits_are_coerced_and_lowered(
    world: World, given: Any, number: int
) -> None:
    for count in range(30):
        await world.remember(
            f"coffee note number {count} of the {count * 7} kept in drawer {count * 13}"
        )
    data = (
        await world.post("search/memory", ask("coffee note", memory_limit_number=given))
    ).data
    assert len(data["memory_detail_list"]) == number


LIMITS = (
    *("memory_limit_number", "preference_limit_number", "tool_memory_limit_number"),
    *("skill_limit_number", "top_k", "pref_top_k"),
)


@pytest.mark.parametrize(
    ("route", "limit"),
    [
        *product(("search/memory", "chat"), LIMITS),
        ("search/memory", "context_tokens"),
        *product(["get/message"], ("message_limit_number", "limit")),
        ("get/message", "conversation_limit_number"),
        *product(["get/memory"], ("page", "current", "size")),
        *product(["get/knowledgebase-file"], ("page", "page_size")),
    ],
)
@pytest.mark.parametrize("given", [-2, "-1", 1.7, True, "many", [3]])
async def test_a_limit_that_is_none_is_refused(
    world: World, route: str, limit: str, given: Any
) -> None:
    answer = await world.post(route, ask("van", **{limit: given}))
    assert (answer.status, answer.code) == (422, 40000)
    assert limit in answer.message


@pytest.mark.parametrize("field", ["page", "current", "size"])
async def test_pages_begin_with_one(world: World, field: str) -> None:
    answer = await world.post("get/memory", {"user_id": "ann", field: 0})
    assert (answer.status, answer.code) == (422, 40000)
    assert answer.message == f"{field}: 0 is less than 1"


async def test_limits_that_are_lowered_are_remarked(world: World) -> None:
    given = {"top_k": 100, "skill_limit_number": "26", "preference_limit_number": 25}
    answer = await world.post("search/memory", ask("van", **given))
    assert answer.data["remarks"] == [
        "top_k: 100 counts as 25",
        "skill_limit_number: 26 counts as 25",
    ]


@pytest.mark.parametrize("route", ["search/memory", "get/memory"])
@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ({"foo": 1}, ["foo"]),
        (
            {"and": [{"tag": {"contains": "x"}}, {"or": [{"info.kind": "y"}]}]},
            ["tag", "kind"],
        ),
        ({"user": {"agent": "x"}}, ["agent"]),
        ({"memory_type": "Fact"}, ["memory_type Fact"]),
        ({"scene": "travel"}, []),
        ({"memory_type": {"in": ["UserMemory", "SkillMemory"]}}, []),
    ],
)
async def test_fields_of_a_filter_that_are_unknown_are_remarked_where_nothing_is_found(
    world: World, route: str, filter: Any, names: list[str]
) -> None:
    await world.remember("The van is blue.")
    data = (await world.post(route, ask("van", filter=filter))).data
    assert not data["memory_detail_list"]
    unread = "query: there is no such field"  # in get/memory
    remarks = [remark for remark in data.get("remarks", []) if remark != unread]
    assert len(remarks) == len(names)
    assert all(name in remark for name, remark in zip(names, remarks, strict=True))


async def test_a_key_of_info_that_finds_something_is_not_remarked(world: World) -> None:
    await world.remember("The van is blue.", info={"foo": 1})
    for route in ("search/memory", "get/memory"):
        data = (await world.post(route, ask("van", filter={"foo": 1}))).data
        assert data["memory_detail_list"] and "foo" not in str(data.get("remarks"))


async def test_an_empty_text_for_a_number_counts_as_absent(world: World) -> None:
    await world.remember("The van is blue.")
    blank = dict.fromkeys(
        ("memory_limit_number", "top_k", "relativity", "include_preference"), ""
    )
    body = {"user_id": "ann", "query": "van"}
    found = await world.post("search/memory", {**body, **blank})
    assert found.data == (await world.post("search/memory", body)).data
    chat = await world.post("chat", {**body, "temperature": "", "max_tokens": ""})
    assert chat.status == 200


@pytest.mark.parametrize("query", ["???", "…", "\u200b", "🎉"])
async def test_a_query_without_words_lets_everything_through_at_zero(
    world: World, query: str
) -> None:
    await world.remember("The van is blue.")
    body = {"user_id": "ann", "query": query, "relativity": 0}
    assert len((await world.post("search/memory", body)).data["memory_detail_list"])


async def test_other_names_of_the_limits(world: World) -> None:
    for count in range(5):
        await world.remember(f"coffee note number {count}")
    assert (
        len(
            (await world.post("search/memory", ask("coffee", top_k=2))).data[
                "memory_detail_list"
            ]
        )
        == 2
    )


async def test_relevance_falls_and_the_threshold_cuts(world: World) -> None:
    for text in (
        "The user's dog is called Momo",
        "The user works at a bank",
        "The user's favourite season is autumn",
    ):
        await world.remember(text)
    everything = (
        await world.post("search/memory", ask("What is the dog called?"))
    ).data["memory_detail_list"]
    scores = [fact["relativity"] for fact in everything]
    assert len(everything) == 3 and scores == sorted(scores, reverse=True)
    cut = (
        await world.post(
            "search/memory", ask("What is the dog called?", relativity=scores[0])
        )
    ).data["memory_detail_list"]
    assert [fact["memory_value"] for fact in cut] == ["The user's dog is called Momo"]


async def test_users_and_projects_do_not_see_each_other(world: World) -> None:
    await world.remember("coffee at nine", user="ann")
    await world.remember("coffee at ten", user="bob")
    await world.remember("coffee for all", user="bob", public=True)
    await world.remember("coffee elsewhere", scope=Scope("other", "ann"))
    facts = (await world.post("search/memory", ask("coffee"))).data[
        "memory_detail_list"
    ]
    assert {fact["memory_value"] for fact in facts} == {
        "coffee at nine",
        "coffee for all",
    }


@pytest.mark.parametrize(
    "ids, seen",
    [
        ([], set()),
        (["k1"], {"one"}),
        (["k1", "k2"], {"one", "two"}),
        (["all"], {"one", "two"}),
        ("all", {"one", "two"}),
        (None, set()),
    ],
)
async def test_knowledge_bases_are_searched_when_named(
    world: World, ids: Any, seen: set[str]
) -> None:
    await world.remember(
        "coffee manual one", user="", knowledge_base="k1", tags=("multimodal:file",)
    )
    await world.remember("coffee manual two", user="", knowledge_base="k2")
    facts = (
        await world.post("search/memory", ask("coffee manual", knowledgebase_ids=ids))
    ).data["memory_detail_list"]
    assert {fact["memory_value"].split()[-1] for fact in facts} == seen


async def test_a_conversation_raises_and_never_hides(world: World) -> None:
    await world.remember("coffee tastes good", scope=Scope("one", "ann", "x"))
    await world.remember("coffee tastes fine", scope=Scope("one", "ann", "y"))
    for conversation in ("x", "y", "z"):
        facts = (
            await world.post(
                "search/memory", ask("coffee tastes", conversation_id=conversation)
            )
        ).data["memory_detail_list"]
        assert {fact["conversation_id"] for fact in facts} == {"x", "y"}


@pytest.mark.parametrize(
    "filter, seen",
    [
        ({"and": [{"agent_id": "a1"}]}, {"one"}),
        ({"or": [{"agent_id": "a1"}, {"agent_id": "a2"}]}, {"one", "two"}),
        (
            {
                "and": [
                    {"scene": "trip"},
                    {"and": [{"or": [{"agent_id": "a2"}, {"agent_id": "a3"}]}]},
                ]
            },
            {"two"},
        ),
        ({"scene": "trip"}, {"one", "two"}),
        ({"info.scene": "trip"}, {"one", "two"}),
        ({"info": {"scene": "trip"}}, {"one", "two"}),
        ({"tags": {"contains": "t"}}, {"one"}),
        ({"level": {"gte": 2}}, {"two"}),
        ({"scene": {"in": ["trip", "x"]}}, {"one", "two"}),
        (
            {"create_time": {"gte": "2025-12-10", "lt": "2025-12-11"}},
            {"one", "two", "three"},
        ),
        ({"create_time": {"gt": "2025-12-10"}}, set()),
        (
            {
                "user": {"agent_id": "a1"},
                "public": {"agent_id": "nobody"},
                "knowledgebase": None,
            },
            {"one"},
        ),
        ({"public": {"agent_id": "nobody"}}, {"one", "two"}),
        ('{"and": [{"agent_id": "a1"}]}', {"one"}),
        ({}, {"one", "two", "three"}),
    ],
)
async def test_filters_come_before_ranking(
    world: World, filter: Any, seen: set[str]
) -> None:
    await world.remember(
        "coffee one",
        scope=Scope("one", "ann", "c", "a1"),
        info={"scene": "trip", "level": 1},
        tags=("t",),
    )
    await world.remember(
        "coffee two",
        scope=Scope("one", "ann", "c", "a2"),
        info={"scene": "trip", "level": 2},
    )
    await world.remember("coffee three", user="bob", public=True)
    facts = (await world.post("search/memory", ask("coffee", filter=filter))).data[
        "memory_detail_list"
    ]
    assert {fact["memory_value"].split()[-1] for fact in facts} == seen


@pytest.mark.parametrize(
    "types, word", [((Type.EXPLICIT,), "显式偏好"), ((Type.IMPLICIT,), "隐式偏好")]
)
async def test_the_note_names_only_the_kinds_present(
    world: World, types: tuple[Type, ...], word: str
) -> None:
    for type in types:
        await world.remember("用户喜欢手冲咖啡", type=type)
    note = (await world.post("search/memory", ask())).data["preference_note"]
    assert [kind for kind in ("显式偏好", "隐式偏好") if kind in note] == [word]


async def test_the_note_is_in_the_language_of_the_preferences(world: World) -> None:
    await world.remember("The user likes pour-over coffee", type=Type.EXPLICIT)
    assert (
        "explicit preferences"
        in (await world.post("search/memory", ask("coffee"))).data["preference_note"]
    )


async def test_finished_prompts_come_only_when_asked_for(world: World) -> None:
    await world.remember("用户旅行总是全家一起")
    await world.remember("用户不喜欢坐飞机", type=Type.EXPLICIT)
    plain = (
        await world.post("search/memory", ask("国庆去哪玩好？", return_matches=True))
    ).data
    assert not {"instruction", "full_instruction"} & plain.keys()
    data = (
        await world.post(
            "search/memory",
            ask(
                "国庆去哪玩好？", return_instruction=True, return_full_instruction=True
            ),
        )
    ).data
    for name in ("instruction", "full_instruction"):
        assert all(
            words in data[name]
            for words in ("国庆去哪玩好？", "用户旅行总是全家一起", "用户不喜欢坐飞机")
        )
    assert (
        data["instruction"].startswith("任务：")
        and "要求：" in data["instruction"]
        and "要求：" not in data["full_instruction"]
    )


@pytest.mark.parametrize(
    "body, status, code, word",
    [
        ({"user_id": "ann"}, 422, 40002, "query"),
        ({"user_id": "ann", "query": "   "}, 422, 40002, "query"),
        ({"query": "x"}, 422, 40002, "user_id"),
        ({"user_id": "u" * 101, "query": "x"}, 422, 40010, "user_id"),
        (ask(conversation_id="c" * 101), 422, 40011, "conversation_id"),
        (ask("词" * 20_001), 400, 40305, "query"),
        (ask(memory_limit_number="many"), 422, 40000, "memory_limit_number"),
        (ask(relativity="much"), 422, 40000, "relativity"),
        (ask(filter=[1]), 400, 40000, "filter"),
        (ask(filter={"user_id": "bob"}), 400, 40000, "user_id"),
        (ask(filter={"and": [{"scene": {"near": 1}}]}), 400, 40000, "scene"),
        (ask(filter={"create_time": {"gte": "some day"}}), 400, 40000, "create_time"),
        (ask(knowledgebase_ids={"a": 1}), 422, 40000, "knowledgebase_ids"),
    ],
)
async def test_what_is_refused(
    world: World, body: dict[str, Any], status: int, code: int, word: str
) -> None:
    refused = await world.post("search/memory", body)
    assert (refused.status, refused.code, refused.body["data"]) == (status, code, None)
    assert word in refused.message


async def test_a_search_can_be_explained(world: World) -> None:
    await world.remember("用户每天早上喝咖啡")
    await world.remember("用户每天早上喝咖啡。", tags=("again",))
    await world.remember("天空是蓝色的")
    question = {"user_id": "ann", "query": "喝咖啡", "relativity": 0.3}
    plain = (await world.post("search/memory", question)).data
    explained = (await world.post("search/memory", {**question, "explain": True})).data
    explanation = explained.pop("explanation")
    assert explained == plain
    assert explanation["threshold"] == 0.3
    assert [entry["text"] for entry in explanation["questions"]] == ["喝咖啡"]
    verdicts = {entry["text"]: entry["verdict"] for entry in explanation["considered"]}
    assert sorted(verdicts.values()) == ["below_threshold", "repeats", "returned"]
    assert verdicts["天空是蓝色的"] == "below_threshold"
    for entry in explanation["considered"]:
        assert entry["total"] == pytest.approx(sum(entry["terms"].values()), abs=1e-3)
    top, *_, last = explanation["considered"]
    assert top["rank"] == 1 and top["terms"]["meaning"] > last["terms"]["meaning"]


async def test_what_is_over_the_limit_is_explained(world: World) -> None:
    await everything(world)
    await world.remember("用户下午也喝咖啡")
    answer = await world.post("search/memory", ask(memory_limit_number=1, explain=True))
    facts = [
        entry
        for entry in answer.data["explanation"]["considered"]
        if entry["kind"] == "fact"
    ]
    assert [entry["verdict"] for entry in facts] == ["returned", "over_limit"]
