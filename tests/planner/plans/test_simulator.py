"""The toy Partner Center refuses what the documentation says is refused, by its code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from planner.customers import Reducible, Seller, Subscription
from planner.customers import SubscriptionState as State
from planner.facts import SeatCap
from planner.offers import Known
from planner.rules import Mode
from planner.transitions import Prerequisite
from tests.planner.builders import NOW, oid, subscription
from tests.planner.plans import plain_steps
from tests.planner.plans.examples import YOUNG, agreed, held, world
from tests.planner.plans.simulator import PartnerCenter
from tests.planner.plans.tenant import Refused, Tenant, tenant_of

TRANSFER, NO_TRANSFER = Mode.WITH_LICENSE_TRANSFER, Mode.WITHOUT_LICENSE_TRANSFER
MOVES = """
    A>B upgrade documented, A>a migration documented, B>b migration documented
    D>d migration documented, a>b conversion documented, b>a conversion documented
"""
PLANS = {"A": "MAIL", "B": "MAIL TEAMS", "C": "TEAMS", "D": "FAX"} | {
    "a": "MAIL",
    "b": "MAIL TEAMS",
    "c": "TEAMS",
    "d": "FAX",
}
CENTER = PartnerCenter(
    world(
        MOVES,
        PLANS,
        seat_caps=(SeatCap(oid("b"), 30, None, None, "caps"),),
        prerequisites=(Prerequisite(oid("d"), oid("a"), "list"),),
    )
)
ONE = held("A").subscription_id
NEW = held("a").subscription_id


def now(*subscriptions: Subscription, at: datetime = NOW) -> Tenant:
    return tenant_of(agreed(*subscriptions), at)


def refused(code: str, step: Callable[[], object]) -> None:
    with pytest.raises(Refused) as caught:
        step()
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("900215", {"state": State.SUSPENDED}),
        ("900216", {"state": State.PENDING}),
        ("900226", {"created": YOUNG}),
        ("900226", {"created": datetime(2026, 10, 23, 9, tzinfo=NOW.tzinfo)}),
        ("900218", {"promotion_id": "P"}),
        ("900218", {"promotion_ends": NOW.date()}),
        ("900247", {"partner_of_record": "unknown"}),
        ("900222", {"term": "P3Y"}),
        ("trial", {"is_trial": True}),
    ],
)
def test_a_migration_is_refused(code: str, more: dict[str, object]) -> None:
    one = replace(held("A"), **more)  # type: ignore[arg-type]
    refused(code, lambda: CENTER.migrate(now(one), ONE, oid("a")))
    if one.state is not State.ACTIVE:
        return  # One that is not active is no member of a bundle.
    addon = replace(one, subscription_id="b", parent_id=ONE, catalog_id=oid("D"))
    members = (("b", oid("d")),)
    refused(code, lambda: CENTER.migrate(now(held("A"), addon), ONE, oid("a"), members=members))


def test_the_last_24_hours_are_for_full_new_terms() -> None:
    one = held("A", last_day=NOW.date())
    CENTER.migrate(now(one, at=NOW - timedelta(seconds=1)), ONE, oid("a"))
    late = now(one)
    refused("900217", lambda: CENTER.migrate(late, ONE, oid("a")))
    after = CENTER.migrate(late, ONE, oid("a"), full_new_term=True)
    assert after.get(ONE).last_day == date(2027, 11, 22)


def test_a_bundle_goes_whole_or_not_at_all() -> None:
    addon = held("D", 2, parent_id=ONE)
    members = ((addon.subscription_id, oid("d")),)
    refused("900262", lambda: CENTER.migrate(now(held("A"), addon), ONE, oid("a")))
    refused("900262", lambda: CENTER.migrate(now(held("A")), ONE, oid("a"), members=members))
    after = CENTER.migrate(now(held("A"), addon), ONE, oid("a"), members=members)
    assert [one.catalog_id for one in after.own] == [oid("a"), oid("d")]
    assert all(one.parent_id is None for one in after.own)


def test_a_switched_term_keeps_its_anniversary_day() -> None:
    after = CENTER.migrate(now(held("A")), ONE, oid("a"), term="P1M")
    assert after.get(ONE).last_day == date(2026, 12, 2)


def test_nothing_new_is_had_without_the_agreement_base_or_seats() -> None:
    without = replace(now(held("A"), held("D", 2)), agreement=Known.NO)
    refused("13605", lambda: CENTER.migrate(without, ONE, oid("a")))
    refused("13605", lambda: CENTER.buy(without, oid("a"), 5, "bought"))
    refused("400041", lambda: CENTER.buy(now(held("D")), oid("d"), 5, "bought"))
    refused("800088", lambda: CENTER.buy(now(), oid("b"), 31, "bought"))
    refused("buy", lambda: CENTER.buy(now(), oid("A"), 5, "bought"))
    other = subscription("b", 25, number=9, seller=Seller.ANOTHER_PARTNER)
    refused("800088", lambda: CENTER.buy(now(other), oid("b"), 6, "bought"))
    assert CENTER.buy(now(other), oid("b"), 5, "bought").has("bought")


def test_a_legacy_upgrade_is_refused_for_what_the_customer_has() -> None:
    other, same = (
        subscription(name, number=9, seller=Seller.ANOTHER_CHANNEL) for name in ("C", "B")
    )
    refused("3", lambda: CENTER.upgrade(now(held("A"), other), ONE, oid("B"), TRANSFER))
    refused("3", lambda: CENTER.upgrade(now(held("A"), same), ONE, oid("B"), NO_TRANSFER))
    addon = held("D", 2, parent_id=ONE)
    refused("6", lambda: CENTER.upgrade(now(held("A"), addon), ONE, oid("B"), TRANSFER))
    annual = held("A", billing_cycle="annual")
    refused("10", lambda: CENTER.upgrade(now(annual), ONE, oid("B"), TRANSFER))
    assert not CENTER.upgrade(now(held("A")), ONE, oid("B"), TRANSFER).due
    assert CENTER.upgrade(now(held("A")), ONE, oid("B"), NO_TRANSFER).due


def test_a_conversion_leads_upwards_and_keeps_its_term() -> None:
    other = subscription("c", number=9, seller=Seller.ANOTHER_CHANNEL)
    refused("3", lambda: CENTER.convert(now(held("a"), other), NEW, oid("b"), TRANSFER))
    refused(
        "7", lambda: CENTER.convert(now(held("b")), held("b").subscription_id, oid("a"), TRANSFER)
    )
    refused("900267", lambda: CENTER.convert(now(held("a")), NEW, oid("b"), TRANSFER, term="P1M"))
    after = CENTER.convert(now(held("a"), other), NEW, oid("b"), NO_TRANSFER).get(NEW)
    assert (after.term, after.last_day) == (held("a").term, held("a").last_day)
    same = subscription("b", number=9, seller=Seller.ANOTHER_PARTNER)
    assert CENTER.convert(now(held("a"), same), NEW, oid("b"), NO_TRANSFER).due


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("900260", {"catalog_id": oid("c")}),
        ("target 1", {"state": State.SUSPENDED}),
        ("target 2", {"cancellable_until": NOW + timedelta(hours=1)}),
        ("target 3", {"term": "P1M"}),
        ("target 4", {"last_day": date(2027, 3, 1)}),
        ("800088", {"seats": 21}),
    ],
)
def test_an_existing_subscription_takes_seats_only_as_documented(
    code: str, more: dict[str, object]
) -> None:
    into = replace(held("b", 2), **more)  # type: ignore[arg-type]
    tenant = now(held("a"), into)
    refused(code, lambda: CENTER.convert_into(tenant, NEW, oid("b"), into.subscription_id))
    fine = now(held("a"), held("b", 2))
    after = CENTER.convert_into(fine, NEW, oid("b"), into.subscription_id)
    assert [one.seats for one in after.own] == [20]
    assert after.follower(NEW) == into.subscription_id


def test_what_is_cancelled_suspended_or_given_back_has_its_window() -> None:
    refused("900213", lambda: plain_steps.cancel(now(held("a")), NEW))
    assert not plain_steps.cancel(now(held("a", cancellable_until=NOW)), NEW).own
    addon = held("D", 2, parent_id=ONE)
    left = plain_steps.cancel(now(held("A"), addon), ONE)
    assert [one.state for one in left.own] == [State.SUSPENDED]
    refused("404", lambda: plain_steps.cancel(left, ONE))
    some = held("a", reducible=(Reducible(3, NOW),))
    refused("800090", lambda: CENTER.change_seats(now(some), NEW, 6))
    assert CENTER.change_seats(now(some), NEW, 7).get(NEW).seats == 7
    refused("seats", lambda: CENTER.change_seats(now(held("a", is_trial=True)), NEW, 11))


def test_terms_renew_expire_or_go_on_by_the_month() -> None:
    day = date(2027, 3, 3)
    renews = CENTER.wait(now(held("a")), day).get(NEW)
    assert (renews.state, renews.last_day) == (State.ACTIVE, date(2028, 3, 2))
    assert renews.cancellable_until == datetime(2027, 3, 10, tzinfo=NOW.tzinfo)
    extended = CENTER.wait(now(held("a", auto_renews=False)), day).get(NEW)
    assert (extended.term, extended.last_day) == ("P1M", date(2027, 4, 2))
    off = plain_steps.turn_off_renewal(now(held("a")), NEW)
    assert CENTER.wait(off, day).get(NEW).state is State.EXPIRED
    suspended = CENTER.wait(now(held("a", state=State.SUSPENDED)), day).get(NEW)
    assert suspended.state is State.DISABLED


def test_a_scheduled_migration_waits_for_its_day_and_may_fail_then() -> None:
    planned = CENTER.schedule_migration(now(held("A")), ONE, oid("a"))
    assert planned.get(ONE).catalog_id == oid("A")
    done = CENTER.wait(planned, date(2027, 3, 3)).get(ONE)
    assert (done.catalog_id, done.last_day) == (oid("a"), date(2028, 3, 2))
    late = held("A", promotion_ends=date(2027, 3, 3))
    refused("900218", lambda: CENTER.schedule_migration(now(late), ONE, oid("a")))
    gone = replace(planned, agreement=Known.NO)
    assert CENTER.wait(gone, date(2027, 3, 3)).get(ONE).catalog_id == oid("A")
