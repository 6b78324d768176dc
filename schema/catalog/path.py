"""Paths as GraphQL shows them, the outcomes of a search, and reachable targets."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

import strawberry

from planner import no_path as planner_no_path
from planner import paths as planner
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.no_path import Verdict
from planner.readiness import Readiness
from planner.transitions import EvidenceKind
from resolvers.catalog.moves import ReachPage
from resolvers.codes.code import Code
from schema.answer_codes import CauseCode
from schema.catalog.offer import Offer, offer_of
from schema.catalog.transition import Transition, offers_of, show_transition
from schema.context import Info
from schema.customers.blocker import Assumption, Blocker, show_assumptions, show_blockers
from schema.errors.problems import OfferNotFound, Problem
from schema.relay.connections import PageInfo, cursor_of, page_info
from schema.relay.cursors import encode_catalog_cursor
from schema.scalars import Day, day_or_none


@strawberry.type(description="What a path costs, whoever walks it.")
class PathCost:
    legacy_upgrades: int
    steps: int
    manual_steps: int
    weakest_evidence: EvidenceKind


@strawberry.type(description="A simple path of one step or more.")
class Path:
    readiness: Readiness = strawberry.field(
        description="Of the path alone; a subscription's own rules come on top."
    )
    value: strawberry.Private[planner.Path]

    @strawberry.field(name="from", description="Where it begins.")
    def origin(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value.origin)

    @strawberry.field(name="to", description="Where it ends.")
    def target(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value.target)

    @strawberry.field(description="Every offer on the way, both ends included.")
    def offers(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value.offers)

    @strawberry.field(description="The moves in order.")
    def steps(self) -> list[Transition]:
        return [show_transition(step.transition, step.window) for step in self.value.steps]

    @strawberry.field(description="What it costs.")
    def cost(self) -> PathCost:
        cost = self.value.cost
        return PathCost(
            legacy_upgrades=cost.legacy_upgrades,
            steps=cost.steps,
            manual_steps=cost.manual_steps,
            weakest_evidence=cost.weakest_evidence,
        )

    @strawberry.field(description="What weakens it, in the order of its steps.")
    def conditions(self) -> list[Blocker]:
        return show_blockers(self.value.conditions)

    @strawberry.field(description="What is taken for granted.")
    def assumes(self) -> list[Assumption]:
        return show_assumptions(self.value.assumes)


@strawberry.type(description="The best paths, best first, at least one.")
class PathsFound:
    paths: list[Path]
    has_more: bool = strawberry.field(description="Whether further paths may exist.")
    is_exhaustive: bool = strawberry.field(
        description="False where the search ended at its limit after these paths."
    )


@strawberry.type(description="A fact that keeps the goal out of reach.")
class Cause:
    code: CauseCode
    message: str
    sources: list[str]
    remedy: str | None
    opens: Day | None = strawberry.field(description="First day on which it no longer holds.")
    value: strawberry.Private[planner_no_path.Cause]

    @strawberry.field(description="The offers at which it stops the way.")
    def offers(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value.offers)


@strawberry.type(description="There is no path, and why. Its code is NO_PATH.")
class NoPath(Problem):
    verdict: Verdict
    causes: list[Cause]
    states: int = strawberry.field(description="For GAVE_UP: how many states were looked at.")
    value: strawberry.Private[planner_no_path.NoPath]

    @strawberry.field(description="Offers within reach from which nothing leads on.")
    def frontier(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value.frontier)


PathsResult = Annotated[
    PathsFound | NoPath | OfferNotFound,
    strawberry.union("PathsResult", description="Paths, or why there is none."),
]


@strawberry.type(description="An offer within reach with the best path to it.")
class ReachableEdge:
    cursor: str = strawberry.field(resolver=cursor_of)
    path: Path
    node: Offer = strawberry.field(description="The offer at the other end.")
    item: strawberry.Private[CatalogId]
    write: strawberry.Private[Callable[[CatalogId], str]]


@strawberry.type(description="A page of offers within reach, best first.")
class ReachableConnection:
    edges: list[ReachableEdge]
    page_info: PageInfo
    total_count: int = strawberry.field(description="How many there are on all pages.")


def show_path(value: planner.Path) -> Path:
    return Path(readiness=value.readiness, value=value)


def show_paths(found: planner.PathsFound) -> PathsFound:
    return PathsFound(
        paths=[show_path(path) for path in found.paths],
        has_more=found.has_more,
        is_exhaustive=found.is_exhaustive,
    )


def show_no_path(value: planner_no_path.NoPath) -> NoPath:
    remedies = [cause.remedy for cause in value.causes if cause.remedy]
    return NoPath(
        code=Code.NO_PATH,
        message=value.message,
        remedy=remedies[0] if remedies else None,
        verdict=value.verdict,
        causes=[_cause(cause) for cause in value.causes],
        states=value.states,
        value=value,
    )


def _cause(value: planner_no_path.Cause) -> Cause:
    return Cause(
        code=CauseCode(value.code),
        message=value.message,
        sources=list(value.sources),
        remedy=value.remedy,
        opens=day_or_none(value.opens),
        value=value,
    )


def reachable_connection(
    catalog: Catalog, page: ReachPage, *, after: str | None, reverse: bool, kind: str
) -> ReachableConnection:
    """Return a page of best paths; its cursors hold for this catalog version alone."""
    write = partial(encode_catalog_cursor, kind, catalog)
    ends = [path.origin if reverse else path.target for path in page.paths]
    edges = [
        ReachableEdge(path=show_path(path), node=offer_of(catalog, end), item=end, write=write)
        for path, end in zip(page.paths, ends, strict=True)
    ]
    return ReachableConnection(
        edges=edges,
        page_info=page_info(ends, write, has_next=page.has_next, after=after),
        total_count=page.total,
    )
