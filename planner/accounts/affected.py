"""Whom a move concerns: the users who have a subscription's licences, and what each needs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from planner.accounts.accounts import Account, Accounts, AssignedBy, License, granted, holders
from planner.accounts.change import (
    LicenseChange,
    change_of_end,
    change_of_way,
)
from planner.accounts.handling import LicenseHandling
from planner.accounts.rules import work_for
from planner.accounts.work import AccountWork, AccountWorkKind
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.customers import Customer, HoldingsState, Subscription
from planner.holdings import offer_product_guids, product_guids_of, unseen_holdings
from planner.ids import CatalogId, ProductGuid
from planner.rules import NO_CHOICES, Choices
from planner.transitions import Transition


@dataclass(frozen=True, slots=True)
class AffectedAccount:
    """An account that needs something done, and what: at least one thing, in order of kind."""

    account: Account
    work: tuple[AccountWork, ...]


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom a change to one subscription concerns, as far as licence assignments are known."""

    customer_id: str
    subscription_id: str
    target: CatalogId | None
    """None where the subscription ends without another."""
    handling: LicenseHandling
    """What becomes of the licences."""
    source: str
    """Who says so."""
    state: HoldingsState
    """How many of the customer's accounts are loaded."""
    as_of: datetime | None
    holders: int | None
    """Accounts known to have the product; None where nothing tells. PARTIAL: at least so many."""
    accounts: tuple[AffectedAccount, ...]
    """Those that need something done, in order of principal name and id."""
    general: tuple[AccountWork, ...]
    """What concerns all users of the subscription together."""
    unknown: tuple[str, ...]
    """Missing facts, each of which may hide or change something; empty: this is all."""

    @property
    def counts(self) -> tuple[tuple[AccountWorkKind, int], ...]:
        """How many accounts need each kind of work, in order of kind; kinds without any left out.

        TOO_FEW_SEATS stands in `general` alone.
        """
        found = Counter(kind for one in self.accounts for kind in {work.kind for work in one.work})
        return tuple((kind, found[kind]) for kind in AccountWorkKind if found[kind])


def affected_by_move(
    catalog: Catalog,
    customer: Customer,
    accounts: Accounts,
    subscription: Subscription,
    transition: Transition,
    *,
    choices: Choices = NO_CHOICES,
) -> Affected:
    """Return whom one move of one subscription concerns.

    Source: docs/sources.md 1 to 3 (what becomes of licences) and 6 (users). It depends on no order
    of what is given. Cost: some microseconds an account; like accounts are judged once.
    """
    return affected_by_way(
        catalog, customer, accounts, subscription, (transition,), choices=choices
    )


def affected_by_way(
    catalog: Catalog,
    customer: Customer,
    accounts: Accounts,
    subscription: Subscription,
    transitions: Sequence[Transition],
    *,
    choices: Choices = NO_CHOICES,
) -> Affected:
    """Return whom one or more moves in a row concern, seen from their first to their last offer."""
    change = change_of_way(catalog, customer, subscription, transitions, choices=choices)
    return affected_by_change(change, accounts)


def affected_by_end(
    catalog: Catalog, customer: Customer, accounts: Accounts, subscription: Subscription
) -> Affected:
    """Return whom the end of a subscription concerns, where nothing takes its place."""
    return affected_by_change(change_of_end(catalog, customer, subscription), accounts)


def products_concerned(
    catalog: Catalog, subscription: Subscription, *offers: CatalogId
) -> frozenset[ProductGuid]:
    """Return the products whose holders the questions above look at; others need no loading."""
    return product_guids_of(catalog, subscription).union(
        *(offer_product_guids(catalog, offer) for offer in offers)
    )


def affected_by_change(change: LicenseChange, accounts: Accounts) -> Affected:
    """Return whom a change of licences concerns."""
    is_known = accounts.state is not HoldingsState.NOT_LOADED and bool(change.before)
    having = tuple(holders(accounts, change.before))
    return Affected(
        change.customer.customer_id,
        change.subscription.subscription_id,
        change.target,
        change.handling,
        change.source,
        accounts.state,
        accounts.as_of,
        len(having) if is_known else None,
        tuple(_with_work(change, accounts)),
        tuple(_too_few_seats(change, accounts)),
        tuple(dict.fromkeys(_unknown(change, accounts, having))),
    )


_Facts = tuple[tuple[License, ...], str | None]


def _with_work(change: LicenseChange, accounts: Accounts) -> Iterator[AffectedAccount]:
    judged: dict[_Facts, tuple[AccountWork, ...]] = {}
    for account in sorted(accounts.accounts, key=lambda one: one.order):
        if not any(one.product_guid in change.before for one in account.licenses):
            continue
        facts = account.licenses, account.usage_location
        if facts not in judged:
            judged[facts] = work_for(change, account)
        if judged[facts]:
            yield AffectedAccount(account, judged[facts])


def _too_few_seats(change: LicenseChange, accounts: Accounts) -> Iterator[AccountWork]:
    """Compare all users of the product and its target with all their seats, whoever sold them.

    Seats that are not known may be enough: then `unknown` tells, and nothing is found.
    Source: docs/sources.md 6 (users have products; CountViolation).
    """
    users, seats = _users(change, accounts), _seats(change)
    if not users or seats is None or _seats_unknown(change) or users <= seats:
        return
    if change.handling is LicenseHandling.TAKEN_AWAY:
        return
    yield AccountWork(
        AccountWorkKind.TOO_FEW_SEATS,
        Severity.BLOCKS,
        f"{users} users share {seats} seats afterwards: {users - seats} too few",
        "docs/sources.md 6 (users have products; CountViolation)",
    )


def _users(change: LicenseChange, accounts: Accounts) -> int:
    return sum(1 for _ in holders(accounts, change.before | change.after))


def _seats(change: LicenseChange) -> int | None:
    """Return all seats of the product and its target afterwards; None where some are not known."""
    found = [change.seats, *(one.seats for one in _sharing(change))]
    known = [seats for seats in found if seats is not None]
    return sum(known) if len(known) == len(found) else None


def _sharing(change: LicenseChange) -> tuple[Subscription, ...]:
    products = change.before | change.after
    return tuple(one for one in change.beside if change.gives(one, products))


def _seats_unknown(change: LicenseChange) -> tuple[str, ...]:
    """Return the facts without which the users may have more seats than are known."""
    seatless = [one for one in _sharing(change) if one.seats is None]
    opaque = [
        one
        for one in change.beside
        if one.catalog_id is not None and not product_guids_of(change.catalog, one)
    ]
    own = [change.subscription] if change.seats is None else []
    return (
        *(f"seats of subscription {one.subscription_id}" for one in (*own, *seatless)),
        *(f"product of subscription {one.subscription_id}" for one in opaque),
        *unseen_holdings(change.customer),
    )


def _unknown(
    change: LicenseChange, accounts: Accounts, having: tuple[Account, ...]
) -> Iterator[str]:
    """Yield what is missing; seats only where the known ones are too few or not known."""
    if accounts.state is not HoldingsState.COMPLETE:
        yield "accounts"
    yield from change.unknown
    if accounts.state is HoldingsState.NOT_LOADED:
        return
    seats = _seats(change)
    if having and (seats is None or _users(change, accounts) > seats):
        yield from _seats_unknown(change)
    if change.handling is not LicenseHandling.KEPT:
        yield from _unknown_of_accounts(change, having)


def _unknown_of_accounts(change: LicenseChange, having: tuple[Account, ...]) -> Iterator[str]:
    moved = [granted(one, change.before) for one in having]
    by_whom = sum(any(map(_is_unclear, licenses)) for licenses in moved)
    off = sum(any(one.disabled_plans is None for one in licenses) for licenses in moved)
    where = sum(one.usage_location is None for one in having) if change.reassigns else 0
    for count, what in (
        (by_whom, "licenseAssignmentStates"),
        (off, "disabledPlans"),
        (where, "usageLocation"),
    ):
        if count:
            yield f"{what} of {count} accounts"
    products = {held.product_guid for one in having for held in one.licenses}
    for product in sorted(products - change.before - change.plans_of.keys()):
        yield f"service plans of product {product}"


def _is_unclear(held: License) -> bool:
    return held.assigned_by is AssignedBy.NOT_KNOWN
