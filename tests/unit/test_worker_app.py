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
from tests.fakes.judge import ScriptedJudge
from tests.fakes.reader import ScriptedReader
from workers.app import build_celery
from workers.niceness import NICENESS
from workers.pipeline.orders.topics import topics_of
from workers.pipeline.warm_up import warm_up


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


def test_a_worker_hears_celery_signals_from_its_start_on() -> None:
    """What hears them is loaded with the tasks, before the first of them is sent."""
    code = """
import workers.app as w
from celery import signals
w.app.loader.import_default_modules()
heard = (signals.setup_logging, signals.celeryd_init, signals.worker_process_init)
print([len(signal.receivers) for signal in heard], len(signals.worker_init.receivers))
"""
    assert _run(code) == "[1, 1, 1] 3"


async def test_warming_up_uses_everything_that_loads_at_first_use() -> None:
    embedder, judge, reader = ColdEmbedder(), ScriptedJudge(), ScriptedReader()
    await warm_up(reader, judge, embedder)
    assert reader.messages and judge.asked and embedder.read
    before = len(embedder.read)
    await topics_of(embedder)
    assert len(embedder.read) == before, "the topics have their vectors"


@pytest.mark.parametrize("queue", ["text", "files", "both"])
def test_workers_give_way_and_those_of_files_to_those_of_text(queue: str) -> None:
    """In a process of its own: niceness cannot be taken back."""
    code = (
        "import os, workers.lifecycle as w;"
        f" w._served_queue = {queue!r}; w._lower_priority(); print(os.nice(0))"
    )
    assert NICENESS["files"] > NICENESS["text"] > 0
    assert int(_run(code)) == max(os.nice(0), NICENESS.get(queue, 0))


@pytest.mark.parametrize(
    ("queue", "pool", "loads"),
    [
        ("text", "celery.concurrency.prefork", True),
        ("text", "celery.concurrency.thread", False),
        ("files", "celery.concurrency.prefork", False),
    ],
)
def test_only_a_worker_of_text_that_forks_loads_before(
    queue: str, pool: str, loads: bool
) -> None:
    code = f"""
import sys, workers.lifecycle as w
from types import SimpleNamespace
from {pool} import TaskPool
w._served_queue = {queue!r}
w._share_with_children(sender=SimpleNamespace(pool_cls=TaskPool))
print("onnxruntime" in sys.modules)
"""
    assert _run(code) == str(loads)


FORKED = """
import asyncio, os, sys, threading
from hashlib import sha256
from shared.adapters.onnx.session import Session
from shared.domain.message_reading import Utterance
from shared.embedding import wanted_embedder
from shared.wiring.named_models import judge_of_changes, reader_for
from workers.app import settings
from workers.preload import load_before_fork

SAID = "Two weeks ago I moved to a flat near the river."

async def computed():
    embedder = await wanted_embedder(settings)
    reading, = await reader_for(embedder).read([Utterance("user", SAID)])
    relation, = await judge_of_changes().judge([("I live in Lisbon.", "I moved to Porto.")])
    said = repr((await embedder.query(SAID), reading.labels, relation))
    return sha256(said.encode()).digest()

load_before_fork(settings)
assert threading.active_count() == 1, threading.enumerate()
modules = set(sys.modules)

def again(*_):
    raise AssertionError("a model was loaded a second time")

Session.__init__ = again
reading, writing = os.pipe()
children = []
for _ in range(2):
    if (child := os.fork()) == 0:
        os.write(writing, asyncio.run(computed()))
        heavy = {"qdrant_client", "redis", "onnxruntime", "workers.pipeline.extract"}
        assert heavy <= modules, heavy - modules
        os._exit(0)
    children.append(child)
assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
os.close(writing)
assert os.fdopen(reading, "rb").read() == asyncio.run(computed()) * 2
print("same")
"""


def test_forked_processes_compute_with_the_models_that_their_parent_loaded() -> None:
    """And one after the other, as a pool begins them."""
    assert _run(FORKED) == "same"


def _run(code: str) -> str:
    """What it prints, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"REDIS_URL": "redis://127.0.0.1:1/0", "PATH": "", "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()
