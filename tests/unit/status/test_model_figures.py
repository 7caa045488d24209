"""Figures of language models for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest

from services.status.model_figures import ModelFigures
from shared.domain.model_answer import Usage
from tests.fakes.model_usage import FakeModelUsage


async def test_calls_tokens_and_seconds_by_role_and_outcome() -> None:
    counter, registry = FakeModelUsage(), CollectorRegistry()
    figures = ModelFigures(counter, registry)
    for project in ("one", "two"):
        await counter.record(project, "extract", "answered", Usage(1, 70, 9, 1500))
    await counter.record("one", "chat", "unavailable", Usage(1))
    await figures.look()
    text = generate_latest(registry).decode()
    for line in (
        'souvenir_model_calls_total{outcome="answered",role="extract"} 2.0',
        'souvenir_model_calls_total{outcome="unavailable",role="chat"} 1.0',
        'souvenir_model_seconds_total{outcome="answered",role="extract"} 3.0',
    ):
        assert line in text
    assert (
        'souvenir_model_tokens_total{outcome="answered",part="prompt",role="extract"}'
        " 140.0" in text
    )
