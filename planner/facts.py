"""What a catalog version is made of, before it is a graph, and the hash that names it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from planner.coverage import Coverage, MissingList, Source
from planner.ids import CatalogId, ServicePlanId
from planner.offers import Offer, Price, Product, ServicePlan
from planner.transitions import Claim, Conflict, Prerequisite, Window


@dataclass(frozen=True, slots=True)
class ServiceFamily:
    """Service plans that give the same service in different sizes, such as Exchange Online."""

    name: str
    plan_ids: frozenset[ServicePlanId]
    source: str


@dataclass(frozen=True, slots=True)
class CommonPlan:
    """A plan that nearly every product carries, so that owning it twice is no conflict."""

    plan_id: ServicePlanId
    source: str


@dataclass(frozen=True, slots=True)
class SeatCap:
    """A limit on seats of one offer, pooled over all sellers of the tenant."""

    catalog_id: CatalogId
    per_offer: int
    family: str | None
    """The family whose seats are also limited together; None where there is none."""
    per_family: int | None
    source: str


@dataclass(frozen=True, slots=True)
class SaleEnd:
    """From a day on an offer is sold to nobody who does not have it; renewals and seats go on."""

    catalog_id: CatalogId
    market: str | None
    """ISO code; None where it holds everywhere."""
    starts: date
    """First day without new sales."""
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class CatalogFacts:
    """Every row of a catalog version. The order of rows has no meaning."""

    offers: tuple[Offer, ...]
    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    products: tuple[Product, ...] = ()
    service_plans: tuple[ServicePlan, ...] = ()
    service_families: tuple[ServiceFamily, ...] = ()
    common_plans: tuple[CommonPlan, ...] = ()
    seat_caps: tuple[SeatCap, ...] = ()
    windows: tuple[Window, ...] = ()
    sources: tuple[Source, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    missing_lists: tuple[MissingList, ...] = ()
    prices: tuple[Price, ...] = ()
    sale_ends: tuple[SaleEnd, ...] = ()


def content_hash(facts: CatalogFacts) -> str:
    """Return the SHA-256 (64 hex digits) of the facts in canonical form: row order is ignored."""
    digest = hashlib.sha256()
    for field in fields(facts):
        digest.update(f"\n#{field.name}\n".encode())
        for line in sorted(_canonical_rows(getattr(facts, field.name))):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _canonical_rows(rows: Iterable[object]) -> Iterable[str]:
    return (json.dumps(_plain(row), sort_keys=True, ensure_ascii=False) for row in rows)


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, frozenset):
        return sorted(str(member) for member in value)
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    if isinstance(value, Decimal):
        return str(value.normalize())
    return value.isoformat() if isinstance(value, date) else value
