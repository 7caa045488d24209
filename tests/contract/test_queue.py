"""What every Queue promises: the fake, and Celery's messages on a real server as a
worker finds them.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from kombu import Connection, Consumer
from kombu import Queue as BrokerQueue
from redis.asyncio import Redis

from shared.adapters.celery_queue import WORK, CeleryQueue, broker_options, queue_name
from shared.errors import Unavailable
from shared.ports import Queue
from tests.fakes.queue import FakeQueue
from tests.support.redis_ports import IMPLEMENTATIONS, prefix, redis, valkey_server
from tests.support.valkey import Valkey

__all__ = ["prefix", "redis", "valkey_server"]

LeaseBusy = Callable[[str, int], list[str]]
"""(queue, how many) -> the jobs that a worker of that queue takes, in order."""


def messages(url: str, prefix: str, queue: str, count: int) -> list[Any]:
    """What a consumer of a queue gets, acknowledged one after another."""
    got: list[Any] = []

    def take(body: Any, message: Any) -> None:
        got.append(message)
        message.ack()

    with Connection(url, transport_options=broker_options(prefix)) as connection:
        channel = connection.channel()
        channel.basic_qos(0, 1, False)
        with Consumer(
            channel, [BrokerQueue(queue_name(prefix, queue))], callbacks=[take]
        ):
            while len(got) < count:
                connection.drain_events(timeout=30)
    return got


@pytest.fixture(params=IMPLEMENTATIONS)
def queue_and_worker(
    request: pytest.FixtureRequest, prefix: str
) -> tuple[Queue, LeaseBusy]:
    if request.param == "fake":
        fake = FakeQueue()
        return fake, lambda name, count: [
            job for job, queue in fake.waiting if queue == name
        ][:count]
    url = request.getfixturevalue("valkey_server").url
    return CeleryQueue(url, prefix), lambda name, count: [
        json.loads(message.body)[0][0] for message in messages(url, prefix, name, count)
    ]


async def test_jobs_come_in_the_order_they_were_sent(
    queue_and_worker: tuple[Queue, LeaseBusy],
) -> None:
    queue, taken = queue_and_worker
    for number in range(5):
        await queue.enqueue(f"job-{number}", "text")
    assert await asyncio.to_thread(taken, "text", 5) == [
        f"job-{number}" for number in range(5)
    ]


async def test_who_waits_goes_first(queue_and_worker: tuple[Queue, LeaseBusy]) -> None:
    queue, taken = queue_and_worker
    for number in range(3):
        await queue.enqueue(f"patient-{number}", "text")
    await queue.enqueue("urgent-0", "text", urgent=True)
    await queue.enqueue("urgent-1", "text", urgent=True)
    assert await asyncio.to_thread(taken, "text", 5) == [
        "urgent-0",
        "urgent-1",
        "patient-0",
        "patient-1",
        "patient-2",
    ]


async def test_slow_work_waits_in_a_queue_of_its_own(
    queue_and_worker: tuple[Queue, LeaseBusy],
) -> None:
    queue, taken = queue_and_worker
    await queue.enqueue("book", "files")
    await queue.enqueue("sentence", "text")
    assert await asyncio.to_thread(taken, "text", 1) == ["sentence"]
    assert await asyncio.to_thread(taken, "files", 1) == ["book"]


async def test_what_waits_can_be_asked(
    queue_and_worker: tuple[Queue, LeaseBusy],
) -> None:
    queue, _ = queue_and_worker
    assert await queue.waiting_in("text") == frozenset()
    await queue.enqueue("patient", "text")
    await queue.enqueue("urgent", "text", urgent=True)
    await queue.enqueue("book", "files")
    assert await queue.waiting_in("text") == {"patient", "urgent"}
    assert await queue.waiting_in("files") == {"book"}


async def test_what_a_worker_has_taken_waits_no_more(
    valkey_server: Valkey, prefix: str
) -> None:
    queue = CeleryQueue(valkey_server.url, prefix)
    for number in range(3):
        await queue.enqueue(f"job-{number}", "text")
    await asyncio.to_thread(messages, valkey_server.url, prefix, "text", 1)
    assert await queue.waiting_in("text") == {"job-1", "job-2"}


async def test_a_backlog_of_ten_thousand_is_seen_whole(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    queue = CeleryQueue(valkey_server.url, prefix)
    await queue.enqueue("job-0", "text")
    keys = await redis.keys(f"{prefix}:*text*")
    [name] = [key for key in keys if await redis.type(key) == b"list"]
    [message] = await redis.lrange(name, 0, -1)
    body = json.loads(message)
    bodies = [_with_argument(body, f"job-{number}") for number in range(1, 10_000)]
    await redis.lpush(name, *bodies)
    assert await queue.waiting_in("text") == {f"job-{n}" for n in range(10_000)}


def _with_argument(message: dict[str, Any], job: str) -> str:
    content = json.dumps([[job], {}, {}]).encode()
    return json.dumps(message | {"body": base64.b64encode(content).decode()})


async def test_a_message_names_its_task_and_carries_only_the_id(
    valkey_server: Valkey, prefix: str
) -> None:
    await CeleryQueue(valkey_server.url, prefix).enqueue("job-1", "text")
    [message] = await asyncio.to_thread(messages, valkey_server.url, prefix, "text", 1)
    assert message.headers["task"] == WORK == "souvenir.work"
    assert message.content_type == "application/json"
    args, kwargs, _ = json.loads(message.body)
    assert (args, kwargs) == (["job-1"], {})


async def test_every_key_of_the_broker_has_our_prefix(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    await redis.flushdb()
    await CeleryQueue(valkey_server.url, prefix).enqueue("job-1", "text")
    assert {key.decode().startswith(f"{prefix}:") for key in await redis.keys()} == {
        True
    }


async def test_the_loop_is_free_while_it_sends(
    valkey_server: Valkey, prefix: str
) -> None:
    queue, turns = CeleryQueue(valkey_server.url, prefix), 0
    sending = asyncio.gather(
        *(queue.enqueue(f"job-{number}", "text") for number in range(50))
    )
    while not sending.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > 50


async def test_an_absent_broker_is_unavailable(
    unused_tcp_port: int, prefix: str
) -> None:
    with pytest.raises(Unavailable):
        await CeleryQueue(f"redis://127.0.0.1:{unused_tcp_port}/0", prefix).enqueue(
            "job", "text"
        )
    with pytest.raises(Unavailable):
        await CeleryQueue(f"redis://127.0.0.1:{unused_tcp_port}/0", prefix).waiting_in(
            "text"
        )
