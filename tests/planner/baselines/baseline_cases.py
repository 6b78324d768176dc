"""A small catalog with an offer for every rule of the baseline, and how a baseline is asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from planner.baselines.baseline import Baseline, BaselineEvent, baseline_of
from planner.baselines.rules import BaselineCode
from planner.catalog import Catalog
from planner.coverage import Source
from planner.customers import Subscription
from planner.facts import SeatCap
from planner.offers import Segment
from tests.planner.builders import NOW, customer, facts, from_facts, offer, oid, subscription

TRIAL_SKU = replace(offer("t"), is_trial=True, billing=("P1M/None",))
YEARLY = ("P1Y/Annual", "P1Y/Monthly")
PUBLIC = {"E": Segment.EDUCATION, "N": Segment.CHARITY, "G": Segment.GOVERNMENT, "U": None}
MOVES = """
    A>a migration documented, B>a migration derived, B>b migration derived, C>c migration documented
    E>e migration documented, N>n migration documented, G>g migration documented
    U>u migration documented, t>a trial documented, Z>A upgrade documented
"""
CATALOG: Catalog = from_facts(
    facts(
        MOVES,
        offers=[
            replace(offer("a"), billing=("P1M/Monthly", *YEARLY)),
            replace(offer("b"), billing=YEARLY),
            TRIAL_SKU,
            *(replace(offer(name), segment=segment) for name, segment in PUBLIC.items()),
        ],
        seat_caps=[SeatCap(oid("C"), 300, None, None, "cap_list")],
        sources=[Source("cap_list", "Limits", None)],
    )
)
TODAY = NOW.date()
Code = BaselineCode


def held(name: str, last_day: str | None = "2027-03-09", **more: Any) -> Subscription:
    """Return an active yearly subscription of ours that renews, its last day inclusive."""
    given: dict[str, Any] = {
        "term": "P1Y",
        "billing_cycle": "monthly",
        "auto_renews": True,
        "last_day": None if last_day is None else date.fromisoformat(last_day),
    }
    seats = more.pop("seats", 10)
    number = more.pop("number", 0)
    return replace(subscription(name, seats, number=number), **(given | more))


def told(one: Subscription, at: str = "2026-11-23", *others: Subscription) -> Baseline:
    return baseline_of(CATALOG, customer(one, *others), one, at=day_at(at))


def day_at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def calendar_of(value: Baseline) -> list[tuple[str, str | None]]:
    """Return what lies ahead as codes and days; the warning that data are old looks back."""
    return [
        (one.code.value, None if one.day is None else one.day.isoformat())
        for one in value.events
        if one.code is not Code.DATA_LOOKS_OLD
    ]


def only(value: Baseline, code: BaselineCode) -> BaselineEvent:
    (one,) = (one for one in value.events if one.code is code)
    return one
