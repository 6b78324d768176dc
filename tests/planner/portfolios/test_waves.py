"""Waves keep every limit of the tool and the API, every bundle and every day, and lose nothing."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planner.catalog import Catalog
from planner.customers import Customer, HoldingsState, Subscription, SubscriptionState
from planner.portfolios.migration_waves import LeftOverReason, TooManyRows, WavePlanner, Waves
from planner.portfolios.verdicts import PortfolioQuestion, Verdicts
from planner.portfolios.waves import Unit, Wave, packed
from planner.scope import Scope
from tests.examples import checked
from tests.planner.builders import (
    ADMIN,
    NOW,
    complete,
    customer,
    facts,
    from_facts,
    sold_and_billed,
    subscription,
    trusting,
    with_plans,
)

TODAY = NOW.date()
CATALOG = from_facts(
    sold_and_billed(
        facts(
            """
            A>a migration documented, B>b migration documented manual, C>A upgrade documented
            D>d migration derived
        """,
            **with_plans({"A": "MAIL", "C": "MAIL"}),
        )
    )
)
days = st.none() | st.integers(0, 40).map(lambda number: TODAY + timedelta(days=number))


@st.composite
def _units(draw: st.DrawFn) -> list[Unit]:
    """Return units as they are planned: none opens after the day until which it must be done."""
    sizes = draw(st.lists(st.sampled_from([1, 1, 1, 1, 2, 5, 40, 200]), max_size=400))
    units = []
    for number, size in enumerate(sizes):
        opens, due = draw(days), draw(days)
        if opens is not None and due is not None and opens > due:
            opens = None
        ids = tuple(f"{number:04}-{member}" for member in range(size))
        units.append(Unit(f"customer {number % 7}", ids, opens, due, None, number % 3 == 0))
    return units


def _in_window(waves: list[Wave]) -> Counter[tuple[date | None, int]]:
    calls: Counter[tuple[date | None, int]] = Counter()
    for wave in waves:
        calls[wave.not_before, wave.minute] += wave.creations
    return calls


@checked(150)
@given(_units())
def test_waves_keep_the_limits_the_bundles_and_the_days(units: list[Unit]) -> None:
    waves = list(packed(units))
    by_id = {unit.subscription_ids[0]: unit for unit in units}
    assert [wave.number for wave in waves] == list(range(1, len(waves) + 1))
    sent = [row.subscription_id for wave in waves for row in wave.rows]
    assert sorted(sent) == sorted(each for unit in units for each in unit.subscription_ids)
    assert all(calls <= 100 for calls in _in_window(waves).values())
    for wave in waves:
        assert 1 <= len(wave.rows) <= 200
        bases = [row.subscription_id for row in wave.rows if row.base_id is None]
        assert len(bases) == wave.creations <= 100
        members = [by_id[base] for base in bases]
        assert tuple(each for unit in members for each in unit.subscription_ids) == tuple(
            row.subscription_id for row in wave.rows
        )
        assert wave.minute % 5 == 0
        assert wave.due == min((one.due for one in members if one.due), default=None)
        assert wave.undated == sum(one.due is None for one in members)
        assert wave.conditional == sum(one.is_conditional for one in members)
        opening = [one.opens_on for one in members if one.opens_on]
        assert wave.not_before == max(opening, default=None)
        assert not opening or len(opening) == len(members)
        if wave.not_before and wave.due:
            assert wave.not_before <= wave.due


@checked(60)
@given(_units(), st.randoms(use_true_random=False))
def test_the_order_of_the_portfolio_makes_no_difference(units: list[Unit], dice: object) -> None:
    shuffled = list(units)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert list(packed(shuffled)) == list(packed(units))


@checked(60)
@given(_units())
def test_what_is_due_sooner_is_sent_no_later(units: list[Unit]) -> None:
    due = {unit.subscription_ids[0]: unit.due or date.max for unit in units if not unit.opens_on}
    sent = [
        due[row.subscription_id]
        for wave in packed(units)
        for row in wave.rows
        if row.subscription_id in due
    ]
    assert sent == sorted(sent)


def test_a_thousand_migrations_take_ten_windows() -> None:
    """The tenth window begins after 45 minutes, as the limit of 100 in 5 minutes has it."""
    units = [Unit("c", (f"{number:04}",), None, None, None, False) for number in range(1_000)]
    waves = list(packed(units))
    assert [wave.minute for wave in waves] == [5 * number for number in range(10)]


def test_small_waves_of_large_bundles_share_a_window() -> None:
    units = [
        Unit("c", (f"{n}", *(f"{n}-{m}" for m in range(149))), None, None, None, False)
        for n in range(5)
    ]
    assert [(wave.creations, wave.minute) for wave in packed(units)] == [(1, 0)] * 5


# ------------------------------------------------------------------------ which subscriptions go


def _held(name: str, number: int = 0, **changes: object) -> Subscription:
    return replace(complete(subscription(name, number=number)), **changes)  # type: ignore[arg-type]


def _planned(
    *customers: Customer, at: datetime = NOW, made: Catalog = CATALOG, limit: int = 1_000
) -> Waves | TooManyRows:
    scope = Scope(at)
    verdicts = Verdicts(PortfolioQuestion(made, scope, ADMIN))
    planner = WavePlanner(made, scope, limit=limit)
    for one in customers:
        planner.add(one, verdicts.rows(one))
    return planner.result()


def _waves(*customers: Customer, at: datetime = NOW) -> Waves:
    answer = _planned(*customers, at=at)
    assert isinstance(answer, Waves)
    return answer


def _reasons(answer: Waves) -> dict[LeftOverReason, int]:
    return {one.reason: one.count for one in answer.left_over}


def test_a_ready_subscription_goes_in_the_first_wave() -> None:
    held = _held("A")
    answer = _waves(trusting(customer(held)))
    (wave,) = answer.waves
    assert [row.subscription_id for row in wave.rows] == [held.subscription_id]
    assert (wave.creations, wave.conditional, wave.not_before, wave.minute) == (1, 0, None, 0)
    assert answer.left_over == ()


def test_a_weakly_evidenced_one_goes_and_is_counted_as_conditional() -> None:
    (wave,) = _waves(trusting(customer(_held("D")))).waves
    assert wave.conditional == 1


def test_a_wave_is_due_before_microsoft_migrates_and_a_day_before_the_term_ends() -> None:
    held = _held("A", last_day=date(2024, 6, 30))
    before = datetime(2024, 6, 1, tzinfo=UTC)
    (wave,) = _waves(trusting(customer(held)), at=before).waves
    assert wave.due == date(2024, 6, 29)
    assert wave.undated == 0


def test_what_has_no_day_is_counted_as_undated() -> None:
    held = _held("A", last_day=date(2035, 1, 31))
    (wave,) = _waves(trusting(customer(held))).waves
    assert (wave.due, wave.undated) == (None, 1)


def test_add_ons_follow_their_base_and_cost_no_creation() -> None:
    base = _held("A")
    addon = _held("A", 1, parent_id=base.subscription_id)
    nested = _held("A", 2, parent_id=addon.subscription_id)
    (wave,) = _waves(trusting(customer(nested, addon, base))).waves
    assert wave.creations == 1
    assert [(row.subscription_id, row.base_id) for row in wave.rows] == [
        (base.subscription_id, None),
        (addon.subscription_id, base.subscription_id),
        (nested.subscription_id, base.subscription_id),
    ]


def test_an_add_on_stays_where_its_base_stays() -> None:
    base = _held("A", promotion_id="SUMMER", last_day=None)
    addon = _held("A", 1, parent_id=base.subscription_id)
    answer = _waves(trusting(customer(base, addon)))
    assert answer.waves == ()
    assert sum(_reasons(answer).values()) == 2


def test_an_add_on_whose_base_has_moved_goes_by_itself() -> None:
    base = _held("a", 5)
    addon = _held("A", 1, parent_id=base.subscription_id)
    (wave,) = _waves(trusting(customer(base, addon))).waves
    assert [(row.subscription_id, row.base_id) for row in wave.rows] == [
        (addon.subscription_id, None)
    ]


def test_what_opens_later_waits_in_a_wave_of_its_own() -> None:
    young = _held("A", 1, created=NOW - timedelta(days=10))
    answer = _waves(trusting(customer(_held("A"), young)))
    now, later = answer.waves
    assert now.not_before is None
    assert later.not_before == date(2026, 12, 14)
    assert [row.subscription_id for row in later.rows] == [young.subscription_id]
    assert (later.minute, answer.minutes) == (0, 0)


def test_every_reason_to_stay_is_told() -> None:
    """Each subscription that still is legacy is in a wave or left over, once."""
    own = (
        _held("Z", 1),
        _held("A", 2, state=SubscriptionState.EXPIRED, state_as_given="expired"),
        _held("A", 3, created=None),
        _held("A", 4, state=SubscriptionState.SUSPENDED, state_as_given="suspended"),
        _held("C", 5),
        _held("B", 6),
        _held("a", 7),
        _held("A", 8),
        replace(_held("A", 9), catalog_id=None),
    )
    made = _waves(trusting(customer(*own)))
    assert _reasons(made) == {
        LeftOverReason.NO_WAY: 1,
        LeftOverReason.BLOCKED: 1,
        LeftOverReason.UNKNOWN: 1,
        LeftOverReason.ACT_FIRST: 1,
        LeftOverReason.ANOTHER_MOVE_FIRST: 1,
        LeftOverReason.BY_HAND: 1,
    }
    assert [row.subscription_id for wave in made.waves for row in wave.rows] == [
        own[7].subscription_id
    ]


def test_what_opens_after_its_last_day_is_too_late() -> None:
    """In its first month until after Microsoft has migrated it."""
    held = _held("A", last_day=date(2024, 6, 12), created=datetime(2024, 5, 20, tzinfo=UTC))
    answer = _waves(trusting(customer(held)), at=datetime(2024, 6, 1, tzinfo=UTC))
    assert answer.waves == ()
    assert _reasons(answer) == {LeftOverReason.TOO_LATE: 1}


def test_a_bundle_that_no_file_holds_is_left_over_whole() -> None:
    base = _held("A")
    addons = [_held("A", number, parent_id=base.subscription_id) for number in range(1, 201)]
    answer = _waves(trusting(customer(base, *addons)))
    assert _reasons(answer) == {LeftOverReason.BUNDLE_TOO_LARGE: 201}
    (left,) = answer.left_over
    assert len(left.examples) == 20


def test_more_rows_than_the_limit_are_counted_and_not_planned() -> None:
    held = [
        replace(trusting(customer(_held("A", number))), customer_id=f"{number:08}")
        for number in range(4)
    ]
    assert _planned(*held, limit=3) == TooManyRows(4, 3)
    assert isinstance(_planned(*held, limit=4), Waves)


def test_nothing_known_of_the_holdings_leaves_everything_over() -> None:
    held = trusting(customer(_held("A"), own_state=HoldingsState.NOT_LOADED))
    assert _reasons(_waves(held)) == {LeftOverReason.UNKNOWN: 1}
