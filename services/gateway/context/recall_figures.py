"""Figures of recall for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class RecallFigures:
    """Measures the stages of searches, and counts those that had to do without
    something.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._degraded = Counter(
            "souvenir_recall_degraded",
            "Searches that had to do without something that was away",
            ("without",),
            registry=registry,
        )

        self._stages = Histogram(
            "souvenir_recall_stage_seconds",
            "Time of a stage of recall, s",
            ("stage",),
            buckets=_BUCKETS_S,
            registry=registry,
        )

    def took(self, seconds: Mapping[str, float]) -> None:
        """The stages of one search."""
        for stage, took in seconds.items():
            self._stages.labels(stage).observe(took)

    def without(self, what: str) -> None:
        """One search did without the embedder, or the reranker."""
        self._degraded.labels(what).inc()
