"""A job asked for now and then: the same as its followers are told, and nobody else's."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from starlette.applications import Starlette

from planner.permissions import Role
from schema.relay.node import global_id
from tests.formats import samples
from tests.schema.api import Api, new_partner

JOB = """query($id: String!) {
  job(jobId: $id) { id jobId kind state phase done total code startedAt changedAt } }"""
IMPORT = """mutation($file: ImportFileInput!, $id: String) {
  importCustomers(file: $file, jobId: $id) { __typename } }"""
NODE = "query($id: ID!) { node(id: $id) { id ... on Job { state } } }"


async def _job(api: Api, job_id: str) -> Any:
    return (await api.ask(JOB, id=job_id))["job"]


def _file(*rows: str) -> dict[str, str]:
    return {"content": "\n".join(("customer_id,name", *rows, "")), "name": "a.csv"}


async def test_an_import_that_is_done_is_told_with_its_rows(partner: Api) -> None:
    job_id = str(uuid4())
    rows = (f"{samples.CUSTOMER},Rowan", f"{uuid4()},Alder", f"{uuid4()},Hazel")
    await partner.ask(IMPORT, file=_file(*rows), id=job_id)
    told = await _job(partner, job_id.upper())
    assert (told["kind"], told["state"], told["phase"]) == ("IMPORT", "DONE", "STORING")
    assert (told["jobId"], told["done"], told["total"], told["code"]) == (job_id, 3, 3, None)
    assert told["startedAt"] <= told["changedAt"]
    assert told["id"] == global_id("Job", job_id)
    assert await partner.ask(NODE, id=told["id"]) == {"node": {"id": told["id"], "state": "DONE"}}


async def test_one_that_was_refused_is_told_with_its_code(partner: Api) -> None:
    job_id = str(uuid4())
    await partner.ask(IMPORT, file=_file("nobody,Rowan"), id=job_id)
    told = await _job(partner, job_id)
    assert (told["state"], told["code"]) == ("REFUSED", "BAD_ROWS")


async def test_before_it_begins_there_is_none_and_asking_does_not_begin_it(partner: Api) -> None:
    job_id = str(uuid4())
    asked = [_job(partner, job_id) for _ in range(3)]
    for told in await asyncio.gather(*asked):
        assert told is None
    await partner.ask(IMPORT, file=_file(f"{samples.CUSTOMER},Rowan"), id=job_id)
    assert (await _job(partner, job_id))["state"] == "DONE"


async def test_what_is_no_id_is_refused(partner: Api) -> None:
    assert await partner.refused(JOB, id="x") == "MALFORMED_ID"
    assert await partner.ask(NODE, id=global_id("Job", "x")) == {"node": None}


async def test_a_job_of_another_partner_is_none(partner: Api, app: Starlette) -> None:
    job_id, stranger = str(uuid4()), new_partner(app)
    await partner.ask(IMPORT, file=_file(f"{samples.CUSTOMER},Rowan"), id=job_id)
    assert await _job(stranger, job_id) is None
    assert await stranger.ask(NODE, id=global_id("Job", job_id)) == {"node": None}


@pytest.mark.parametrize("role", Role)
async def test_every_role_of_the_partner_may_ask(partner: Api, role: Role) -> None:
    job_id = str(uuid4())
    await partner.ask(IMPORT, file=_file(f"{samples.CUSTOMER},Rowan"), id=job_id)
    assert (await _job(partner.acting_as(role), job_id))["state"] == "DONE"
