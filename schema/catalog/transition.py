"""Moves between two offers as GraphQL shows them: who says so, and what their dates say."""

from collections.abc import Iterable
from datetime import date

import strawberry

from planner import transitions as planner
from planner.blocker_codes import BlockerCode, code_of_conflict
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.transitions import EvidenceKind, Execution, Stance, TransitionKind, WindowState
from planner.windows import WindowVerdict, window_on
from schema.catalog.offer import Offer, offer_of
from schema.context import Info
from schema.scalars import Day, day_or_none


@strawberry.type(description="One source's word on one move.")
class Claim:
    source: str
    stance: Stance
    evidence: EvidenceKind
    dated: Day | None = strawberry.field(description="The day that the source speaks for.")
    is_sample: bool = strawberry.field(description="A sample payload in the documentation.")
    note: str


@strawberry.type(description="Sources that disagree about one move.")
class Conflict:
    code: BlockerCode = strawberry.field(
        description="SOURCES_DISAGREE for what a catalog of your own calls otherwise."
    )
    message: str
    sources: list[str]


@strawberry.type(description="What dated rules say of a move on the day asked for.")
class Window:
    state: WindowState
    message: str
    opens: Day | None = strawberry.field(description="For a closed one: the day it opens.")
    sources: list[str]


@strawberry.type(description="A move from one offer to another.")
class Transition:
    kind: TransitionKind
    execution: Execution
    evidence: EvidenceKind = strawberry.field(description="The strongest claim's kind.")
    value: strawberry.Private[planner.Transition]
    verdict: strawberry.Private[WindowVerdict]

    @strawberry.field(name="from", description="Where it begins.")
    def origin(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value.origin)

    @strawberry.field(name="to", description="Where it ends.")
    def target(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value.target)

    @strawberry.field(description="Every claim that stands, strongest first.")
    def claims(self) -> list[Claim]:
        return show_claims(self.value.claims)

    @strawberry.field(description="Denials that do not outweigh the claims.")
    def denials(self) -> list[Claim]:
        return show_claims(self.value.denials)

    @strawberry.field(description="Where the sources disagree.")
    def conflicts(self) -> list[Conflict]:
        return [
            Conflict(
                code=code_of_conflict(found.code),
                message=found.message,
                sources=list(found.sources),
            )
            for found in self.value.conflicts
        ]

    @strawberry.field(description="All candidate equivalents, where an offer has several.")
    def candidates(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value.candidates)

    @strawberry.field(description="Whether it is open on the day asked for.")
    def window(self) -> Window:
        return Window(
            state=self.verdict.state,
            message=self.verdict.message,
            opens=day_or_none(self.verdict.opens),
            sources=list(self.verdict.sources),
        )


def transition_of(catalog: Catalog, value: planner.Transition, on: date) -> Transition:
    """Return the GraphQL value of a move with its window on a day."""
    segment = catalog.offers[value.origin].segment
    return show_transition(value, window_on(catalog.facts.windows, value, segment, on))


def show_transition(value: planner.Transition, verdict: WindowVerdict) -> Transition:
    return Transition(
        kind=value.kind,
        execution=value.execution,
        evidence=value.evidence,
        value=value,
        verdict=verdict,
    )


def show_claims(claims: Iterable[planner.Claim]) -> list[Claim]:
    return [
        Claim(
            source=claim.source,
            stance=claim.stance,
            evidence=claim.evidence,
            dated=day_or_none(claim.dated),
            is_sample=claim.is_sample,
            note=claim.note,
        )
        for claim in claims
    ]


def offers_of(catalog: Catalog, catalog_ids: Iterable[CatalogId]) -> list[Offer]:
    return [offer_of(catalog, catalog_id) for catalog_id in catalog_ids]
