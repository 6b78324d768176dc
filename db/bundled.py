"""The catalog that ships with the product: public facts, read from the files in `db/seed`."""

import csv
from collections.abc import Callable, Iterable, Iterator
from decimal import InvalidOperation
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from db import bundled_rows as read
from planner.coverage import Source
from planner.facts import CatalogFacts, ServiceFamily
from planner.offers import Offer, Price

SEED = Path(__file__).with_name("seed")

Built = TypeVar("Built")

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
_MAY_BE_EMPTY = {"erp_source", "market_set"}


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
    sources = seed.rows("sources.csv", read.source, defines="source")
    plans = seed.rows("service_plans.csv", read.service_plan, defines="service plan")
    offers = _offers(seed)
    return CatalogFacts(
        offers=offers,
        claims=seed.rows("claims.csv", read.claim),
        conflicts=seed.rows("conflicts.csv", read.conflict),
        prerequisites=_joined(seed.rows("prerequisites.csv", read.prerequisites)),
        products=seed.rows("products.csv", read.product),
        service_plans=plans,
        service_families=_families(seed.rows("service_families.csv", read.family_member)),
        common_plans=seed.rows("common_plans.csv", read.common_plan),
        seat_caps=seed.rows("seat_caps.csv", read.seat_cap),
        windows=seed.rows("windows.csv", read.window),
        sources=sources,
        coverage=seed.rows("coverage.csv", read.coverage),
        missing_lists=seed.rows("missing_lists.csv", read.missing_list),
        prices=_prices(seed, offers, sources),
        sale_ends=seed.rows("sale_ends.csv", read.sale_end),
    )


class _Seed:
    """The files of one folder, and the keys read so far, against which later rows are checked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, set[str]] = {}

    def rows(
        self, file: str, build: Callable[[read.Row], Built], *, defines: str | None = None
    ) -> tuple[Built, ...]:
        """Return one value per row; `defines` names what the first column is the key of."""
        return tuple(self._built(file, build, defines))

    def _built(
        self, file: str, build: Callable[[read.Row], Built], defines: str | None
    ) -> Iterator[Built]:
        for line, row in _lines(self._folder / file):
            try:
                self._check_references(row)
                self._define(defines, next(iter(row.values())))
                built = build(row)
            except (ValueError, InvalidOperation) as fault:
                raise BadSeedRow(file, line, str(fault)) from fault
            except KeyError as fault:
                raise BadSeedRow(file, line, f"unknown value or column {fault}") from fault
            yield built

    def _check_references(self, row: read.Row) -> None:
        for column in row.keys() & _POINTS_AT.keys():
            table, named = _POINTS_AT[column], set(read.items(row[column]))
            if not named and column not in _MAY_BE_EMPTY:
                raise ValueError(f"{column} is empty")
            if unknown := named - self._keys[table]:
                raise ValueError(f"{column} names an unknown {table}: {min(unknown)}")

    def _define(self, table: str | None, key: str) -> None:
        if table is None:
            return
        keys = self._keys.setdefault(table, set())
        if key in keys:
            raise ValueError(f"the {table} {key} stands here a second time")
        keys.add(key)


def _lines(path: Path) -> Iterator[tuple[int, read.Row]]:
    with path.open(encoding="utf-8", newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            header = next(reader, [])
            for cells in reader:
                if len(cells) != len(header):
                    raise ValueError(f"{len(cells)} cells where the header has {len(header)}")
                yield reader.line_num, dict(zip(header, cells, strict=True))
        except (csv.Error, ValueError) as fault:
            raise BadSeedRow(path.name, reader.line_num, str(fault)) from fault


def _offers(seed: _Seed) -> tuple[Offer, ...]:
    sets = dict(seed.rows("market_sets.csv", read.market_set, defines="market set"))
    legacy = partial(read.legacy_offer, market_sets=sets)
    return (
        *seed.rows("legacy_offers.csv", legacy, defines="offer"),
        *seed.rows("new_commerce_skus.csv", read.sku, defines="offer"),
    )


def _prices(
    seed: _Seed, offers: tuple[Offer, ...], sources: tuple[Source, ...]
) -> tuple[Price, ...]:
    segments = {offer.catalog_id: offer.segment for offer in offers}
    dates = {source.source_id: source.dated for source in sources}
    legacy = seed.rows("legacy_offers.csv", partial(read.legacy_price, dates=dates))
    return (*_joined(legacy), *seed.rows("prices.csv", partial(read.price, segments=segments)))


def _joined(groups: Iterable[tuple[Built, ...]]) -> tuple[Built, ...]:
    return tuple(chain.from_iterable(groups))


def _families(members: tuple[read.FamilyMember, ...]) -> tuple[ServiceFamily, ...]:
    by_family = groupby(sorted(members), key=itemgetter(0))
    return tuple(
        ServiceFamily(name, frozenset(plan_id for _, plan_id in plans), source)
        for (name, source), plans in by_family
    )
