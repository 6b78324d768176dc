"""Whom each step of a plan concerns: users move along with the subscriptions, step by step."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from planner.accounts.accounts import Account, Accounts, License
from planner.accounts.affected import Affected, affected_by_change
from planner.accounts.change import (
    LicenseChange,
    change_by_hand,
    change_of_end,
    change_of_seats,
    change_of_way,
)
from planner.accounts.handling import LicenseHandling
from planner.catalog import Catalog
from planner.customers import Customer, Seller, Subscription, SubscriptionState
from planner.holdings import offer_product_guids, product_guids_of
from planner.ids import CatalogId, ProductGuid, ServicePlanId
from planner.plans.search.acts import MOVES, StepKind
from planner.plans.told.steps import Plan, PlanStep
from planner.rules import Choices, Mode
from planner.search import OutOfBudget, Stopped, never_stopped

_ENDS = frozenset({StepKind.CANCEL, StepKind.TURN_OFF_AUTO_RENEWAL, StepKind.CANCEL_ELSEWHERE})


@dataclass(frozen=True, slots=True)
class StepAffected:
    """Whom one step concerns through one of the subscriptions that it changes."""

    step_key: str
    affected: Affected


@dataclass(slots=True)
class _Walk:
    """The customer and its accounts as the steps so far have left them."""

    catalog: Catalog
    customer: Customer
    accounts: Accounts
    bought: dict[str, Subscription] = field(default_factory=dict)
    """What was bought in place of a subscription, by that one's id, until licences move there."""

    def held(self, subscription_id: str | None) -> Subscription | None:
        for one in self.customer.holdings.all:
            if one.subscription_id == subscription_id:
                return one
        return None

    def put(self, subscription_id: str, now: Subscription | None) -> None:
        """Replace a subscription on its side, or remove it."""
        held = self.customer.holdings
        own, foreign = (
            tuple(
                now if now is not None and one.subscription_id == subscription_id else one
                for one in side
                if now is not None or one.subscription_id != subscription_id
            )
            for side in (held.own, held.foreign)
        )
        self.customer = replace(self.customer, holdings=replace(held, own=own, foreign=foreign))

    def add(self, subscription: Subscription) -> None:
        held = self.customer.holdings
        self.customer = replace(
            self.customer, holdings=replace(held, own=(*held.own, subscription))
        )


def affected_by_plan(
    catalog: Catalog,
    customer: Customer,
    accounts: Accounts,
    plan: Plan,
    *,
    stopped: Stopped = never_stopped,
) -> tuple[StepAffected, ...]:
    """Return whom the steps of a plan concern, in their order; members follow their base.

    Steps that change nobody's licences are left out, such as waiting or getting an agreement. A
    purchase concerns nobody before the licences are reassigned to it. Later steps see the users
    with the licences that earlier ones gave them. Raises: OutOfBudget, where it is stopped.
    """
    walk, found = _Walk(catalog, customer, accounts), list[StepAffected]()
    for step in plan.steps:
        for change, seen in _changes(walk, step):
            if stopped():
                raise OutOfBudget(len(found))
            found.append(StepAffected(step.key, affected_by_change(change, seen)))
    return tuple(found)


def products_of_plan(catalog: Catalog, customer: Customer, plan: Plan) -> frozenset[ProductGuid]:
    """Return the products whose holders `affected_by_plan` looks at; others need no loading."""
    ids: set[str | None] = set()
    offers: set[CatalogId] = set()
    for step in plan.steps:
        ids |= {step.subscription_id, step.into, *(one.subscription_id for one in step.members)}
        offers |= {one.target for one in step.members}
        offers |= frozenset() if step.target is None else {step.target}
    concerned = (
        one
        for one in customer.holdings.all
        if one.subscription_id in ids or one.parent_id in ids - {None}
    )
    return frozenset().union(
        *(offer_product_guids(catalog, offer) for offer in offers),
        *(product_guids_of(catalog, one) for one in concerned),
    )


_Seen = tuple[LicenseChange, Accounts]
"""A change, and the accounts as they are before it."""


def _changes(walk: _Walk, step: PlanStep) -> Iterator[_Seen]:
    if step.kind in MOVES:
        yield from _moves(walk, step)
    elif step.kind in _ENDS:
        yield from _ends(walk, step)
    elif step.kind in _OTHERS:
        yield from _OTHERS[step.kind](walk, step)


def _moves(walk: _Walk, step: PlanStep) -> Iterator[_Seen]:
    choices = Choices(
        step.mode or Mode.WITHOUT_LICENSE_TRANSFER,
        seats=None if step.seats_after == step.seats_before else step.seats_after,
        into=step.into,
        at_renewal=step.kind is StepKind.SCHEDULE_MIGRATION,
    )
    if step.into is not None:
        # What it is added to keeps its own seats, and `seats_after` may count both.
        choices = replace(choices, seats=step.part)
    yield from _move(walk, step.subscription_id, step.target, choices)
    for member in step.members:
        yield from _move(walk, member.subscription_id, member.target, Choices())


def _move(
    walk: _Walk, subscription_id: str | None, target: CatalogId | None, choices: Choices
) -> Iterator[_Seen]:
    held = walk.held(subscription_id)
    if held is None or held.catalog_id is None or target is None:
        return
    edge = walk.catalog.transition(held.catalog_id, target)
    if edge is None:
        change = change_by_hand(walk.catalog, walk.customer, held, target)
        unclear = (*change.unknown, f"the move from {held.catalog_id} to {target}")
        change = replace(change, handling=LicenseHandling.NOT_KNOWN, unknown=unclear)
    else:
        change = change_of_way(walk.catalog, walk.customer, held, (edge,), choices=choices)
    yield change, walk.accounts
    _follow(walk, change)
    into = walk.held(choices.into)
    if into is not None:
        left = None if change.moving is None else (held.seats or 0) - change.moving
        walk.put(held.subscription_id, None if left is None else replace(held, seats=left))
        coming = held.seats if change.moving is None else change.moving
        walk.put(into.subscription_id, replace(into, seats=_sum(into.seats, coming)))
    elif change.moving is not None:
        walk.put(held.subscription_id, replace(held, seats=(held.seats or 0) - change.moving))
        moved = _of_offer(held, target, change.moving)
        walk.add(replace(moved, subscription_id=f"{held.subscription_id}>{target}"))
    else:
        walk.put(held.subscription_id, _of_offer(held, target, change.seats))


def _of_offer(held: Subscription, offer: CatalogId, seats: int | None) -> Subscription:
    return replace(held, catalog_id=offer, product_guid=None, service_plan_ids=None, seats=seats)


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _follow(walk: _Walk, change: LicenseChange) -> None:
    """Give the users the licences of the target; of a partial move nobody knows whose they are."""
    if change.handling is LicenseHandling.KEPT or change.moving is not None or not change.after:
        return
    moved = tuple(_reassigned(change, one) for one in walk.accounts.accounts)
    walk.accounts = replace(walk.accounts, accounts=moved)


def _reassigned(change: LicenseChange, account: Account) -> Account:
    if not any(one.product_guid in change.before for one in account.licenses):
        return account
    return replace(account, licenses=tuple(_licenses_after(change, account)))


def _licenses_after(change: LicenseChange, account: Account) -> Iterator[License]:
    """Yield the licences afterwards: whoever has the target already needs no second one.

    An automatic change switches everything on; by hand people keep what was switched off.
    """
    target = min(change.after)
    has_it = any(one.is_granted and one.product_guid in change.after for one in account.licenses)
    for one in account.licenses:
        if one.product_guid not in change.before:
            yield one
        elif one.is_granted and not has_it:
            automatic = change.handling is LicenseHandling.AUTOMATIC
            off = frozenset[ServicePlanId]() if automatic else one.disabled_plans
            yield replace(one, product_guid=target, disabled_plans=off)


def _ends(walk: _Walk, step: PlanStep) -> Iterator[_Seen]:
    """Yield the end of a subscription and of the legacy add-ons below it.

    Source: docs/sources.md 6 (legacy add-ons follow their base).
    """
    ending = [walk.held(step.subscription_id)]
    ending += [
        one
        for one in walk.customer.holdings.own
        if one.parent_id is not None and one.parent_id == step.subscription_id
    ]
    for held in ending:
        if held is not None and held.state is SubscriptionState.ACTIVE:
            yield change_of_end(walk.catalog, walk.customer, held), walk.accounts
            walk.put(held.subscription_id, None)


def _buy(walk: _Walk, step: PlanStep) -> Iterator[_Seen]:
    if step.subscription_id is not None and step.target is not None:
        bought = Subscription(
            f"{step.subscription_id}>{step.target}",
            Seller.US,
            SubscriptionState.ACTIVE,
            "active",
            catalog_id=step.target,
            seats=step.seats_after,
        )
        walk.bought[step.subscription_id] = bought
        walk.add(bought)
    return iter(())


def _reassign(walk: _Walk, step: PlanStep) -> Iterator[_Seen]:
    """Yield the move to what was bought; after any other move its own step told it already."""
    held = walk.held(step.subscription_id)
    bought = walk.bought.pop(step.subscription_id or "", None)
    if held is None or bought is None or bought.catalog_id is None:
        return
    change = change_by_hand(walk.catalog, walk.customer, held, bought.catalog_id)
    yield change, walk.accounts
    _follow(walk, change)


def _seats(walk: _Walk, step: PlanStep) -> Iterator[_Seen]:
    held = walk.held(step.subscription_id)
    if held is None or step.seats_after is None:
        return
    if step.kind is StepKind.REDUCE_SEATS:
        change = change_of_seats(walk.catalog, walk.customer, held, step.seats_after)
        yield change, walk.accounts
    walk.put(held.subscription_id, replace(held, seats=step.seats_after))


def _transfer(walk: _Walk, step: PlanStep) -> Iterator[_Seen]:
    held = walk.held(step.subscription_id)
    if held is not None:
        walk.put(held.subscription_id, None)
        walk.add(replace(held, seller=Seller.US))
    return iter(())


_OTHERS: Mapping[StepKind, Callable[[_Walk, PlanStep], Iterator[_Seen]]] = {
    StepKind.BUY_NEW: _buy,
    StepKind.BUY_PREREQUISITE: _buy,
    StepKind.REASSIGN_LICENSES: _reassign,
    StepKind.REDUCE_SEATS: _seats,
    StepKind.ADD_SEATS: _seats,
    StepKind.TRANSFER_IN: _transfer,
}
