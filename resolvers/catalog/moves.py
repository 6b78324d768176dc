"""Where an offer can go: reachable targets, paths to a goal, and many to many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, product

from planner.catalog import Catalog, UnknownOffer
from planner.goals import (
    Goal,
    NewCommerceGoal,
    OfferGoal,
    ProductGoal,
    ServicesGoal,
    UnknownProduct,
    UnknownServicePlan,
)
from planner.ids import CatalogId, ServicePlanId
from planner.no_path import NoPath
from planner.offers import Commerce, Segment
from planner.paths import Path, PathQuestion, PathsFound, kept_reachable, paths, reaching
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.scope import Scope, whole_day
from planner.search import OutOfBudget
from planner.transitions import TransitionKind
from resolvers import inputs
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.problems import BadInput, NotFound, goal_not_found, limits, offer_not_found

MAX_PATHS = 50
MAX_CELLS = 2_500
_CELLS_AT_A_TIME = 25


@dataclass(frozen=True, slots=True)
class ScopeRequest:
    """How users narrow a question; None asks nothing of that field."""

    at: datetime | None = None
    market: str | None = None
    segment: Segment | None = None
    legacy_upgrades: LegacyUpgradePolicy = LegacyUpgradePolicy.LAST
    profile: Profile = Profile.FEWEST_STEPS
    kinds: tuple[TransitionKind, ...] | None = None
    avoid: tuple[str, ...] = ()
    max_steps: int | None = None


@dataclass(frozen=True, slots=True)
class GoalRequest:
    """Where a path shall end: exactly one of these is given."""

    offer: str | None = None
    product: str | None = None
    any_new_commerce: bool = False
    service_plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReachPage:
    """Best paths in order of merit, one per offer at the other end, and what lies beyond."""

    paths: tuple[Path, ...]
    has_next: bool
    total: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair of a matrix: the best path, or why there is none."""

    origin: CatalogId
    target: CatalogId
    answer: Path | NoPath


@dataclass(frozen=True, slots=True)
class ReachRequest:
    """Reachable targets of an offer (or, in reverse, who reaches it)."""

    offer: CatalogId
    scope: ScopeRequest = field(default_factory=ScopeRequest)
    commerce: Commerce | None = None
    reverse: bool = False


def scope_of(asked: Asked, request: ScopeRequest) -> Scope:
    """Read a request's scope. Raises: BadInput; NotPermitted for what prices decide."""
    if request.profile is Profile.CHEAPEST:
        asked.require(Task.READ_PRICES)
    return Scope(
        at=request.at or asked.now,
        market=inputs.market(request.market),
        segment=request.segment,
        policy=request.legacy_upgrades,
        profile=request.profile,
        kinds=None if request.kinds is None else frozenset(request.kinds),
        avoid=frozenset(inputs.catalog_id(text) for text in request.avoid),
        max_steps=inputs.max_steps(request.max_steps),
    )


def checked_scope(asked: Asked, request: ScopeRequest) -> Scope:
    """Read a scope whose offers to avoid the catalog must have. Raises: BadInput."""
    scope = scope_of(asked, request)
    for catalog_id in sorted(scope.avoid):
        if catalog_id not in asked.catalog.offers:
            raise BadInput(Code.OFFER_NOT_FOUND, f"The catalog has no offer {catalog_id} to avoid")
    return scope


def find_paths(
    asked: Asked,
    origin: str,
    goal: GoalRequest,
    request: ScopeRequest,
    *,
    first: int = 1,
    via: Sequence[str] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> PathsFound | NoPath | NotFound:
    """Return the best paths to a goal, or why there is none. Raises: BadInput."""
    question = PathQuestion(
        origin=inputs.catalog_id(origin),
        goal=goal_of(goal),
        scope=scope_of(asked, request),
        first=inputs.page_size(first, maximum=MAX_PATHS),
        via=frozenset(inputs.catalog_id(text) for text in via),
    )
    try:
        return paths(asked.catalog, question, stopped=stopped)
    except UnknownOffer as error:
        return offer_not_found(error.catalog_id)
    except (UnknownProduct, UnknownServicePlan) as error:
        return goal_not_found(error)


def goal_of(goal: GoalRequest) -> Goal:
    """Read where a path shall end. Raises: BadInput."""
    if goal.offer is not None:
        return OfferGoal(inputs.catalog_id(goal.offer))
    if goal.product is not None:
        return ProductGoal(goal.product.strip().upper())
    if goal.service_plans:
        plans = (inputs.guid(text, what="service plan") for text in goal.service_plans)
        return ServicesGoal(frozenset(ServicePlanId(plan) for plan in plans))
    if goal.any_new_commerce:
        return NewCommerceGoal()
    raise BadInput(Code.GOAL_MISSING, "say where the path shall end: an offer, a product, services")


def reach(asked: Asked, request: ReachRequest, *, first: int, after: CatalogId | None) -> ReachPage:
    """Return a page of reachable targets after one of them. Raises: BadInput."""
    inputs.page_size(first)
    scope = whole_day(checked_scope(asked, request.scope))
    found = _reached(asked.catalog, request.offer, scope, request.commerce, request.reverse)
    begin = 0 if after is None else position_after(found, after, reverse=request.reverse)
    page = found[begin : begin + first]
    return ReachPage(page, begin + first < len(found), len(found))


def _reached(
    catalog: Catalog, offer: CatalogId, scope: Scope, commerce: Commerce | None, reverse: bool
) -> tuple[Path, ...]:
    try:
        search = reaching if reverse else kept_reachable
        found = search(catalog, offer, scope)
    except UnknownOffer as error:
        raise BadInput(Code(error.code), str(error)) from None
    except OutOfBudget as error:
        raise BadInput(Code.GAVE_UP, str(error), remedy="ask for fewer steps") from None
    if commerce is None:
        return found
    return tuple(
        path for path in found if catalog.offers[_other_end(path, reverse)].commerce is commerce
    )


def _other_end(path: Path, reverse: bool) -> CatalogId:
    return path.origin if reverse else path.target


def position_after(found: Sequence[Path], after: CatalogId, *, reverse: bool = False) -> int:
    """Return where a page begins. Raises: BadInput CURSOR_FROM_ANOTHER_QUESTION."""
    for index, path in enumerate(found):
        if _other_end(path, reverse) == after:
            return index + 1
    raise BadInput(Code.CURSOR_FROM_ANOTHER_QUESTION, "this cursor belongs to another question")


async def matrix(
    asked: Asked, origins: Sequence[str], targets: Sequence[str], request: ScopeRequest
) -> tuple[Cell, ...] | NotFound:
    """Return the best path of every pair, origins first, in the order given.

    Raises: BadInput; TryLater.
    """
    if len(origins) * len(targets) > MAX_CELLS:
        raise BadInput(
            Code.TOO_MANY_CELLS,
            f"{len(origins)} by {len(targets)} offers are more than {MAX_CELLS} cells",
            remedy="ask for fewer offers at a time",
            parameters=limits("cells", len(origins) * len(targets), maximum=MAX_CELLS),
        )
    scope = whole_day(scope_of(asked, request))
    rows = [inputs.catalog_id(text) for text in origins]
    columns = [inputs.catalog_id(text) for text in targets]
    for catalog_id in (*rows, *columns, *sorted(scope.avoid)):
        if catalog_id not in asked.catalog.offers:
            return offer_not_found(catalog_id)
    cells: list[Cell] = []
    work, pairs = asked.work(), product(rows, columns)
    while portion := tuple(islice(pairs, _CELLS_AT_A_TIME)):
        async with work.turn():
            cells.extend(_cell(asked.catalog, *pair, scope) for pair in portion)
    return tuple(cells)


def _cell(catalog: Catalog, origin: CatalogId, target: CatalogId, scope: Scope) -> Cell:
    for path in _reached(catalog, origin, scope, None, False):
        if path.target == target:
            return Cell(origin, target, path)
    answer = paths(catalog, PathQuestion(origin, OfferGoal(target), scope))
    return Cell(origin, target, answer.paths[0] if isinstance(answer, PathsFound) else answer)
