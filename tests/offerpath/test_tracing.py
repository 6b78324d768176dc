"""Spans tell where a request's time went, by names alone; and nothing is loaded for nothing."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from formats.sample.portfolio import sample_portfolio
from offerpath.app import create_app
from offerpath.tracing import Tracing
from tests.offerpath.command import Cli
from tests.offerpath.subscriptions.conftest import Base, base, house_of
from tests.offerpath.subscriptions.serving import serving

__all__ = ["base"]

NAME = "Quillfeather-Zappa"
ASKS = "query Asks($name: String!) { customers(text: $name, first: 1) { totalCount } }"


async def _spans(base: Base, folder: Path, body: dict[str, object]) -> tuple[ReadableSpan, ...]:
    """Return the spans of one question over HTTP."""
    kept = InMemorySpanExporter()
    house = await house_of(base, folder)
    house = replace(house, settings=house.settings.model_copy(update={"tracing": True}))
    await base.stores.customers.store(house.principal, sample_portfolio())
    try:
        with Tracing(kept).listening() as tracing:
            app = create_app(house)
            tracing.watch(app, base.database)
            async with (
                app.router.lifespan_context(app),
                serving(app) as host,
                httpx2.AsyncClient(base_url=f"http://{host}", trust_env=False) as client,
            ):
                headers = {"traceparent": f"00-{'1' * 32}-{'2' * 16}-01", "authorization": NAME}
                await client.post("/graphql", json=body, headers=headers)
    finally:
        base.database.on_statement = None
    return tuple(kept.get_finished_spans())


async def test_a_request_has_spans_for_its_document_its_use_case_and_its_statements(
    base: Base, tmp_path: Path
) -> None:
    spans = await _spans(base, tmp_path, {"query": ASKS, "variables": {"name": NAME}})
    (request,) = [span for span in spans if span.name == "POST /graphql"]
    assert request.attributes is not None
    assert request.attributes["graphql.operation.name"] == "Asks"
    assert request.attributes["http.response.status_code"] == 200
    assert request.context is not None
    trace_id = request.context.trace_id
    own = [span for span in spans if span.context and span.context.trace_id == trace_id]
    names = {span.name for span in own}
    assert {"graphql.parse", "graphql.validate", "graphql.execute", "Query.customers"} <= names
    use_cases = [span.context for span in own if span.name == "Query.customers"]
    statements = [span for span in own if span.attributes and "db.query.text" in span.attributes]
    assert [span for span in statements if span.parent in use_cases]
    # The trace id that the client sent is not believed.
    assert trace_id != int("1" * 32, 16)


@pytest.mark.parametrize(
    "body",
    [
        {"query": ASKS, "variables": {"name": NAME}},
        {"query": ASKS, "variables": {"name": [NAME]}},
        {"query": "{ %s }" % NAME},
        {"query": '{ customer(id: "%s") { __typename } }' % NAME},
        {"query": ASKS, "operationName": f"{NAME} Ltd", "variables": {}},
    ],
)
async def test_no_span_has_a_name_or_a_value(
    base: Base, tmp_path: Path, body: dict[str, object]
) -> None:
    spans = await _spans(base, tmp_path, body)
    assert spans
    assert NAME not in "".join(span.to_json() for span in spans)


def test_neither_spans_nor_numbers_are_loaded_where_nobody_wants_them() -> None:
    program = (
        "import sys, offerpath.app, offerpath.cli.serving.server;"
        "print([name for name in sys.modules"
        " if name.split('.')[0] in ('opentelemetry', 'prometheus_client')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_spans_without_their_library_are_a_setting_that_cannot_be_used(
    tmp_path: Path,
) -> None:
    """A folder that stands in the way of the library takes the place of a machine without it."""
    (tmp_path / "opentelemetry.py").write_text("raise ImportError('not installed')\n")
    settings = {"OFFERPATH_TRACING": "true", "PYTHONPATH": str(tmp_path)}
    done = Cli(tmp_path / "data").run("serve", "--port", "0", "--json", **settings)
    assert (done.code, done.error["code"]) == (2, "BAD_SETTING")
    assert "offerpath[otel]" in done.error["message"]
