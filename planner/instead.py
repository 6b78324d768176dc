"""What is open where the best way of a subscription is blocked: another way, or buying new."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import TypeVar

from planner.blockers import Alternative, Severity
from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Customer, Subscription
from planner.goals import OfferGoal
from planner.ids import CatalogId, is_new_commerce
from planner.no_path import NoPath
from planner.offers import Known
from planner.options import NotInCatalog, Option, judge, ways
from planner.paths import Path, PathQuestion, paths
from planner.permissions import Acting
from planner.plans.goals import is_left_out
from planner.plans.search.purchases import try_purchase
from planner.plans.search.situation import Situation
from planner.pricing.cost_now import seat_price
from planner.readiness import Readiness, is_final, readiness
from planner.scope import Scope
from planner.tradeoffs import facts_of, line_of, quote_at
from planner.transitions import TransitionKind
from planner.upsells import Upsell, is_much_dearer, upsell_of

_T = TypeVar("_T")

WAYS_TO_ONE_TARGET = 12
"""Among how many ways to a named target an open one is looked for, the best ones first."""


class InsteadKind(StrEnum):
    """How the goal is reached instead."""

    BUY_NEW = "BUY_NEW"
    """The same target, bought anew; the old subscription is not moved."""
    ANOTHER_WAY = "ANOTHER_WAY"
    """The same target along other offers."""
    ANOTHER_TARGET = "ANOTHER_TARGET"


@dataclass(frozen=True, slots=True)
class Instead:
    """The best way to the same goal that is not BLOCKED, for a subscription whose best one is."""

    kind: InsteadKind
    target: CatalogId
    readiness: Readiness
    """READY, CONDITIONAL or UNKNOWN."""
    option: Option | None
    """The way, judged whole; None for BUY_NEW, which walks none."""
    upsell: Upsell | None
    """What the target is more than what the subscription is; None where it is no larger product."""
    trade_off: str
    """What it saves and costs beside the blocked way, in one line."""


def instead_of(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    scope: Scope,
    blocked: Option,
    *,
    named: bool,
    acting: Acting,
) -> Instead | None:
    """Return what is open instead of the way that `planner.options.blockers` judged.

    None where that way is not BLOCKED, or nothing else is open, or plans leave the subscription
    out. `named` says that its target was asked for: then only that target meets the goal. As in
    plans, buying the same SKU anew comes first, where what blocks names that alternative, then the
    other ways in order of merit. A plan weighs all subscriptions together, and may choose another
    way of those that are open.
    """
    if blocked.readiness is not Readiness.BLOCKED or (is_left_out(subscription) and not named):
        return None
    bought = _bought(catalog, customer, subscription, scope, blocked, acting)
    if bought is not None:
        return bought

    def judged(path: Path) -> tuple[Option, Readiness]:
        option = judge(
            catalog, customer, subscription, path, scope, choices=blocked.choices, acting=acting
        )
        return option, option.readiness

    others = other_ways(catalog, customer, subscription, scope, blocked.path, named=named)
    found = first_open(map(judged, others))
    if found is None:
        return None
    return _told(catalog, customer, subscription, scope, blocked, found[0])


def other_ways(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    scope: Scope,
    blocked: Path,
    *,
    named: bool = False,
) -> tuple[Path, ...]:
    """Return the other ways to the goal in order of merit, unjudged; ties as plans break them."""
    if named:
        question = PathQuestion(
            blocked.origin,
            OfferGoal(blocked.target),
            replace(scope, market=scope.market or customer.market),
            first=WAYS_TO_ONE_TARGET,
        )
        answer = paths(catalog, question)
        found = () if isinstance(answer, NoPath) else answer.paths
    else:
        every = ways(catalog, customer, subscription, scope)
        found = () if isinstance(every, NotInCatalog) else every
    listed = (path for path in found if path.offers != blocked.offers)
    return tuple(_ties_as_in_plans(path for path in listed if named or _is_goal(path)))


def _is_goal(path: Path) -> bool:
    return is_new_commerce(path.target)


def _ties_as_in_plans(found: Iterator[Path]) -> Iterator[Path]:
    """Yield ways in their order; those of one merit by fewer warnings, then by their moves' names.

    So does a plan for one subscription, which names moves by kind and target.
    """
    for _, alike in groupby(found, key=_merit):
        yield from sorted(alike, key=_tie)


def _merit(path: Path) -> tuple[object, ...]:
    return path.cost, sorted(step.transition.evidence for step in path.steps)


def _tie(path: Path) -> tuple[int, list[str]]:
    warnings = sum(one.severity is Severity.WARNS for one in path.conditions)
    moves = [step.transition for step in path.steps]
    return warnings, sorted(f"{_STEPS[move.kind]}/{move.target}" for move in moves)


_STEPS = {
    TransitionKind.LEGACY_UPGRADE: "UPGRADE",
    TransitionKind.MIGRATION: "MIGRATE",
    TransitionKind.CONVERSION: "CONVERT",
    TransitionKind.TRIAL_CONVERSION: "CONVERT_TRIAL",
}


def first_open(judged: Iterable[tuple[_T, Readiness]]) -> tuple[_T, Readiness] | None:
    """Return the first way that is READY or CONDITIONAL, else the first UNKNOWN one.

    Ways are judged as they are looked at: give an iterator. None where all are BLOCKED.
    """
    unknown = None
    for one, found in judged:
        if found in (Readiness.READY, Readiness.CONDITIONAL):
            return one, found
        if found is Readiness.UNKNOWN and unknown is None:
            unknown = one, found
    return unknown


def kind_of(blocked: Path, target: CatalogId) -> InsteadKind:
    """Return how an open way differs from the blocked one."""
    same = target == blocked.target
    return InsteadKind.ANOTHER_WAY if same else InsteadKind.ANOTHER_TARGET


def may_be_bought(blocked: Option) -> bool:
    """Return whether all that stops a way for good names buying new as the alternative."""
    final = [one for one in blocked.blockers if is_final(one)]
    can = all(Alternative.BUY_NEW in one.alternatives for one in final)
    return bool(final) and can and is_new_commerce(blocked.target)


def purchase_readiness(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    scope: Scope,
    target: CatalogId,
    *,
    acting: Acting,
) -> Readiness | None:
    """Return how ready buying the target beside a subscription is; None where that is BLOCKED."""
    now = Situation(customer, acting, scope.at)
    said = try_purchase(catalog, now, subscription, target, subscription.seats)
    found = readiness(said.blockers, said.unanswered)
    return None if found is Readiness.BLOCKED else found


def _bought(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    scope: Scope,
    blocked: Option,
    acting: Acting,
) -> Instead | None:
    if not may_be_bought(blocked):
        return None
    target = blocked.target
    found = purchase_readiness(catalog, customer, subscription, scope, target, acting=acting)
    if found is None:
        return None
    seats = subscription.seats
    licences = "its licences" if seats is None else counted(seats, "licence")
    line = f"nothing is carried over from the old one: {licences} to reassign by hand"
    is_dearer = _is_dearer(catalog, customer, subscription, target, scope)
    upsell = upsell_of(catalog, subscription.catalog_id, target, is_dearer=is_dearer)
    return Instead(InsteadKind.BUY_NEW, target, found, None, upsell, line)


def _told(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    scope: Scope,
    blocked: Option,
    option: Option,
) -> Instead:
    before, after = (
        facts_of(catalog, customer, subscription, one, scope.day) for one in (blocked, option)
    )
    line = line_of(before, after)
    return Instead(
        kind_of(blocked.path, option.target),
        option.target,
        option.readiness,
        option,
        upsell_of(
            catalog,
            option.path.origin,
            option.target,
            is_dearer=_is_dearer(catalog, customer, subscription, option.target, scope),
        ),
        line,
    )


def _is_dearer(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    target: CatalogId,
    scope: Scope,
) -> Known:
    return is_much_dearer(
        seat_price(catalog, customer, subscription, on=scope.day),
        quote_at(catalog, customer, subscription, target, scope.day),
    )
