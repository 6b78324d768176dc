"""Seats are counted over all sellers: per offer with force, over the family as a warning."""

from dataclasses import replace

import pytest

from planner.blockers import Blocker, Severity
from planner.catalog import Catalog
from planner.customers import Customer, HoldingsState, Seller, Subscription, SubscriptionState
from planner.facts import SeatCap
from planner.options import MoreLicenses, Option, more_licenses, options
from planner.readiness import Readiness
from planner.seats import seat_room
from tests.planner.builders import (
    ADMIN,
    SCOPE,
    complete,
    customer,
    facts,
    from_facts,
    offer,
    oid,
    sold_and_billed,
    subscription,
    trusting,
    with_plans,
)

MOVES = "A>a migration documented, a>b conversion documented, a>c conversion documented"
PLANS = {"A": "MAIL", "a": "MAIL", "b": "MAIL DESK", "c": "MAIL VOICE", "d": "X"}
CAPS = [SeatCap(oid(name), 300, "BUSINESS", 300, "limits") for name in "Aab"]
CATALOG = from_facts(sold_and_billed(facts(MOVES, seat_caps=CAPS, **with_plans(PLANS))))
PARTNER = Seller.ANOTHER_PARTNER


OPEN = {"PROMOTION": ("subscription.promotion",)}
"""What stays open of every migration: promotions of legacy subscriptions are not shown."""


def _ours(name: str, seats: int | None = 10) -> Subscription:
    return complete(subscription(name, seats))


def _to(catalog: Catalog, held: Customer, source: Subscription, target: str) -> Option:
    found = options(catalog, trusting(held), source, SCOPE, acting=ADMIN)
    assert isinstance(found, tuple)
    (option,) = [option for option in found if option.target == oid(target)]
    return option


def _open(option: Option) -> dict[str, tuple[str, ...]]:
    """Return the fields that each open question lacks, by rule; none is asked twice."""
    assert len({question.rule for question in option.unanswered}) == len(option.unanswered)
    return {question.rule: question.fields for question in option.unanswered}


def _caps(option: Option) -> list[tuple[Severity, dict[str, str]]]:
    found = [b for b in option.blockers if b.code == "SEAT_CAP_EXCEEDED"]
    return [(blocker.severity, dict(blocker.parameters)) for blocker in found]


@pytest.mark.parametrize(("seats", "exceeds"), [(20, False), (21, True), (40, True)])
def test_280_seats_of_the_sku_elsewhere_leave_room_for_20(seats: int, exceeds: bool) -> None:
    source = _ours("A", seats)
    held = customer(source, subscription("a", 280, seller=PARTNER))
    option = _to(CATALOG, held, source, "a")
    told = _caps(option)
    assert [severity for severity, _ in told] == [Severity.BLOCKS, Severity.WARNS] * exceeds
    if exceeds:
        assert told[0][1] == {"seats": str(seats), "room": "20", "limit": "300"}
        assert option.readiness is Readiness.CONDITIONAL
    else:
        assert option.readiness is Readiness.READY


@pytest.mark.parametrize(("seats", "exceeds"), [(20, False), (40, True)])
def test_280_seats_of_the_family_elsewhere_only_warn(seats: int, exceeds: bool) -> None:
    source = _ours("A", seats)
    held = customer(source, subscription("b", 280, seller=PARTNER))
    option = _to(CATALOG, held, source, "a")
    assert [severity for severity, _ in _caps(option)] == [Severity.WARNS] * exceeds
    if exceeds:
        assert _caps(option)[0][1]["family"] == "BUSINESS"
    assert option.readiness is (Readiness.CONDITIONAL if exceeds else Readiness.READY)


def test_a_subscription_alone_may_fill_the_limit_and_not_one_more() -> None:
    for seats, told in ((300, []), (301, [Severity.BLOCKS, Severity.WARNS])):
        source = _ours("A", seats)
        option = _to(CATALOG, customer(source), source, "a")
        assert [severity for severity, _ in _caps(option)] == told


def test_a_subscription_listed_by_graph_once_more_leaves_its_own_seats_free() -> None:
    source = _ours("A", 200)
    again = replace(source, seller=PARTNER, catalog_id=None)
    total = subscription("A", 200, number=3, seller=Seller.NOT_KNOWN)
    for listed in (again, total):
        room = seat_room(CATALOG, customer(source, listed), source, oid("a"))
        assert (room.held_elsewhere, room.room, room.family_room) == (0, 300, 300)


def test_seats_are_pooled_over_every_seller_and_what_is_gone_is_not_counted() -> None:
    source = _ours("a", 10)
    held = customer(
        source,
        subscription("b", 20, number=1),
        subscription("b", 30, number=2, seller=PARTNER),
        subscription("b", 40, number=3, seller=Seller.ANOTHER_CHANNEL),
        subscription("b", 99, number=4, seller=PARTNER, state=SubscriptionState.DELETED),
    )
    room = seat_room(CATALOG, held, source, oid("b"))
    assert (room.held_elsewhere, room.room, room.limit) == (90, 210, 300)
    assert room.unknown == ()


def test_an_offer_without_a_limit_asks_nothing() -> None:
    source = _ours("a", 10_000)
    held = customer(source, foreign_state=HoldingsState.NOT_LOADED)
    room = seat_room(CATALOG, held, source, oid("c"))
    assert (room.limit, room.room, room.unknown) == (None, None, ())


def test_the_matrix_own_maximum_is_a_limit_too_and_the_smaller_one_counts() -> None:
    made = CATALOG.facts
    offers = tuple(
        replace(one, maximum_seats=25) if one.catalog_id in (oid("a"), oid("c")) else one
        for one in made.offers
    )
    catalog = from_facts(replace(made, offers=offers))
    source = _ours("A", 10)
    limits = {name: seat_room(catalog, customer(source), source, oid(name)) for name in "abc"}
    assert {name: room.limit for name, room in limits.items()} == {"a": 25, "b": 300, "c": 25}
    assert limits["c"].sources == offer("c").sources


def test_unknown_seats_leave_the_cap_unknown() -> None:
    source = _ours("A", None)
    option = _to(CATALOG, customer(source), source, "a")
    assert option.readiness is Readiness.UNKNOWN
    assert _open(option) == OPEN | {"SEAT_CAP": ("subscription.quantity",)}
    source = _ours("A", 10)
    other = subscription("b", None, seller=PARTNER)
    option = _to(CATALOG, customer(source, other), source, "a")
    assert _open(option) == OPEN | {"SEAT_CAP": (f"seats of subscription {other.subscription_id}",)}


def test_foreign_holdings_that_are_not_loaded_leave_the_cap_unknown() -> None:
    source = _ours("A", 10)
    held = customer(source, foreign_state=HoldingsState.NOT_LOADED)
    option = _to(CATALOG, held, source, "a")
    assert option.readiness is Readiness.UNKNOWN
    assert _open(option) == OPEN | {"SEAT_CAP": ("holdings.foreign",)}


def _more(held: Customer, source: Subscription, extra: int) -> MoreLicenses:
    answer = more_licenses(CATALOG, held, source, SCOPE, extra=extra)
    assert isinstance(answer, MoreLicenses)
    return answer


def test_seats_that_fit_are_added_here_and_no_move_is_offered() -> None:
    source = _ours("a", 280)
    answer = _more(customer(source), source, 20)
    assert (answer.seats_added_here, answer.shortfall, answer.moves) == (20, 0, ())


def test_seats_beyond_the_cap_need_a_move_with_room_for_all() -> None:
    source = _ours("a", 280)
    answer = _more(customer(source), source, 40)
    assert (answer.seats_wanted, answer.seats_added_here, answer.shortfall) == (320, 20, 20)
    assert [option.target for option, _ in answer.moves] == [oid("c")]
    assert all(isinstance(b, Blocker) for option, _ in answer.moves for b in option.blockers)


def test_another_sellers_seats_of_the_same_offer_take_the_room() -> None:
    source = _ours("a", 10)
    held = customer(source, subscription("a", 290, number=1, seller=PARTNER))
    answer = _more(held, source, 5)
    assert (answer.seats_added_here, answer.shortfall) == (0, 5)
    assert {option.target for option, _ in answer.moves} == {oid("b"), oid("c")}


def test_a_known_foreign_product_is_clear_also_where_a_family_member_has_no_known_product() -> None:
    """Only a subscription whose own product is untold is unclear, not an offer nobody describes."""
    undescribed = SeatCap(oid("e"), 300, "BUSINESS", 300, "limits")
    made = facts(
        f"{MOVES}, a>e conversion documented", seat_caps=[*CAPS, undescribed], **with_plans(PLANS)
    )
    source = _ours("A", 10)
    held = customer(source, subscription("d", 20, seller=PARTNER))
    option = _to(from_facts(sold_and_billed(made)), held, source, "a")
    assert (option.readiness, _open(option)) == (Readiness.READY, OPEN)


def test_a_move_that_holds_the_wanted_seats_exactly_has_room() -> None:
    source = _ours("a", 200)
    held = customer(source, subscription("a", 100, number=1, seller=PARTNER))
    for extra, targets in ((100, "bc"), (101, "c")):
        answer = _more(held, source, extra)
        assert {option.target for option, _ in answer.moves} == set(map(oid, targets))
