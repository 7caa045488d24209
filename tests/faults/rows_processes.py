"""Processes are killed, stopped and replaced in the middle of the work."""

from __future__ import annotations

import base64
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from celery import Celery

from shared.adapters.celery_queue import WORK, broker_options, queue_name
from tests.faults.bench import Bench, kill_all
from tests.faults.clock import DAY_S
from tests.faults.load import Load
from tests.faults.proxy import Proxy
from tests.support.system import alive, until

LEASE_S = 15.0
"""Of a job: workers.pipeline.worker_context.Limits."""
SETTLED_S = 3.0
"""In which a worker that woke up would have written."""
_WRITES = (b"PUT /collections/", b"EVALSHA", b"LPUSH")
"""How a gateway's writes begin: points to Qdrant, the claim of a request and the
message of its job to Redis.
"""


def worker_child(bench: Bench, load: Load) -> None:
    """kill -9 of the process that works, three times"""
    load.start()
    for share in (0.2, 0.4, 0.6):
        load.ended_at_least(int(load.jobs * share))
        kill_all(bench.children("worker-text"))


def worker(bench: Bench, load: Load) -> None:
    """kill -9 of the worker for text with its children, twice"""
    load.start()
    for share in (0.2, 0.5):
        load.ended_at_least(int(load.jobs * share))
        kill_all(bench.tree("worker-text"))


def all_workers(bench: Bench, load: Load) -> None:
    """kill -9 of every worker"""
    load.start()
    load.ended_at_least(load.jobs // 4)
    kill_all(bench.tree("worker-text") | bench.tree("worker-files"))


def status(bench: Bench, load: Load) -> None:
    """kill -9 of the status service, twice"""
    load.start()
    for share in (0.2, 0.5):
        load.ended_at_least(int(load.jobs * share))
        bench.system.kill("status")


def supervisor(bench: Bench, load: Load) -> None:
    """kill -9 of the supervisor; started again on the same data"""
    load.start()
    load.ended_at_least(load.jobs // 4)
    pids = set(bench.system.pids.values())
    os.kill(bench.system.pid, signal.SIGKILL)
    bench.system.stop()
    until(lambda: not any(map(alive, pids)), "the end of all processes")
    load.repaired()
    bench.system.start()


def roll_out(bench: Bench, load: Load) -> None:
    """SIGTERM to every worker, three times under load"""
    load.start()
    for share in (0.2, 0.4, 0.6):
        load.ended_at_least(int(load.jobs * share))
        for name in ("worker-text", "worker-files"):
            pid = bench.system.kill(name, signal.SIGTERM)
            until(partial(has_ended, pid), f"the end of {name}")


def has_ended(pid: int) -> bool:
    return not alive(pid)


def same_job_twice(bench: Bench, load: Load) -> None:
    """three messages for each job, and two workers"""
    redis_url = bench.system.environment("status")["REDIS_URL"]
    with bench.another_worker():
        load.start()
        load.accepted_at_least(load.jobs)
        # As earlier releases sent them: each names its job, whoever has it already.
        sender = Celery("faults", broker=redis_url, set_as_current=False)
        sender.conf.broker_transport_options = broker_options("souvenir")
        for task in list(load.accepted.values()) * 2:
            sender.send_task(WORK, [task], queue=queue_name("souvenir", "text"))
        load.ended_at_least(load.jobs)


def stopped_past_its_lease(bench: Bench, load: Load) -> None:
    """SIGSTOP of a worker until another has done its job; it must not write any more"""
    with bench.another_worker():
        load.start()
        load.ended_at_least(load.jobs // 4)
        stopped = bench.tree("worker-text")
        kill_all(stopped, signal.SIGSTOP)
        time.sleep(LEASE_S)
        load.ended_at_least(load.jobs)
        ended = {task: bench.task(task) for task in load.accepted.values()}
        kill_all(stopped, signal.SIGCONT)
        time.sleep(SETTLED_S)
        changed = [task for task in ended if bench.task(task) != ended[task]]
        if changed:
            raise AssertionError(f"written after it woke up: {changed}")


def clock_set_forward(bench: Bench, load: Load) -> None:
    """all clocks, those of the stores too, go a day forward, and a worker is killed"""
    assert bench.clock is not None
    load.start()
    load.ended_at_least(load.jobs // 4)
    bench.clock.move(DAY_S)
    kill_all(bench.tree("worker-text"))


def clock_set_back(bench: Bench, load: Load) -> None:
    """a worker is killed, and all clocks go a day back before its leases have run out"""
    assert bench.clock is not None
    load.start()
    load.ended_at_least(load.jobs // 4)
    kill_all(bench.tree("worker-text"))
    bench.clock.move(-DAY_S)


def poison(bench: Bench, load: Load) -> None:
    """a file whose worker dies each time: its task ends, the others are not held up"""
    load.start()
    book = "\n\n".join(
        f"# Chapter {n}\n\n" + f"Word {n} of many. " * 40 for n in range(60)
    )
    data = base64.b64encode(book.encode()).decode()
    said = {"type": "file", "file": {"file_data": data}}
    task = bench.system.post(
        "add/message",
        user_id=f"{load.name}-poison",
        messages=[{"role": "user", "content": [said]}],
    )["task_id"]
    ended = threading.Event()

    def kill_whoever_begins() -> None:
        seen = 0
        while not ended.is_set():
            view = bench.task(task)
            if view["state"] == "running" and view["attempts"] > seen:
                seen = view["attempts"]
                kill_all(bench.children("worker-files"))
            time.sleep(0.02)

    killer = threading.Thread(target=kill_whoever_begins, daemon=True)
    killer.start()
    end = bench.system.finished(task)
    ended.set()
    killer.join()
    if (end["status"], bench.task(task)["state"]) != ("failed", "dead"):
        raise AssertionError(f"the poison ended as {end}")


@dataclass
class DyingGateway:
    """One more gateway, behind proxies of its own that count its writes."""

    url: str = ""
    pid: int = 0
    sent: int = 0
    die_at: int = 0
    """The write at which it is killed."""
    last_arrives: bool = False
    """Whether that write still arrives."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def before(self, chunk: bytes) -> bool:
        """What it sends, seen by the proxies."""
        with self._lock:
            for _ in range(sum(chunk.count(write) for write in _WRITES)):
                self.sent += 1
                if self.sent == self.die_at:
                    kill_all({self.pid})
                    return self.last_arrives
            return not self.die_at or self.sent < self.die_at


@contextmanager
def dying_gateway(bench: Bench) -> Iterator[DyingGateway]:
    """It is asked to die by its `die_at`."""
    gateway = DyingGateway()
    environment = bench.system.environment("gateway")
    qdrant = int(environment["QDRANT_URL"].rpartition(":")[2])
    redis = int(environment["REDIS_URL"].rpartition(":")[2].partition("/")[0])
    with (
        Proxy(qdrant, gateway.before) as to_qdrant,
        Proxy(redis, gateway.before) as to_redis,
        bench.another_gateway(
            QDRANT_URL=f"http://127.0.0.1:{to_qdrant.port}",
            REDIS_URL=f"redis://127.0.0.1:{to_redis.port}/0",
        ) as (process, url),
    ):
        gateway.pid, gateway.url = process.pid, url
        yield gateway


def gateway_between_writes(bench: Bench, load: Load) -> None:
    """kill -9 of a gateway before each write of an add, and after the last; its sender
    asks another gateway
    """
    numbers = iter(range(load.jobs))
    load.watch()
    point, writes = 1, 1
    while point <= writes + 1:  # how many there are is known from the first round
        with dying_gateway(bench) as gateway:
            load.extra_urls = [gateway.url]
            load.send([next(numbers)])  # what the first request makes ready is made now
            before = gateway.sent
            load.send([next(numbers)])
            writes = gateway.sent - before
            gateway.last_arrives = point > writes
            gateway.die_at = gateway.sent + min(point, writes)
            load.send([next(numbers)])
            if alive(gateway.pid):
                raise AssertionError(f"it has no write number {point}")
            load.extra_urls = []
        point += 1
    load.send(list(numbers))
