"""The catalog version that answers, what it is made of, and what it lacks."""

import strawberry

from planner.coverage import MissingList as PlannerMissingList
from planner.coverage import Source as PlannerSource
from planner.rules import RULES, RULES_VERSION
from planner.transitions import TransitionKind
from resolvers.asked import Asked
from schema.relay.node import Node, global_id
from schema.scalars import Day, Instant, day_or_none


@strawberry.type(description="A document, list or recorded answer that facts come from.")
class Source:
    source_id: str
    title: str
    dated: Day | None = strawberry.field(description="The day it speaks for.")
    note: str


@strawberry.type(description="A list that would settle a kind of move, and is not loaded.")
class MissingList:
    kind: TransitionKind
    title: str
    remedy: str


@strawberry.type(description="How many rows of one kind the catalog has.")
class Count:
    name: str
    count: int


@strawberry.type(description="A rule that a subscription is tried by, beside the path's own.")
class Rule:
    name: str
    kinds: list[TransitionKind]
    source: str


@strawberry.type(description="An immutable catalog version. Every answer is given from one.")
class Catalog(Node):
    version_id: str
    content_hash: str = strawberry.field(description="SHA-256 of its facts, row order ignored.")
    label: str
    is_bundled: bool
    created_at: Instant
    counts: list[Count]
    sources: list[Source]
    missing_lists: list[MissingList]
    rules: list[Rule]
    rules_version: str


def show_catalog(asked: Asked) -> Catalog:
    version, facts = asked.version, asked.catalog.facts
    return Catalog(
        id=global_id("Catalog", version.version_id),
        version_id=version.version_id,
        content_hash=version.content_hash,
        label=version.label,
        is_bundled=version.owner_partner_id is None,
        created_at=Instant(version.created_at),
        counts=[Count(name=name, count=count) for name, count in sorted(version.counts.items())],
        sources=[_source(one) for one in sorted(facts.sources, key=lambda one: one.source_id)],
        missing_lists=[_missing(one) for one in sorted(facts.missing_lists, key=lambda m: m.kind)],
        rules=[
            Rule(name=rule.name, kinds=sorted(rule.kinds), source=rule.source) for rule in RULES
        ],
        rules_version=RULES_VERSION,
    )


def _source(value: PlannerSource) -> Source:
    dated = day_or_none(value.dated)
    return Source(source_id=value.source_id, title=value.title, dated=dated, note=value.note)


def _missing(value: PlannerMissingList) -> MissingList:
    return MissingList(kind=value.kind, title=value.title, remedy=value.remedy)
