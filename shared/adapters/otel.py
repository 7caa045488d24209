"""Traces by OpenTelemetry, sent over OTLP/HTTP. Loaded only where traces are asked for:
`pip install 'souvenir-memory[otel]'`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.tracing import Value

_PATH = "/v1/traces"
_NANOSECONDS = 1_000_000_000
_TRACEPARENT = "traceparent"


def otlp_exporter(url: str) -> SpanExporter:
    """An exporter to a collector, e.g. http://collector:4318."""
    address = url.rstrip("/")
    endpoint = address if address.endswith(_PATH) else address + _PATH
    return OTLPSpanExporter(endpoint=endpoint)


class OtelTracer:
    """The Tracer of `shared.tracing`. Spans are sent in batches, in a thread of its own."""

    def __init__(self, service: str, exporter: SpanExporter) -> None:
        resource = Resource.create({"service.name": f"souvenir-{service}"})
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("souvenir")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(
        self, name: str, parent: str, attributes: dict[str, Value]
    ) -> Iterator[None]:
        with self._tracer.start_as_current_span(
            name, context=self._context(parent), attributes=attributes
        ):
            yield

    def past_span(
        self, name: str, begin: float, end: float, attributes: dict[str, Value]
    ) -> None:
        past = self._tracer.start_span(
            name, attributes=attributes, start_time=round(begin * _NANOSECONDS)
        )
        past.end(round(end * _NANOSECONDS))

    def note(self, attributes: dict[str, Value]) -> None:
        trace.get_current_span().set_attributes(attributes)

    def traceparent(self) -> str:
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier.get(_TRACEPARENT, "")

    def flush(self) -> None:
        """Send what was not sent yet, and end. Takes seconds where nobody answers."""
        self._provider.shutdown()

    def _context(self, parent: str) -> Context | None:
        """None: the current one."""
        if not parent:
            return None
        return self._propagator.extract({_TRACEPARENT: parent})
