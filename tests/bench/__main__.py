"""Print the ratios: a bare route, reports, the second start, portfolios, plans, PostGraphile."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import uvloop

from tests.bench import beside, cost, plans, portfolio
from tests.bench.load import Load, load
from tests.bench.ports import free_port

_PATHS = """{
  paths(from: "BD938F12-058F-4927-BBA3-AE36B1D2501C", to: { offer: "CFQ7TTC0LF8R:0001" }) {
    ... on PathsFound {
      paths { readiness steps { kind from { title } to { title catalogId } } }
    }
  }
}"""
_REACHABLE = """{
  offer(catalogId: "BD938F12-058F-4927-BBA3-AE36B1D2501C") {
    ... on Offer {
      reachable(first: 100) { edges { node { catalogId title } path { readiness } } }
    }
  }
}"""
_CUSTOMERS = """{
  customers(first: 20) { edges { node { name subscriptions(first: 50) { edges { node {
    title state options(first: 5) { ... on OptionConnection { edges { node { readiness } } } }
  } } } } } }
}"""
_ROUNDS = 3
_SECONDS = 2.0


def kept(query: str) -> Callable[[int], bytes]:
    """The same request each time: answered from the kept response."""
    body = json.dumps({"query": query}).encode()
    return lambda _number: body


def executed(query: str) -> Callable[[int], bytes]:
    """A variable that nothing reads makes each request another one: executed every time."""
    text = json.dumps(query)
    return lambda number: f'{{"query":{text},"variables":{{"n":{number}}}}}'.encode()


_LOADS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "bare route": ("/bare", kept("{}")),
    "paths, kept": ("/graphql", kept(_PATHS)),
    "paths, executed": ("/graphql", executed(_PATHS)),
    "reachable first:100, kept": ("/graphql", kept(_REACHABLE)),
    "reachable first:100, executed": ("/graphql", executed(_REACHABLE)),
    "20 customers with options": ("/graphql", executed(_CUSTOMERS)),
}


def main() -> None:
    with tempfile.TemporaryDirectory(
        prefix="offerpath-bench-", ignore_cleanup_errors=True
    ) as folder:
        environment = {**os.environ, "OFFERPATH_DATA_DIR": folder, "OFFERPATH_LOG_LEVEL": "warning"}
        print("first start to first answer: %.2f s" % _start(environment))
        starts = [_start(environment) for _ in range(_ROUNDS)]
        bare_start = median(_timed([sys.executable, "-c", "pass"]) for _ in range(_ROUNDS))
        print(
            "second start to first answer: %.2f s, %.0f times an empty Python process"
            % (median(starts), median(starts) / bare_start)
        )
        _report(environment, Path(folder))
        _loads(environment)
    portfolio.main()
    plans.main()
    cost.main()
    beside.main()


def _start(environment: dict[str, str]) -> float:
    """Return the seconds from starting `offerpath serve` to its first GraphQL answer."""
    port = free_port()
    begun = time.perf_counter()
    command = [_offerpath(), "serve"]
    with _running(command, {**environment, "OFFERPATH_PORT": str(port)}):
        _first_answer(port)
        return time.perf_counter() - begun


def _offerpath() -> str:
    return str(Path(sys.executable).with_name("offerpath"))


@contextmanager
def _running(
    command: list[str], environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _first_answer(port: int) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": _PATHS}).encode(),
        headers={"Content-Type": "application/json"},
    )
    for _ in range(3_000):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert b"PathsFound" not in answer.read()
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise TimeoutError("the server never answered")


def _timed(command: list[str], environment: dict[str, str] | None = None) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun


def _report(environment: dict[str, str], folder: Path) -> None:
    """Print the whole path report of the bundled catalog against a command that does nothing."""
    nothing = median(_timed([_offerpath(), "--version"], environment) for _ in range(_ROUNDS))
    for suffix in ("csv", "ndjson", "xlsx"):
        out = str(folder / f"paths.{suffix}")
        command = [_offerpath(), "report", "paths", "--format", suffix, "--out", out]
        seconds = median(_timed(command, environment) for _ in range(_ROUNDS))
        print(
            "report of all paths, %s: %.2f s, %.1f times `offerpath --version`"
            % (suffix, seconds, seconds / nothing)
        )


def _loads(environment: dict[str, str]) -> None:
    port = free_port()
    with _running([sys.executable, "-m", "tests.bench.server", str(port)], environment) as server:
        _first_answer(port)
        rounds = [uvloop.run(_round(port)) for _ in range(_ROUNDS)]
        print("memory of the server: %.0f MB" % _memory_mb(server.pid))
    bare = median(one["bare route"].per_second for one in rounds)
    for name in _LOADS:
        rate = median(one[name].per_second for one in rounds)
        print(
            "%-32s %8.0f a second, %.3f of the bare route, median %.2f ms, p99 %.2f ms%s"
            % (
                name,
                rate,
                rate / bare,
                median(one[name].median_ms for one in rounds),
                median(one[name].p99_ms for one in rounds),
                ", WITH ERRORS" if any(one[name].refused for one in rounds) else "",
            )
        )


async def _round(port: int) -> dict[str, Load]:
    return {
        name: await load(port, path, body, connections=8, seconds=_SECONDS)
        for name, (path, body) in _LOADS.items()
    }


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
