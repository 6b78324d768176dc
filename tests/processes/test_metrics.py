"""What Prometheus reads: counts by bounded names, levels, and the sum over all workers."""

import re
from collections.abc import Iterator
from urllib.request import Request

import pytest

from tests.bench.ports import free_port
from tests.offerpath.command import Cli
from tests.offerpath.served import Served, send, served, wait_until

NAMED = "query Named { __typename }"
HOSTILE = "query Contoso%s { __typename }"
_LINE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")


class Numbers:
    """What /metrics says, as numbers by name and labels."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, labels, value = _LINE.fullmatch(line).groups()  # type: ignore[union-attr]
                key = frozenset(re.findall(r'(\w+)="([^"]*)"', labels or ""))
                self._found[name, key] = float(value)

    def of(self, name: str, **labels: str) -> float:
        """Return the sum of all that have these labels."""
        wanted = set(labels.items())
        return sum(one for (n, key), one in self._found.items() if n == name and wanted <= key)

    def labels(self, name: str, label: str) -> set[str]:
        return {dict(key)[label] for n, key in self._found if n == name}


@pytest.fixture(params=["1", "2"], scope="module")
def measured(cli: Cli, request: pytest.FixtureRequest) -> Iterator[tuple[Served, str]]:
    """Give a server of one process or of two, and where its numbers are."""
    port = str(free_port())
    settings = {"OFFERPATH_METRICS_PORT": port, "OFFERPATH_METRICS_OPERATIONS": "Named Other"}
    with served(cli, "--workers", request.param, **settings) as server:
        yield server, f"http://127.0.0.1:{port}/metrics"
        assert server.stop() == (0, "")


def _read(url: str) -> Numbers:
    status, body = send(Request(url))
    assert status == 200
    return Numbers(body.decode())


def test_requests_are_counted_once_by_whichever_process_answered(
    measured: tuple[Served, str],
) -> None:
    server, url = measured
    before = _read(url)
    for _ in range(20):
        server.ask(NAMED)
    assert server.answer("{ nothing }")["errors"]
    assert server.get("/nowhere")[0] == 404

    def counted(numbers: Numbers, **labels: str) -> float:
        now = numbers.of("offerpath_requests_total", **labels)
        return now - before.of("offerpath_requests_total", **labels)

    # A client has its answer a moment before it is counted.
    assert wait_until(lambda: counted(_read(url), route="other") == 1)
    after = _read(url)
    assert counted(after, operation="Named", status="200", route="/graphql") == 20
    assert counted(after, operation="other") == 1
    name = "offerpath_request_seconds_count"
    assert after.of(name, operation="Named") - before.of(name, operation="Named") == 20
    code = {"code": "GRAPHQL_VALIDATION_FAILED"}
    errors = after.of("offerpath_errors_total", **code) - before.of(
        "offerpath_errors_total", **code
    )
    assert errors == 1


def test_names_that_clients_make_up_become_no_labels(measured: tuple[Served, str]) -> None:
    server, url = measured
    for number in range(30):
        server.ask(HOSTILE % number)
        server.get(f"/contoso-{number}")
    told = _read(url)
    assert told.labels("offerpath_requests_total", "operation") <= {"Named", "other", ""}
    assert "ontoso" not in told.text


def test_levels_are_those_of_all_processes(measured: tuple[Served, str]) -> None:
    server, url = measured
    server.ask("{ offers(first: 3) { totalCount } }")
    with_two = server.process.args[-1:] == ["2"]  # type: ignore[index]
    assert wait_until(lambda: _read(url).of("offerpath_kept_answers_bytes") > 0)
    told = _read(url)
    assert told.of("offerpath_database_connections_most") == (20 if with_two else 10)
    assert told.of("offerpath_database_connections") >= 1
    assert told.of("offerpath_resident_bytes") > 20_000_000
    for name in ("open_streams", "planner_waiting", "runs_waiting"):
        assert told.of(f"offerpath_{name}") == 0


def test_the_api_itself_tells_no_numbers(measured: tuple[Served, str]) -> None:
    server, _ = measured
    assert server.get("/metrics")[0] == 404
