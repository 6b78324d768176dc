"""What holds of every baseline, whatever facts are missing."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from planner.baselines.baseline import Baseline, baseline, baseline_of
from planner.baselines.rules import Certainty
from planner.customers import (
    Customer,
    RenewalInstructions,
    Seller,
    Subscription,
    SubscriptionState,
)
from planner.offers import Segment
from tests.examples import checked
from tests.planner.baselines.baseline_cases import (
    CATALOG,
    Code,
)
from tests.planner.builders import customer, oid, subscription

SECTIONS = set(
    re.findall(
        r"^## (\d)\.",
        (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
)

DAYS = st.dates(date(2022, 1, 1), date(2030, 12, 31))
INSTANTS = DAYS.map(lambda day: datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC))
INSTRUCTIONS = st.builds(
    RenewalInstructions,
    st.sampled_from((None, oid("b"))),
    st.sampled_from((None, "P1M", "P3Y")),
    st.sampled_from((None, "annual")),
    st.one_of(st.none(), st.integers(1, 400)),
    st.one_of(st.none(), DAYS),
)


@st.composite
def portfolios(draw: st.DrawFn) -> Customer:
    """Up to five subscriptions of ours and others', with facts missing at random."""
    drawn: list[Subscription] = []
    for number in range(draw(st.integers(0, 5))):
        name = draw(st.sampled_from("ABCENGUZabct"))
        seller = draw(st.sampled_from((Seller.US, Seller.US, Seller.US, Seller.ANOTHER_PARTNER)))
        parents = [None, *(one.subscription_id for one in drawn)]
        drawn.append(
            replace(
                subscription(name, draw(st.sampled_from((None, 5, 301))), number=number),
                seller=seller,
                state=draw(st.sampled_from((SubscriptionState.ACTIVE, *SubscriptionState))),
                last_day=draw(st.one_of(st.none(), DAYS, DAYS)),
                term=draw(st.sampled_from((None, "P1M", "P1Y", "P3Y"))),
                starts=draw(st.one_of(st.none(), INSTANTS)),
                created=draw(st.one_of(st.none(), INSTANTS)),
                auto_renews=draw(st.sampled_from((None, True, False))),
                cancels_at_end=draw(st.sampled_from((None, True, False))),
                is_trial=draw(st.sampled_from((None, None, True, False))),
                parent_id=draw(st.sampled_from(parents)),
                renewal=draw(st.one_of(st.none(), INSTRUCTIONS)),
            )
        )
    return replace(customer(*drawn), segment=draw(st.sampled_from((None, *Segment))))


@given(portfolios(), INSTANTS, st.one_of(st.none(), st.integers(0, 1500)))
@checked(300)
def test_events_are_in_order_within_the_days_asked_for_and_no_two_are_the_same(
    owner: Customer, at: datetime, days: int | None
) -> None:
    until = None if days is None else at.date() + timedelta(days=days)
    value = baseline(CATALOG, owner, at=at, until=until)
    keys = [(one.day or date.max, one.subscription_id, one.code.value) for one in value.events]
    assert keys == sorted(set(keys))
    for one in value.events:
        if one.day is not None and one.code is not Code.DATA_LOOKS_OLD:
            assert at.date() <= one.day <= value.until
        if one.day is not None and one.last_day_to_act is not None:
            assert one.last_day_to_act.day < one.day


@given(portfolios(), INSTANTS)
@checked(200)
def test_the_order_of_the_holdings_has_no_meaning(owner: Customer, at: datetime) -> None:
    holdings = owner.holdings
    turned = replace(holdings, own=holdings.own[::-1], foreign=holdings.foreign[::-1])
    assert baseline(CATALOG, replace(owner, holdings=turned), at=at) == baseline(
        CATALOG, owner, at=at
    )


@given(portfolios(), INSTANTS, st.integers(0, 1200))
@checked(300)
def test_a_later_instant_never_adds_an_event_of_a_day_before_the_earlier_one(
    owner: Customer, at: datetime, days: int
) -> None:
    until = date(2040, 1, 1)
    before = _keys(baseline(CATALOG, owner, at=at, until=until))
    after = _keys(baseline(CATALOG, owner, at=at + timedelta(days=days), until=until))
    for subscription_id, code, day in after - before:
        assert day is None or day >= at.date(), (subscription_id, code)


@given(portfolios(), INSTANTS, st.integers(0, 900), st.integers(0, 900))
@checked(200)
def test_a_longer_horizon_only_adds_events_beyond_the_shorter_one(
    owner: Customer, at: datetime, days: int, more: int
) -> None:
    until = at.date() + timedelta(days=days)
    short = _keys(baseline(CATALOG, owner, at=at, until=until))
    long = _keys(baseline(CATALOG, owner, at=at, until=until + timedelta(days=more)))
    assert short <= long
    assert all(day is not None and day > until for _, _, day in long - short)


@given(portfolios(), INSTANTS, st.integers(0, 4))
@checked(300)
def test_removing_a_subscription_removes_its_events_and_touches_its_add_ons_alone(
    owner: Customer, at: datetime, place: int
) -> None:
    everything = owner.holdings.all
    if place >= len(everything):
        return
    removed = everything[place].subscription_id
    touched = _with_add_ons(everything, removed)
    left = [one for one in everything if one.subscription_id != removed]
    smaller = replace(customer(*left), segment=owner.segment)
    before = baseline(CATALOG, owner, at=at).events
    after = baseline(CATALOG, smaller, at=at).events
    assert removed not in {one.subscription_id for one in after}
    assert [one for one in before if one.subscription_id not in touched] == [
        one for one in after if one.subscription_id not in touched
    ]


@given(portfolios(), INSTANTS)
@checked(200)
def test_a_subscription_alone_is_told_as_among_the_others(owner: Customer, at: datetime) -> None:
    whole = baseline(CATALOG, owner, at=at)
    for one in owner.holdings.all:
        alone = baseline_of(CATALOG, owner, one, at=at).events
        mine = tuple(each for each in whole.events if each.subscription_id == one.subscription_id)
        assert alone == mine


@given(portfolios(), INSTANTS)
@checked(300)
def test_every_event_names_sources_that_exist_and_what_is_not_known_says_what_is_missing(
    owner: Customer, at: datetime
) -> None:
    known = {source.source_id for source in CATALOG.facts.sources}
    for one in baseline(CATALOG, owner, at=at).events:
        for source in one.source.split(", "):
            section = re.fullmatch(r"docs/sources\.md (\d)", source)
            assert source in known or (section is not None and section[1] in SECTIONS), source
        assert one.evidence
        assert one.message
        if one.day is None:
            assert one.unknown or one.code is Code.FOLLOWS_BASE
        if one.certainty is not Certainty.NOT_KNOWN:
            assert one.code is not Code.NOT_KNOWN


@given(portfolios(), INSTANTS)
@checked(200)
def test_whoever_is_listed_and_not_deleted_is_told_of_until_their_end_has_passed(
    owner: Customer, at: datetime
) -> None:
    """Silence is for what is deleted, or has no event left between the days asked for."""
    told_of = {one.subscription_id for one in baseline(CATALOG, owner, at=at).events}
    for one in owner.holdings.all:
        is_open = one.state is SubscriptionState.ACTIVE and one.seller is Seller.US
        soon = one.last_day is None or one.last_day <= at.date() + timedelta(days=600)
        if is_open and soon and one.parent_id is None:
            assert one.subscription_id in told_of


def _keys(value: Baseline) -> set[tuple[str, str, date | None]]:
    return {(one.subscription_id, one.code.value, one.day) for one in value.events}


def _with_add_ons(everything: tuple[Subscription, ...], removed: str) -> set[str]:
    """Return the subscription and what hangs below it, at whatever depth."""
    touched, grew = {removed}, True
    while grew:
        more = {one.subscription_id for one in everything if one.parent_id in touched}
        touched, grew = touched | more, not more <= touched
    return touched
