"""Which kinds of move are open on which day, and what a market list says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from planner.availability import is_covered, sold_in
from planner.coverage import Coverage
from planner.goals import OfferGoal
from planner.no_path import NoPath
from planner.offers import Known, Segment
from planner.paths import PathQuestion, PathsFound, paths
from planner.readiness import Readiness
from planner.scope import Scope
from planner.transitions import TransitionKind, WindowState
from planner.windows import kind_window_on
from tests.planner.builders import CONTESTED, catalog, offer, oid
from tests.planner.strategies import CLOSED_FOR_EDUCATION, OPEN_FOR_EDUCATION

UPGRADE, MIGRATION = TransitionKind.LEGACY_UPGRADE, TransitionKind.MIGRATION
SCHOOLS = (CLOSED_FOR_EDUCATION, OPEN_FOR_EDUCATION)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2022, 3, 9), WindowState.OPEN),
        (date(2022, 3, 10), WindowState.CONTESTED),
        (date(2026, 11, 23), WindowState.CONTESTED),
    ],
)
def test_a_window_holds_from_its_first_day_to_the_day_before_its_end(
    day: date, state: WindowState
) -> None:
    assert kind_window_on(CONTESTED, UPGRADE, Segment.COMMERCIAL, day).state is state


def test_a_window_of_another_segment_or_kind_says_nothing() -> None:
    day = date(2023, 12, 31)
    closed = kind_window_on(SCHOOLS, MIGRATION, Segment.EDUCATION, day)
    assert (closed.state, closed.opens) == (WindowState.CLOSED, date(2024, 1, 1))
    assert kind_window_on(SCHOOLS, MIGRATION, Segment.COMMERCIAL, day).state is WindowState.UNKNOWN
    assert kind_window_on(SCHOOLS, UPGRADE, Segment.EDUCATION, day).state is WindowState.UNKNOWN


def test_a_rule_for_the_segment_speaks_louder_than_one_for_all() -> None:
    everyone = replace(OPEN_FOR_EDUCATION, segment=None, starts=None)
    rules = (everyone, CLOSED_FOR_EDUCATION)
    day = date(2023, 1, 1)
    for order in (rules, rules[::-1]):
        verdict = kind_window_on(order, MIGRATION, Segment.EDUCATION, day)
        assert verdict.state is WindowState.CLOSED
        assert kind_window_on(order, MIGRATION, None, day).state is WindowState.OPEN


def _path(evidence: str, at: datetime) -> PathsFound | NoPath:
    one = catalog(f"A>B upgrade {evidence}", windows=CONTESTED)
    return paths(one, PathQuestion(oid("A"), OfferGoal(oid("B")), Scope(at)))


@pytest.mark.parametrize(
    ("evidence", "at", "readiness"),
    [
        ("matrix", datetime(2022, 3, 9, 23, 59, tzinfo=UTC), Readiness.READY),
        ("matrix", datetime(2022, 3, 10, tzinfo=UTC), Readiness.CONDITIONAL),
        ("confirmed", datetime(2022, 3, 10, tzinfo=UTC), Readiness.READY),
    ],
)
def test_partner_center_alone_opens_a_contested_upgrade(
    evidence: str, at: datetime, readiness: Readiness
) -> None:
    found = _path(evidence, at)
    assert isinstance(found, PathsFound)
    assert found.paths[0].readiness is readiness


def test_an_undated_kind_is_taken_as_open_and_said_so() -> None:
    one = catalog("a>b conversion documented")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    found = paths(one, PathQuestion(oid("a"), OfferGoal(oid("b")), Scope(at)))
    assert isinstance(found, PathsFound)
    assert found.paths[0].readiness is Readiness.READY
    assert "WINDOW_NOT_DATED" in [taken.code for taken in found.paths[0].assumes]


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Scope(datetime(2026, 1, 1))  # noqa: DTZ001


PRICE_LIST = Coverage("us_list", None, "US", Segment.COMMERCIAL, None, None)
DAY = date(2026, 11, 23)


def test_a_price_list_says_nothing_of_the_days_before_it() -> None:
    later = replace(PRICE_LIST, starts=DAY)
    absent = replace(offer("a"), markets=frozenset({"IN"}))
    assert sold_in(absent, "US", (later,), DAY) is Known.NO
    assert sold_in(absent, "US", (later,), date(2026, 11, 22)) is Known.UNKNOWN


@pytest.mark.parametrize(
    ("name", "markets", "market", "sold"),
    [
        ("A", None, "US", Known.UNKNOWN),
        ("A", {"US"}, "US", Known.YES),
        ("A", {"IN"}, "US", Known.NO),
        ("a", None, "US", Known.NO),
        ("a", None, "DE", Known.UNKNOWN),
        ("a", {"US"}, "US", Known.YES),
        ("a", {"IN"}, "US", Known.NO),
        ("a", {"US"}, "DE", Known.UNKNOWN),
    ],
)
def test_absence_is_a_no_only_where_a_list_is_complete(
    name: str, markets: set[str] | None, market: str, sold: Known
) -> None:
    listed = None if markets is None else frozenset(markets)
    assert sold_in(replace(offer(name), markets=listed), market, (PRICE_LIST,), DAY) is sold


def test_a_price_list_of_another_segment_is_not_complete_for_this_one() -> None:
    school = replace(offer("a"), markets=frozenset({"IN"}), segment=Segment.EDUCATION)
    assert sold_in(school, "US", (PRICE_LIST,), DAY) is Known.UNKNOWN
    assert sold_in(school, "US", (replace(PRICE_LIST, segment=None),), DAY) is Known.NO


@pytest.mark.parametrize(
    ("changed", "covered"),
    [
        ({}, True),
        ({"source_id": "another_list"}, False),
        ({"kind": MIGRATION}, False),
        ({"segment": Segment.EDUCATION}, False),
        ({"segment": None}, True),
        ({"starts": date(2021, 9, 2)}, False),
        ({"ends": date(2021, 9, 1)}, False),
        ({"ends": date(2021, 9, 2)}, True),
    ],
)
def test_a_list_covers_its_own_offers_kind_segment_and_days(
    changed: dict[str, object], covered: bool
) -> None:
    scope = Coverage("list", UPGRADE, None, Segment.COMMERCIAL, date(2021, 9, 1), None)
    scope = replace(scope, **changed)  # type: ignore[arg-type]
    assert is_covered((scope,), offer("A"), UPGRADE, date(2021, 9, 1)) is covered
