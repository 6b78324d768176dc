"""Imports, reports and runs that their clients follow, by ids of their own choice."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2

from formats.sample.portfolio import sample_portfolio
from tests.formats import samples
from tests.offerpath.subscriptions.conftest import Live
from tests.offerpath.subscriptions.serving import Socket, ask, begun, streamed

FOLLOW = """subscription($id: String!) {
  jobChanged(jobId: $id) { jobId kind state phase done total code }
}"""
IMPORT = """mutation($file: ImportFileInput!, $id: String) {
  importCustomers(file: $file, jobId: $id) {
    __typename ... on CustomersImported { rows } ... on ImportRefused { code }
  }
}"""
RUN = """subscription($filter: PortfolioFilterInput) {
  portfolioRun(filter: $filter) { customersLookedAt customers summary { isComplete customers } }
}"""
CSV = f"customer_id,name\n{samples.CUSTOMER},Rowan\n"


async def _until_ended(socket: Socket) -> list[Any]:
    told = []
    while (message := await socket.receive())["type"] == "next":
        told.append(message["payload"]["data"]["jobChanged"])
    assert message["type"] == "complete"
    return told


async def test_an_import_is_followed_from_before_its_beginning_to_its_end(
    live: Live, guid: str
) -> None:
    async with begun(live.host) as socket, streamed(live.host, FOLLOW, {"id": guid}) as events:
        await socket.subscribe(FOLLOW, id=guid.upper())
        file = {"content": CSV, "name": "a.csv"}
        stored = await ask(live.host, IMPORT, {"file": file, "id": guid})
        assert stored["importCustomers"] == {"__typename": "CustomersImported", "rows": 1}
        told = await _until_ended(socket)
        last = {
            "jobId": guid,
            "kind": "IMPORT",
            "state": "DONE",
            "phase": "STORING",
            "done": 1,
            "total": 1,
            "code": None,
        }
        assert told[-1] == last
        assert all(one["state"] == "RUNNING" for one in told[:-1])
        while (event := (await events.next())["jobChanged"])["state"] == "RUNNING":
            pass
        assert event == last
        assert await events.receive() == ("complete", None)


async def test_an_import_that_is_refused_ends_with_its_code(live: Live, guid: str) -> None:
    file = {"content": "customer_id,name\nnobody,A\n", "name": "b.csv"}
    answer = (await ask(live.host, IMPORT, {"file": file, "id": guid}))["importCustomers"]
    async with begun(live.host) as socket:
        await socket.subscribe(FOLLOW, id=guid)
        (told,) = await _until_ended(socket)
        assert (told["state"], told["code"]) == ("REFUSED", answer["code"])


async def test_an_id_is_taken_once_and_is_a_guid(live: Live, guid: str) -> None:
    file = {"content": CSV, "name": "a.csv"}
    await ask(live.host, IMPORT, {"file": file, "id": guid})
    async with httpx2.AsyncClient(base_url=f"http://{live.host}", trust_env=False) as client:
        for job_id, code in ((guid, "JOB_ID_IN_USE"), ("x", "MALFORMED_ID")):
            variables = {"file": file, "id": job_id}
            answer = await client.post("/graphql", json={"query": IMPORT, "variables": variables})
            assert answer.json()["errors"][0]["extensions"]["code"] == code
            report = await client.get("/reports/paths", params={"job": job_id})
            assert (report.status_code, report.json()["errors"][0]["extensions"]["code"]) == (
                400,
                code,
            )


async def test_a_report_tells_how_many_rows_are_written(live: Live, guid: str) -> None:
    await live.stores.customers.store(live.principal, sample_portfolio())
    async with (
        begun(live.host) as socket,
        httpx2.AsyncClient(base_url=f"http://{live.host}", trust_env=False, timeout=60) as client,
    ):
        await socket.subscribe(FOLLOW, id=guid)
        report = await client.get("/reports/blockers", params={"job": guid, "format": "ndjson"})
        assert report.status_code == 200
        told = await _until_ended(socket)
        assert (told[-1]["kind"], told[-1]["state"]) == ("REPORT", "DONE")
        assert told[-1]["done"] == len(sample_portfolio().customers)


async def test_a_report_whose_reader_leaves_is_cancelled(live: Live, guid: str) -> None:
    await live.stores.customers.store(live.principal, sample_portfolio())
    async with begun(live.host) as socket:
        await socket.subscribe(FOLLOW, id=guid)
        client = httpx2.AsyncClient(base_url=f"http://{live.host}", trust_env=False)
        reading = asyncio.create_task(
            client.get("/reports/plans", params={"job": guid, "format": "xlsx"})
        )
        first = (await socket.next())["jobChanged"]
        assert first["state"] == "RUNNING"
        reading.cancel()
        await asyncio.wait({reading})
        await client.aclose()
        told = await _until_ended(socket)
        assert told[-1]["state"] == "CANCELLED"


async def test_a_run_over_the_portfolio_ends_with_the_summary_of_all_of_it(live: Live) -> None:
    await live.stores.customers.store(live.principal, sample_portfolio())
    count = len(sample_portfolio().customers)
    async with begun(live.host) as socket:
        await socket.subscribe(RUN)
        first = (await socket.next())["portfolioRun"]
        assert first == {"customersLookedAt": 0, "customers": count, "summary": None}
        looked_at = 0
        while (event := (await socket.next())["portfolioRun"])["summary"] is None:
            assert looked_at <= event["customersLookedAt"] <= count
            looked_at = event["customersLookedAt"]
        assert event["summary"]["isComplete"]
        assert event["customersLookedAt"] == event["customers"] == count
        assert (await socket.receive())["type"] == "complete"
        await socket.subscribe(RUN, filter={"market": "nowhere"})
        message = await socket.receive()
        assert message["payload"]["errors"][0]["extensions"]["code"]


async def test_another_partners_job_is_not_told(live: Live, guid: str) -> None:
    """Two partners may use one id; each is told of its own."""
    other = str(uuid4())
    file = {"content": CSV, "name": "a.csv"}
    async with begun(live.host) as socket:
        await socket.subscribe(FOLLOW, id=other)
        await ask(live.host, IMPORT, {"file": file, "id": guid})
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}
