"""A move names the users whom it concerns, and what each needs; what is not known is said."""

from dataclasses import replace
from typing import Any

import pytest

from planner.accounts.accounts import NO_ACCOUNTS
from planner.accounts.affected import Affected, affected_by_end, affected_by_way
from planner.accounts.handling import LicenseHandling as Handling
from planner.accounts.work import AccountWorkKind as Kind
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.customers import HoldingsState, Seller, SubscriptionState
from planner.facts import CommonPlan, ServiceFamily
from planner.rules import Choices, Mode
from planner.transitions import Prerequisite
from tests.planner.accounts.account_builders import (
    GROUP,
    accounts,
    edge,
    kinds,
    moved,
)
from tests.planner.builders import catalog, customer, guid, oid, pid, subscription, with_plans

MOVES = """
    A>B upgrade documented, B>b migration derived, A>a migration derived, a>b conversion documented
    D>b migration documented manual, T>a trial documented, A>x migration derived
"""
PLANS = {
    "A": "MAIL SITES COMMON",
    "B": "MAIL TEAMS SITES VOICE COMMON",
    "a": "MAIL SITES COMMON",
    "b": "MAIL TEAMS VOICE COMMON",
    "D": "DESK",
    "E": "TEAMS COMMON",
    "T": "MAIL",
}
TRANSFER = Choices(Mode.WITH_LICENSE_TRANSFER)


def made(**rows: Any) -> Catalog:
    given: dict[str, Any] = {
        **with_plans(PLANS),
        "common_plans": (CommonPlan(pid("COMMON"), "x"),),
        **rows,
    }
    return catalog(MOVES, **given)


CATALOG = made()
OURS = subscription("A", 10)


def work(affected: Affected, kind: Kind) -> Any:
    """Return the one piece of work of a kind, of the one account that is affected."""
    (one,) = affected.accounts
    (found,) = (each for each in one.work if each.kind is kind)
    return found


def test_an_upgrade_without_licence_transfer_is_reassigned_by_hand() -> None:
    found = moved(CATALOG, customer(OURS), accounts("ada: A", "bob: E"), OURS, "B")
    assert found.handling is Handling.BY_HAND
    assert (found.holders, kinds(found)) == (1, {"ada": {Kind.REASSIGN_BY_HAND}})
    assert found.counts == ((Kind.REASSIGN_BY_HAND, 1),)
    assert (found.general, found.unknown) == ((), ())


def test_with_licence_transfer_nobody_has_to_do_anything_where_nothing_changes() -> None:
    found = moved(CATALOG, customer(OURS), accounts("ada: A"), OURS, "B", TRANSFER)
    assert found.handling is Handling.AUTOMATIC
    assert (found.holders, found.accounts, found.unknown) == (1, (), ())


def test_services_switched_off_are_on_after_an_automatic_change() -> None:
    known = accounts("ada: A -MAIL", "bob: A -COMMON")
    found = moved(CATALOG, customer(OURS), known, OURS, "B", TRANSFER)
    assert kinds(found) == {"ada": {Kind.PLANS_SWITCHED_ON}, "bob": {Kind.PLANS_SWITCHED_ON}}
    assert [plan.name for plan in found.accounts[0].work[0].plans] == ["MAIL"]


def test_a_service_that_another_licence_gives_was_never_off() -> None:
    own = made(**with_plans(PLANS | {"E": "MAIL COMMON"}))
    found = moved(own, customer(OURS), accounts("ada: A -MAIL, E"), OURS, "B", TRANSFER)
    assert found.accounts == ()


def test_by_hand_what_was_switched_off_may_stay_so() -> None:
    found = moved(CATALOG, customer(OURS), accounts("ada: A -MAIL"), OURS, "B")
    assert kinds(found) == {"ada": {Kind.REASSIGN_BY_HAND}}
    by_hand = work(found, Kind.REASSIGN_BY_HAND)
    assert [plan.name for plan in by_hand.plans] == ["MAIL"]
    assert "Mail is switched off and may stay so" in by_hand.message


def test_a_migration_keeps_the_licences_where_the_product_is_the_same() -> None:
    same: dict[str, Any] = with_plans(PLANS)
    offers = {one.catalog_id: one for one in same["offers"]}
    twin = replace(offers[oid("a")], product_guid=guid("A"))
    same["offers"] = (*(one for one in offers.values() if one.catalog_id != oid("a")), twin)
    found = moved(made(**same), customer(OURS), accounts("ada: A -MAIL"), OURS, "a")
    assert found.handling is Handling.KEPT
    assert (found.holders, found.accounts) == (1, ())


def test_lost_services_are_those_that_were_on_and_nothing_gives_any_more() -> None:
    own = subscription("a", 10)
    known = accounts("ada: a", "bob: a -SITES", "cleo: a, B")
    found = moved(CATALOG, customer(own), known, own, "b", TRANSFER)
    assert {name: Kind.SERVICES_LOST in each for name, each in kinds(found).items()} == {
        "ada": True,
        "cleo": False,
    }
    (lost,) = found.accounts[0].work
    assert ([plan.name for plan in lost.plans], lost.severity) == (["SITES"], Severity.WARNS)
    assert lost.message == "Loses Sites"


@pytest.mark.parametrize(("titles", "severity"), [("MAIL1 MAIL2", Severity.NOTES)])
def test_another_size_of_a_family_is_no_loss(titles: str, severity: Severity) -> None:
    small, large = titles.split()
    family = ServiceFamily("MAIL", frozenset({pid(small), pid(large)}), "x")
    plans = with_plans(PLANS | {"A": small, "B": large})
    own = made(**plans, service_families=(family,))
    found = moved(own, customer(OURS), accounts("ada: A"), OURS, "B", TRANSFER)
    lost = work(found, Kind.SERVICES_LOST)
    assert lost.severity is severity
    assert "another size" in lost.message


def test_a_service_that_another_licence_gives_already_is_granted_twice() -> None:
    found = moved(CATALOG, customer(OURS), accounts("ada: A, E", "bob: A"), OURS, "B", TRANSFER)
    assert kinds(found) == {"ada": {Kind.GRANTED_TWICE}}
    twice = work(found, Kind.GRANTED_TWICE)
    assert [plan.name for plan in twice.plans] == ["TEAMS"]
    assert "Offer E" in twice.message


def test_a_service_that_is_switched_off_in_the_other_licence_is_not_granted_twice() -> None:
    known = accounts("ada: A, E -TEAMS")
    assert moved(CATALOG, customer(OURS), known, OURS, "B", TRANSFER).accounts == ()


def test_another_size_beside_the_target_may_exclude_it() -> None:
    family = ServiceFamily("CHAT", frozenset({pid("TEAMS"), pid("DESK")}), "x")
    own = made(service_families=(family,))
    found = moved(own, customer(OURS), accounts("ada: A, D"), OURS, "B", TRANSFER)
    assert [plan.name for plan in work(found, Kind.GRANTED_TWICE).plans] == ["DESK"]


def test_a_group_is_changed_and_not_its_members() -> None:
    for choices in (TRANSFER, Choices()):
        found = moved(CATALOG, customer(OURS), accounts("ada: A group"), OURS, "B", choices)
        assert kinds(found) == {"ada": {Kind.GROUP_ASSIGNED}}
        assert work(found, Kind.GROUP_ASSIGNED).group_ids == (GROUP,)


def test_a_licence_that_is_direct_and_by_group_needs_both() -> None:
    found = moved(CATALOG, customer(OURS), accounts("ada: A, A group"), OURS, "B")
    assert kinds(found) == {"ada": {Kind.GROUP_ASSIGNED, Kind.REASSIGN_BY_HAND}}


def test_without_a_usage_location_nothing_is_assigned() -> None:
    known = accounts("ada: A", location="")
    by_hand = moved(CATALOG, customer(OURS), known, OURS, "B")
    assert work(by_hand, Kind.NO_USAGE_LOCATION).severity is Severity.BLOCKS
    by_itself = moved(CATALOG, customer(OURS), known, OURS, "B", TRANSFER)
    assert work(by_itself, Kind.NO_USAGE_LOCATION).severity is Severity.WARNS


def test_a_usage_location_that_no_source_tells_is_not_known_and_not_missing() -> None:
    known = accounts("ada: A", location=None)
    found = moved(CATALOG, customer(OURS), known, OURS, "B", TRANSFER)
    assert found.accounts == ()
    assert found.unknown == ("usageLocation of 1 accounts",)


def test_assignments_in_error_are_told_and_their_accounts_do_not_hold() -> None:
    found = moved(CATALOG, customer(OURS), accounts("ada: A count error"), OURS, "B")
    assert (found.holders, kinds(found)) == (0, {"ada": {Kind.ASSIGNMENT_ERROR}})
    assert "no seat was left" in work(found, Kind.ASSIGNMENT_ERROR).message


def test_an_add_on_whose_only_base_goes_is_told() -> None:
    plans = with_plans(PLANS)
    addon = Prerequisite(oid("D"), oid("A"), "x")
    own = made(**plans, prerequisites=(addon,))
    found = moved(own, customer(OURS), accounts("ada: A, D", "bob: D"), OURS, "B", TRANSFER)
    assert kinds(found) == {"ada": {Kind.PREREQUISITE_LOST}}
    both = made(**plans, prerequisites=(addon, Prerequisite(oid("D"), oid("B"), "x")))
    kept = moved(both, customer(OURS), accounts("ada: A, D"), OURS, "B", TRANSFER)
    assert kept.accounts == ()


# Who reassigns


def test_a_full_conversion_reassigns_by_itself_in_either_mode() -> None:
    own = subscription("a", 10)
    for choices in (Choices(), TRANSFER, Choices(into="x")):
        found = moved(CATALOG, customer(own), accounts("ada: a"), own, "b", choices)
        assert (found.handling, found.unknown) == (Handling.AUTOMATIC, ())


@pytest.mark.parametrize(
    ("choices", "source"),
    [
        (Choices(seats=4), "docs/sources.md 2 (partial upgrade)"),
        (Choices(seats=12, at_renewal=True), "docs/sources.md 2 (scheduled upgrade)"),
    ],
)
def test_a_partial_or_changed_conversion_is_reassigned_by_hand(
    choices: Choices, source: str
) -> None:
    own = subscription("a", 10)
    found = moved(CATALOG, customer(own), accounts("ada: a"), own, "b", choices)
    assert (found.handling, found.source) == (Handling.BY_HAND, source)
    assert Kind.REASSIGN_BY_HAND in kinds(found)["ada"]


def test_of_a_partial_conversion_somebody_chooses_the_users() -> None:
    own = subscription("a", 10)
    found = moved(CATALOG, customer(own), accounts("ada: a"), own, "b", Choices(seats=4))
    assert "4 of 10 seats move" in work(found, Kind.REASSIGN_BY_HAND).message


@pytest.mark.parametrize(
    ("seller", "handling"),
    [
        (Seller.ANOTHER_PARTNER, Handling.BY_HAND),
        (Seller.ANOTHER_CHANNEL, Handling.BY_HAND),
        (Seller.US, Handling.AUTOMATIC),
        (Seller.NOT_KNOWN, Handling.AUTOMATIC),
    ],
)
def test_a_target_from_another_seller_is_reassigned_by_hand(
    seller: Seller, handling: Handling
) -> None:
    own = subscription("a", 10)
    theirs = subscription("b", 3, number=7, seller=seller)
    found = moved(CATALOG, customer(own, theirs), accounts("ada: a"), own, "b")
    assert found.handling is handling
    assert (found.unknown != ()) is (seller is Seller.NOT_KNOWN)


def test_a_manual_migration_is_reassigned_by_hand() -> None:
    own = subscription("D", 10)
    found = moved(CATALOG, customer(own), accounts("ada: D"), own, "b")
    assert found.handling is Handling.BY_HAND


def test_what_becomes_of_a_trials_licences_is_not_known() -> None:
    own = subscription("T", 10)
    found = moved(CATALOG, customer(own), accounts("ada: T"), own, "a")
    assert found.handling is Handling.NOT_KNOWN
    assert found.unknown == ("what becomes of the licences",)


def test_of_several_moves_the_one_with_the_most_work_counts() -> None:
    ways = (edge(CATALOG, "A", "B"), edge(CATALOG, "B", "b"))
    known = accounts("ada: A")
    by_hand = affected_by_way(CATALOG, customer(OURS), known, OURS, ways)
    assert (by_hand.handling, by_hand.target) == (Handling.BY_HAND, oid("b"))
    by_itself = affected_by_way(CATALOG, customer(OURS), known, OURS, ways, choices=TRANSFER)
    assert by_itself.handling is Handling.AUTOMATIC
    assert [plan.name for plan in work(by_itself, Kind.SERVICES_LOST).plans] == ["SITES"]


# Seats


def test_more_users_than_seats_are_counted_over_all_sellers() -> None:
    small = subscription("A", 2)
    known = accounts("ada: A", "bob: A", "cleo: A")
    (few,) = moved(CATALOG, customer(small), known, small, "B").general
    assert (few.kind, few.severity) == (Kind.TOO_FEW_SEATS, Severity.BLOCKS)
    assert few.message == "3 users share 2 seats afterwards: 1 too few"
    theirs = subscription("A", 1, number=5, seller=Seller.ANOTHER_PARTNER)
    assert moved(CATALOG, customer(small, theirs), known, small, "B").general == ()
    idle = replace(theirs, state=SubscriptionState.SUSPENDED)
    assert moved(CATALOG, customer(small, idle), known, small, "B").general == (few,)


def test_users_of_the_target_share_its_seats() -> None:
    other = subscription("B", 1, number=5)
    known = accounts("ada: A", "bob: B", "cleo: B")
    own = subscription("A", 1)
    (few,) = moved(CATALOG, customer(own, other), known, own, "B").general
    assert few.message.startswith("3 users share 2 seats")


def test_users_who_have_both_need_one_seat() -> None:
    other = subscription("B", 1, number=5)
    known = accounts("ada: A, B", "bob: A, B")
    own = subscription("A", 1)
    assert moved(CATALOG, customer(own, other), known, own, "B").general == ()


@pytest.mark.parametrize("foreign", [HoldingsState.PARTIAL, HoldingsState.NOT_LOADED])
def test_seats_that_may_exist_elsewhere_are_asked_for(foreign: HoldingsState) -> None:
    small = subscription("A", 1)
    holder = customer(small, foreign_state=foreign)
    found = moved(CATALOG, holder, accounts("ada: A", "bob: A"), small, "B")
    assert (found.general, found.unknown) == ((), ("holdings.foreign",))


def test_seats_that_are_not_known_are_asked_for() -> None:
    unknown = subscription("A", None)
    found = moved(CATALOG, customer(unknown), accounts("ada: A"), unknown, "B")
    assert found.general == ()
    assert found.unknown == (f"seats of subscription {unknown.subscription_id}",)


# The end of a subscription


def test_the_end_of_a_subscription_takes_the_services_away() -> None:
    found = affected_by_end(CATALOG, customer(OURS), accounts("ada: A", "bob: A, B group"), OURS)
    assert (found.handling, found.target) == (Handling.TAKEN_AWAY, None)
    assert kinds(found) == {"ada": {Kind.SERVICES_LOST}}
    assert work(found, Kind.SERVICES_LOST).severity is Severity.BLOCKS


def test_users_stay_on_what_else_gives_the_product_as_far_as_its_seats_go() -> None:
    other = subscription("A", 1, number=5)
    holder = customer(OURS, other)
    assert affected_by_end(CATALOG, holder, accounts("ada: A"), OURS).general == ()
    found = affected_by_end(CATALOG, holder, accounts("ada: A", "bob: A"), OURS)
    assert [one.kind for one in found.general] == [Kind.TOO_FEW_SEATS]
    assert found.accounts == ()


# Not known


def test_without_accounts_nothing_is_known_and_nothing_is_zero() -> None:
    found = moved(CATALOG, customer(OURS), NO_ACCOUNTS, OURS, "B")
    assert (found.state, found.holders) == (HoldingsState.NOT_LOADED, None)
    assert (found.counts, found.unknown) == ((), ("accounts",))


def test_a_part_of_the_accounts_is_said_to_be_one() -> None:
    known = accounts("ada: A", state=HoldingsState.PARTIAL)
    found = moved(CATALOG, customer(OURS), known, OURS, "B")
    assert (found.holders, found.unknown) == (1, ("accounts",))


def test_a_product_that_nobody_names_leaves_its_holders_unknown() -> None:
    bare = catalog(MOVES)
    found = moved(bare, customer(OURS), accounts("ada: A"), OURS, "B")
    assert found.holders is None
    assert f"product of subscription {OURS.subscription_id}" in found.unknown
    assert f"service plans of {oid('B')}" in found.unknown


def test_a_target_whose_services_nobody_tells_loses_nothing_for_certain() -> None:
    found = moved(CATALOG, customer(OURS), accounts("ada: A -MAIL"), OURS, "x")
    assert (found.handling, found.accounts) == (Handling.AUTOMATIC, ())
    assert found.unknown == (f"product of {oid('x')}", f"service plans of {oid('x')}")


def test_assignments_that_do_not_tell_their_way_are_not_known() -> None:
    found = moved(CATALOG, customer(OURS), accounts("ada: A unsure"), OURS, "B")
    assert kinds(found) == {"ada": {Kind.REASSIGN_BY_HAND}}
    assert found.unknown == ("licenseAssignmentStates of 1 accounts",)


def test_services_of_an_unknown_product_beside_are_named_as_missing() -> None:
    found = moved(CATALOG, customer(OURS), accounts("ada: A, z"), OURS, "B", TRANSFER)
    assert found.unknown == (f"service plans of product {guid('z')}",)


def test_of_two_subscriptions_of_a_product_nobody_knows_whose_a_licence_is() -> None:
    theirs = subscription("A", 5, number=5, seller=Seller.ANOTHER_PARTNER)
    found = moved(CATALOG, customer(OURS, theirs), accounts("ada: A"), OURS, "B")
    assert found.unknown == ("which of 2 subscriptions of the product a licence is from",)
