"""The report `blockers` says what the rules say, a line for every finding."""

from dataclasses import replace

from formats.reports import blockers as blockers_report
from offerpath.report_kinds import CustomersReportName
from planner.blockers import Blocker, Unanswered
from planner.ids import is_new_commerce
from planner.no_path import NoPath
from planner.options import NotInCatalog, Option, blockers
from planner.readiness import Readiness
from planner.rules import Choices, Mode
from planner.scope import Scope
from resolvers.reports.about_customers import CustomersRequest
from resolvers.reports.blockers import JudgedCustomer, JudgedSubscription
from tests.formats.reports.customer_reports import (
    NOW,
    asked_of,
    by_subscription,
    customers_of,
    importing,
    lines,
    sample_asked,
    sample_lines,
)
from tests.formats.reports.test_customer_reports import CONTOSO
from tests.planner.builders import SCOPE, catalog, customer, facts, oid, subscription

BLOCKERS = CustomersReportName.BLOCKERS


async def test_each_finding_of_each_subscription_is_one_line_in_the_planners_order() -> None:
    """Asked of the planner one by one, in both modes."""
    asked = await sample_asked()
    for mode in Mode:
        told = by_subscription(await sample_lines(BLOCKERS, CustomersRequest(mode=mode)))
        for owner in await customers_of(asked):
            for held in owner.holdings.own:
                found = told.pop(held.subscription_id)
                if held.catalog_id and is_new_commerce(held.catalog_id):
                    assert [line["standing"] for line in found] == ["IN_NEW_COMMERCE"]
                    assert {line["finding"] for line in found} == {None}
                    continue
                answer = blockers(
                    asked.catalog,
                    owner,
                    held,
                    Scope(NOW),
                    choices=Choices(mode),
                    acting=asked.acting,
                )
                expected = _codes(answer) or [None]
                assert [line["code"] for line in found] == expected
                if isinstance(answer, Option):
                    assert {line["readiness"] for line in found} == {answer.readiness.value}
                    _check_details(found, answer)
        assert not told


def _codes(answer: Option | NoPath | NotInCatalog) -> list[str | None]:
    match answer:
        case Option():
            rules = (question.rule for question in answer.unanswered)
            return [*(found.code for found in answer.blockers), *rules]
        case NoPath():
            return [cause.code for cause in answer.causes]
    return []


def _check_details(told: list[dict[str, object]], answer: Option) -> None:
    findings: tuple[Blocker | Unanswered, ...] = (*answer.blockers, *answer.unanswered)
    assert len(told) == max(1, len(findings))
    for line, found in zip(told, findings, strict=False):
        assert line["target_id"] == answer.target
        assert (line["step_from"], line["step_to"]) == (found.step or (None, None))
        assert line["remedies"] == tuple(remedy.message for remedy in found.remedies)
        assert line["remedy_actions"] == tuple(remedy.action.value for remedy in found.remedies)
        if isinstance(found, Blocker):
            assert (line["finding"], line["severity"]) == ("BLOCKER", found.severity.value)
            assert line["clears_on"] == found.clears_on
            assert line["partner_center"] == tuple(
                f"{one.api} {one.number} {one.name}" for one in found.partner_center
            )
        else:
            assert (line["finding"], line["severity"]) == ("UNANSWERED", None)
            assert line["missing_fields"] == found.fields


async def test_the_sample_shows_remedies_days_and_partner_center_codes() -> None:
    """Else the comparison above would compare nothing."""
    told = await sample_lines(BLOCKERS)
    for column in ("remedies", "clears_on", "partner_center", "missing_fields"):
        assert any(line[column] for line in told), column


def test_a_ready_subscription_without_findings_has_one_line() -> None:
    made = catalog("A>a migration documented")
    held = subscription("A")
    found = blockers(made, customer(held), held, SCOPE)
    assert isinstance(found, Option)
    ready = replace(found, readiness=Readiness.READY, blockers=(), unanswered=())
    row = JudgedCustomer(customer(held), (JudgedSubscription(held, ready),))
    table = blockers_report.BLOCKERS
    (line,) = table.lines(row, made.offers)
    told = dict(zip((column.name for column in table.columns), line, strict=True))
    assert (told["standing"], told["readiness"], told["finding"]) == ("CAN_MOVE", "READY", None)
    assert (told["target_id"], told["severity"]) == (oid("a"), None)


async def test_a_subscription_without_a_path_has_a_line_for_each_cause() -> None:
    held = replace(customer(subscription("A"), subscription("B")), customer_id=CONTOSO)
    made = facts("A>C upgrade matrix\nB>b migration derived")
    asked = await asked_of(importing(held), made)
    told = by_subscription(await lines(asked, BLOCKERS))
    stuck = told[subscription("A").subscription_id]
    assert {line["standing"] for line in stuck} == {"NOT_KNOWN"}
    assert {line["finding"] for line in stuck} == {"CAUSE"}
    assert all(line["message"] and line["standing_message"] for line in stuck)
    assert {line["readiness"] for line in stuck} == {None}
    moving = told[subscription("B").subscription_id]
    assert {line["standing"] for line in moving} == {"CAN_MOVE"}


async def test_the_portfolio_says_the_same_readiness() -> None:
    """Two reports that judge in different ways: one by one, and those alike together."""
    one_by_one = by_subscription(await sample_lines(BLOCKERS))
    for line in await sample_lines(CustomersReportName.PORTFOLIO):
        (first, *_) = one_by_one[line["subscription_id"]]
        assert (line["standing"], line["target_id"]) == (first["standing"], first["target_id"])
        assert line["readiness"] == first["readiness"]
