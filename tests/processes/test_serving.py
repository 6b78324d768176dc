"""`offerpath serve` stops without breaking anything off, and answers the same by any process."""

import hashlib
import json
import os
import signal
import time
from contextlib import suppress
from http.client import IncompleteRead
from uuid import uuid4

import pytest

from db.embedded import EmbeddedServer
from tests.formats import samples
from tests.offerpath.command import Cli
from tests.offerpath.served import (
    SECONDS,
    Served,
    children_of,
    is_running,
    processes_of,
    served,
    wait_until,
)

LONG_REPORT = "/reports/paths?shape=steps&with_no_path=true&format=ndjson"
COUNT = "{ customers(first: 1) { totalCount } }"
IMPORT = """mutation($file: ImportFileInput!) {
  importCustomers(file: $file) { __typename ... on CustomersImported { rows } }
}"""
EVERYTHING = """{
  catalog { contentHash }
  customers(first: 50) { edges { node { name subscriptions { edges { node { id } } } } } }
  offer(catalogId: "BD938F12-058F-4927-BBA3-AE36B1D2501C") {
    ... on Offer { reachable(first: 9) { edges { node { catalogId } } } }
  }
}"""


def _rest_of(end: object) -> bytes:
    """Return all that still comes until the server closes or the last chunk is there."""
    body = bytearray()
    with suppress(ConnectionResetError):
        while piece := end.recv(1 << 20):  # type: ignore[attr-defined]
            body += piece
            if body.endswith(b"\r\n0\r\n\r\n"):
                break
    return bytes(body)


def test_a_server_that_stops_says_so_at_once_and_answers_until_balancers_have_noticed(
    cli: Cli,
) -> None:
    with served(cli, OFFERPATH_SHUTDOWN_DELAY_SECONDS="1.5") as server:
        assert server.get("/readyz")[0] == 200
        server.process.send_signal(signal.SIGTERM)
        assert wait_until(lambda: server.get("/readyz")[0] == 503, 1.0)
        told = json.loads(server.get("/readyz")[1])
        assert told["errors"][0]["extensions"]["code"] == "SHUTTING_DOWN"
        assert server.get("/healthz")[0] == 200
        assert server.ask("{ __typename }") == {"__typename": "Query"}
        assert server.ended() == (0, "")
        with pytest.raises(OSError, match=r"refused|reset"):
            server.get("/healthz")


def test_a_report_under_way_is_sent_to_its_end_before_the_server_stops(cli: Cli) -> None:
    with served(cli) as server:
        manifest = json.loads(server.get(LONG_REPORT.replace("paths?", "paths/manifest?"))[1])
        with server.opened(LONG_REPORT, window=4096) as end:
            first = end.recv(4096)
            server.process.send_signal(signal.SIGTERM)
            assert wait_until(lambda: not _takes_connections(server))
            assert server.process.poll() is None
            whole = first + _rest_of(end)
        assert server.ended() == (0, "")
    head, _, chunks = whole.partition(b"\r\n\r\n")
    assert b" 200 " in head
    assert hashlib.sha256(_joined(chunks)).hexdigest() == manifest["sha256"]


def test_a_report_that_takes_too_long_is_broken_off_so_that_its_reader_sees_it(cli: Cli) -> None:
    with served(cli, OFFERPATH_SHUTDOWN_SECONDS="0.05") as server:
        with server.opened(LONG_REPORT, window=4096) as end:
            first = end.recv(4096)
            begun = time.monotonic()
            code, _ = server.stop()
            assert code == 0
            assert time.monotonic() - begun < SECONDS / 2
            whole = first + _rest_of(end)
        with pytest.raises(IncompleteRead):
            _joined(whole.partition(b"\r\n\r\n")[2])


def _takes_connections(server: Served) -> bool:
    try:
        server.opened("/healthz").close()
    except OSError:
        return False
    return True


def _joined(chunks: bytes) -> bytes:
    """Return a body sent in chunks. Raises: IncompleteRead, where its last chunk is missing."""
    joined = bytearray()
    while True:
        length, line, chunks = chunks.partition(b"\r\n")
        if not line or len(chunks) < int(length, 16) + 2:
            raise IncompleteRead(bytes(joined))
        if not int(length, 16):
            return bytes(joined)
        joined += chunks[: int(length, 16)]
        chunks = chunks[int(length, 16) + 2 :]


@pytest.mark.parametrize(
    ("options", "number"), [((), signal.SIGTERM), (("--workers", "2"), signal.SIGINT)]
)
def test_a_second_signal_ends_it_at_once(
    cli: Cli, options: tuple[str, ...], number: signal.Signals
) -> None:
    with served(cli, *options, OFFERPATH_SHUTDOWN_DELAY_SECONDS="300") as server:
        workers = children_of(server.process.pid) if options else []
        server.process.send_signal(number)
        assert wait_until(lambda: server.get("/readyz")[0] == 503)
        begun = time.monotonic()
        assert server.stop(number) == (128 + number, "")
        assert time.monotonic() - begun < 5
    assert wait_until(lambda: not any(map(is_running, workers)))


def test_workers_answer_alike_and_an_import_by_one_is_known_to_all(cli: Cli) -> None:
    with served(cli, "--workers", "2", OFFERPATH_PARTNER_ID=str(uuid4())) as server:
        answers = {json.dumps(server.ask(EVERYTHING), sort_keys=True) for _ in range(12)}
        assert len(answers) == 1
        before = server.ask(COUNT)["customers"]["totalCount"]
        file = {"name": "a.csv", "content": f"customer_id,name\n{samples.CUSTOMER},Rowan\n"}
        assert server.ask(IMPORT, file=file)["importCustomers"]["rows"] == 1
        counts = {server.ask(COUNT)["customers"]["totalCount"] for _ in range(12)}
        assert counts == {before + 1}
        assert server.stop() == (0, "")


def test_a_worker_that_dies_is_replaced_and_the_others_go_on(cli: Cli) -> None:
    with served(cli, "--workers", "2") as server:
        first, second = children_of(server.process.pid)
        os.kill(first, signal.SIGKILL)
        assert wait_until(lambda: not is_running(first))
        assert server.ask("{ __typename }") == {"__typename": "Query"}
        assert wait_until(lambda: len(children_of(server.process.pid)) == 2)
        assert second in children_of(server.process.pid)
        code, err = server.stop()
        assert code == 0
        assert len(err.splitlines()) == 1
        assert "started anew" in err


def test_nothing_is_left_of_a_parent_that_is_killed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    own = Cli(tmp_path_factory.mktemp("workers") / "data")
    with served(own, "--workers", "2") as server:
        workers = children_of(server.process.pid)
        assert len(workers) == 2
        server.process.kill()
        server.ended()
        assert wait_until(lambda: not any(map(is_running, workers)))
        assert wait_until(lambda: not processes_of(own.data_dir))


def test_workers_that_cannot_start_are_a_fault_and_no_loop(cli: Cli) -> None:
    """The database is reached by the parent, and by no worker."""
    done = cli.run("serve", "--worker-socket", "99", "--json")
    assert done.code == 1


def test_two_servers_over_one_database_answer_alike_at_once(cli: Cli) -> None:
    """No replica has a memory that another's import leaves behind."""
    with EmbeddedServer.attach(cli.data_dir / "postgres") as postgres:
        shared = {"OFFERPATH_DATABASE_URL": postgres.url, "OFFERPATH_PARTNER_ID": str(uuid4())}
        with served(cli, **shared) as one, served(cli, **shared) as other:
            assert one.ask(EVERYTHING) == other.ask(EVERYTHING)
            before = other.ask(COUNT)["customers"]["totalCount"]
            for number, (server, reader) in enumerate([(one, other), (other, one)], start=1):
                row = f"{uuid4()},Rowan {number}"
                file = {"name": "a.csv", "content": f"customer_id,name\n{row}\n"}
                assert server.ask(IMPORT, file=file)["importCustomers"]["rows"] == 1
                assert reader.ask(COUNT)["customers"]["totalCount"] == before + number
            assert one.ask(EVERYTHING) == other.ask(EVERYTHING)
