"""Reports over HTTP: whole or visibly broken off, and refused with a code."""

import csv
import hashlib
import io
import logging
from dataclasses import replace
from typing import Any

import httpx2
import orjson
import pytest
from python_calamine import CalamineWorkbook
from starlette.applications import Starlette
from starlette.requests import Request

from offerpath.reports_http import ReportRoutes
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.offers import Offer
from resolvers.asked import Asked
from resolvers.catalogs import Catalogs
from tests.schema.api import NOW, Api
from tests.schema.conftest import principal_of
from tests.schema.servers import serving

PATHS, OFFERS = 1241, 725
DAY = {"at": "2026-11-23"}


async def _get(api: Api, path: str = "/reports/paths", **query: Any) -> httpx2.Response:
    async with api.client() as client:
        return await client.get(path, params=query)


async def test_the_csv_has_every_best_path(sample: Api) -> None:
    answer = await _get(sample, **DAY)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    attachment = 'attachment; filename="offerpath-paths.csv"'
    assert answer.headers["content-disposition"] == attachment
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == PATHS
    assert len({row["origin_id"] for row in rows}) == OFFERS


async def test_the_manifest_has_the_checksum_of_the_streamed_csv(sample: Api) -> None:
    for query in ({}, {"market": "us", "with_no_path": "true", "bom": "true"}):
        report = await _get(sample, **DAY, **query)
        manifest = (await _get(sample, "/reports/paths/manifest", **DAY, **query)).json()
        assert manifest["sha256"] == hashlib.sha256(report.content).hexdigest()
        assert manifest["file"] == "offerpath-paths.csv"
        assert manifest["at"] == "2026-11-23"
        text = report.content.decode("utf-8-sig" if query else "utf-8")
        assert manifest["rows"] == len(list(csv.DictReader(io.StringIO(text))))
    assert (manifest["market"], manifest["with_no_path"]) == ("US", True)


async def test_ndjson_says_what_the_csv_says(sample: Api) -> None:
    ndjson = await _get(sample, **DAY, format="ndjson", market="US")
    assert ndjson.headers["content-type"] == "application/x-ndjson"
    lines = [orjson.loads(line) for line in ndjson.content.splitlines()]
    plain = await _get(sample, **DAY, market="US")
    rows = list(csv.DictReader(io.StringIO(plain.text)))
    assert [line["origin_id"] for line in lines] == [row["origin_id"] for row in rows]
    assert [line["target_id"] for line in lines] == [row["target_id"] for row in rows]


async def test_the_workbook_has_the_same_rows_and_bytes_as_its_manifest_says(sample: Api) -> None:
    query = {**DAY, "format": "xlsx", "segment": "education"}
    answer = await _get(sample, **query)
    manifest = (await _get(sample, "/reports/paths/manifest", **query)).json()
    assert manifest["sha256"] == hashlib.sha256(answer.content).hexdigest()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("paths")
    assert len(sheet.to_python()) == manifest["rows"] + 1


async def test_a_report_of_steps_has_a_line_per_step(sample: Api) -> None:
    query = {**DAY, "market": "US"}
    paths = await _get(sample, **query)
    steps = await _get(sample, **query, shape="steps", legacy_upgrades="last")
    wanted = sum(int(row["steps"]) for row in csv.DictReader(io.StringIO(paths.text)))
    assert len(list(csv.DictReader(io.StringIO(steps.text)))) == wanted


def _catalog_that_breaks(catalog: Catalog, broken: CatalogId) -> Catalog:
    class Breaking(Catalog):
        def offer(self, catalog_id: CatalogId) -> Offer:
            if catalog_id == broken:
                raise RuntimeError("broken midway")
            return super().offer(catalog_id)

    return Breaking(catalog.facts, version_id="breaking", content_hash="breaking")


async def test_a_report_that_fails_midway_is_broken_off(
    catalogs: Catalogs, sample: Api, caplog: pytest.LogCaptureFixture
) -> None:
    whole = await catalogs.asked(principal_of(sample), now=NOW)
    legacy = [offer for offer in whole.catalog.offers if ":" not in offer]
    catalog = _catalog_that_breaks(whole.catalog, legacy[len(legacy) // 2])

    async def ask(request: Request) -> Asked:
        return replace(whole, catalog=catalog)

    got = 0
    caplog.set_level(logging.CRITICAL)
    async with (
        serving(Starlette(routes=ReportRoutes(ask).routes)) as base,
        httpx2.AsyncClient(base_url=base, trust_env=False) as client,
    ):
        with pytest.raises(httpx2.RemoteProtocolError):  # noqa: PT012 (the failure comes midway)
            async with client.stream("GET", "/reports/paths", params=DAY) as answer:
                assert answer.status_code == 200
                async for part in answer.aiter_bytes():
                    got += len(part)
        assert got > 0
        assert (await client.get("/reports/paths/manifest", params=DAY)).status_code == 500
