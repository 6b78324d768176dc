"""What front ends are told of changes, over the real application and the real database."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from db.bundled import bundled_facts
from db.changes import APPLICATION_NAME
from formats.sample.portfolio import sample_portfolio
from offerpath.app import create_app
from planner.permissions import Role
from resolvers.records.imports import CustomerImport
from resolvers.records.principal import Principal
from tests.db.customer_examples import ACME
from tests.offerpath.subscriptions.conftest import Base, Live, house_of
from tests.offerpath.subscriptions.serving import Socket, ask, begun, serving, streamed

CUSTOMERS = "subscription { customersChanged { reason customerIds } }"
CATALOG = "subscription { catalogChanged { reason catalog { contentHash } } }"
PLANS = """subscription($customerId: String, $planId: String) {
  planChanged(customerId: $customerId, planId: $planId) {
    reason planId plan { status history { kind } }
  }
}"""
SAVE = """mutation($id: String!) {
  savePlan(customerId: $id) { ... on SavedPlan { planId fingerprint } }
}"""
REJECT = "mutation($id: String!) { rejectPlan(planId: $id) { __typename } }"


def told(reason: str, *ids: str) -> dict[str, Any]:
    return {"customersChanged": {"reason": reason, "customerIds": list(ids) or None}}


async def test_an_import_is_told_over_sockets_and_event_streams(live: Live) -> None:
    async with begun(live.host) as socket, streamed(live.host, CUSTOMERS) as events:
        await socket.subscribe(CUSTOMERS)
        for each in (socket, events):
            assert await each.next() == told("BEGUN")
        await live.stores.customers.store(live.principal, CustomerImport(customers=(ACME,)))
        for each in (socket, events):
            assert await each.next() == told("CHANGED", ACME.customer_id)


async def test_another_partners_import_is_not_told(live: Live) -> None:
    other = Principal(str(uuid4()), frozenset(Role))
    await live.stores.customers.ensure_partner(other, name="other")
    mine = replace(ACME, customer_id=str(uuid4()))
    async with begun(live.host) as socket:
        await socket.subscribe(CUSTOMERS)
        assert await socket.next() == told("BEGUN")
        await live.stores.customers.store(other, CustomerImport(customers=(ACME,)))
        await live.stores.customers.store(live.principal, CustomerImport(customers=(mine,)))
        assert await socket.next() == told("CHANGED", mine.customer_id)


async def test_every_replica_answers_from_a_new_catalog_at_once(base: Base, tmp_path: Path) -> None:
    """Two applications with memories of their own, each with a subscriber; one catalog is added."""
    facts = bundled_facts()
    (first, *rest) = facts.sources
    async with AsyncExitStack() as stack:
        sockets: list[Socket] = []
        for _ in range(2):
            app = create_app(await house_of(base, tmp_path))
            await stack.enter_async_context(app.router.lifespan_context(app))
            host = await stack.enter_async_context(serving(app))
            sockets.append(await stack.enter_async_context(begun(host)))
            await sockets[-1].subscribe(CATALOG)
            begun_with = await sockets[-1].next()
            assert begun_with["catalogChanged"]["reason"] == "BEGUN"
        changed = replace(facts, sources=(replace(first, note=f"{uuid4()}"), *rest))
        added, is_new = await base.stores.catalogs.add_bundled(changed, label="newer")
        assert is_new
        for socket in sockets:
            event = (await socket.next())["catalogChanged"]
            assert event == {"reason": "CHANGED", "catalog": {"contentHash": added.content_hash}}


async def test_what_becomes_of_plans_is_told_with_the_plan_as_it_is_then(live: Live) -> None:
    await live.stores.customers.store(live.principal, sample_portfolio())
    customer = next(
        one.customer_id for one in sample_portfolio().customers if one.name.startswith("Rowan")
    )
    async with begun(live.host) as socket:
        await socket.subscribe(PLANS, "all", customerId=customer)
        assert (await socket.next("all"))["planChanged"] == {
            "reason": "BEGUN",
            "planId": None,
            "plan": None,
        }
        saved = (await ask(live.host, SAVE, {"id": customer}))["savePlan"]
        event = (await socket.next("all"))["planChanged"]
        assert (event["reason"], event["planId"]) == ("CHANGED", saved["planId"])
        assert event["plan"] == {"status": "PROPOSED", "history": [{"kind": "SAVED"}]}
        await socket.send(type="complete", id="all")
        await socket.subscribe(PLANS, "one", planId=saved["planId"])
        first = (await socket.next("one"))["planChanged"]
        assert (first["reason"], first["plan"]["status"]) == ("BEGUN", "PROPOSED")
        await ask(live.host, REJECT, {"id": saved["planId"]})
        event = (await socket.next("one"))["planChanged"]
        assert event["plan"]["status"] == "REJECTED"


async def test_the_plans_of_another_customer_are_not_told(live: Live) -> None:
    await live.stores.customers.store(live.principal, sample_portfolio())
    rowan, other = (
        next(one.customer_id for one in sample_portfolio().customers if one.name.startswith(name))
        for name in ("Rowan", "Alder")
    )
    async with begun(live.host) as socket:
        await socket.subscribe(PLANS, customerId=rowan)
        await socket.next()
        await ask(live.host, SAVE, {"id": other})
        saved = (await ask(live.host, SAVE, {"id": rowan}))["savePlan"]
        assert (await socket.next())["planChanged"]["planId"] == saved["planId"]


async def test_a_plan_or_a_customer_must_be_named_and_be_an_id(live: Live) -> None:
    async with begun(live.host) as socket:
        for variables, code in (
            ({}, "PLAN_OR_CUSTOMER"),
            ({"planId": str(uuid4()), "customerId": str(uuid4())}, "PLAN_OR_CUSTOMER"),
            ({"planId": "x"}, "MALFORMED_ID"),
        ):
            await socket.subscribe(PLANS, **variables)
            message = await socket.receive()
            (error,) = message["payload"]["errors"]
            assert error["extensions"]["code"] == code
            assert "traceId" not in error["extensions"]
            assert (await socket.receive())["type"] == "complete"


async def test_a_lost_connection_to_the_database_is_told_and_nothing_is_missed_after(
    live: Live,
) -> None:
    admin = await asyncpg.connect(live.base.admin_url)
    async with begun(live.host) as socket:
        await socket.subscribe(CUSTOMERS)
        await socket.next()
        await asyncio.sleep(0.3)
        killed = await admin.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where application_name = $1 and datname = current_database()",
            APPLICATION_NAME,
        )
        assert killed >= 1
        assert await socket.next() == told("RESYNC")
        await live.stores.customers.store(live.principal, CustomerImport(customers=(ACME,)))
        assert await socket.next() == told("CHANGED", ACME.customer_id)
    await admin.close()
