"""Figures of recall for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter


class RecallFigures:
    """Counts the searches that had to do without something."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._degraded = Counter(
            "souvenir_recall_degraded",
            "Searches that had to do without something that was away",
            ("without",),
            registry=registry,
        )

    def without(self, what: str) -> None:
        """One search did without the embedder, or the reranker."""
        self._degraded.labels(what).inc()
