"""The workers' configuration: what must hold together, and what the queue and the
workers must agree on.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from celery import Celery

from shared.adapters.celery_queue import (
    NORMAL,
    URGENT,
    WORK,
    CeleryQueue,
    broker_options,
)
from shared.adapters.redis.client import connect
from shared.settings import Settings
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.extractor import FakeExtractor
from tests.fakes.judge import ScriptedJudge
from tests.fakes.reader import ScriptedReader
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.app import NICENESS, build_celery, warm_up
from workers.pipeline.orders.topics import topics_of


class ColdEmbedder(FakeEmbedder):
    """Of which nothing is kept yet: what is kept is kept by an embedder's name."""

    name = "cold"


@pytest.fixture
def celery() -> Celery:
    return build_celery(
        replace(Settings(), redis_url="redis://127.0.0.1:1/0", prefix="memo")
    )


def test_a_task_is_killed_before_its_message_is_given_out_again(celery: Celery) -> None:
    conf = celery.conf
    assert (
        conf.task_soft_time_limit
        < conf.task_time_limit
        < conf.broker_transport_options["visibility_timeout"]
    )


def test_a_message_is_gone_only_when_its_work_is_done(celery: Celery) -> None:
    assert celery.conf.task_acks_late
    assert celery.conf.task_reject_on_worker_lost
    assert celery.conf.worker_prefetch_multiplier == 1


def test_only_json_is_read_and_nothing_is_answered(celery: Celery) -> None:
    assert (celery.conf.accept_content, celery.conf.task_serializer) == (
        ["json"],
        "json",
    )
    assert celery.conf.task_ignore_result
    assert celery.conf.result_backend is None


def test_both_ends_speak_of_the_same_queues_and_priorities(celery: Celery) -> None:
    queue = CeleryQueue(
        "redis://127.0.0.1:1/0", "memo", connect("redis://127.0.0.1:1/0")
    )
    assert (
        queue._celery.conf.broker_transport_options
        == celery.conf.broker_transport_options
        == broker_options("memo")
    )
    assert celery.conf.task_default_queue == "memo.text"
    assert celery.conf.task_default_priority == NORMAL
    assert (
        celery.conf.broker_transport_options["priority_steps"]
        == [URGENT, NORMAL]
        == sorted([URGENT, NORMAL])
    )


def test_the_task_goes_by_the_name_on_the_wire() -> None:
    """In a process of its own, as the worker's command loads it; nothing is connected by that."""
    code = f"import workers.app as w; w.app.loader.import_default_modules(); print({WORK!r} in w.app.tasks)"
    environment = {"REDIS_URL": "redis://127.0.0.1:1/0", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert done.stdout.strip() == "True"


async def test_warming_up_uses_everything_that_loads_at_first_use() -> None:
    embedder, judge, extractor = ColdEmbedder(), ScriptedJudge(), FakeExtractor()
    reader = ScriptedReader()
    bench = WorkerBench(
        embedder=embedder, judge=judge, extractor=extractor, reader=reader
    )
    await warm_up(bench.context)
    assert not extractor.talks, "it may be a language model, which costs"
    assert reader.messages and judge.asked and embedder.read
    before = len(embedder.read)
    await topics_of(embedder)
    assert len(embedder.read) == before, "the topics have their vectors"


@pytest.mark.parametrize(("queue", "nicer"), [("files", True), ("text", False)])
def test_only_a_worker_of_files_is_niced(queue: str, nicer: bool) -> None:
    """In a process of its own: niceness cannot be taken back."""
    code = (
        "import os, workers.app as w;"
        f" w._lower_priority(options={{'queues': ['souvenir.{queue}']}});"
        " print(os.nice(0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"REDIS_URL": "redis://127.0.0.1:1/0", "PATH": ""},
        start_new_session=True,
    )
    assert int(done.stdout) == (max(os.nice(0), NICENESS) if nicer else os.nice(0))
