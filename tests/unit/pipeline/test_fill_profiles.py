"""What is said fills the fields of bound templates: by the model, or what is certain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import Job, Outcome, State
from shared.domain.memory import Memory
from shared.domain.profile import (
    FIELD,
    PROFILE_TAG,
    ProfileBinding,
    ProfileTemplate,
    TemplateField,
    field_memory,
    value_of,
)
from shared.domain.searched_text import Searched, words_of
from shared.jobs.owner_lease import owner_lease
from tests.support.job_model import job_model
from tests.support.model_server import ModelServer, Say
from tests.support.scripted_model import chatty, good, refusing, wrong_key
from tests.unit.pipeline.worker_bench import SCOPE, WorkerBench
from workers.pipeline.profiles.profile_prompt import values_of

TEMPLATE = computed_id("template")
FIELDS = (
    TemplateField("基础信息.姓名"),
    TemplateField("基础信息.职业"),
    TemplateField("基础信息.城市", updatable=False),
    TemplateField("健康.过敏"),
    TemplateField("兴趣.爱好"),
)


async def bench(*fields: TemplateField) -> WorkerBench:
    worker = WorkerBench()
    template = ProfileTemplate(TEMPLATE, SCOPE.project, "t", fields or FIELDS)
    await worker.profile_templates.put(template)
    id = computed_id("binding")
    await worker.profile_templates.bind(
        [ProfileBinding(id, SCOPE.project, SCOPE.user, TEMPLATE)]
    )
    return worker


def fields_of(worker: WorkerBench) -> dict[str, str]:
    return {
        str(memory.info[FIELD]): value_of(memory)
        for memory in worker.remembered()
        if PROFILE_TAG in memory.tags
    }


async def said(worker: WorkerBench, *texts: str, at: int = 1_750_000_000_000) -> Job:
    job = await worker.accepted(*texts, name=texts[0], arrived=at)
    assert await worker.run(job) is None
    assert worker.job(job).state is State.COMPLETED
    return worker.job(job)


async def test_without_a_model_what_is_certain_fills_its_fields() -> None:
    worker = await bench()
    job = await said(worker, "用户的名字叫陈思远。", "用户住在杭州。", "用户喜欢爬山。")
    assert fields_of(worker) == {"基础信息.姓名": "陈思远"}
    views = [(receipt.view, receipt.outcome) for receipt in job.receipts]
    assert views[-1] == ("profile", Outcome.STORED)


async def test_what_changes_is_changed_and_what_adds_up_adds_up() -> None:
    worker = await bench()
    await said(worker, "用户在储能公司工作。", "用户对花生过敏。")
    job = await said(
        worker, "用户在氢能公司上班。", "用户对青霉素过敏。", at=1_750_000_100_000
    )
    assert fields_of(worker) == {
        "基础信息.职业": "氢能公司",
        "健康.过敏": "花生, 青霉素",
    }
    assert job.receipts[-1].outcome is Outcome.SUPERSEDED


async def test_a_locked_field_stays() -> None:
    worker = await bench()
    memory = field_memory(
        SCOPE, TEMPLATE, TemplateField("基础信息.姓名", "老陈", False), 1
    )
    await put(worker, memory)
    await said(worker, "用户的名字叫陈思远。")
    assert fields_of(worker) == {"基础信息.姓名": "老陈"}


async def put(worker: WorkerBench, memory: Memory) -> None:
    from shared.domain.memory import Embedded
    from shared.language.lexical import weigh

    [dense] = await worker.embedder.passages([memory.text])
    await worker.memories.put([Embedded(memory, weigh(memory.text), dense)])


async def with_model(
    worker: WorkerBench, *answers: Say, texts: tuple[str, ...] = ("用户喜欢爬山。",)
) -> tuple[Job, list[dict[str, Any]]]:
    with ModelServer(*answers) as server:
        worker.extract_model = job_model(server)
        return await said(worker, *texts), server.requests


def values(*pairs: tuple[int, str]) -> dict[str, Any]:
    return {"values": [{"field": number, "value": value} for number, value in pairs]}


@pytest.mark.parametrize("say", [good, chatty])
async def test_the_model_fills_any_field(say: Any) -> None:
    worker = await bench()
    job, asked = await with_model(worker, say(values((4, "爬山"), (9, "x"), (0, "y"))))
    assert fields_of(worker) == {"兴趣.爱好": "爬山"} and not job.remarks
    shown = json.loads(asked[0]["messages"][1]["content"])
    assert "基础信息.城市" not in str(shown["fields"])  # it is locked
    assert shown["new_memories"] == ["用户喜欢爬山。"] and len(asked) == 1


async def test_the_model_may_clear_a_field() -> None:
    worker = await bench()
    await put(
        worker, field_memory(SCOPE, TEMPLATE, TemplateField("基础信息.职业", "护士"), 1)
    )
    await with_model(worker, good(values((2, ""))), texts=("用户辞职了。",))
    assert fields_of(worker) == {}


@pytest.mark.parametrize("answer", [wrong_key(), refusing()])
async def test_a_model_that_fails_costs_a_remark_and_never_the_job(answer: Say) -> None:
    worker = await bench()
    job, _ = await with_model(worker, answer, texts=("用户的名字叫陈思远。",))
    assert fields_of(worker) == {"基础信息.姓名": "陈思远"}
    assert any("without the model" in remark for remark in job.remarks)


async def test_nobody_who_is_not_bound_costs_a_call() -> None:
    worker = WorkerBench()
    _, asked = await with_model(worker, good(values((1, "x"))))
    assert asked == [] and fields_of(worker) == {}


def test_values_that_are_none_are_left_out() -> None:
    answer = {
        "values": [{"field": 1, "value": "x" * 300}, {"field": 1, "value": 3}, "a"]
    }
    assert list(values_of(json.dumps(answer), ["a.b"])) == []
    assert list(
        values_of('{"values": [{"field": "1", "value": "a\\n b"}]}', ["p"])
    ) == [("p", "a b")]


async def test_the_owners_lease_lost_while_it_is_embedded_no_field_is_written() -> None:
    worker = await bench()
    embedder = worker.embedder
    passages = embedder.passages

    async def losing(texts: Sequence[Searched]) -> Any:
        if any("基础信息" in words_of(text) for text in texts):
            worker.leases.lose(owner_lease(SCOPE.project, SCOPE.user))
        return await passages(texts)

    embedder.passages = losing  # type: ignore[method-assign]
    job = await worker.accepted("用户的名字叫陈思远。", name="lost")
    assert await worker.run(job) == worker.limits.back_off
    assert fields_of(worker) == {}
