"""The path report of the bundled catalog, row by row."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from planner.no_path import NoPath
from planner.offers import Commerce, Segment
from planner.paths import Path
from planner.profiles import LegacyUpgradePolicy
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest
from resolvers.problems import BadInput
from resolvers.reports.paths import PathReport, PathRow, path_report

DAY = datetime(2026, 11, 23, tzinfo=UTC)
BEST_PATHS, OFFERS_WITH_PATH = 1241, 725
EVERYTHING = ScopeRequest(at=DAY)


async def _rows(report: PathReport) -> list[PathRow]:
    return [row async for chunk in report.chunks() for row in chunk]


async def test_every_best_path_to_new_commerce_is_a_row(bundled: Asked) -> None:
    rows = await _rows(path_report(bundled, EVERYTHING))
    assert len(rows) == BEST_PATHS
    assert len({row.offer.catalog_id for row in rows}) == OFFERS_WITH_PATH
    for row in rows:
        assert isinstance(row.answer, Path)
        assert row.answer.origin == row.offer.catalog_id
        assert bundled.catalog.offers[row.answer.target].commerce is Commerce.NEW_COMMERCE


async def test_rows_come_in_order_of_offer_and_rank(bundled: Asked) -> None:
    rows = await _rows(path_report(bundled, EVERYTHING))
    keys = [(row.offer.catalog_id, row.rank) for row in rows]
    assert keys == sorted(set(keys))
    last = {row.offer.catalog_id: row.rank for row in rows}
    assert last == Counter(row.offer.catalog_id for row in rows)


async def test_a_target_has_one_best_path(bundled: Asked) -> None:
    rows = await _rows(path_report(bundled, EVERYTHING))
    pairs = {(row.answer.origin, row.answer.target) for row in rows if isinstance(row.answer, Path)}
    assert len(pairs) == BEST_PATHS


async def test_with_reasons_every_legacy_offer_has_a_row(bundled: Asked) -> None:
    report = path_report(bundled, EVERYTHING, with_no_path=True)
    rows = await _rows(report)
    legacy = {
        offer.catalog_id
        for offer in bundled.catalog.offers.values()
        if offer.commerce is Commerce.LEGACY
    }
    assert {row.offer.catalog_id for row in rows} == legacy
    assert {offer.catalog_id for offer in report.offers} == legacy
    without = [row for row in rows if isinstance(row.answer, NoPath)]
    assert len(without) == len(legacy) - OFFERS_WITH_PATH
    assert {row.rank for row in without} == {0}
    assert all(isinstance(row.answer, NoPath) and row.answer.causes for row in without)


async def test_a_market_and_a_segment_leave_out_what_is_not_theirs(bundled: Asked) -> None:
    everything = {row.offer.catalog_id for row in await _rows(path_report(bundled, EVERYTHING))}
    narrowed = ScopeRequest(at=DAY, market="IN", segment=Segment.EDUCATION)
    rows = await _rows(path_report(bundled, narrowed))
    assert {row.offer.segment for row in rows} == {Segment.EDUCATION}
    assert {row.offer.catalog_id for row in rows} < everything


async def test_chunks_are_bounded_and_together_the_whole(bundled: Asked) -> None:
    chunks = [chunk async for chunk in path_report(bundled, EVERYTHING).chunks()]
    assert sum(map(len, chunks)) == BEST_PATHS
    assert max(len({row.offer.catalog_id for row in chunk}) for chunk in chunks) <= 25


async def test_the_same_question_gives_the_same_rows(bundled: Asked) -> None:
    first = await _rows(path_report(bundled, EVERYTHING))
    assert await _rows(path_report(bundled, EVERYTHING)) == first


async def test_without_legacy_upgrades_there_is_no_such_step(bundled: Asked) -> None:
    request = ScopeRequest(at=DAY, legacy_upgrades=LegacyUpgradePolicy.EXCLUDE)
    rows = await _rows(path_report(bundled, request))
    assert 0 < len(rows) < BEST_PATHS
    assert {row.answer.cost.legacy_upgrades for row in rows if isinstance(row.answer, Path)} == {0}


@pytest.mark.parametrize("request_", [ScopeRequest(market="usa"), ScopeRequest(max_steps=0)])
def test_a_bad_question_is_refused_before_the_first_row(
    bundled: Asked, request_: ScopeRequest
) -> None:
    with pytest.raises(BadInput):
        path_report(bundled, request_)
