"""What would hold if something were otherwise: the same questions on changed facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.offers import Commerce, Known
from planner.scope import Scope
from planner.transitions import Claim, EvidenceKind, Stance, TransitionKind

ASSUMED = "assumed"
"""The source of a move that a what-if takes for granted."""


@dataclass(frozen=True, slots=True)
class AssumedMove:
    """A move taken for granted, as if Partner Center had confirmed it."""

    origin: CatalogId
    target: CatalogId


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Changes to the facts; what is not given stays as it is."""

    at: datetime | None = None
    market: str | None = None
    """The customer's country, as ISO code."""
    agreement: Known | None = None
    cancelled: frozenset[str] = field(default_factory=frozenset)
    """Subscriptions, ours or others', that would be gone."""
    seats: tuple[tuple[str, int], ...] = ()
    """Subscriptions and the seats that they would have, each once."""
    moves: tuple[AssumedMove, ...] = ()


NOTHING = WhatIf()


@dataclass(frozen=True, slots=True)
class Supposed:
    """The facts as a what-if has them."""

    catalog: Catalog
    customer: Customer
    scope: Scope

    def now(self, subscription: Subscription) -> Subscription | None:
        """Return a subscription of ours or others as it would be; None where it would be gone."""
        return self.customer.holdings.held(subscription.subscription_id)


@dataclass(frozen=True, slots=True)
class CannotSuppose:
    """The what-if speaks of something that is not there, or against itself."""

    code: str
    """SUBSCRIPTION_NOT_FOUND, ASSUMED_OFFER_NOT_FOUND, WHAT_IF_CONTRADICTORY or
    WHAT_IF_IMPOSSIBLE."""
    message: str
    identifier: str
    remedy: str


def suppose(
    catalog: Catalog, customer: Customer, scope: Scope, what_if: WhatIf
) -> Supposed | CannotSuppose:
    """Return the facts as they would be; without a change the very same ones.

    Cost: an assumed move derives a catalog, some tens of milliseconds, kept for the next one.
    """
    for problem in (*_missing(customer, what_if), *_impossible_moves(catalog, what_if)):
        return problem
    at = what_if.at or scope.at
    # A market that was asked for stays a filter; the customer's own never was one.
    market = scope.market and (what_if.market or scope.market)
    return Supposed(
        _with_moves(catalog, what_if.moves) if what_if.moves else catalog,
        _changed(customer, what_if),
        replace(scope, at=at, market=market),
    )


def _missing(customer: Customer, what_if: WhatIf) -> Iterator[CannotSuppose]:
    known = {held.subscription_id for held in customer.holdings.all}
    seats = [subscription_id for subscription_id, _ in what_if.seats]
    for subscription_id in (*sorted(what_if.cancelled), *seats):
        if subscription_id not in known:
            yield CannotSuppose(
                "SUBSCRIPTION_NOT_FOUND",
                f"{customer.name} has no subscription {subscription_id} to suppose anything about",
                subscription_id,
                "Name one that the customer holds, with you or with others",
            )
    for subscription_id in seats:
        if subscription_id in what_if.cancelled or seats.count(subscription_id) > 1:
            yield CannotSuppose(
                "WHAT_IF_CONTRADICTORY",
                f"Subscription {subscription_id} is said two different things about",
                subscription_id,
                "Say one thing about each subscription",
            )


def _impossible_moves(catalog: Catalog, what_if: WhatIf) -> Iterator[CannotSuppose]:
    for move in what_if.moves:
        for end in (move.origin, move.target):
            if end not in catalog.offers:
                yield CannotSuppose(
                    "ASSUMED_OFFER_NOT_FOUND",
                    f"The catalog has no offer {end} to assume a move of",
                    end,
                    "Look the offer up with `offers(text:)`",
                )
        if {move.origin, move.target} <= catalog.offers.keys() and not _kind_of(catalog, move):
            yield CannotSuppose(
                "WHAT_IF_IMPOSSIBLE",
                f"No kind of move leads from {move.origin} to {move.target}",
                move.target,
                "Assume a move to another offer, never back from new commerce to legacy",
            )


def _kind_of(catalog: Catalog, move: AssumedMove) -> TransitionKind | None:
    """Return the kind that a move between two offers must be of; None where there is none."""
    origin, target = catalog.offers[move.origin], catalog.offers[move.target]
    if move.origin == move.target:
        return None
    if origin.is_trial:
        return TransitionKind.TRIAL_CONVERSION if origin.commerce is target.commerce else None
    return _KINDS.get((origin.commerce, target.commerce))


_KINDS = {
    (Commerce.LEGACY, Commerce.LEGACY): TransitionKind.LEGACY_UPGRADE,
    (Commerce.LEGACY, Commerce.NEW_COMMERCE): TransitionKind.MIGRATION,
    (Commerce.NEW_COMMERCE, Commerce.NEW_COMMERCE): TransitionKind.CONVERSION,
}


def _changed(customer: Customer, what_if: WhatIf) -> Customer:
    seats = dict(what_if.seats)
    if not (what_if.market or what_if.agreement or what_if.cancelled or seats):
        return customer
    held = customer.holdings
    return replace(
        customer,
        market=what_if.market or customer.market,
        agreement=what_if.agreement or customer.agreement,
        holdings=replace(
            held,
            own=_left(held.own, what_if.cancelled, seats),
            foreign=_left(held.foreign, what_if.cancelled, seats),
        ),
    )


def _left(
    side: tuple[Subscription, ...], cancelled: frozenset[str], seats: Mapping[str, int]
) -> tuple[Subscription, ...]:
    return tuple(
        replace(one, seats=seats.get(one.subscription_id, one.seats))
        for one in side
        if one.subscription_id not in cancelled
    )


@lru_cache(maxsize=8)
def _with_moves(catalog: Catalog, moves: tuple[AssumedMove, ...]) -> Catalog:
    claims = tuple(
        Claim(
            move.origin,
            move.target,
            _kind_of(catalog, move) or TransitionKind.CONVERSION,
            Stance.CLAIMS,
            EvidenceKind.PARTNER_CENTER,
            ASSUMED,
            None,
            note="taken for granted in this question only",
        )
        for move in moves
    )
    facts = replace(catalog.facts, claims=(*catalog.facts.claims, *claims))
    return Catalog(facts, version_id=catalog.version_id, content_hash=catalog.content_hash)
