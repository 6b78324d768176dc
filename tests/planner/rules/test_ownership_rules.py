"""The two ownership rules tell whose subscription is in the way, and who can free it."""

from dataclasses import replace

import pytest

from planner.blockers import Actor, Alternative, Blocker, RemedyAction, Severity
from planner.customers import HoldingsState, Seller, SubscriptionState
from planner.rules import RULES, Mode
from planner.transitions import TransitionKind
from tests.planner.builders import (
    ADMIN,
    complete,
    customer,
    guid,
    oid,
    oids,
    pid,
    subscription,
    trusting,
)
from tests.planner.rules.asked_rules import (
    CATALOG,
    CHANNEL,
    NO_TRANSFER,
    OURS,
    PARTNER,
    RULE,
    TRANSFER,
    actions,
    ask,
    fails,
    unknown,
)


@pytest.mark.parametrize(
    ("move", "mode", "severity"),
    [
        ("AB", NO_TRANSFER, Severity.BLOCKS),
        ("AB", TRANSFER, Severity.BLOCKS),
        ("ab", TRANSFER, Severity.BLOCKS),
        ("ab", NO_TRANSFER, Severity.WARNS),
    ],
)
@pytest.mark.parametrize("seller", [OURS, PARTNER, CHANNEL])
def test_an_added_service_owned_elsewhere_fails_by_kind_and_mode(
    move: str, mode: Mode, severity: Severity, seller: Seller
) -> None:
    other = subscription("C", seller=seller, number=1)
    held = customer(subscription(move[0]), other)
    blocker = fails(ask("SERVICES_ALREADY_OWNED", move, held, mode=mode))
    assert (blocker.severity, blocker.subject) == (severity, other.subscription_id)
    (evidence,) = blocker.evidence
    assert (evidence.plan_ids, evidence.seller) == ((pid("TEAMS"),), seller)
    has_other_mode = Alternative.ANOTHER_MODE in blocker.alternatives
    assert has_other_mode is (move == "ab" and mode is TRANSFER)


@pytest.mark.parametrize(
    ("seller", "expected"),
    [
        (OURS, [(RemedyAction.CANCEL_OWN_SUBSCRIPTION, Actor.US)]),
        (
            PARTNER,
            [
                (RemedyAction.CANCEL_ELSEWHERE, Actor.CUSTOMER),
                (RemedyAction.TRANSFER_IN, Actor.ANOTHER_PARTNER),
            ],
        ),
        (CHANNEL, [(RemedyAction.CANCEL_ELSEWHERE, Actor.CUSTOMER)]),
        (Seller.NOT_KNOWN, [(RemedyAction.CANCEL_ELSEWHERE, Actor.CUSTOMER)]),
    ],
)
@pytest.mark.parametrize(("rule", "other"), [("SERVICES_ALREADY_OWNED", "C"), ("TARGET", "B")])
def test_who_sold_it_decides_who_can_free_the_way(
    seller: Seller, expected: list[tuple[RemedyAction, Actor]], rule: str, other: str
) -> None:
    name = "TARGET_ALREADY_OWNED" if rule == "TARGET" else rule
    held = customer(subscription("A"), subscription(other, seller=seller, number=1))
    assert actions(fails(ask(name, "AB", held))) == expected


def test_the_same_family_in_another_size_warns_and_names_the_plan() -> None:
    held = customer(subscription("A"), subscription("D", seller=PARTNER))
    blocker = fails(ask("SERVICES_ALREADY_OWNED", "AB", held))
    assert (blocker.severity, blocker.parameters) == (Severity.WARNS, (("family", "TEAMS"),))
    assert blocker.evidence[0].plan_ids == (pid("TEAMS_SMALL"),)


def test_a_plan_that_every_product_carries_is_no_conflict() -> None:
    only_common = replace(
        subscription("D", seller=PARTNER), service_plan_ids=frozenset({pid("COMMON")})
    )
    assert ask("SERVICES_ALREADY_OWNED", "AB", customer(subscription("A"), only_common)) == ()


def test_what_the_source_gives_already_is_no_conflict() -> None:
    held = customer(subscription("A"), subscription("A", seller=PARTNER))
    assert ask("SERVICES_ALREADY_OWNED", "AB", held) == ()


@pytest.mark.parametrize("state", ["DELETED", "DISABLED", "EXPIRED"])
@pytest.mark.parametrize("rule", ["SERVICES_ALREADY_OWNED", "TARGET_ALREADY_OWNED"])
def test_a_subscription_that_is_gone_owns_nothing(state: str, rule: str) -> None:
    gone = subscription("B", seller=PARTNER, state=SubscriptionState(state))
    assert ask(rule, "AB", customer(subscription("A"), gone)) == ()


@pytest.mark.parametrize("state", [HoldingsState.NOT_LOADED, HoldingsState.PARTIAL])
@pytest.mark.parametrize("rule", ["SERVICES_ALREADY_OWNED", "TARGET_ALREADY_OWNED"])
def test_holdings_that_are_not_loaded_whole_leave_ownership_unknown(
    state: HoldingsState, rule: str
) -> None:
    source = subscription("A")
    held = customer(source, foreign_state=state)
    assert unknown(ask(rule, "AB", held)) == ("holdings.foreign",)
    held = customer(source, own_state=state)
    assert unknown(ask(rule, "AB", held)) == ("holdings.own",)
    assert ask(rule, "AB", customer(source)) == ()


def test_a_hit_is_told_also_where_holdings_are_not_loaded_whole() -> None:
    held = customer(
        subscription("A"),
        subscription("B", seller=PARTNER),
        foreign_state=HoldingsState.PARTIAL,
    )
    assert fails(ask("TARGET_ALREADY_OWNED", "AB", held)).severity is Severity.BLOCKS
    assert fails(ask("SERVICES_ALREADY_OWNED", "AB", held)).severity is Severity.BLOCKS


def test_a_foreign_product_that_nothing_tells_of_leaves_it_unknown() -> None:
    opaque = replace(subscription("C", seller=PARTNER), product_guid=None)
    held = customer(subscription("A"), opaque)
    fields = unknown(ask("SERVICES_ALREADY_OWNED", "AB", held))
    assert fields == (f"service plans of subscription {opaque.subscription_id}",)
    fields = unknown(ask("TARGET_ALREADY_OWNED", "AB", held))
    assert fields == (f"product of subscription {opaque.subscription_id}",)


def test_plans_of_the_offer_that_are_not_known_are_named() -> None:
    assert unknown(ask("SERVICES_ALREADY_OWNED", "AE")) == (f"service plans of {oid('E')}",)


def test_our_own_target_blocks_an_upgrade_and_is_one_to_convert_into() -> None:
    held = customer(subscription("A"), subscription("B", number=1))
    assert fails(ask("TARGET_ALREADY_OWNED", "AB", held)).severity is Severity.BLOCKS
    held = customer(subscription("a"), subscription("b", number=1))
    blocker = fails(ask("TARGET_ALREADY_OWNED", "ab", held))
    assert blocker.severity is Severity.WARNS
    assert actions(blocker) == [(RemedyAction.MOVE_INTO_EXISTING, Actor.US)]


def test_the_disagreement_is_shown_of_conversions_alone_and_of_others_subscriptions_alone() -> None:
    """The upgrade page forbids it, the new-commerce pages warn; of upgrades only one speaks."""
    counts = {}
    for move, seller in (("AB", PARTNER), ("ab", OURS), ("ab", PARTNER)):
        held = customer(subscription(move[0]), subscription(move[1], seller=seller, number=1))
        counts[move, seller] = len(fails(ask("TARGET_ALREADY_OWNED", move, held)).evidence)
    assert counts == {("AB", PARTNER): 1, ("ab", OURS): 1, ("ab", PARTNER): 2}


@pytest.mark.parametrize("seller", [PARTNER, CHANNEL])
def test_a_target_held_elsewhere_warns_of_a_conversion_with_the_disagreement_shown(
    seller: Seller,
) -> None:
    held = customer(subscription("a"), subscription("b", seller=seller))
    blocker = fails(ask("TARGET_ALREADY_OWNED", "ab", held))
    assert blocker.severity is Severity.WARNS
    assert blocker.remedies[0].action is RemedyAction.REASSIGN_BY_HAND
    assert "condition 3" in (blocker.evidence[1].source or "")
    assert blocker.parameters == (("seller", seller.value),)


def test_a_foreign_subscription_is_matched_by_its_product_and_not_by_its_title() -> None:
    named = replace(subscription("C", seller=PARTNER), title="Offer B")
    assert ask("TARGET_ALREADY_OWNED", "AB", customer(subscription("A"), named)) == ()
    other_title = replace(named, product_guid=guid("B"), title="Something else")
    held = customer(subscription("A"), other_title)
    assert fails(ask("TARGET_ALREADY_OWNED", "AB", held)).subject == other_title.subscription_id


def test_a_migration_is_not_asked_who_owns_its_target() -> None:
    for name in ("SERVICES_ALREADY_OWNED", "TARGET_ALREADY_OWNED"):
        assert TransitionKind.MIGRATION not in RULE[name].kinds


KINDS = {"AB": TransitionKind.LEGACY_UPGRADE, "ab": TransitionKind.CONVERSION}


@pytest.mark.parametrize(
    ("move", "rule"),
    [(move, rule.name) for move, kind in KINDS.items() for rule in RULES if kind in rule.kinds],
)
def test_a_subscription_that_graph_lists_once_more_is_not_another_one(rule: str, move: str) -> None:
    source = complete(subscription(move[0]))
    again = replace(source, seller=PARTNER, catalog_id=None, product_guid=guid(move[1]))
    assert again.subscription_id == source.subscription_id
    held = trusting(customer(source, again))
    assert ask(rule, move, held, source=source, acting=ADMIN) == ()


def test_a_total_that_our_own_seats_explain_is_not_another_subscription() -> None:
    source = subscription("A", 10)
    own = subscription("B", 20, number=1)
    total = subscription("B", 20, number=2, seller=Seller.NOT_KNOWN)
    held = customer(source, own, total)
    assert fails(ask("TARGET_ALREADY_OWNED", "AB", held)).subject == own.subscription_id
    more = replace(total, seats=21)
    subjects = {
        b.subject
        for b in ask("TARGET_ALREADY_OWNED", "AB", customer(source, own, more))
        if isinstance(b, Blocker)
    }
    assert subjects == {own.subscription_id, more.subscription_id}


def test_every_offer_of_the_tests_is_there() -> None:
    assert oids("ABCDEab") == set(CATALOG.offers)
