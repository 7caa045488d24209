"""What language models cost, for Prometheus: the gateway and the workers count in Redis,
the status service shows it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.domain.model_answer import Usage
from shared.errors import Unavailable
from shared.ports import ModelUsage

log = logging.getLogger(__name__)

PERIOD_S = 10.0
"""Between two looks."""
_LABELS = ("role", "outcome")


class ModelFigures(Collector):
    """Figures of all calls of language models, by role and outcome."""

    def __init__(self, counter: ModelUsage, registry: CollectorRegistry) -> None:
        self._counter = counter
        self._totals: Mapping[tuple[str, str], Usage] = {}
        registry.register(self)

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            try:
                await self.look()
            except Unavailable as error:
                log.debug("model_figures_not_read", extra={"error": error.message})
            await asyncio.sleep(PERIOD_S)

    async def look(self) -> None:
        """Read the totals. Raises `Unavailable`."""
        self._totals = await self._counter.totals()

    def collect(self) -> Iterator[Metric]:
        """Called by the registry for each exposition."""
        calls = CounterMetricFamily(
            "souvenir_model_calls", "Calls of language models", labels=_LABELS
        )
        tokens = CounterMetricFamily(
            "souvenir_model_tokens",
            "Tokens of language models",
            labels=(*_LABELS, "part"),
        )
        seconds = CounterMetricFamily(
            "souvenir_model_seconds",
            "Time until language models had answered, s",
            labels=_LABELS,
        )
        for key, usage in self._totals.items():
            calls.add_metric(key, usage.calls)
            tokens.add_metric((*key, "prompt"), usage.prompt_tokens)
            tokens.add_metric((*key, "completion"), usage.completion_tokens)
            seconds.add_metric(key, usage.milliseconds / 1000)
        yield from (calls, tokens, seconds)
