"""Every scenario file holds: what is expected is compared exactly where the file says it."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from yaml import YAMLError

from tests.scenarios import model
from tests.scenarios.checks import CHECKS, PARTS, check_readiness_on_days
from tests.scenarios.expected import Expected
from tests.scenarios.model import FILES

SCENARIOS = sorted(FILES.glob("*/*.yaml"))


def _promise(path: Path) -> str:
    """Return the test's id; a file that cannot be read fails in its own test, not here."""
    try:
        return f"{path.parent.name}: {model.read(path).name}"
    except (ValidationError, YAMLError):
        return f"{path.parent.name}: {path.stem}"


@pytest.mark.parametrize("path", SCENARIOS, ids=_promise)
def test_scenario(path: Path) -> None:
    scenario = model.read(path)
    said = scenario.expected.model_fields_set
    assert said, "a scenario expects something"
    assert said <= PARTS[scenario.question.ask], "expected parts that this question does not have"
    CHECKS[scenario.question.ask](scenario)
    check_readiness_on_days(scenario)


def test_every_file_is_short_and_no_promise_is_made_twice() -> None:
    names = [model.read(path).name for path in SCENARIOS]
    assert len(names) == len(set(names)) >= 100
    long = [path.name for path in SCENARIOS if len(path.read_text().splitlines()) >= 40]
    assert not long


def test_every_question_is_asked_by_some_file() -> None:
    assert {model.read(path).question.ask for path in SCENARIOS} == set(model.Ask)


def test_a_key_that_means_nothing_is_an_error() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Expected.model_validate({"readines": "READY"})
