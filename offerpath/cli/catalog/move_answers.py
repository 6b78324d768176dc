"""What `offers`, `reachable` and `paths` ask and show."""

from collections.abc import Iterable
from dataclasses import dataclass

from offerpath.cli import answers
from offerpath.cli.catalog import tables
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.paths import PathsFound
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.catalog import moves
from resolvers.catalog.moves import GoalRequest, ReachPage, ReachRequest, ScopeRequest
from resolvers.catalog.offers import offers as find_offers
from resolvers.problems import NotFound, offer_not_found
from resolvers.records.catalog import OfferFilter

_PRODUCT = "product:"


@dataclass(frozen=True, slots=True)
class PathsRequest:
    """What `paths` was asked; every id is well-formed."""

    origin: CatalogId
    target: str
    """TO as it was written."""
    scope: ScopeRequest
    first: int
    via: tuple[CatalogId, ...]


def paths_request(
    origin: str, target: str, scope: ScopeRequest, *, first: int, via: Iterable[str]
) -> PathsRequest:
    """Check what needs no catalog, before anything is started. Raises: BadInput."""
    inputs.page_size(first, maximum=moves.MAX_PATHS)
    goal = goal_of(target)
    if goal.offer is not None:
        inputs.catalog_id(goal.offer)
    passed = tuple(inputs.catalog_id(text) for text in via)
    return PathsRequest(inputs.catalog_id(origin), target, scope, first, passed)


def goal_of(text: str) -> GoalRequest:
    """Return what TO means: `any`, `product:ID`, or else an offer."""
    if text.lower() == "any":
        return GoalRequest(any_new_commerce=True)
    if text.lower().startswith(_PRODUCT):
        return GoalRequest(product=text[len(_PRODUCT) :])
    return GoalRequest(offer=text)


async def answer_offers(house: House, *, wanted: OfferFilter, first: int, as_json: bool) -> Exit:
    asked = await house.asked()
    page = find_offers(asked, wanted, first=first, after=None)
    if as_json:
        found = [answers.offer_answer(offer) for offer in page.offers]
        told = {"offers": found, "total": page.total, "hasMore": page.has_next}
        show_json(answers.asked_of(asked, None) | told)
    else:
        show(*tables.offers(page))
    return Exit.ANSWERED


async def answer_reach(house: House, *, request: ReachRequest, first: int, as_json: bool) -> Exit:
    asked = await house.asked()
    if request.offer not in asked.catalog.offers:
        raise Missing(offer_not_found(request.offer))
    page = moves.reach(asked, request, first=first, after=None)
    if as_json:
        show_json(_reach_answer(asked, request, page))
    else:
        show(*tables.reachable(asked.catalog, request, page))
    return Exit.ANSWERED


def _reach_answer(asked: Asked, request: ReachRequest, page: ReachPage) -> answers.Json:
    return answers.asked_of(asked, request.scope.at) | {
        "offer": answers.reference(asked.catalog, request.offer),
        "reverse": request.reverse,
        "paths": [answers.path_answer(asked.catalog, path) for path in page.paths],
        "total": page.total,
        "hasMore": page.has_next,
    }


async def answer_paths(house: House, *, request: PathsRequest, as_json: bool) -> Exit:
    asked = await house.asked()
    found = moves.find_paths(
        asked,
        request.origin,
        goal_of(request.target),
        request.scope,
        first=request.first,
        via=request.via,
    )
    if isinstance(found, NotFound):
        raise Missing(found)
    if as_json:
        show_json(_paths_answer(asked, request, found))
    else:
        show(*tables.paths(asked.catalog, found))
    return Exit.NO if isinstance(found, NoPath) else Exit.ANSWERED


def _paths_answer(asked: Asked, request: PathsRequest, found: PathsFound | NoPath) -> answers.Json:
    return (
        answers.asked_of(asked, request.scope.at)
        | {"from": request.origin, "to": request.target}
        | answers.paths_answer(asked.catalog, found)
    )
