"""The report `portfolio` tells each row of the portfolio as it is."""

from collections import Counter
from datetime import date
from pathlib import Path

from formats.reports.portfolio import PORTFOLIO, PortfolioTally
from offerpath.report_kinds import CustomersReportName
from planner.blocker_codes import BlockerCode
from planner.blockers import Severity
from planner.customers import SubscriptionState
from planner.ids import CatalogId
from planner.portfolios.portfolio import BestWay, Held, Judged, PortfolioRow, Standing
from planner.readiness import Readiness
from tests.formats.reports.customer_reports import lines_of, sample_report, write

HELD = Held("c", "Contoso", "s", "", None, None, None, SubscriptionState.ACTIVE)
NAMES = [column.name for column in PORTFOLIO.columns]


def told(row: PortfolioRow) -> dict[str, object]:
    (line,) = PORTFOLIO.lines(row, {})
    return dict(zip(NAMES, line, strict=True))


def test_findings_are_told_by_their_severity() -> None:
    judged = Judged(
        Readiness.CONDITIONAL,
        (
            (BlockerCode.SEAT_CAP_EXCEEDED, Severity.BLOCKS),
            (BlockerCode.DOWNGRADE, Severity.WARNS),
            (BlockerCode.ROLE_DISPUTED, Severity.NOTES),
        ),
        ("ROLE",),
        date(2027, 1, 1),
        ("A",),
    )
    line = told(PortfolioRow(HELD, BestWay(Standing.CAN_MOVE), judged))
    assert (line["blocks"], line["warns"]) == (("SEAT_CAP_EXCEEDED",), ("DOWNGRADE",))
    assert line["unanswered"] == ("ROLE",)
    assert (line["opens_on"], line["waits_for"]) == (date(2027, 1, 1), ("A",))
    assert line["readiness"] == "CONDITIONAL"


def test_what_is_not_known_is_empty_and_never_nought() -> None:
    line = told(PortfolioRow(HELD, BestWay(Standing.NO_OFFER)))
    known = {"customer_id", "customer_name", "subscription_id", "state", "standing"}
    assert {name for name, cell in line.items() if cell is not None} == known


def test_unknown_seats_are_counted_apart_from_the_sum() -> None:
    tally = PortfolioTally()
    for seats in (5, None, 7):
        held = Held("c", "C", "s", "", CatalogId("X"), seats, None, SubscriptionState.ACTIVE)
        tally.add(PortfolioRow(held, BestWay(Standing.NOT_KNOWN)))
    counts = tally.counts()
    assert (counts["seats"], counts["subscriptions_without_known_seats"]) == (12, 1)
    assert (counts["customers_with_subscriptions"], counts["standing_not_known"]) == (1, 3)


async def test_the_manifest_counts_what_the_lines_say(tmp_path: Path) -> None:
    report = await sample_report(CustomersReportName.PORTFOLIO)
    facts = (await write(report, tmp_path / "r.csv", "csv")).facts
    rows = await lines_of(report)
    assert facts["rows"] == facts["subscriptions"] == len(rows)
    assert facts["customers_with_subscriptions"] == len({row["customer_id"] for row in rows})
    for standing, count in Counter(row["standing"] for row in rows).items():
        assert facts[f"standing_{standing.lower()}"] == count
    assert facts["seats"] == sum(row["seats"] or 0 for row in rows)
