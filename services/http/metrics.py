"""Figures for Prometheus, one registry for each app (two apps in one process do not meet)."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

_BUCKETS_S = (
    0.002,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    30.0,
)


class Metrics:
    """What a service counts about its requests; other figures are registered at `registry`."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._service = service
        self._requests = Counter(
            "souvenir_http_requests",
            "Requests answered",
            ("service", "method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "souvenir_http_request_seconds",
            "Time to the end of the answer, s",
            ("service", "route"),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )

        self._errors = Counter(
            "souvenir_http_errors",
            "Errors answered, by the contract's code",
            ("service", "code"),
            registry=self.registry,
        )

    def error(self, code: int) -> None:
        """An error was answered."""
        self._errors.labels(self._service, str(code)).inc()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered; status 0 when the client left before."""
        self._requests.labels(self._service, method, route, str(status)).inc()
        self._seconds.labels(self._service, route).observe(seconds)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
