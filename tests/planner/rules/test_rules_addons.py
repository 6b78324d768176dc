"""Add-ons stop an upgrade, each by itself, until they are removed or have migrated."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Actor, Blocker, RemedyAction, Severity
from planner.customers import HoldingsState, Subscription
from planner.customers import SubscriptionState as State
from planner.rules.walk import Answer
from tests.examples import checked
from tests.planner.builders import customer, subscription
from tests.planner.rules.asked_rules import actions, ask, fails, unknown

BASE = subscription("A")
PARTIAL = HoldingsState.PARTIAL
UPGRADE, CONVERSION = "AB", "ab"


def _codes(blocker: Blocker) -> list[tuple[str, int]]:
    return [(code.api, code.number) for code in blocker.partner_center]


def _addon(
    number: int, parent: Subscription | str, state: State = State.ACTIVE, offer: str = "C"
) -> Subscription:
    parent_id = parent if isinstance(parent, str) else parent.subscription_id
    return replace(subscription(offer, number=number, state=state), parent_id=parent_id)


def _addons(*held: Subscription, own_state: HoldingsState = HoldingsState.COMPLETE) -> Answer:
    return ask("ADDONS_PRESENT", UPGRADE, customer(BASE, *held, own_state=own_state), source=BASE)


def test_an_add_on_blocks_the_upgrade_until_it_is_removed() -> None:
    addon = _addon(1, BASE)
    blocker = fails(_addons(addon))
    assert (blocker.code, blocker.severity) == ("ADDONS_PRESENT", Severity.BLOCKS)
    assert blocker.subject == addon.subscription_id
    assert _codes(blocker) == [("UPGRADE", 6)]
    assert [(r.action, r.subscription_id) for r in blocker.remedies] == [
        (RemedyAction.REMOVE_ADDON, addon.subscription_id)
    ]


def test_an_add_on_that_can_migrate_may_go_first() -> None:
    blocker = fails(_addons(_addon(1, BASE, offer="A")))
    assert actions(blocker) == [
        (RemedyAction.REMOVE_ADDON, Actor.US),
        (RemedyAction.MIGRATE_ADDON_FIRST, Actor.US),
    ]


def test_nested_add_ons_count_and_those_of_other_subscriptions_do_not() -> None:
    first = _addon(1, BASE)
    nested = _addon(2, first)
    stranger = _addon(3, "f" * 8)
    found = _addons(nested, stranger, first)
    assert [one.subject for one in found if isinstance(one, Blocker)] == [
        first.subscription_id,
        nested.subscription_id,
    ]


@pytest.mark.parametrize("state", [State.DISABLED, State.EXPIRED, State.DELETED])
def test_an_add_on_that_is_gone_is_clear(state: State) -> None:
    assert _addons(_addon(1, BASE, state)) == ()


@pytest.mark.parametrize("state", [State.SUSPENDED, State.PENDING])
def test_an_idle_add_on_warns_because_nobody_says_whether_it_counts(state: State) -> None:
    blocker = fails(_addons(_addon(1, BASE, state)))
    assert blocker.severity is Severity.WARNS
    assert "not published" in blocker.message


def test_add_ons_are_unknown_until_our_own_holdings_are_whole_or_one_is_found() -> None:
    assert unknown(_addons(own_state=PARTIAL)) == ("holdings.own",)
    assert fails(_addons(_addon(1, BASE), own_state=PARTIAL))
    opaque = _addon(1, BASE, State.UNRECOGNIZED)
    assert unknown(_addons(opaque)) == (f"status of subscription {opaque.subscription_id}",)


def test_add_ons_that_hang_on_each_other_end_the_search() -> None:
    first = _addon(1, BASE)
    loop = replace(BASE, parent_id=first.subscription_id)
    found = ask("ADDONS_PRESENT", UPGRADE, customer(loop, first), source=loop)
    assert fails(found).subject == first.subscription_id


def test_a_conversion_is_stopped_at_its_first_step_alone() -> None:
    source = subscription("a")
    held = customer(source, _addon(1, source))
    blocker = fails(ask("ADDONS_PRESENT", CONVERSION, held, source=source))
    assert _codes(blocker) == [("TRANSITION", 6)]
    assert ask("ADDONS_PRESENT", CONVERSION, held, source=source, is_first=False) == ()


def _leads_to_base(addon: Subscription, by_id: dict[str, Subscription]) -> bool:
    seen: set[str] = set()
    parent = addon.parent_id
    while parent is not None and parent not in seen:
        if parent == BASE.subscription_id:
            return True
        seen.add(parent)
        parent = by_id[parent].parent_id if parent in by_id else None
    return False


@checked(200)
@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from(State)), max_size=8), st.randoms())
def test_what_blocks_is_each_active_one_whose_parents_lead_to_the_base(
    drawn: Sequence[tuple[int, State]], shuffle: random.Random
) -> None:
    ids = [BASE.subscription_id] + [_addon(n + 1, "").subscription_id for n in range(len(drawn))]
    held = [_addon(n + 1, ids[p % len(ids)], state) for n, (p, state) in enumerate(drawn)]
    by_id = {one.subscription_id: one for one in held}
    answer = _addons(*held)
    expected = sorted(
        one.subscription_id
        for one in held
        if one.state is State.ACTIVE and _leads_to_base(one, by_id)
    )
    blocking = [b.subject for b in answer if isinstance(b, Blocker) and b.severity == "BLOCKS"]
    assert blocking == expected
    shuffle.shuffle(held)
    assert _addons(*held) == answer
