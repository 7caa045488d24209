"""What every Queue promises: the fake, and the lists and Celery's messages on a real
server as a worker finds them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from kombu import Connection, Consumer
from kombu import Queue as BrokerQueue
from redis.asyncio import Redis

from shared.adapters.celery_queue import (
    FAIR,
    WORK,
    CeleryQueue,
    broker_options,
    queue_name,
)
from shared.adapters.redis.client import connect
from shared.adapters.redis.fair_lists import FairLists
from shared.domain.turn import Lane, Taken, Turn
from shared.errors import Unavailable
from shared.ports import Queue
from tests.fakes.queue import FakeQueue
from tests.support.redis_ports import (
    IMPLEMENTATIONS,
    assert_every_key_expires,
    prefix,
    redis,
    valkey_server,
)
from tests.support.valkey import Valkey

__all__ = ["prefix", "redis", "valkey_server"]

DAY_MS = 24 * 3600 * 1000


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
async def queue(request: pytest.FixtureRequest, prefix: str) -> AsyncIterator[Queue]:
    if request.param == "fake":
        yield FakeQueue()
        return
    url = request.getfixturevalue("valkey_server").url
    client = connect(url)
    yield CeleryQueue(url, prefix, client)
    await client.aclose()


async def taken(queue: Queue, name: str = "text", most: int = 100) -> list[str]:
    """What a worker takes, each with a message of its own."""
    jobs: list[str] = []
    for number in range(most):
        job = await queue.take(f"message-{number}", "", name)
        if job is None:
            break
        jobs.append(job.job)
        await queue.done(f"message-{number}", name)
    return jobs


async def test_jobs_of_one_user_come_in_the_order_they_were_sent(queue: Queue) -> None:
    for number in range(5):
        await queue.enqueue(f"job-{number}", "text")
    assert await taken(queue) == [f"job-{number}" for number in range(5)]


async def test_it_goes_round_by_users(queue: Queue) -> None:
    for number in range(4):
        await queue.enqueue(f"ana-{number}", "text", Turn(Lane.BULK, "one", "ana"))
    await queue.enqueue("ben-0", "text", Turn(Lane.BULK, "one", "ben"))
    await queue.enqueue("ben-1", "text", Turn(Lane.BULK, "one", "ben"))
    await queue.enqueue("cy-0", "text", Turn(Lane.BULK, "one", "cy"))
    assert await taken(queue) == [
        *("ana-0", "ben-0", "cy-0"),
        *("ana-1", "ben-1"),
        *("ana-2", "ana-3"),
    ]


async def test_many_users_of_a_project_have_together_the_turns_of_one(
    queue: Queue,
) -> None:
    for number in range(4):
        await queue.enqueue(f"many-{number}", "text", Turn(Lane.BULK, "a", str(number)))
    for number in range(3):
        await queue.enqueue(f"ben-{number}", "text", Turn(Lane.BULK, "b", "ben"))
    assert await taken(queue) == [
        *("many-0", "ben-0", "many-1", "ben-1", "many-2", "ben-2"),
        "many-3",
    ]


async def test_a_single_add_goes_before_a_bulk_import(queue: Queue) -> None:
    for number in range(500):
        await queue.enqueue(f"bulk-{number}", "text", Turn(Lane.BULK, "one", "ana"))
    first = await queue.take("first", "", "text")
    await queue.enqueue("same project", "text", Turn(Lane.BULK, "one", "ben"))
    await queue.enqueue("other project", "text", Turn(Lane.BULK, "two", "ben"))
    assert first == Taken("bulk-0")
    assert (await taken(queue))[:3] == ["other project", "same project", "bulk-1"]


async def test_who_waits_goes_first_then_feedback_then_bulk(queue: Queue) -> None:
    for lane in (Lane.BULK, Lane.FEEDBACK, Lane.SYNC):
        for number in range(2):
            await queue.enqueue(f"{lane}-{number}", "text", Turn(lane, "one", "ana"))
    assert await taken(queue) == [
        f"{lane}-{number}" for lane in Lane for number in range(2)
    ]


async def test_slow_work_waits_in_a_queue_of_its_own(queue: Queue) -> None:
    await queue.enqueue("book", "files")
    await queue.enqueue("sentence", "text")
    assert await taken(queue, "text") == ["sentence"]
    assert await taken(queue, "files") == ["book"]


async def test_what_waits_already_waits_once(queue: Queue) -> None:
    await queue.enqueue("job", "text", Turn(Lane.BULK, "one", "ana"))
    await queue.enqueue("job", "text", Turn(Lane.SYNC, "one", "ana"))
    assert await taken(queue) == ["job"]
    await queue.enqueue("job", "text")
    assert await taken(queue) == ["job"], "it may wait again once it was taken"


async def test_the_same_message_means_the_same_job_until_it_is_done(
    queue: Queue,
) -> None:
    await queue.enqueue("job-0", "text")
    await queue.enqueue("job-1", "text")
    assert await queue.take("m", "job-0", "text") == Taken("job-0")
    assert await queue.take("m", "job-0", "text") == Taken("job-0")
    await queue.done("m", "text")
    assert await queue.take("m", "job-0", "text") == Taken("job-1")


async def test_what_is_put_back_comes_before_the_others_of_its_user(
    queue: Queue,
) -> None:
    for user in ("ana", "ben"):
        for number in range(2):
            turn = Turn(Lane.BULK, "one", user)
            await queue.enqueue(f"{user}-{number}", "text", turn)
    assert await queue.take("m", "", "text") == Taken("ana-0")
    await queue.put_back("m", "text", 0)
    assert await queue.waiting_in("text") == {"ana-0", "ana-1", "ben-0", "ben-1"}
    assert await taken(queue) == ["ben-0", "ana-0", "ben-1", "ana-1"]


async def test_what_is_put_back_for_later_is_not_taken_before(queue: Queue) -> None:
    await queue.enqueue("late", "text")
    await queue.enqueue("next", "text")
    assert await queue.take("m", "", "text") == Taken("late")
    await queue.put_back("m", "text", 3600)
    assert await taken(queue) == ["next"]
    assert await queue.waiting_in("text") == {"late"}
    assert (await queue.backlog()).total == 1
    assert await queue.take("its own", "late", "text") == Taken("late")
    await queue.put_back("unknown", "text", 0)


async def test_what_waits_can_be_asked(queue: Queue) -> None:
    assert await queue.waiting_in("text") == frozenset()
    await queue.enqueue("patient", "text", Turn(Lane.BULK, "one", "ana"))
    await queue.enqueue("urgent", "text", Turn(Lane.SYNC, "two", "ben"))
    await queue.enqueue("book", "files", Turn(Lane.BULK, "one", "ben"))
    assert await queue.waiting_in("text") == {"patient", "urgent"}
    assert await queue.waiting_in("files") == {"book"}
    backlog = await queue.backlog()
    assert {place: count for place, count in backlog.by_lane.items() if count} == {
        ("text", Lane.BULK): 1,
        ("text", Lane.SYNC): 1,
        ("files", Lane.BULK): 1,
    }
    assert (backlog.total, dict(backlog.by_project)) == (3, {"one": 2, "two": 1})
    of_one = await queue.backlog("one")
    assert (of_one.total, dict(of_one.by_project)) == (3, {"one": 2})
    await taken(queue, "text")
    await taken(queue, "files")
    assert (await queue.backlog()).total == 0
    assert (await queue.backlog("one")).by_project["one"] == 0


async def test_a_backlog_of_ten_thousand_is_seen_whole(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    lists = FairLists(redis, prefix)
    for number in range(10_000):
        await lists.push(f"job-{number}", "text", Turn(Lane.BULK, "one", "ana"))
    ids = {f"job-{number}" for number in range(10_000)}
    assert await lists.waiting_in("text") == ids


async def test_messages_that_are_missing_are_sent(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    queue = CeleryQueue(valkey_server.url, prefix, redis)
    for number in range(3):
        await queue.enqueue(f"job-{number}", "text")
    assert await queue.top_up("text") == 0
    await asyncio.to_thread(messages, valkey_server.url, prefix, "text", 2)
    assert await queue.top_up("text") == 2
    assert await queue.top_up("text") == 0
    await asyncio.to_thread(messages, valkey_server.url, prefix, "text", 3)
    await queue.take("m", "", "text")
    await queue.put_back("m", "text", 3600)
    assert await queue.top_up("text") == 1, "the one that is for later has its own"


async def test_a_clock_that_is_set_back_holds_up_nothing_that_was_put_back(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    queue = CeleryQueue(valkey_server.url, prefix, redis)
    await FairLists(redis, prefix).push("job", "text", Turn())
    await queue.take("m", "", "text")
    await FairLists(redis, prefix).put_back("m", "text", 60)
    await redis.zincrby(f"{prefix}:fair:{{text}}:later", DAY_MS, "job")
    assert await queue.top_up("text") == 1, "its own message waits for tomorrow"
    assert await queue.take("n", "", "text") == Taken("job")


async def test_lists_that_lost_their_order_are_begun_anew(
    redis: Redis, prefix: str
) -> None:
    """Their keys go one by one where the server is short of memory."""
    lists = FairLists(redis, prefix)
    await lists.push("job", "text", Turn(Lane.BULK, "one", "ana"))
    await redis.delete(f"{prefix}:fair:{{text}}:bulk")
    assert await lists.take("m", "job", "text") is None
    assert await lists.waiting_in("text") == frozenset(), "so the sweeper finds it"
    assert await lists.push("job", "text", Turn(Lane.BULK, "one", "ana"))
    assert await lists.take("m", "job", "text") == Taken("job")


async def test_every_key_of_the_lists_expires(redis: Redis, prefix: str) -> None:
    lists = FairLists(redis, prefix)
    for user in ("ana", "ben", "cy"):
        await lists.push(user, "text", Turn(Lane.BULK, "one", user))
    await lists.take("m", "", "text")
    await lists.put_back("m", "text", 60)
    await lists.take("n", "", "text")
    await assert_every_key_expires(redis, prefix)


async def test_a_message_names_its_task_and_carries_only_the_id(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    await CeleryQueue(valkey_server.url, prefix, redis).enqueue("job-1", "text")
    [message] = await asyncio.to_thread(messages, valkey_server.url, prefix, "text", 1)
    assert message.headers["task"] == WORK == "souvenir.work"
    assert message.headers[FAIR] == "text"
    assert message.content_type == "application/json"
    args, kwargs, _ = json.loads(message.body)
    assert (args, kwargs) == (["job-1"], {})


async def test_every_key_of_the_broker_has_our_prefix(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    await redis.flushdb()
    await CeleryQueue(valkey_server.url, prefix, redis).enqueue("job-1", "text")
    assert {key.decode().startswith(f"{prefix}:") for key in await redis.keys()} == {
        True
    }


async def test_the_loop_is_free_while_it_sends(
    valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    queue, turns = CeleryQueue(valkey_server.url, prefix, redis), 0
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
    url = f"redis://127.0.0.1:{unused_tcp_port}/0"
    client = connect(url)
    queue = CeleryQueue(url, prefix, client)
    for call in (
        queue.enqueue("job", "text"),
        queue.take("m", "job", "text"),
        queue.done("m", "text"),
        queue.put_back("m", "text", 1),
        queue.waiting_in("text"),
        queue.backlog(),
        queue.top_up("text"),
    ):
        with pytest.raises(Unavailable):
            await call
    await client.aclose()


async def test_a_broker_that_takes_no_message_is_unavailable(
    redis: Redis, unused_tcp_port: int, prefix: str
) -> None:
    queue = CeleryQueue(f"redis://127.0.0.1:{unused_tcp_port}/0", prefix, redis)
    with pytest.raises(Unavailable):
        await queue.enqueue("job", "text")
