"""The audit through the API: every ask is one entry, permitted or not, and nobody else's."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from db.pool import Database
from formats.sample.portfolio import sample_customers
from offerpath.app import create_app
from offerpath.house import House
from offerpath.import_files import import_reader
from offerpath.report_kinds import CustomersReportName
from offerpath.settings import load_settings
from planner.permissions import Role
from resolvers.catalog.catalogs import Catalogs
from resolvers.records.audit import AuditAction
from tests.schema.api import NOW, Api, new_partner
from tests.schema.conftest import partner_with_sample, principal_of

ENTRIES = """
query Audit($action: AuditAction, $first: Int! = 200, $after: String) {
  auditEntries(action: $action, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node {
      entryId at action subject isPermitted actorKind actorId actorLabel keyId roles address
    } }
  }
}
"""
ROWAN = next(one.customer_id for one in sample_customers() if one.name.startswith("Rowan"))
MISSING = "11111111-1111-4111-8111-111111111111"
LONG = "n" * 2_001
NO_CUSTOMERS = (Role.MPN_PARTNER_ADMIN,)

Ask = Callable[[Api], Awaitable[object]]


def _sends(document: str) -> Ask:
    async def ask(api: Api) -> object:
        return (await api.post(document)).json()

    return ask


def _gets(path: str) -> Ask:
    async def ask(api: Api) -> object:
        async with api.client() as client:
            return (await client.get(path)).content

    return ask


ASKS: Mapping[str, tuple[Ask, str, str]] = {
    "import": (
        _sends(
            'mutation { importCustomers(file: {content: "x", name: "may\\n.csv"}) { __typename } }'
        ),
        "IMPORT",
        "may .csv",
    ),
    "save": (
        _sends(f'mutation {{ savePlan(customerId: "{ROWAN}") {{ __typename }} }}'),
        "SAVE_PLAN",
        ROWAN,
    ),
    "save for nobody": (
        _sends(f'mutation {{ savePlan(customerId: "{MISSING}") {{ __typename }} }}'),
        "SAVE_PLAN",
        MISSING,
    ),
    "save for no id": (
        _sends('mutation { savePlan(customerId: "no\\nid") { __typename } }'),
        "SAVE_PLAN",
        "no id",
    ),
    "revoke no id": (
        _sends('mutation { revokeApiKey(keyId: "x") { __typename } }'),
        "REVOKE_KEY",
        "x",
    ),
    "save with too few states": (
        _sends(
            f'mutation {{ savePlan(customerId: "{ROWAN}", input: {{states: 0}}) {{ __typename }} }}'
        ),
        "SAVE_PLAN",
        ROWAN,
    ),
    "save with no goal": (
        _sends(
            f'mutation {{ savePlan(customerId: "{ROWAN}", input: {{goals: []}}) {{ __typename }} }}'
        ),
        "SAVE_PLAN",
        ROWAN,
    ),
    "save in no market": (
        _sends(
            f'mutation {{ savePlan(customerId: "{ROWAN}", input: {{scope: {{market: "?"}}}}) '
            "{ __typename } }"
        ),
        "SAVE_PLAN",
        ROWAN,
    ),
    "save with a long note": (
        _sends(f'mutation {{ savePlan(customerId: "{ROWAN}", note: "{LONG}") {{ __typename }} }}'),
        "SAVE_PLAN",
        ROWAN,
    ),
    "import for no id": (
        _sends('mutation { importCustomers(file: {content: "", customerId: "x"}) { __typename } }'),
        "IMPORT",
        "upload",
    ),
    "import by no partner": (
        _sends(
            'mutation { importCustomers(file: {content: "", partnerTenantId: "x"}) { __typename } }'
        ),
        "IMPORT",
        "upload",
    ),
    "import from tomorrow": (
        _sends(
            'mutation { importCustomers(file: {content: "", asOf: "2030-01-01"}) { __typename } }'
        ),
        "IMPORT",
        "upload",
    ),
    "import as no job": (
        _sends('mutation { importCustomers(file: {content: ""}, jobId: "x") { __typename } }'),
        "IMPORT",
        "upload",
    ),
    "approve no id": (
        _sends('mutation { approvePlan(planId: "x", fingerprint: "x") { __typename } }'),
        "APPROVE_PLAN",
        "x",
    ),
    "reject no id": (
        _sends('mutation { rejectPlan(planId: "x") { __typename } }'),
        "REJECT_PLAN",
        "x",
    ),
    "reject with a long note": (
        _sends(f'mutation {{ rejectPlan(planId: "{MISSING}", note: "{LONG}") {{ __typename }} }}'),
        "REJECT_PLAN",
        MISSING,
    ),
    "mark no id": (
        _sends('mutation { markPlanStep(planId: "x", stepKey: "x", mark: DONE) { __typename } }'),
        "MARK_STEP",
        "x",
    ),
    "report of no column": (_gets("/reports/plans?colour=red"), "EXPORT", "plans"),
    "report in no format": (_gets("/reports/options?format=pdf"), "EXPORT", "options"),
    "manifest on no day": (_gets("/reports/blockers/manifest?at=x"), "EXPORT", "blockers"),
    "approve": (
        _sends(
            f'mutation {{ approvePlan(planId: "{MISSING}", fingerprint: "x") {{ __typename }} }}'
        ),
        "APPROVE_PLAN",
        MISSING,
    ),
    "reject": (
        _sends(f'mutation {{ rejectPlan(planId: "{MISSING}") {{ __typename }} }}'),
        "REJECT_PLAN",
        MISSING,
    ),
    "mark": (
        _sends(
            f'mutation {{ markPlanStep(planId: "{MISSING}", stepKey: "x", mark: DONE) '
            "{ __typename } }"
        ),
        "MARK_STEP",
        MISSING,
    ),
    "revoke": (
        _sends(f'mutation {{ revokeApiKey(keyId: "{MISSING}") {{ __typename }} }}'),
        "REVOKE_KEY",
        MISSING,
    ),
    **{
        f"report {name}": (_gets(f"/reports/{name}?format=csv"), "EXPORT", name)
        for name in CustomersReportName
    },
    "manifest": (_gets("/reports/blockers/manifest"), "EXPORT", "blockers"),
    "xlsx": (_gets("/reports/portfolio?format=xlsx"), "EXPORT", "portfolio"),
}
"""Every way to ask for what is written down but making a key, and what the entry tells."""


@pytest_asyncio.fixture
async def owner(app: Starlette, api_database: Database) -> Api:
    """Give a partner of this test alone, with customers."""
    return await partner_with_sample(app, api_database)


async def _entries(api: Api, **given: object) -> list[dict[str, Any]]:
    told = (await api.ask(ENTRIES, **given))["auditEntries"]
    assert told["totalCount"] == len(told["edges"])
    return [edge["node"] for edge in told["edges"]]


@pytest.mark.parametrize("name", ASKS)
async def test_each_ask_is_written_down_once(owner: Api, name: str) -> None:
    ask, action, subject = ASKS[name]
    await ask(owner)
    (entry,) = await _entries(owner)
    assert entry["isPermitted"] is True
    assert (entry["action"], entry["subject"]) == (action, subject)
    assert entry["at"] == NOW.isoformat().replace("+00:00", "Z")
    assert entry["actorKind"] == "LOCAL"
    assert entry["roles"] == sorted(Role)


@pytest.mark.parametrize("name", sorted(ASKS.keys() - {"revoke", "revoke no id"}))
async def test_what_the_roles_do_not_admit_is_written_down_too(owner: Api, name: str) -> None:
    ask, action, subject = ASKS[name]
    told = await ask(owner.acting_as(*NO_CUSTOMERS))
    assert "NOT_PERMITTED" in str(told)
    (entry,) = await _entries(owner)
    assert (entry["action"], entry["subject"], entry["isPermitted"]) == (action, subject, False)
    assert entry["roles"] == [*NO_CUSTOMERS]


async def test_making_a_key_names_the_key_and_never_its_text(owner: Api) -> None:
    made = await owner.signed_in().ask(
        'mutation { createApiKey(input: {name: "nightly"}) '
        "{ ... on ApiKeyCreated { token apiKey { keyId } } } }"
    )
    (entry,) = await _entries(owner)
    assert (entry["action"], entry["subject"]) == (
        "CREATE_KEY",
        made["createApiKey"]["apiKey"]["keyId"],
    )
    assert made["createApiKey"]["token"] not in str(entry)


@pytest.mark.parametrize(
    "given", ['name: ""', 'name: "x", days: 0', 'name: "x", roles: []', 'name: "x"']
)
async def test_a_key_that_cannot_be_made_was_asked_for_too(owner: Api, given: str) -> None:
    document = f"mutation {{ createApiKey(input: {{{given}}}) {{ __typename }} }}"
    answer = (await owner.post(document)).json()
    assert "ApiKeyCreated" not in str(answer)
    (entry,) = await _entries(owner)
    assert (entry["action"], entry["isPermitted"]) == ("CREATE_KEY", True)


async def test_what_cannot_be_executed_was_asked_of_nobody(owner: Api) -> None:
    for document in (
        f'mutation {{ savePlan(customerId: "{ROWAN}", colour: 1) {{ __typename }} }}',
        f'mutation {{ savePlan(customerId: "{ROWAN}") }}',
        f'mutation {{ savePlan(customerId: "{ROWAN}") {{ __typename }}',
    ):
        assert "data" not in (await owner.post(document)).json()
    assert await _entries(owner) == []


async def test_every_mutation_is_written_down(owner: Api) -> None:
    told = await owner.ask("{ __schema { mutationType { fields { name } } } }")
    mutations = {one["name"] for one in told["__schema"]["mutationType"]["fields"]}
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(f"{name}(" in text for name in mutations), mutations


async def test_what_only_reads_is_not_written_down(owner: Api) -> None:
    await owner.ask(
        f'{{ planFor(customerId: "{ROWAN}") {{ __typename }} portfolio {{ __typename }} }}'
    )
    await _gets("/reports/paths?market=US")(owner)
    await owner.ask(ENTRIES)
    assert await _entries(owner) == []


async def test_entries_of_one_action_come_newest_first_a_page_at_a_time(owner: Api) -> None:
    for name in ("save", "reject", "save", "mark", "save"):
        await ASKS[name][0](owner)
    assert len(await _entries(owner)) == 5
    after, found = None, []
    while True:
        told = await owner.ask(ENTRIES, action="SAVE_PLAN", first=1, after=after)
        page = told["auditEntries"]
        assert page["totalCount"] == 3
        found += [edge["node"]["entryId"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == [one["entryId"] for one in await _entries(owner, action="SAVE_PLAN")]
    assert len(set(found)) == 3


async def test_another_partner_reads_none_of_it(app: Starlette, owner: Api) -> None:
    await ASKS["save"][0](owner)
    (cursor,) = [
        edge["cursor"]
        for edge in (await owner.ask("{ auditEntries(first: 1) { edges { cursor } } }"))[
            "auditEntries"
        ]["edges"]
    ]
    stranger = new_partner(app)
    assert await _entries(stranger) == []
    assert await _entries(stranger, after=cursor) == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN_AGENT, Role.GLOBAL_ADMIN}))
async def test_only_admin_agents_read_it(owner: Api, role: Role) -> None:
    assert await owner.acting_as(role).refused(ENTRIES) == "NOT_PERMITTED"


@pytest.mark.parametrize("cursor", ["", "x", "YXVkaXQ6", "YXVkaXQ6Og==", "a" * 500])
async def test_a_cursor_of_nothing_is_refused(owner: Api, cursor: str) -> None:
    assert await owner.refused(ENTRIES, after=cursor) == "BAD_CURSOR"


def test_every_action_is_tried_here() -> None:
    tried = {action for _, action, _ in ASKS.values()} | {"CREATE_KEY"}
    assert tried == set(AuditAction)


# ------------------------------------------------------------------------------ where it came from


@pytest_asyncio.fixture
async def client(
    api_database: Database, catalogs: Catalogs, owner: Api, tmp_path: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a client at a network address of the whole application."""
    settings = load_settings(data_dir=tmp_path, max_import_mib=1)
    reader = import_reader(settings.max_import_bytes)
    house = House(settings, "", api_database, catalogs, principal_of(owner), reader)
    transport = httpx2.ASGITransport(app=create_app(house), client=("192.0.2.17", 40_000))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


async def test_an_entry_tells_the_address_that_asked(
    client: httpx2.AsyncClient, owner: Api
) -> None:
    document = f'mutation {{ rejectPlan(planId: "{uuid4()}") {{ __typename }} }}'
    forged = {"client-ip": "198.51.100.1", "x-remote-addr": "198.51.100.1"}
    await client.post("/graphql", json={"query": document}, headers=forged)
    await client.get("/reports/blockers", headers=forged)
    found = await _entries(owner)
    assert {one["action"] for one in found} == {"REJECT_PLAN", "EXPORT"}
    assert {one["address"] for one in found} == {"192.0.2.17"}
