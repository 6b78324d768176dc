"""A fault is told with where it happened, never with what it says, and an event is one line."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest

from offerpath.logs import log_request, set_up_logs
from offerpath.settings import load_settings
from offerpath.telemetry import Told
from resolvers.codes.code import Code
from schema.observed import begin_observing, observe_code

NAME = "Quillfeather-Zappa"


@pytest.fixture
def own_logs() -> Iterator[None]:
    """Give back the loggers as they were."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def _logged(log_format: str) -> str:
    out = io.StringIO()
    with redirect_stderr(out):
        set_up_logs(load_settings(log_format=log_format))
        log = logging.getLogger("offerpath.graphql")
        try:
            try:
                dict[str, str]()[NAME]
            except KeyError as error:
                raise ValueError(f"cannot work on {NAME}") from error
        except ValueError:
            log.exception("fault %s", "0123")
        log.error("one\ntwo")
    return out.getvalue()


@pytest.mark.usefixtures("own_logs")
def test_a_fault_is_logged_with_where_it_happened_and_without_what_it_says() -> None:
    fault, other = map(json.loads, _logged("json").splitlines())
    assert fault["event"] == "fault 0123"
    assert fault["exception"] == ["ValueError", "KeyError"]
    assert fault["at"][-1].startswith("offerpath/test_logs.py:")
    assert NAME not in json.dumps(fault)
    assert other["event"] == "one\ntwo"


@pytest.mark.usefixtures("own_logs")
def test_an_event_is_one_line_for_people_too() -> None:
    written = _logged("console")
    assert len(written.splitlines()) == 2
    assert NAME not in written


@pytest.mark.usefixtures("own_logs")
@pytest.mark.parametrize("log_format", ["console", "json"])
def test_the_line_of_a_request_has_the_code_as_clients_read_it(log_format: str) -> None:
    observed = begin_observing()
    observe_code(Code.INTERNAL_ERROR)
    out = io.StringIO()
    with redirect_stderr(out):
        set_up_logs(load_settings(log_format=log_format, log_level="info"))
        log_request(Told("http", "GET", "/", 500, 0.1, 0, "0123", observed))
    written = out.getvalue()
    assert "INTERNAL_ERROR" in written
    assert "Code." not in written
