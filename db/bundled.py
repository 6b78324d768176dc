"""The catalog that ships with the product: public facts, read from the files in `db/seed`."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from planner.coverage import Coverage, MissingList, Source
from planner.facts import CatalogFacts, CommonPlan, SeatCap, ServiceFamily
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

SEED = Path(__file__).with_name("seed")

Row = Mapping[str, str]
Built = TypeVar("Built")

_MARKET = re.compile(r"[A-Z]{2}")
_YES_NO = {"YES": True, "NO": False}
# A column of one of these names points at a row of another file, whichever file it stands in.
_POINTS_AT = {
    "source": "source",
    "sources": "source",
    "erp_source": "source",
    "market_set": "market set",
    "plan_id": "service plan",
    "plan_ids": "service plan",
    "catalog_id": "offer",
    "origin": "offer",
    "target": "offer",
    "addon": "offer",
    "bases": "offer",
}


class BadSeedRow(ValueError):
    """A row of a bundled file cannot be read; the message names the file and the line."""

    code = "BAD_SEED_ROW"

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")


def bundled_facts(folder: Path = SEED) -> CatalogFacts:
    """Return every bundled row; each names a source that is in `sources`.

    Cost: reads about 2.5 MB, a fraction of a second. Raises: BadSeedRow, OSError.
    """
    seed = _Seed(folder)
    sources = seed.rows("sources.csv", _source, defines="source")
    plans = seed.rows("service_plans.csv", _service_plan, defines="service plan")
    offers = _offers(seed)
    return CatalogFacts(
        offers=offers,
        claims=seed.rows("claims.csv", _claim),
        conflicts=seed.rows("conflicts.csv", _conflict),
        prerequisites=_joined(seed.rows("prerequisites.csv", _prerequisites)),
        products=seed.rows("products.csv", _product),
        service_plans=plans,
        service_families=_families(seed.rows("service_families.csv", _family_member)),
        common_plans=seed.rows("common_plans.csv", _common_plan),
        seat_caps=seed.rows("seat_caps.csv", _seat_cap),
        windows=seed.rows("windows.csv", _window),
        sources=sources,
        coverage=seed.rows("coverage.csv", _coverage),
        missing_lists=seed.rows("missing_lists.csv", _missing_list),
        prices=_prices(seed, offers, sources),
    )


class _Seed:
    """The files of one folder, and the keys read so far, against which later rows are checked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, set[str]] = {}

    def rows(
        self, file: str, build: Callable[[Row], Built], *, defines: str | None = None
    ) -> tuple[Built, ...]:
        """Return one value per row; `defines` names what the first column is the key of."""
        return tuple(self._built(file, build, defines))

    def _built(
        self, file: str, build: Callable[[Row], Built], defines: str | None
    ) -> Iterator[Built]:
        for line, row in _lines(self._folder / file):
            try:
                self._check_references(row)
                yield build(row)
                self._define(defines, next(iter(row.values())))
            except (ValueError, InvalidOperation) as fault:
                raise BadSeedRow(file, line, str(fault)) from fault
            except KeyError as fault:
                raise BadSeedRow(file, line, f"unknown value or column {fault}") from fault

    def _check_references(self, row: Row) -> None:
        for column, text in row.items():
            table = _POINTS_AT.get(column)
            if table and (unknown := set(_items(text)) - self._keys[table]):
                raise ValueError(f"{column} names an unknown {table}: {min(unknown)}")

    def _define(self, table: str | None, key: str) -> None:
        if table is None:
            return
        keys = self._keys.setdefault(table, set())
        if key in keys:
            raise ValueError(f"the {table} {key} stands here a second time")
        keys.add(key)


def _lines(path: Path) -> Iterator[tuple[int, Row]]:
    with path.open(encoding="utf-8", newline="") as text:
        reader = csv.reader(text, strict=True)
        header = next(reader, [])
        for cells in reader:
            if len(cells) != len(header):
                reason = f"{len(cells)} cells where the header has {len(header)}"
                raise BadSeedRow(path.name, reader.line_num, reason)
            yield reader.line_num, dict(zip(header, cells, strict=True))


def _offers(seed: _Seed) -> tuple[Offer, ...]:
    sets = dict(seed.rows("market_sets.csv", _market_set, defines="market set"))
    legacy = partial(_legacy_offer, market_sets=sets)
    return (
        *seed.rows("legacy_offers.csv", legacy, defines="offer"),
        *seed.rows("new_commerce_skus.csv", _sku, defines="offer"),
    )


def _prices(
    seed: _Seed, offers: tuple[Offer, ...], sources: tuple[Source, ...]
) -> tuple[Price, ...]:
    segments = {offer.catalog_id: offer.segment for offer in offers}
    dates = {source.source_id: source.dated for source in sources}
    legacy = seed.rows("legacy_offers.csv", partial(_legacy_price, dates=dates))
    return (*_joined(legacy), *seed.rows("prices.csv", partial(_price, segments=segments)))


def _joined(groups: Iterable[tuple[Built, ...]]) -> tuple[Built, ...]:
    return tuple(chain.from_iterable(groups))


def _source(row: Row) -> Source:
    return Source(row["source_id"], row["title"], _day(row["dated"]), row["note"])


def _market_set(row: Row) -> tuple[str, frozenset[str]]:
    return row["set_id"], _markets(row["markets"])


def _legacy_offer(row: Row, *, market_sets: Mapping[str, frozenset[str]]) -> Offer:
    product_guid = row["product_guid"]
    return Offer(
        catalog_id=parse_catalog_id(row["offer_id"]),
        title=row["title"],
        commerce=Commerce.LEGACY,
        segment=Segment(row["segment"]),
        is_addon=Known(row["is_addon"]),
        is_trial=_YES_NO[row["is_trial"]],
        markets=market_sets[row["market_set"]] if row["market_set"] else None,
        sources=_items(row["sources"]),
        former_titles=_items(row["former_titles"]),
        product_guid=ProductGuid(parse_guid(product_guid)) if product_guid else None,
        provisioning_id=row["provisioning_id"] or None,
        minimum_seats=_count(row["minimum_seats"]),
        maximum_seats=_count(row["maximum_seats"]),
        limit=_count(row["limit"]),
        limit_scope=LimitScope(row["limit_scope"] or "NONE"),
        duration=row["duration"] or None,
        billing=_items(row["billing"]),
    )


def _sku(row: Row) -> Offer:
    return Offer(
        catalog_id=parse_catalog_id(row["offer_id"]),
        title=row["title"],
        commerce=Commerce.NEW_COMMERCE,
        segment=Segment(row["segment"]),
        is_addon=Known(row["is_addon"]),
        is_trial=_YES_NO[row["is_trial"]],
        markets=_markets(row["markets"]) if row["markets"] else None,
        sources=_items(row["sources"]),
        billing=_items(row["billing"]),
    )


def _claim(row: Row) -> Claim:
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


def _conflict(row: Row) -> Conflict:
    origin, target = CatalogId(row["origin"]), CatalogId(row["target"])
    return Conflict(origin, target, row["code"], row["message"], _items(row["sources"]))


def _prerequisites(row: Row) -> tuple[Prerequisite, ...]:
    addon = CatalogId(row["addon"])
    return tuple(Prerequisite(addon, CatalogId(b), row["source"]) for b in _items(row["bases"]))


def _product(row: Row) -> Product:
    return Product(
        product_guid=ProductGuid(parse_guid(row["product_guid"])),
        string_id=row["string_id"],
        title=row["title"],
        plan_ids=frozenset(map(ServicePlanId, _items(row["plan_ids"]))),
        source=row["source"],
    )


def _service_plan(row: Row) -> ServicePlan:
    plan_id = ServicePlanId(parse_guid(row["service_plan_id"]))
    return ServicePlan(plan_id, row["name"], row["title"])


def _family_member(row: Row) -> tuple[tuple[str, str], ServicePlanId]:
    return (row["family"], row["source"]), ServicePlanId(row["plan_id"])


def _families(
    members: tuple[tuple[tuple[str, str], ServicePlanId], ...],
) -> tuple[ServiceFamily, ...]:
    by_family = groupby(sorted(members), key=itemgetter(0))
    return tuple(
        ServiceFamily(name, frozenset(plan_id for _, plan_id in plans), source)
        for (name, source), plans in by_family
    )


def _common_plan(row: Row) -> CommonPlan:
    return CommonPlan(ServicePlanId(row["plan_id"]), row["source"])


def _seat_cap(row: Row) -> SeatCap:
    return SeatCap(
        catalog_id=CatalogId(row["catalog_id"]),
        per_offer=int(row["per_offer"]),
        family=row["family"] or None,
        per_family=_count(row["per_family"]),
        source=row["source"],
    )


def _window(row: Row) -> Window:
    return Window(
        kind=TransitionKind(row["kind"]),
        segment=_segment(row["segment"]),
        starts=_day(row["starts"]),
        ends=_day(row["ends"]),
        state=WindowState(row["state"]),
        message=row["message"],
        sources=_items(row["sources"]),
    )


def _coverage(row: Row) -> Coverage:
    return Coverage(
        source_id=row["source"],
        kind=TransitionKind(row["kind"]) if row["kind"] else None,
        market=row["market"] or None,
        segment=_segment(row["segment"]),
        starts=_day(row["starts"]),
        ends=_day(row["ends"]),
        note=row["note"],
    )


def _missing_list(row: Row) -> MissingList:
    return MissingList(TransitionKind(row["kind"]), row["title"], row["remedy"])


def _legacy_price(row: Row, *, dates: Mapping[str, date | None]) -> tuple[Price, ...]:
    """Return the offer's retail price, in USD for a month, or nothing where no list gives it."""
    if not row["erp_usd_month"]:
        return ()
    price = Price(
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
    return (price,)


def _price(row: Row, *, segments: Mapping[CatalogId, Segment | None]) -> Price:
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


def _items(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


@cache
def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _count(text: str) -> int | None:
    return int(text) if text else None


def _segment(text: str) -> Segment | None:
    return Segment(text) if text else None


def _markets(text: str) -> frozenset[str]:
    markets = frozenset(_items(text))
    if bad := sorted(market for market in markets if not _MARKET.fullmatch(market)):
        raise ValueError(f"{bad[0]!r} is no ISO 3166 alpha-2 country code")
    return markets
