"""PostgreSQL is killed while many ask: no answer is wrong, and nothing has to be started anew."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.offerpath.command import Cli
from tests.offerpath.served import Served, processes_of, served, wait_until

QUESTIONS = (
    '{ customers(first: 5, text: "a") { totalCount edges { node { customerId name } } } }',
    "{ portfolio { customers total { subscriptions seats } } }",
    '{ offers(text: "E3", first: 3) { edges { node { catalogId title } } } }',
)
IMPORT = """mutation($file: ImportFileInput!) {
  importCustomers(file: $file) { __typename }
}"""
STORED = '{ customers(first: 200, text: "Kept") { edges { node { customerId } } } }'


class Load:
    """Several clients that ask without a pause, and one that imports one customer after another."""

    def __init__(self, server: Served) -> None:
        self._server = server
        self._right = [server.ask(question) for question in QUESTIONS]
        self._done = threading.Event()
        self.wrong: list[Any] = []
        self.codes: set[str] = set()
        self.answered = 0
        self.acknowledged: list[str] = []
        work = [*(lambda n=n: self._ask(n) for n in range(len(QUESTIONS))), self._import]
        self._threads = [threading.Thread(target=one, daemon=True) for one in work]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    def _ask(self, number: int) -> None:
        while not self._done.is_set():
            told = self._server.answer(QUESTIONS[number])
            if not self._is_outage(told):
                self.answered += 1
                if told.get("data") != self._right[number]:
                    self.wrong.append(told)

    def _import(self) -> None:
        while not self._done.is_set():
            guid = str(uuid4())
            file = {"name": "a.csv", "content": f"customer_id,name\n{guid},Kept {guid}\n"}
            told = self._server.answer(IMPORT, file=file)
            if self._is_outage(told):
                time.sleep(0.02)
            elif told["data"]["importCustomers"]["__typename"] == "CustomersImported":
                self.acknowledged.append(guid)
            else:
                self.wrong.append(told)

    def _is_outage(self, told: dict[str, Any]) -> bool:
        codes = {error["extensions"]["code"] for error in told.get("errors", ())}
        self.codes |= codes
        return bool(codes)


def _postmaster(folder: Path) -> int:
    """Return the server itself: the first of those that bear its command line for a moment."""
    programs = {pid: _program(pid) for pid in processes_of(folder)}
    return min(
        (pid for pid, program in programs.items() if program.endswith(b"bin/postgres")),
        key=_started,
    )


def _program(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return b""


def _started(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return sys.maxsize


def test_no_answer_is_wrong_and_no_acknowledged_import_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    own = Cli(tmp_path_factory.mktemp("killed") / "data")
    with served(own, "--workers", "2") as server:
        load = Load(server)
        load.begin()
        assert wait_until(lambda: load.answered > 5)
        os.kill(_postmaster(own.data_dir), signal.SIGKILL)
        assert wait_until(lambda: bool(load.codes))
        assert wait_until(lambda: _is_well(server))
        answered = load.answered
        assert wait_until(lambda: load.answered > answered + 5)
        load.end()
        assert load.wrong == []
        assert load.codes == {"DATABASE_UNAVAILABLE"}
        stored = {edge["node"]["customerId"] for edge in server.ask(STORED)["customers"]["edges"]}
        assert load.acknowledged
        assert len(stored) == 200 or set(load.acknowledged) <= stored
        assert server.stop()[0] == 0


def _is_well(server: Served) -> bool:
    return "errors" not in server.answer(QUESTIONS[0])
