"""A trace goes from the request through the queue to the call of a model."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from redis.asyncio import Redis

from shared.adapters.celery_queue import TRACE, CeleryQueue
from shared.adapters.otel import OtelTracer
from shared.domain.model_budget import Budget
from shared.metering.metered_model import Account, MeteredModel
from shared.settings import Settings
from shared.tracing import install, past_span, span, traceparent
from shared.wiring import tracing
from tests.api.world import World
from tests.contract.test_queue import messages
from tests.fakes.chat_model import FakeChatModel
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.model_usage import FakeModelUsage
from tests.support.receiver import Receiver
from tests.support.redis_ports import prefix, redis, valkey_server
from tests.support.valkey import Valkey

__all__ = ["prefix", "redis", "valkey_server"]


class Traced:
    """What was traced until now."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._tracer = OtelTracer("test", self._exporter)
        install(self._tracer)

    def spans(self) -> dict[str, Any]:
        """By name."""
        self._tracer.flush()
        return {found.name: found for found in self._exporter.get_finished_spans()}


@pytest.fixture
def traced() -> Iterator[Traced]:
    yield Traced()
    install(None)


async def test_a_request_a_job_and_a_model_call_are_one_trace(
    traced: Traced, valkey_server: Valkey, redis: Redis, prefix: str
) -> None:
    queue = CeleryQueue(valkey_server.url, prefix, redis)
    with span("request"):
        await queue.enqueue("job-1", "text")
    with span("another request"):
        await queue.enqueue("job-2", "text")
    taken = await queue.take("a message", "job-2", "text")
    assert taken is not None and taken.job == "job-1"
    usage = Account("one", "extract", Budget(), FakeModelUsage())
    with span("job", taken.trace, job=taken.job):
        past_span("step extract", 1.0, 2.0)
        await MeteredModel(FakeChatModel("yes"), usage).complete([])
    spans = traced.spans()
    request = spans["request"].context
    assert spans["job"].parent.span_id == request.span_id
    for name in ("job", "step extract", "model extract"):
        assert spans[name].context.trace_id == request.trace_id, name
    for name in ("step extract", "model extract"):
        assert spans[name].parent.span_id == spans["job"].context.span_id, name
    assert spans["step extract"].start_time == 1_000_000_000
    assert spans["another request"].context.trace_id != request.trace_id
    first, _ = messages(valkey_server.url, prefix, "text", 2)
    assert f"{request.trace_id:032x}" in first.headers[TRACE]


async def test_a_request_goes_on_with_the_trace_of_its_sender(traced: Traced) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    parent = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    async with World(FakeEmbedder(), working=False) as world:
        body = {"user_id": "ann", "messages": [{"role": "user", "content": "hello"}]}
        await world.post("add/message", body, headers=parent)
        await world.post("search/memory", {"user_id": "ann", "query": "who?"})
        await world.client.get("/health")
    spans = traced.spans()
    assert spans["recall candidates"].parent.span_id == spans["request"].context.span_id
    assert spans["request"].attributes["route"].endswith("/search/memory")
    assert spans["request"].attributes["status"] == 200
    exported = traced._exporter.get_finished_spans()
    requests = [found for found in exported if found.name == "request"]
    assert len(requests) == 2, "none for a probe"
    assert f"{requests[0].context.trace_id:032x}" == trace


async def test_what_is_raised_is_noted(traced: Traced) -> None:
    with pytest.raises(ZeroDivisionError), span("broken"):
        raise ZeroDivisionError
    assert not traced.spans()["broken"].status.is_ok


def test_without_a_tracer_nothing_happens() -> None:
    with span("request"):
        assert traceparent() == ""


async def test_spans_are_sent_to_the_collector_of_the_settings() -> None:
    with Receiver() as collector:
        url = collector.url
        async with tracing(replace(Settings(), traces_url=url), "test"):
            with span("request"):
                assert traceparent()
        assert traceparent() == ""
        [sent] = collector.deliveries
    assert sent.path == "/hook/v1/traces"
    assert b"souvenir-test" in sent.body and b"request" in sent.body


def test_no_library_is_loaded_while_it_is_off() -> None:
    code = (
        "import sys, asyncio; from shared.settings import Settings;"
        "from shared.wiring import tracing\n"
        "async def main():\n"
        "    async with tracing(Settings(), 'gateway'):\n"
        "        print('opentelemetry.sdk' in sys.modules)\n"
        "asyncio.run(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
