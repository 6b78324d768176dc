"""The target's limits and its billing: what stops a legacy upgrade."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Actor, Alternative, Blocker, RemedyAction, Severity, Unanswered
from planner.catalog import Catalog
from planner.customers import Customer, HoldingsState, Subscription
from planner.customers import SubscriptionState as State
from planner.offers import LimitScope
from planner.permissions import ANYONE
from planner.readiness import Readiness, readiness
from planner.rules import NO_CHOICES, Choices, StepInHand
from planner.rules.walk import Answer
from planner.transitions import TransitionKind
from tests.examples import checked
from tests.planner.builders import NOW, customer, from_facts, oid, subscription
from tests.planner.rules.asked_rules import CATALOG, PARTNER, RULE, actions, fails
from tests.planner.rules.asked_rules import unknown as unknown_fields

BASE = subscription("A")
PARTIAL = HoldingsState.PARTIAL


def _codes(blocker: Blocker) -> list[tuple[str, int]]:
    return [(code.api, code.number) for code in blocker.partner_center]


def _with(**changed: object) -> Catalog:
    """Return the small catalog with the target of the move changed."""
    made = CATALOG.facts
    offers = tuple(
        replace(one, **changed) if one.catalog_id == oid("B") else one  # type: ignore[arg-type]
        for one in made.offers
    )
    return from_facts(replace(made, offers=offers))


def _ask(
    rule: str,
    catalog: Catalog,
    held: Customer | None = None,
    source: Subscription = BASE,
    choices: Choices = NO_CHOICES,
) -> Answer:
    edge = catalog.transition(oid("A"), oid("B"))
    assert edge is not None
    step = StepInHand(
        catalog,
        held or customer(source),
        source,
        edge,
        is_first=True,
        is_last=True,
        choices=choices,
        acting=ANYONE,
        at=NOW,
    )
    return RULE[rule].ask(step)


@pytest.mark.parametrize("rule", ["ADDONS_PRESENT", "OFFER_LIMIT", "BILLING_CYCLE"])
def test_what_the_data_must_tell_decides(rule: str) -> None:
    assert readiness((), (Unanswered(rule, ("field",), "?"),)) is Readiness.UNKNOWN


def test_a_migration_is_asked_for_none_of_them() -> None:
    asked = {name for name, rule in RULE.items() if TransitionKind.MIGRATION in rule.kinds}
    ours = {"ADDONS_PRESENT", "OFFER_LIMIT", "BILLING_CYCLE", "SIGN_IN", "ADMIN_PERMISSION"}
    assert asked.isdisjoint(ours)


def _limited(
    *states: State,
    limit: int | None,
    scope: LimitScope = LimitScope.CONCURRENT,
    own_state: HoldingsState = HoldingsState.COMPLETE,
) -> Answer:
    held = [subscription("B", number=n + 1, state=state) for n, state in enumerate(states)]
    catalog = _with(limit=limit, limit_scope=scope)
    return _ask("OFFER_LIMIT", catalog, customer(BASE, *held, own_state=own_state))


def test_an_offer_without_a_limit_is_clear_and_one_without_its_number_unknown() -> None:
    assert _limited(State.ACTIVE, limit=None, scope=LimitScope.NONE) == ()
    assert unknown_fields(_limited(limit=None)) == (f"limit of {oid('B')}",)


def test_the_concurrent_limit_counts_what_is_cancelled_until_it_is_deprovisioned() -> None:
    assert _limited(State.DISABLED, limit=2) == ()
    assert _limited(State.DISABLED, State.DELETED, limit=2) == ()
    blocker = fails(_limited(State.ACTIVE, State.DISABLED, limit=2))
    assert (blocker.code, blocker.severity) == ("OFFER_LIMIT_REACHED", Severity.BLOCKS)
    assert blocker.parameters == (("limit", "2"), ("limitScope", "CONCURRENT"), ("counted", "2"))
    assert _codes(blocker) == [("UPGRADE", 4)]
    assert actions(blocker) == [
        (RemedyAction.CANCEL_OWN_SUBSCRIPTION, Actor.US),
        (RemedyAction.WAIT_UNTIL, Actor.MICROSOFT),
    ]
    assert [r.subscription_id for r in blocker.remedies] == [
        e.subscription_id for e in blocker.evidence
    ]


def test_where_several_must_go_no_single_one_is_called_a_remedy() -> None:
    (remedy,) = fails(_limited(State.ACTIVE, State.ACTIVE, limit=1)).remedies
    assert remedy.subscription_id is None
    assert "2 of these" in remedy.message


def test_the_lifetime_limit_counts_deleted_ones_and_has_no_way_out() -> None:
    blocker = fails(_limited(State.DELETED, limit=1, scope=LimitScope.LIFETIME))
    assert (blocker.remedies, blocker.clears_on) == ((), None)
    assert blocker.alternatives == (Alternative.ANOTHER_TARGET,)
    assert readiness((blocker,), ()) is Readiness.BLOCKED


def test_the_limit_is_ours_alone_and_the_moving_subscription_does_not_count() -> None:
    catalog = _with(limit=1, limit_scope=LimitScope.CONCURRENT)
    foreign = replace(subscription("B", seller=PARTNER), catalog_id=oid("B"))
    assert _ask("OFFER_LIMIT", catalog, customer(BASE, foreign)) == ()


def test_a_limit_is_unknown_where_more_may_be_hidden() -> None:
    assert unknown_fields(_limited(limit=1, own_state=PARTIAL)) == ("holdings.own",)
    assert fails(_limited(State.ACTIVE, limit=1, own_state=PARTIAL))
    (field,) = unknown_fields(_limited(State.UNRECOGNIZED, limit=1))
    assert field.startswith("status of subscription ")
    assert _limited(State.UNRECOGNIZED, limit=2) == ()


@checked(200)
@given(st.lists(st.sampled_from(State), max_size=5), st.integers(0, 4), st.sampled_from(LimitScope))
def test_a_limit_blocks_exactly_where_one_more_would_exceed_it(
    states: list[State], limit: int, scope: LimitScope
) -> None:
    silent = {State.NONE, State.UNRECOGNIZED}
    free = {LimitScope.CONCURRENT: {State.DELETED}, LimitScope.LIFETIME: set(), LimitScope.NONE: ()}
    surely = sum(s not in free[scope] and (scope == "LIFETIME" or s not in silent) for s in states)
    at_most = sum(s not in free[scope] for s in states)
    answer = _limited(*states, limit=limit, scope=scope)
    blocked, asked = (
        any(isinstance(one, kind) for one in answer) for kind in (Blocker, Unanswered)
    )
    limited = scope is not LimitScope.NONE
    assert blocked == (limited and surely + 1 > limit)
    assert asked == (limited and not blocked and at_most + 1 > limit)


@checked(50)
@given(st.permutations(range(4)))
def test_the_order_of_holdings_changes_nothing_about_a_limit(order: list[int]) -> None:
    states = (State.ACTIVE, State.SUSPENDED, State.UNRECOGNIZED, State.EXPIRED)
    held = [subscription("B", number=n, state=state) for n, state in enumerate(states)]
    catalog = _with(limit=2, limit_scope=LimitScope.CONCURRENT)
    answer = _ask("OFFER_LIMIT", catalog, customer(BASE, *held))
    assert _ask("OFFER_LIMIT", catalog, customer(BASE, *(held[n] for n in order))) == answer


def _billing(offered: Sequence[str], cycle: str | None, *, chosen: str | None = None) -> Answer:
    source = replace(BASE, billing_cycle=cycle)
    catalog = _with(billing=tuple(offered))
    return _ask("BILLING_CYCLE", catalog, source=source, choices=Choices(billing_cycle=chosen))


def test_a_target_that_can_be_billed_alike_is_clear() -> None:
    assert _billing(["annual", "monthly"], "monthly") == ()
    assert _billing(["Annual"], "annual") == ()


def test_a_target_that_cannot_be_billed_alike_blocks_and_names_what_can_be_had() -> None:
    blocker = fails(_billing(["annual"], "monthly"))
    assert (blocker.code, blocker.severity) == ("BILLING_CYCLE_NOT_OFFERED", Severity.BLOCKS)
    assert _codes(blocker) == [("UPGRADE", 10)]
    assert blocker.parameters == (("billingCycle", "monthly"), ("offered", "annual"))
    assert actions(blocker) == [(RemedyAction.CHANGE_TERM_OR_BILLING, Actor.US)]
    assert "to annual" in blocker.remedies[0].message


def test_what_is_chosen_counts_before_what_the_subscription_has() -> None:
    assert _billing(["annual"], "monthly", chosen="annual") == ()
    blocker = fails(_billing(["annual"], "annual", chosen="monthly"))
    assert blocker.remedies[0].message.startswith("Keep")


def test_a_target_that_is_never_billed_leaves_no_remedy() -> None:
    blocker = fails(_billing(["none"], "monthly"))
    assert (blocker.remedies, blocker.alternatives) == ((), (Alternative.ANOTHER_TARGET,))


def test_billing_that_nobody_tells_is_unknown_by_name() -> None:
    target = f"billing of {oid('B')}"
    assert unknown_fields(_billing([], "monthly")) == (target,)
    assert unknown_fields(_billing(["annual"], None)) == ("subscription.billingCycle",)
    assert unknown_fields(_billing([], None)) == ("subscription.billingCycle", target)
    answer = _billing(["annual"], "fortnightly")
    assert unknown_fields(answer) == ("subscription.billingCycle",)
    assert "fortnightly" in answer[0].message
    assert unknown_fields(_billing(["annual"], "annual", chosen="daily")) == (
        "choices.billingCycle",
    )
