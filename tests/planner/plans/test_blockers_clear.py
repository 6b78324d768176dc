"""What a blocker says of its last day holds: from then until the renewal it is gone."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Blocker
from planner.customers import Customer, Subscription
from planner.permissions import ANYONE
from planner.rules import NO_CHOICES, RULES, Rule, ask_rules
from planner.transitions import Transition
from tests.planner.builders import NOW
from tests.planner.plans.strategies import Case, cases
from tests.planner.plans.tenant import midnight
from tests.planner.plans.test_plans_replayed import checked


def found(case: Case, held: Subscription, move: Transition, day: date) -> tuple[Blocker, ...]:
    """Return what the rules find about one move on a day."""
    said = ask_rules(
        case.catalog,
        case.customer,
        held,
        (move,),
        choices=NO_CHOICES,
        acting=ANYONE,
        at=midnight(day),
    )
    return said.blockers


def keys(blockers: tuple[Blocker, ...]) -> set[tuple[str, str]]:
    return {(one.code, one.subject) for one in blockers}


@checked(150)
@given(cases(), st.integers(0, 60))
def test_a_blocker_is_gone_from_the_day_it_clears_until_the_renewal(case: Case, days: int) -> None:
    own = case.customer.holdings.own
    renewals = [one.last_day for one in own if one.last_day is not None]
    until = min(renewals, default=date.max)
    for held in own:
        for move in _moves(case, held):
            for blocker in found(case, held, move, NOW.date()):
                if blocker.clears_on is None:
                    continue
                assert blocker.clears_on > NOW.date()
                later = blocker.clears_on + timedelta(days=days)
                if later <= until:
                    assert (blocker.code, blocker.subject) not in keys(
                        found(case, held, move, later)
                    )


@checked(150)
@given(cases())
def test_what_goes_away_adds_no_blocker_but_where_something_has_to_be_there(case: Case) -> None:
    rules = tuple(rule for rule in RULES if not rule.needs_holding)
    for held in case.customer.holdings.own:
        for gone in case.customer.holdings.all:
            # An add-on follows its base: what is below it is another question then.
            if gone.subscription_id in (held.subscription_id, held.parent_id) or _is_base(
                case.customer, gone
            ):
                continue
            for move in _moves(case, held):
                before = _severe(case, case.customer, held, move, rules)
                after = _severe(case, _without(case.customer, gone), held, move, rules)
                assert after <= before


def _is_base(customer: Customer, one: Subscription) -> bool:
    return any(own.parent_id == one.subscription_id for own in customer.holdings.own)


def _moves(case: Case, held: Subscription) -> tuple[Transition, ...]:
    return () if held.catalog_id is None else case.catalog.transitions_from(held.catalog_id)


def _severe(
    case: Case,
    customer: Customer,
    held: Subscription,
    move: Transition,
    rules: tuple[Rule, ...],
) -> set[tuple[str, str, str]]:
    said = ask_rules(
        case.catalog,
        customer,
        held,
        (move,),
        choices=NO_CHOICES,
        acting=ANYONE,
        at=NOW,
        rules=rules,
    )
    return {(one.code, one.severity, one.subject) for one in said.blockers}


def _without(customer: Customer, gone: Subscription) -> Customer:
    held = customer.holdings
    return replace(
        customer,
        holdings=replace(
            held,
            own=tuple(one for one in held.own if one is not gone),
            foreign=tuple(one for one in held.foreign if one is not gone),
        ),
    )
