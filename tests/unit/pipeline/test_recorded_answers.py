"""Recorded answers of a model go through the whole job: what changes is archived or
noted, what is said again is kept once, and nothing else is touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.adapters.onnx.embedder import best_embedder
from shared.adapters.without_models import KeepingReader
from shared.domain.identity import computed_id
from shared.domain.job import Job, Outcome, State
from shared.domain.memory import Memory, Status, Type
from shared.domain.memory_detail import CHANGES
from shared.domain.message import Message
from shared.domain.scope import Scope
from shared.jobs.clock import milliseconds
from tests.fakes.chat_model import FakeChatModel
from tests.recorded_answers import Talk, User, answer_to, users
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.extract.model.known_memories import KnownMemories
from workers.pipeline.extract.model.model_extractor import ModelExtractor

RECORDED = {user.name: user for user in users()}
"""By name."""


def recorded(messages: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The model: the recorded answer to what it is asked."""
    return answer_to(json.loads(messages[1]["content"]))


def bench_of(model: FakeChatModel) -> WorkerBench:
    """A worker with the model, the embedder that comes with the program, and a judge
    that sees no change anywhere.
    """
    bench = WorkerBench(embedder=best_embedder())  # type: ignore[arg-type]
    known = KnownMemories(bench.memories, bench.embedder)
    builtin = BuiltInExtractor(KeepingReader())
    bench.extractor = ModelExtractor(model, builtin, known)
    return bench


async def accept(bench: WorkerBench, user: str, talk: Talk) -> Job:
    """A job for a talk, as the gateway leaves it."""
    scope = Scope("project", user, talk.conversation)
    id = computed_id(user, talk.conversation)
    messages = [
        Message(
            id=computed_id(id, place),
            scope=scope,
            role=role,  # type: ignore[arg-type]
            text=text,
            content=text,
            spoken_at=(at := datetime.fromisoformat(time).replace(tzinfo=UTC)),
            arrived_at=milliseconds(at),
            position=place,
            job=id,
            chat_time=time,
        )
        for place, (role, time, text) in enumerate(talk.messages)
    ]
    await bench.messages.put(messages)
    ids = tuple(message.id for message in messages)
    job = Job(id, scope, message_ids=ids, created_at=messages[0].arrived_at)
    await bench.jobs.put(job)
    return job


_replayed: dict[str, tuple[WorkerBench, list[Job]]] = {}


async def replay(user: User) -> tuple[WorkerBench, list[Job]]:
    """All talks of a user, remembered once for all tests that only look; the worker and
    the jobs.
    """
    if user.name not in _replayed:
        _replayed[user.name] = await replay_anew(user)
    return _replayed[user.name]


async def replay_anew(user: User) -> tuple[WorkerBench, list[Job]]:
    """The same, for a test that goes on."""
    model = FakeChatModel(recorded)
    bench = bench_of(model)
    jobs = []
    for talk in user.talks:
        job = await accept(bench, user.name, talk)
        await bench.run(job)
        jobs.append(bench.job(job))
    assert len(model.asked) == len(user.talks), "one call for each talk"
    return bench, jobs


def memory(bench: WorkerBench, words: str) -> Memory:
    """The one memory whose text holds these words."""
    [one] = [m for e in bench.memories.stored.values() if words in (m := e.memory).text]
    return one


def newest_note(bench: WorkerBench, of: Memory) -> str:
    """The text of the memory that the latest note on a memory quotes; "" without one."""
    notes = of.detail.get(CHANGES, ())
    return bench.memories.stored[notes[-1]["by"]].memory.text if notes else ""


ENDED = [
    ("wei", "4月8日在成都华西医院", "改到2026年4月15日"),
    ("wei", "在杭州储能公司做电池工程师", "去宁波氢能上班"),
    ("wei", "刚提了一辆白色的小鹏G6", "红色的Model Y"),
    ("wei", "分点说，不要太长", "不要只列要点"),
    ("ana", "weekend in Porto from 12 to 14 June", "19-21 June 2026"),
    ("ana", "likes small guesthouses", "never in a chain hotel"),
    ("kai", "Q3 OKR review 定在2026年7月9日", "推迟到2026年7月16日"),
    ("kai", "go to Priya", "又回到 Tom"),
    ("kai", "周末在写 side project tidepool", "放弃了 side project"),
]
MARKED = [
    ("ana", "started at Aurora Robotics", "work at Bosch"),
    ("kai", "tidepool 卡在数据源上", "放弃了 side project"),
    ("ana", "Neither the user nor Marta eats meat", "eats fish again"),
    ("ana", "The assistant suggested for the Porto weekend", "19-21 June 2026"),
]
SAID_AGAIN = [
    ("wei", "去宁波氢能上班", "2026-04-02"),
    ("wei", "改到2026年4月15日", "2026-04-02"),
    ("wei", "对头孢过敏", "2026-04-02"),
]
UNTOUCHED = [
    ("wei", "林静2026年3月底要评职称"),
    ("wei", "锦江宾馆"),
    ("ana", "booked the guesthouse Casa do Rio"),
    ("kai", "code examples 都用 Rust"),
]


@pytest.mark.parametrize("name", RECORDED)
async def test_what_was_read_is_all_that_is_remembered(name: str) -> None:
    user = RECORDED[name]
    bench, jobs = await replay(user)
    assert [job.state for job in jobs] == [State.COMPLETED] * len(jobs)
    assert [job.remarks for job in jobs] == [()] * len(jobs)
    texts = {
        entry["text"]
        for talk in user.talks
        for entry in (*talk.answer["facts"], *talk.answer["preferences"])
    }
    assert {entry.memory.text for entry in bench.memories.stored.values()} == texts


@pytest.mark.parametrize(("name", "old", "new"), ENDED)
async def test_what_holds_no_more_is_archived(name: str, old: str, new: str) -> None:
    bench, _ = await replay(RECORDED[name])
    older, newer = memory(bench, old), memory(bench, new)
    assert older.status is Status.ARCHIVED
    assert newer.status is Status.ACTIVATED
    assert older.id in newer.replaced or not older.detail.get(CHANGES)


@pytest.mark.parametrize(("name", "old", "new"), MARKED)
async def test_what_holds_in_part_is_marked(name: str, old: str, new: str) -> None:
    bench, _ = await replay(RECORDED[name])
    older = memory(bench, old)
    assert older.status is Status.ACTIVATED
    assert new in newest_note(bench, older)


@pytest.mark.parametrize(("name", "words", "day"), SAID_AGAIN)
async def test_what_is_said_again_is_kept_once(name: str, words: str, day: str) -> None:
    bench, jobs = await replay(RECORDED[name])
    said = memory(bench, words)
    assert said.status is Status.ACTIVATED
    assert f"{datetime.fromtimestamp(said.said_at / 1000, UTC):%Y-%m-%d}" == day
    receipts = [
        r for r in jobs[-1].receipts if r.memory == said.id or r.other == said.id
    ]
    assert Outcome.MERGED in {receipt.outcome for receipt in receipts}


@pytest.mark.parametrize(("name", "words"), UNTOUCHED)
async def test_what_is_only_near_stays_as_it_is(name: str, words: str) -> None:
    bench, _ = await replay(RECORDED[name])
    near = memory(bench, words)
    assert near.status is Status.ACTIVATED
    assert not near.detail.get(CHANGES)


async def test_a_wish_that_was_inferred_gives_way_to_one_that_is_stated() -> None:
    bench, _ = await replay(RECORDED["ana"])
    assert memory(bench, "never in a chain hotel").type is Type.EXPLICIT


async def test_a_talk_that_is_read_again_changes_nothing() -> None:
    user = RECORDED["wei"]
    bench, jobs = await replay_anew(user)
    before = dict(bench.memories.stored)
    again = replace(jobs[-1], state=State.QUEUED, attempts=0, receipts=())
    await bench.jobs.put(again)
    await bench.run(again)
    after = bench.memories.stored
    assert after.keys() == before.keys()
    for id, entry in after.items():
        assert entry.memory.text == before[id].memory.text
        assert entry.memory.status is before[id].memory.status
