"""Commands side by side, interrupted or killed leave nothing behind; reports come whole."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from tests.offerpath.command import Cli

BUSINESS_PREMIUM = "61795CAB-2ABD-43F6-88E9-C9ADAE5746E0"
_SECONDS = 20.0


def _wait_until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _processes_of(folder: Path) -> list[int]:
    """Return the processes whose command line names the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """Give an installation whose server runs only while a command does."""
    made = Cli(tmp_path_factory.mktemp("fresh") / "data")
    both = [made.start("paths", BUSINESS_PREMIUM, "any", "--json") for _ in range(2)]
    answers = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [0, 0], answers
    assert [err for _, err in answers] == ["", ""]
    first, second = (json.loads(out) for out, _ in answers)
    assert first["paths"] == second["paths"]
    assert first["catalog"] == second["catalog"]
    return made


def test_two_first_commands_at_once_set_up_one_installation(fresh: Cli) -> None:
    """The fixture ran them; no server outlives the last one."""
    assert _wait_until(lambda: not _processes_of(fresh.data_dir))


def test_a_killed_server_leaves_no_postgres_behind(fresh: Cli) -> None:
    serving = fresh.start("serve", "--port", "0", "--json")
    assert serving.stdout
    assert serving.stderr
    with serving.stdout, serving.stderr:
        assert "listening" in serving.stdout.readline()
        assert _processes_of(fresh.data_dir)
        serving.kill()
        serving.wait(timeout=_SECONDS)
        assert _wait_until(lambda: not _processes_of(fresh.data_dir))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_answers_beside_commands_and_stops_whole_at_a_signal(
    fresh: Cli, number: signal.Signals
) -> None:
    serving = fresh.start("serve", "--port", "0", "--json")
    assert serving.stdout
    where = json.loads(serving.stdout.readline())
    assert _ask(where["graphql"])["data"] == {"__typename": "Query"}
    assert fresh.run("offers", "e3", "--json").code == 0
    serving.send_signal(number)
    out, err = serving.communicate(timeout=_SECONDS)
    assert (serving.returncode, out, err) == (0, "", "")
    assert not _processes_of(fresh.data_dir)


def test_a_server_whose_postgres_and_supervisor_are_killed_answers_again(fresh: Cli) -> None:
    """Nothing has to be started anew, and no answer is made up in between."""
    serving = fresh.start("serve", "--port", "0", "--json")
    assert serving.stdout
    where = json.loads(serving.stdout.readline())["graphql"]
    question = "{ customers(first: 1) { totalCount } }"
    whole = _ask(where, question)
    for victim in _processes_of(fresh.data_dir):
        if victim != serving.pid:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
    seen: list[dict[str, Any]] = []

    def answers_again() -> bool:
        seen.append(_ask(where, question))
        time.sleep(0.1)
        return seen[-1] == whole

    assert _wait_until(answers_again)
    codes = {error["extensions"]["code"] for answer in seen for error in answer.get("errors", [])}
    assert codes <= {"DATABASE_UNAVAILABLE"}
    serving.send_signal(signal.SIGINT)
    serving.communicate(timeout=_SECONDS)
    assert _wait_until(lambda: not _processes_of(fresh.data_dir))


def _ask(url: str, query: str = "{ __typename }") -> dict[str, Any]:
    body = json.dumps({"query": query}).encode()
    request = Request(url, body, {"Content-Type": "application/json"})
    with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
        told: dict[str, Any] = json.loads(answer.read())
    return told


def test_a_port_in_use_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = Cli(tmp_path / "data").run("serve", "--port", port)
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[0] == (
        f"offerpath: cannot listen on 127.0.0.1 port {port}: address already in use"
    )
    assert not (tmp_path / "data").exists()


def test_an_address_of_another_machine_is_bad_input(tmp_path: Path) -> None:
    done = Cli(tmp_path / "data").call("serve", "--host", "192.0.2.1", "--json")
    assert (done.code, done.error["code"]) == (2, "BAD_SETTING")
    assert "cannot listen on '192.0.2.1'" in done.error["message"]


def test_a_report_stands_there_whole_with_its_manifest(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "paths.csv"
    done = cli.run("report", "paths", "--market", "us", "--out", str(out), "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert done.json["market"] == "US"
    assert Path(done.json["manifest"]).exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "paths.csv",
        "paths.csv.manifest.json",
    ]


def test_a_report_that_cannot_be_written_leaves_nothing(cli: Cli, tmp_path: Path) -> None:
    done = cli.call("report", "paths", "--out", str(tmp_path / "no" / "paths.csv"), "--json")
    assert (done.code, done.error["code"]) == (1, "REPORT_NOT_WRITTEN")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_report_leaves_no_file(
    cli: Cli, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    out = tmp_path / "steps.xlsx"
    writing = cli.start("report", "paths", "--shape", "steps", "--with-no-path", "--out", str(out))
    assert _wait_until(lambda: any(tmp_path.iterdir()) or writing.poll() is not None)
    writing.send_signal(number)
    _, err = writing.communicate(timeout=_SECONDS)
    assert (writing.returncode, err) == (code, "")
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_an_unknown_suffix_is_bad_input(tmp_path: Path) -> None:
    done = Cli(tmp_path / "data").call("report", "paths", "--out", "paths.pdf", "--json")
    assert (done.code, done.error["code"]) == (2, "UNKNOWN_FORMAT")


def test_the_doctor_finds_a_healthy_installation_healthy(cli: Cli) -> None:
    done = cli.call("doctor", "--json")
    assert (done.code, done.err, done.json["ok"]) == (0, "", True)
    assert [check["name"] for check in done.json["checks"] if not check["ok"]] == []
    assert done.json["counts"]["legacyOffers"]["reachNewCommerce"] == 725
    assert done.json["counts"]["legacyOffers"]["withoutLegacyUpgrade"] == 718
    assert done.json["counts"]["legacyOffers"]["inOneStep"] == 683


def test_the_doctor_sets_nothing_up(tmp_path: Path) -> None:
    done = Cli(tmp_path / "data").call("doctor")
    assert done.code == 1
    assert "Run `offerpath init`" in done.out
    assert not (tmp_path / "data").exists()


def test_an_unreachable_database_is_a_fault_without_a_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    url = f"postgresql://offerpath:secret@127.0.0.1:{port}/offerpath"
    done = Cli(tmp_path).run("offers", "e3", "--json", OFFERPATH_DATABASE_URL=url)
    assert (done.code, done.error["code"]) == (1, "DATABASE_UNAVAILABLE")
    told = Cli(tmp_path).run("doctor", "--json", OFFERPATH_DATABASE_URL=url)
    assert (told.code, told.json["ok"]) == (1, False)
    assert "secret" not in done.err + told.out


def test_a_reader_that_goes_away_is_no_traceback(cli: Cli) -> None:
    command = cli.start("offers", "microsoft", "--first", "200", "--json")
    assert command.stdout
    assert command.stderr
    with command.stdout, command.stderr:
        command.stdout.close()
        assert command.stderr.read() == ""
    assert command.wait(timeout=_SECONDS) == 0
    assert isinstance(command, subprocess.Popen)
