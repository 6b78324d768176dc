"""OpenTelemetry's spans: the request, its document, its use cases and their SQL statements.

Where they are sent is for OpenTelemetry's own variables to say (OTEL_EXPORTER_OTLP_ENDPOINT). No
span has a variable, a parameter of a statement, or a word of an answer.
"""

import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from db.pool import Database, Statement
from offerpath.telemetry import Told
from schema.spans import listen_to_spans

_NANOSECONDS = 1_000_000_000


class Tracing:
    """The spans of this process, sent in the background."""

    def __init__(self, exporter: SpanExporter | None = None) -> None:
        """Send them by an exporter; that of OTLP over HTTP unless another is given."""
        resource = Resource.create({SERVICE_NAME: "offerpath"})
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
        self.tracer = self._provider.get_tracer("offerpath")

    @contextmanager
    def listening(self) -> Iterator["Tracing"]:
        """Have the schema tell its spans until the block ends; then send what is left."""

        @contextmanager
        def begin(name: str) -> Iterator[None]:
            # What an error says may hold anything: that there was one is all that is told.
            with self.tracer.start_as_current_span(
                name, record_exception=False, set_status_on_exception=False
            ) as span:
                try:
                    yield
                except Exception:
                    span.set_status(Status(StatusCode.ERROR))
                    raise

        listen_to_spans(begin)
        try:
            yield self
        finally:
            listen_to_spans(None)
            self._provider.shutdown()

    def watch(self, app: Starlette, database: Database) -> None:
        """Tell of the requests of an application, and of the statements of its database."""
        app.add_middleware(Traces, tracer=self.tracer)
        database.on_statement = self.statement

    def statement(self, done: Statement) -> None:
        """Tell of a statement that is over, as a part of what sent it."""
        end = time.time_ns()
        name = done.text.lstrip().split(None, 1)[0].upper() if done.text.strip() else "SQL"
        span = self.tracer.start_span(
            name,
            kind=SpanKind.CLIENT,
            start_time=end - int(done.seconds * _NANOSECONDS),
            attributes={"db.system.name": "postgresql", "db.query.text": done.text},
        )
        if done.has_failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end(end)


class Traces:
    """A span for every request and WebSocket; the client's own trace ids are not believed."""

    def __init__(self, app: ASGIApp, *, tracer: Tracer) -> None:
        self._tracer = tracer
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        with self._tracer.start_as_current_span(
            "request",
            kind=SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ):
            await self._app(scope, receive, send)


def describe_span(told: Told) -> None:
    """Give the current span its name and attributes, now that they are known."""
    span, observed = trace.get_current_span(), told.observed
    span.update_name(f"{told.method} {told.route}")
    given: MutableMapping[str, Any] = {
        "http.request.method": told.method,
        "http.route": told.route,
        "http.response.status_code": told.status,
        "graphql.operation.name": observed.operation,
        "offerpath.partner_id": observed.partner_id,
        "offerpath.code": observed.code,
        "offerpath.trace_id": told.trace_id,
        "offerpath.kept": observed.is_kept,
    }
    span.set_attributes({name: value for name, value in given.items() if value is not None})
    if told.status >= 500:
        span.set_status(Status(StatusCode.ERROR))
