"""The files together tell every code of Partner Center, every rule and every documented case."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import planner
from db.bundled import bundled_facts
from planner.rules import RULES, Mode
from planner.transitions import Execution
from tests.scenarios import model
from tests.scenarios.given_catalog import bundled, id_of
from tests.scenarios.model import FILES, Scenario

PLANNER = Path(planner.__file__).parent


@cache
def scenarios() -> Mapping[str, Scenario]:
    """Return every scenario by folder and file name."""
    files = sorted(FILES.glob("*/*.yaml"))
    return {f"{path.parent.name}/{path.stem}": model.read(path) for path in files}


def _numbers(api: str, first: int, last: int) -> Iterator[str]:
    return (f"{api} {number}" for number in range(first, last + 1))


DOCUMENTED = frozenset(
    {
        *_numbers("UPGRADE", 0, 11),
        *_numbers("TRANSITION", 0, 13),
        *_numbers("TARGET_SUBSCRIPTION", 1, 4),
        *_numbers("MIGRATION", 0, 12),
        *_numbers("REST", 900215, 900226),
        "REST 900236",
        "REST 900247",
        "REST 900248",
        *_numbers("REST", 900258, 900263),
        *_numbers("REST", 900267, 900270),
        "REST 900278",
        "REST 900291",
        "REST 900292",
        "REST 800070",
        "REST 800088",
        "REST 400041",
        "REST 13605",
    }
)
"""The codes that the documentation names [docs/sources.md 1 to 3 and 6]."""

BY_OTHER_WORDS = {
    "UPGRADE 7": "upgrade_codes/no_upgrade_path",
    "UPGRADE 8": "upgrade_codes/no_upgrade_path",
    "TRANSITION 8": "march_2022/conversion_list_missing",
    "TRANSITION 11": "march_2022/conversion_list_missing",
    "MIGRATION 4": "bundles/addons_stop_nothing",
    "REST 900219": "bundles/addons_stop_nothing",
    "REST 800070": "india/not_sold_outside_india",
    "REST 900263": "march_2022/the_way_back",
}
"""Codes that the catalog, or the rule's being gone, decides: told by a verdict or by silence."""

NOT_IN_THE_DATA = {
    "UPGRADE 0": "general error",
    "TRANSITION 0": "general error",
    "TRANSITION 12": "comes after the act: the licence transfer failed for single users",
    "MIGRATION 8": "trade status: only Partner Center knows, and its meaning is not published",
    "REST 900221": "an umbrella over the other reasons",
    "REST 900223": "the partner's tenant is not allowed: a matter of the partner's own contract",
    "REST 900224": "comes after the act: no such migration",
    "REST 900225": "comes after the act: the call timed out",
    "REST 900248": "a malformed request: one subscription listed twice",
    "REST 900278": "another operation is in progress: only Partner Center knows",
}
"""Codes that no data of ours can decide, and why."""


def _made_by_rules() -> frozenset[str]:
    """Return every code that a rule names, read from the rules' own text."""
    made = set()
    for path in PLANNER.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "PartnerCenterCode":
                api, number = map(ast.literal_eval, call.args[:2])
                made.add(f"{api} {number}")
    return frozenset(made)


def _expected() -> frozenset[str]:
    """Return every code that some file expects; what it expects is compared."""
    return frozenset(
        code
        for scenario in scenarios().values()
        for finding in scenario.expected.findings or ()
        for code in finding.partner_center or ()
    )


def test_every_code_that_a_rule_can_answer_is_expected_by_a_file() -> None:
    made = _made_by_rules()
    assert len(made) > 50, "the rules' codes were not found"
    assert made == _expected()


def test_every_documented_code_has_a_file_or_a_reason() -> None:
    told = (_expected(), frozenset(BY_OTHER_WORDS), frozenset(NOT_IN_THE_DATA))
    assert frozenset().union(*told) == DOCUMENTED
    assert sum(map(len, told)) == len(DOCUMENTED), "a code is told in two ways"
    assert set(BY_OTHER_WORDS.values()) <= scenarios().keys()


INELIGIBLE = {
    "first month since the purchase": "migration_codes/first_month",
    "last 24 hours of the term": "migration_codes/last_24_hours",
    "last 24 hours, but for a full new term": "migration_codes/last_24_hours_full_term",
    "not active": "migration_codes/suspended",
    "trials": "ineligible/trial",
    "active promotion": "migration_codes/promotion_until_march",
    "promotion at the first purchase": "migration_codes/promotion_of_the_first_purchase",
    "government": "ineligible/government_2023",
    "education": "ineligible/education_2023",
    "nonprofit": "ineligible/nonprofit_2023",
    "no corresponding offer": "migration_codes/no_equivalent",
    "being processed": "migration_codes/pending",
    "term and billing not supported": "migration_codes/term_not_sold",
    "invalid partner id on record": "migration_codes/partner_id_on_record",
    "migrated by hand": "manual/intune",
}
"""The documentation's list of subscriptions that are not eligible, row by row [docs/sources.md 3].

An incomplete partner profile is a row too; no data of ours tells it.
"""


@pytest.mark.parametrize("row", INELIGIBLE)
def test_every_row_of_the_ineligible_list_has_its_file(row: str) -> None:
    assert INELIGIBLE[row] in scenarios()


NO_FINDING = frozenset(
    {
        *(rule.name for rule in RULES),
        *(mode.value for mode in Mode),
        "ADMIN_AGENT",
        "MIGRATION",
        "NO_CHOICES",
        "NO_EQUIVALENT",
        "RULES",
        "RULES_VERSION",
        "TRANSITION",
        "UPGRADE",
    }
)
"""Words in capitals that the rules' texts hold beside the codes of findings: names, and the reason
NO_EQUIVALENT, which is told as a parameter of a bundle's finding."""


def _words_in_capitals() -> frozenset[str]:
    texts = (path.read_text(encoding="utf-8") for path in (PLANNER / "rules").glob("*.py"))
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    words = {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[A-Z][A-Z_]{4,}", node.value)
    }
    codes = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "BlockerCode"
    }
    return frozenset(words | codes)


def test_every_finding_that_a_rule_can_make_is_expected_by_a_file() -> None:
    expected = {
        finding.code
        for scenario in scenarios().values()
        for finding in scenario.expected.findings or ()
    }
    assert expected - NO_FINDING == _words_in_capitals() - NO_FINDING
    assert expected & NO_FINDING <= {rule.name for rule in RULES}


def test_every_rule_is_left_open_in_some_file() -> None:
    left_open = {
        one.rule for scenario in scenarios().values() for one in scenario.expected.unknown or ()
    }
    assert left_open == {rule.name for rule in RULES}


def test_every_manual_migration_of_the_catalog_has_its_file() -> None:
    by_hand = {edge.origin for edge in bundled().transitions if edge.execution is Execution.MANUAL}
    asked = {
        id_of(scenario.question.origin)
        for name, scenario in scenarios().items()
        if name.startswith("manual/")
    }
    assert len(by_hand) == 7
    assert asked == by_hand


_PLACES = re.compile(r"upgrade page\b|docs/sources\.md [0-7]\b|docs/adr/\d{4}\b")


@cache
def _catalog_sources() -> frozenset[str]:
    return frozenset(source.source_id for source in bundled_facts().sources)


def _has_source(scenario: Scenario) -> bool:
    named = set(scenario.source.split("; "))
    return bool(_PLACES.search(scenario.source)) or not named.isdisjoint(_catalog_sources())


def test_every_source_is_one_that_can_be_looked_up() -> None:
    assert not [name for name, scenario in scenarios().items() if not _has_source(scenario)]
