"""Reports over HTTP: whole or visibly broken off, and refused with a code."""

import asyncio
import csv
import hashlib
import io
import logging
import sys
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx2
import orjson
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from python_calamine import CalamineWorkbook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from offerpath.reports_http import ReportRoutes
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.offers import Offer
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalog.catalogs import Catalogs
from resolvers.problems import BadInput
from tests.formats.reports.customer_reports import asked_in, asked_of, importing, watched
from tests.planner.builders import customer, subscription
from tests.schema.api import NOW, Api, new_partner
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


CUSTOMER_REPORTS = ("blockers", "options", "plans", "portfolio")


@pytest.mark.parametrize("name", CUSTOMER_REPORTS)
async def test_a_report_on_customers_is_what_its_manifest_says(sample: Api, name: str) -> None:
    query = {**DAY, "market": "us", "license_transfer": "true"}
    answer = await _get(sample, f"/reports/{name}", **query)
    manifest = (await _get(sample, f"/reports/{name}/manifest", **query)).json()
    assert answer.headers["content-disposition"] == f'attachment; filename="offerpath-{name}.csv"'
    assert manifest["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert (manifest["shape"], manifest["market"]) == (name, "US")
    assert (manifest["mode"], manifest["at"]) == ("WITH_LICENSE_TRANSFER", "2026-11-23T00:00:00Z")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == manifest["rows"] > 10


@pytest.mark.parametrize("name", CUSTOMER_REPORTS)
async def test_nobody_reads_of_another_partners_customers(sample: Api, name: str) -> None:
    stranger = new_partner(sample.app)
    answer = await _get(stranger, f"/reports/{name}", **DAY, format="ndjson")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_parquet_is_sent_whole(sample: Api) -> None:
    answer = await _get(sample, "/reports/portfolio", **DAY, format="parquet")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    table = pq.read_table(io.BytesIO(answer.content))
    plain = await _get(sample, "/reports/portfolio", **DAY)
    rows = list(csv.DictReader(io.StringIO(plain.text)))
    assert table.column("subscription_id").to_pylist() == [row["subscription_id"] for row in rows]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"shape": "steps"}, "UNKNOWN_PARAMETER"),
        ({"market": "usa"}, "MALFORMED_MARKET"),
        ({"license_transfer": "yes"}, "BAD_PARAMETER"),
        ({"format": "pdf"}, "BAD_PARAMETER"),
        ({"segment": "private"}, "BAD_PARAMETER"),
        ({"at": "tomorrow"}, "BAD_DATE"),
    ],
)
@pytest.mark.parametrize("name", CUSTOMER_REPORTS)
async def test_a_bad_parameter_is_refused_before_anything_is_sent(
    catalogs: Catalogs, sample: Api, name: str, query: dict[str, str], code: str
) -> None:
    """Through the application itself, whose exception handlers make the answer."""

    async def ask(request: Request) -> Asked:
        return await catalogs.asked(principal_of(sample), now=NOW)

    app = Starlette(routes=ReportRoutes(ask).routes, exception_handlers={BadInput: told_code})
    async with Api(app, sample.partner_id).client() as client:
        answer = await client.get(f"/reports/{name}", params=query)
    assert (answer.status_code, answer.text) == (400, code)


@pytest.mark.parametrize("name", ["paths", *CUSTOMER_REPORTS])
@pytest.mark.parametrize("path", ["/reports/{}", "/reports/{}/manifest"])
async def test_a_parameter_that_stands_twice_is_refused(sample: Api, name: str, path: str) -> None:
    async with sample.client() as client:
        for twice in ("market=US&market=DE", "market=US&bom=true&market=US", "x=1&x=2"):
            answer = await client.get(f"{path.format(name)}?{twice}")
            (error,) = answer.json()["errors"]
            assert (answer.status_code, error["extensions"]["code"]) == (400, "MALFORMED_REQUEST")
            assert twice[: twice.index("=")] in error["message"]


@pytest.mark.parametrize("name", ["paths", *CUSTOMER_REPORTS])
async def test_nobody_follows_the_making_of_a_manifest(sample: Api, name: str) -> None:
    answer = await _get(sample, f"/reports/{name}/manifest", **DAY, job=str(uuid4()))
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "UNKNOWN_PARAMETER")
    assert "'job'" in error["message"]


TOLD_BY_HEAD = ("content-type", "content-disposition", "cache-control")


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize("path", ["paths", "paths/manifest", "blockers", "portfolio/manifest"])
async def test_head_tells_the_headers_of_a_get_and_nothing_is_exported(
    sample: Api, monkeypatch: pytest.MonkeyPatch, path: str, format_: str
) -> None:
    entries = "{ auditEntries(action: EXPORT) { totalCount } }"
    query = {**DAY, "market": "US", "format": format_}
    before = (await sample.ask(entries))["auditEntries"]["totalCount"]
    job_id = str(uuid4())
    followed = query if path.endswith("manifest") else {**query, "job": job_id}
    with monkeypatch.context() as shut:
        # Whatever of a report is made is made by one of these.
        shut.setattr("offerpath.reports_http.stream", None)
        shut.setattr("offerpath.reports_http.write_file", None)
        async with sample.client() as client:
            head = await client.head(f"/reports/{path}", params=followed)
    assert (head.status_code, head.content) == (200, b"")
    assert "content-length" not in head.headers
    assert (await sample.ask(entries))["auditEntries"]["totalCount"] == before
    asked = "query($id: String!) { job(jobId: $id) { state } }"
    assert await sample.ask(asked, id=job_id) == {"job": None}
    got = await _get(sample, f"/reports/{path}", **followed)
    for name in TOLD_BY_HEAD:
        assert head.headers.get(name) == got.headers.get(name), name
    assert ("etag" in head.headers) is path.startswith("paths")


async def test_head_is_refused_as_a_get_would_be(sample: Api) -> None:
    async with sample.client() as client:
        assert (await client.head("/reports/blockers?market=usa")).status_code == 400
        etag = (await client.head("/reports/paths", params=DAY)).headers["etag"]
        known = await client.head("/reports/paths", params=DAY, headers={"if-none-match": etag})
        assert known.status_code == 304
    async with sample.acting_as(Role.MPN_PARTNER_ADMIN).client() as client:
        assert (await client.head("/reports/blockers", params=DAY)).status_code == 403


def told_code(request: Request, error: Exception) -> Response:
    assert isinstance(error, BadInput)
    return PlainTextResponse(error.code, status_code=400)


async def test_parquet_without_its_extra_is_refused(
    catalogs: Catalogs, sample: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    async def ask(request: Request) -> Asked:
        return await catalogs.asked(principal_of(sample), now=NOW)

    app = Starlette(routes=ReportRoutes(ask).routes, exception_handlers={BadInput: told_code})
    async with Api(app, sample.partner_id).client() as client:
        answer = await client.get("/reports/plans", params={"format": "parquet"})
    assert (answer.status_code, answer.text) == (400, "PARQUET_NOT_INSTALLED")


async def test_what_excel_would_cut_is_refused_and_not_sent(catalogs: Catalogs) -> None:
    long = replace(customer(subscription("A")), customer_id=str(uuid4()), name="x" * 32_768)
    asked = await asked_of(importing(long))

    async def ask(request: Request) -> Asked:
        return asked

    app = Starlette(routes=ReportRoutes(ask).routes, exception_handlers={BadInput: told_code})
    async with Api(app, "anybody").client() as client:
        answer = await client.get("/reports/portfolio", params={"format": "xlsx"})
    assert (answer.status_code, answer.text) == (400, "TOO_LARGE_FOR_XLSX")


@pytest.mark.parametrize("path", ["/reports/blockers", "/reports/plans"])
async def test_a_stream_whose_receiver_leaves_ends_its_work(path: str) -> None:
    store = await watched()
    asked = await asked_in(store)

    async def ask(request: Request) -> Asked:
        return asked

    async with serving(Starlette(routes=ReportRoutes(ask).routes)) as base:
        async with (
            httpx2.AsyncClient(base_url=base, trust_env=False) as client,
            client.stream("GET", path) as answer,
        ):
            assert answer.status_code == 200
            await anext(answer.aiter_bytes())
            assert not store.closed.is_set()
        assert await asyncio.to_thread(store.closed.wait, 20)


@pytest.mark.parametrize("format_", ["xlsx", "parquet", "csv/manifest"])
async def test_a_file_whose_receiver_leaves_is_not_written_to_its_end(format_: str) -> None:
    """The customers are without end, so that only the cancellation closes their stream."""
    store = await watched()
    asked = await asked_in(store)

    async def ask(request: Request) -> Asked:
        return asked

    name, _, manifest = format_.partition("/")
    path = f"/reports/blockers{'/manifest' if manifest else ''}"
    async with serving(Starlette(routes=ReportRoutes(ask).routes)) as base:
        async with httpx2.AsyncClient(base_url=base, trust_env=False, timeout=1) as client:
            with pytest.raises(httpx2.ReadTimeout):
                await client.get(path, params={"format": name})
        assert await asyncio.to_thread(store.closed.wait, 20)
