"""What one row of a bundled file says: cells in, one value of the planner out."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from planner.coverage import Coverage, MissingList, Source
from planner.facts import CommonPlan, SaleEnd, SeatCap
from planner.ids import CatalogId, ProductGuid, ServicePlanId, parse_catalog_id, parse_guid
from planner.offers import Commerce, Known, LimitScope, Offer, Price, Product, Segment, ServicePlan
from planner.transitions import (
    Claim,
    Conflict,
    EvidenceKind,
    Execution,
    Prerequisite,
    Stance,
    TransitionKind,
    Window,
    WindowState,
)

Row = Mapping[str, str]
"""Cell by column name. A list of values is one cell with `|` between them; empty is unknown."""

FamilyMember = tuple[tuple[str, str], ServicePlanId]
"""((family, source), service plan)."""

_MARKET = re.compile(r"[A-Z]{2}")
_YES_NO = {"YES": True, "NO": False}


def source(row: Row) -> Source:
    return Source(row["source_id"], row["title"], _day(row["dated"]), row["note"])


def market_set(row: Row) -> tuple[str, frozenset[str]]:
    return row["set_id"], _markets(row["markets"])


def legacy_offer(row: Row, *, market_sets: Mapping[str, frozenset[str]]) -> Offer:
    product_guid = row["product_guid"]
    return Offer(
        catalog_id=_catalog_id(row["offer_id"]),
        title=row["title"],
        commerce=Commerce.LEGACY,
        segment=Segment(row["segment"]),
        is_addon=Known(row["is_addon"]),
        is_trial=_YES_NO[row["is_trial"]],
        markets=market_sets[row["market_set"]] if row["market_set"] else None,
        sources=items(row["sources"]),
        former_titles=items(row["former_titles"]),
        product_guid=ProductGuid(_guid(product_guid)) if product_guid else None,
        provisioning_id=row["provisioning_id"] or None,
        minimum_seats=_count(row["minimum_seats"]),
        maximum_seats=_count(row["maximum_seats"]),
        limit=_count(row["limit"]),
        limit_scope=LimitScope(row["limit_scope"] or "NONE"),
        duration=row["duration"] or None,
        billing=items(row["billing"]),
    )


def sku(row: Row) -> Offer:
    return Offer(
        catalog_id=_catalog_id(row["offer_id"]),
        title=row["title"],
        commerce=Commerce.NEW_COMMERCE,
        segment=Segment(row["segment"]),
        is_addon=Known(row["is_addon"]),
        is_trial=_YES_NO[row["is_trial"]],
        markets=_markets(row["markets"]) if row["markets"] else None,
        sources=items(row["sources"]),
        billing=items(row["billing"]),
    )


def claim(row: Row) -> Claim:
    return Claim(
        origin=CatalogId(row["origin"]),
        target=CatalogId(row["target"]),
        kind=TransitionKind(row["kind"]),
        stance=Stance(row["stance"]),
        evidence=EvidenceKind[row["evidence"]],
        source=row["source"],
        dated=_day(row["dated"]),
        execution=Execution(row["execution"]),
        is_sample=_YES_NO[row["is_sample"]],
        note=row["note"],
    )


def conflict(row: Row) -> Conflict:
    origin, target = CatalogId(row["origin"]), CatalogId(row["target"])
    return Conflict(origin, target, row["code"], row["message"], items(row["sources"]))


def prerequisites(row: Row) -> tuple[Prerequisite, ...]:
    addon = CatalogId(row["addon"])
    return tuple(Prerequisite(addon, CatalogId(b), row["source"]) for b in items(row["bases"]))


def product(row: Row) -> Product:
    return Product(
        product_guid=ProductGuid(_guid(row["product_guid"])),
        string_id=row["string_id"],
        title=row["title"],
        plan_ids=frozenset(map(ServicePlanId, items(row["plan_ids"]))),
        source=row["source"],
    )


def service_plan(row: Row) -> ServicePlan:
    plan_id = ServicePlanId(_guid(row["service_plan_id"]))
    return ServicePlan(plan_id, row["name"], row["title"])


def family_member(row: Row) -> tuple[tuple[str, str], ServicePlanId]:
    return (row["family"], row["source"]), ServicePlanId(row["plan_id"])


def common_plan(row: Row) -> CommonPlan:
    return CommonPlan(ServicePlanId(row["plan_id"]), row["source"])


def seat_cap(row: Row) -> SeatCap:
    return SeatCap(
        catalog_id=CatalogId(row["catalog_id"]),
        per_offer=int(row["per_offer"]),
        family=row["family"] or None,
        per_family=_count(row["per_family"]),
        source=row["source"],
    )


def sale_end(row: Row) -> SaleEnd:
    """Return since when an offer is sold to nobody new; each row needs its day and its words."""
    starts, message = _day(row["starts"]), row["message"]
    if starts is None or not message:
        raise ValueError("an end of sale needs a day and a message")
    return SaleEnd(
        catalog_id=CatalogId(row["catalog_id"]),
        market=_market(row["market"]) if row["market"] else None,
        starts=starts,
        message=message,
        source=row["source"],
    )


def window(row: Row) -> Window:
    return Window(
        kind=TransitionKind(row["kind"]),
        segment=_segment(row["segment"]),
        starts=_day(row["starts"]),
        ends=_day(row["ends"]),
        state=WindowState(row["state"]),
        message=row["message"],
        sources=items(row["sources"]),
    )


def coverage(row: Row) -> Coverage:
    return Coverage(
        source_id=row["source"],
        kind=TransitionKind(row["kind"]) if row["kind"] else None,
        market=row["market"] or None,
        segment=_segment(row["segment"]),
        starts=_day(row["starts"]),
        ends=_day(row["ends"]),
        note=row["note"],
    )


def missing_list(row: Row) -> MissingList:
    return MissingList(TransitionKind(row["kind"]), row["title"], row["remedy"])


def legacy_price(row: Row, *, dates: Mapping[str, date | None]) -> tuple[Price, ...]:
    """Return the offer's retail price, in USD for a month, or nothing where no list gives it."""
    if not row["erp_usd_month"]:
        return ()
    retail = Price(
        catalog_id=CatalogId(row["offer_id"]),
        segment=Segment(row["segment"]),
        term="P1M",
        billing_plan="Monthly",
        market="US",
        currency="USD",
        amount=Decimal(row["erp_usd_month"]),
        effective_start=dates[row["erp_source"]],
        effective_end=None,
        source=row["erp_source"],
    )
    return (retail,)


def price(row: Row, *, segments: Mapping[CatalogId, Segment | None]) -> Price:
    catalog_id = CatalogId(row["catalog_id"])
    segment = segments[catalog_id]
    if segment is None:
        raise ValueError(f"{catalog_id} has a price but no segment")
    return Price(
        catalog_id=catalog_id,
        segment=segment,
        term=row["term"],
        billing_plan=row["billing_plan"],
        market=row["market"],
        currency=row["currency"],
        amount=Decimal(row["amount"]),
        effective_start=_day(row["effective_start"]),
        effective_end=_day(row["effective_end"]),
        source=row["source"],
    )


def items(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _catalog_id(text: str) -> CatalogId:
    """Return the id, which other files repeat letter by letter and so must be in its one form."""
    if (written := parse_catalog_id(text)) != text:
        raise ValueError(f"{text} must be written {written}")
    return written


def _guid(text: str) -> str:
    if (written := parse_guid(text)) != text:
        raise ValueError(f"{text} must be written {written}")
    return written


@cache
def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _count(text: str) -> int | None:
    return int(text) if text else None


def _segment(text: str) -> Segment | None:
    return Segment(text) if text else None


def _markets(text: str) -> frozenset[str]:
    return frozenset(map(_market, sorted(items(text))))


def _market(text: str) -> str:
    if not _MARKET.fullmatch(text):
        raise ValueError(f"{text!r} is no ISO 3166 alpha-2 country code")
    return text
