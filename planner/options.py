"""Where one subscription of a customer can go, how ready each way is, and what stops it."""

from dataclasses import dataclass, replace

from planner.blockers import Assumption, Blocker, Severity, Unanswered
from planner.catalog import Catalog
from planner.conditions import PATH_RULES
from planner.customers import Customer, Subscription
from planner.goals import Goal, NewCommerceGoal, OfferGoal
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.paths import Path, PathQuestion, kept_reachable, paths
from planner.permissions import ANYONE, Acting
from planner.readiness import Readiness, readiness
from planner.rules import NO_CHOICES, Choices, ask_rules
from planner.scope import Scope, whole_day
from planner.seats import SeatRoom, seat_room


@dataclass(frozen=True, slots=True)
class Option:
    """A way for one subscription, with every rule's answer."""

    subscription_id: str
    path: Path
    choices: Choices
    readiness: Readiness
    rules_ran: tuple[str, ...]
    """The rules that were asked. Rules that are not listed were not looked at."""
    blockers: tuple[Blocker, ...]
    """What the rules found, then the path's own conditions."""
    unanswered: tuple[Unanswered, ...]
    assumes: tuple[Assumption, ...]

    @property
    def target(self) -> CatalogId:
        return self.path.target


@dataclass(frozen=True, slots=True)
class NotInCatalog:
    """The subscription names no offer that the catalog has."""

    subscription_id: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class SeatsNotKnown:
    """How many seats the subscription has is not known, so nothing can be added to them."""

    subscription_id: str


@dataclass(frozen=True, slots=True)
class MoreLicenses:
    """How a subscription gets more seats: added where they fit, else by moving on.

    Source: the upgrade page (add licences or more services); docs/sources.md 6 (limits).
    """

    seats_now: int
    seats_wanted: int
    seats_added_here: int
    """How many of the wanted seats fit into the subscription as it is."""
    shortfall: int
    here: SeatRoom
    moves: tuple[tuple[Option, SeatRoom], ...]
    """Where the shortfall leaves no way here: targets with room for all wanted seats."""


def ways(
    catalog: Catalog, customer: Customer, subscription: Subscription, scope: Scope
) -> tuple[Path, ...] | NotInCatalog:
    """Return the best path to every target the subscription reaches, in order of merit, unjudged.

    First all that is sold on the way in the customer's market, then the rest: why a target that is
    not sold there cannot be had is for its rule to say. A market that the scope names is a filter:
    what is not sold in it is left out.
    """
    origin = subscription.catalog_id
    if origin is None or origin not in catalog.offers:
        return _not_in_catalog(subscription)
    sold = kept_reachable(catalog, origin, _where_sold(customer, scope))
    if scope.market is not None or customer.market is None:
        return sold
    reached = {path.target for path in sold}
    every = kept_reachable(catalog, origin, whole_day(scope))
    return *sold, *(path for path in every if path.target not in reached)


def _where_sold(customer: Customer, scope: Scope) -> Scope:
    return replace(whole_day(scope), market=scope.market or customer.market)


def options(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    scope: Scope,
    *,
    choices: Choices = NO_CHOICES,
    acting: Acting = ANYONE,
) -> tuple[Option, ...] | NotInCatalog:
    """Return every way of a subscription with the rules' answers, in order of merit."""
    found = ways(catalog, customer, subscription, scope)
    if isinstance(found, NotInCatalog):
        return found
    return tuple(
        judge(catalog, customer, subscription, path, scope, choices=choices, acting=acting)
        for path in found
    )


def blockers(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    scope: Scope,
    *,
    target: CatalogId | None = None,
    choices: Choices = NO_CHOICES,
    acting: Acting = ANYONE,
) -> Option | NoPath | NotInCatalog:
    """Return the best way to a target (any new-commerce SKU where none is named), judged.

    The customer's market does not narrow the search, so that a target not sold there is named as a
    blocker; a way to a named target by what is sold there goes before others, as in `ways`.
    Raises: UnknownOffer for a target that the catalog does not have.
    """
    origin = subscription.catalog_id
    if origin is None or origin not in catalog.offers:
        return _not_in_catalog(subscription)
    goal: Goal = NewCommerceGoal() if target is None else OfferGoal(target)
    best = _best(catalog, customer, origin, goal, scope)
    if isinstance(best, NoPath):
        return best
    return judge(catalog, customer, subscription, best, scope, choices=choices, acting=acting)


def _best(
    catalog: Catalog, customer: Customer, origin: CatalogId, goal: Goal, scope: Scope
) -> Path | NoPath:
    if isinstance(goal, OfferGoal) and scope.market is None and customer.market is not None:
        local = replace(scope, market=customer.market)
        sold = paths(catalog, PathQuestion(origin, goal, local))
        if not isinstance(sold, NoPath):
            return sold.paths[0]
    answer = paths(catalog, PathQuestion(origin, goal, scope))
    return answer if isinstance(answer, NoPath) else answer.paths[0]


def needs_move(subscription: Subscription) -> bool:
    """Return whether a subscription still is of a legacy offer."""
    return subscription.is_legacy


def judge(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    path: Path,
    scope: Scope,
    *,
    choices: Choices = NO_CHOICES,
    acting: Acting = ANYONE,
) -> Option:
    """Ask every rule about one way of one subscription."""
    transitions = tuple(step.transition for step in path.steps)
    said = ask_rules(
        catalog,
        customer,
        subscription,
        transitions,
        choices=choices,
        acting=acting,
        at=scope.at,
    )
    found = (*said.blockers, *path.conditions)
    return Option(
        subscription.subscription_id,
        path,
        choices,
        readiness(found, said.unanswered),
        (*PATH_RULES, *said.ran),
        found,
        said.unanswered,
        path.assumes,
    )


def more_licenses(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    scope: Scope,
    *,
    extra: int,
) -> MoreLicenses | NotInCatalog | SeatsNotKnown:
    """Return how `extra` seats are had: here as far as they fit, else by a move with room for all.

    A new seat count is judged as if the subscription already had it. `extra` is 1 or more.
    """
    origin = subscription.catalog_id
    if origin is None or origin not in catalog.offers:
        return _not_in_catalog(subscription)
    now = subscription.seats
    if now is None:
        return SeatsNotKnown(subscription.subscription_id)
    here = seat_room(catalog, customer, subscription, origin)
    fits = extra if here.room is None else max(0, min(extra, here.room - now))
    moves = (
        _moves_with_room(catalog, customer, replace(subscription, seats=now + extra), scope)
        if fits < extra
        else ()
    )
    return MoreLicenses(now, now + extra, fits, extra - fits, here, moves)


def _moves_with_room(
    catalog: Catalog, customer: Customer, subscription: Subscription, scope: Scope
) -> tuple[tuple[Option, SeatRoom], ...]:
    found = options(catalog, customer, subscription, scope)
    if isinstance(found, NotInCatalog):
        return ()
    rooms = (
        (option, seat_room(catalog, customer, subscription, option.target)) for option in found
    )
    return tuple((option, room) for option, room in rooms if _has_room(option))


def _has_room(option: Option) -> bool:
    """Return whether every offer on the way has room: a seat limit on the way stops it too."""
    return not any(
        blocker.code == "SEAT_CAP_EXCEEDED" and blocker.severity is Severity.BLOCKS
        for blocker in option.blockers
    )


def _not_in_catalog(subscription: Subscription) -> NotInCatalog:
    offer = subscription.catalog_id or subscription.title or "without an offer"
    return NotInCatalog(
        subscription.subscription_id,
        f"The catalog has no offer {offer}, so nothing is known of its moves",
        "Check the offer id; importing further price lists is not possible yet",
    )
