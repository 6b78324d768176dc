"""What a store of plans promises; the in-memory and the Postgres ones keep the same promises."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from db.customers import PostgresCustomerStore
from db.errors import StatementFailed
from db.plans import PostgresPlanStore
from db.pool import Database
from planner.goals import OfferGoal
from planner.ids import CatalogId
from planner.permissions import Acting, Role
from planner.plans.goals import SubscriptionGoal
from planner.plans.saved.fingerprint import fingerprint, parts_of
from planner.plans.saved.question import PlanQuestion
from planner.plans.search.acts import StepKind
from planner.rules import Choices, Mode
from planner.scope import Scope
from resolvers.ports import CustomerStore, PlanStore, UnknownCustomer
from resolvers.records.plans import PlanEvent, PlanEventKind, PlanKey, PlanPage, SavedPlan
from resolvers.records.principal import Principal
from tests.db.customer_examples import ACME, BETA, FULL, guid, holds, store
from tests.memory_stores import MemoryCustomerStore, MemoryPlanStore
from tests.planner.plan_worlds import held, world

MONDAY = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
TABLES = ("plan", "plan_event")
NOT_ALLOWED = "42501"


@dataclass(frozen=True, slots=True)
class Stores:
    """A store of plans, and the store of customers beside it."""

    customers: CustomerStore
    plans: PlanStore


@pytest.fixture
def postgres(database: Database) -> Stores:
    return Stores(PostgresCustomerStore(database), PostgresPlanStore(database))


@pytest.fixture(params=["memory", "postgres"])
def empty(request: pytest.FixtureRequest) -> Stores:
    """Give both stores in turn."""
    if request.param == "memory":
        customers = MemoryCustomerStore()
        return Stores(customers, MemoryPlanStore(customers))
    made: Stores = request.getfixturevalue("postgres")
    return made


@pytest_asyncio.fixture
async def stores(empty: Stores, principal: Principal) -> Stores:
    """Give both stores in turn; the principal has two customers and no plan."""
    await store(empty.customers, principal, ACME, BETA, holdings=(holds(ACME, FULL),))
    return empty


QUESTION = PlanQuestion(
    Scope(MONDAY, market="US", avoid=frozenset({CatalogId("CFQ7TTC0LH18:0001")})),
    (SubscriptionGoal(guid(11), OfferGoal(CatalogId("CFQ7TTC0LDPB:0001")), 30),),
    Choices(Mode.WITH_LICENSE_TRANSFER, "P1Y", "annual", full_new_term=True),
    frozenset({StepKind.CANCEL, StepKind.BUY_NEW}),
    Acting(frozenset({Role.ADMIN_AGENT, Role.SALES_AGENT})),
    120,
)


def event(
    number: int,
    kind: PlanEventKind = PlanEventKind.SAVED,
    *,
    note: str = "",
    step_key: str | None = None,
    superseded_by: str | None = None,
) -> PlanEvent:
    at = MONDAY + timedelta(minutes=number)
    return PlanEvent(number, kind, at, "ADMIN_AGENT", "0" * 64, note, step_key, superseded_by)


def saved(*, days: int = 0, customer_id: str = ACME.customer_id, note: str = "") -> SavedPlan:
    """Return a plan with steps, outcomes and findings; every call has an id of its own."""
    made = world(held("A", 1), held("B", 2), held("F", 3))
    parts = parts_of(made.catalog, made.customer, made.question)
    return SavedPlan(
        str(uuid4()),
        customer_id,
        MONDAY + timedelta(days=days),
        "ADMIN_AGENT, SALES_AGENT",
        fingerprint(parts),
        parts,
        QUESTION,
        made.whole_plan(),
        (event(1, note=note),),
        made.customer,
    )


async def one(plans: PlanStore, principal: Principal, plan_id: str) -> SavedPlan:
    return (await plans.plans(principal, [plan_id]))[plan_id]


async def test_a_plan_comes_back_as_it_was_saved(stores: Stores, principal: Principal) -> None:
    given = saved(note='“Büro” {a,b} "c" \\ 🎉')
    assert given.plan.steps
    assert given.plan.outcomes
    await stores.plans.add(principal, given)
    found = await one(stores.plans, principal, given.plan_id)
    assert found == given
    assert fingerprint(found.parts) == given.fingerprint


async def test_a_plan_with_no_last_day_and_no_named_goals_comes_back(
    stores: Stores, principal: Principal
) -> None:
    given = saved()
    endless = replace(given, question=PlanQuestion(Scope(MONDAY)), parts={})
    endless = replace(endless, plan=replace(given.plan, valid_until=None, steps=()))
    await stores.plans.add(principal, endless)
    assert await one(stores.plans, principal, given.plan_id) == endless


async def test_a_plan_without_the_facts_that_it_read_comes_back(
    stores: Stores, principal: Principal
) -> None:
    given = replace(saved(), read=None)
    await stores.plans.add(principal, given)
    assert await one(stores.plans, principal, given.plan_id) == given


async def test_a_plan_of_a_customer_that_is_not_stored_is_refused(
    stores: Stores, principal: Principal
) -> None:
    nobody = saved(customer_id=guid(99))
    with pytest.raises(UnknownCustomer):
        await stores.plans.add(principal, nobody)
    assert await stores.plans.plans(principal, [nobody.plan_id]) == {}


@pytest.mark.parametrize("plan_id", [guid(999), "newest", "", "\0", guid(999).upper()])
async def test_an_unknown_plan_is_not_there_and_takes_no_event(
    stores: Stores, principal: Principal, plan_id: str
) -> None:
    assert await stores.plans.plans(principal, [plan_id]) == {}
    assert not await stores.plans.append(principal, plan_id, event(2, PlanEventKind.APPROVED))


async def test_events_come_back_in_the_order_of_their_numbers(
    stores: Stores, principal: Principal
) -> None:
    given = saved()
    await stores.plans.add(principal, given)
    more = (
        event(2, PlanEventKind.APPROVED, note="go on"),
        event(3, PlanEventKind.STEP_FAILED, step_key="MIGRATE/1"),
        event(4, PlanEventKind.STEP_DONE, step_key="MIGRATE/1"),
    )
    for each in more:
        assert await stores.plans.append(principal, given.plan_id, each)
    found = await one(stores.plans, principal, given.plan_id)
    assert found.events == (*given.events, *more)


async def test_a_number_is_given_once_and_what_stands_stays(
    stores: Stores, principal: Principal
) -> None:
    given = saved()
    await stores.plans.add(principal, given)
    first = event(2, PlanEventKind.APPROVED, note="first")
    assert await stores.plans.append(principal, given.plan_id, first)
    assert not await stores.plans.append(
        principal, given.plan_id, event(2, PlanEventKind.REJECTED, note="second")
    )
    found = await one(stores.plans, principal, given.plan_id)
    assert found.events == (*given.events, first)


async def test_of_many_who_append_the_same_number_exactly_one_does(
    stores: Stores, principal: Principal
) -> None:
    given = saved()
    await stores.plans.add(principal, given)
    tries = [event(2, PlanEventKind.APPROVED, note=str(number)) for number in range(8)]
    told = await asyncio.gather(
        *(stores.plans.append(principal, given.plan_id, each) for each in tries)
    )
    assert sum(told) == 1
    found = await one(stores.plans, principal, given.plan_id)
    assert found.events == (*given.events, tries[told.index(True)])


APPROVED, SUPERSEDED = PlanEventKind.APPROVED, PlanEventKind.SUPERSEDED


async def two_plans(stores: Stores, principal: Principal) -> tuple[SavedPlan, SavedPlan]:
    """Store two plans of one customer, and one of another; return the two in order of id."""
    first, second = sorted((saved(), saved()), key=lambda each: each.plan_id)
    for each in (first, second, saved(customer_id=BETA.customer_id)):
        await stores.plans.add(principal, each)
    return first, second


async def approved_ids(stores: Stores, principal: Principal) -> list[str]:
    found = await stores.plans.approved(principal, ACME.customer_id)
    assert all(each.customer_id == ACME.customer_id for each in found)
    return [each.plan_id for each in found]


async def test_a_plan_is_among_the_approved_ones_until_it_is_superseded(
    stores: Stores, principal: Principal
) -> None:
    first, second = await two_plans(stores, principal)
    assert await approved_ids(stores, principal) == []
    alone = {first.plan_id: event(2, APPROVED)}
    assert await stores.plans.approve(principal, ACME.customer_id, alone, beside=())
    assert await stores.plans.approved(principal, ACME.customer_id) == (
        replace(first, events=(*first.events, event(2, APPROVED))),
    )
    over = event(3, SUPERSEDED, superseded_by=second.plan_id)
    events = {second.plan_id: event(2, APPROVED), first.plan_id: over}
    beside = [first.plan_id]
    assert await stores.plans.approve(principal, ACME.customer_id, events, beside=beside)
    assert await approved_ids(stores, principal) == [second.plan_id]
    found = await one(stores.plans, principal, first.plan_id)
    assert found.events == (*first.events, event(2, APPROVED), over)


async def test_an_approval_that_knew_of_other_approved_plans_adds_nothing(
    stores: Stores, principal: Principal
) -> None:
    first, second = await two_plans(stores, principal)
    alone = {first.plan_id: event(2, APPROVED)}
    for wrong in ([second.plan_id], [first.plan_id, second.plan_id]):
        assert not await stores.plans.approve(principal, ACME.customer_id, alone, beside=wrong)
    assert await stores.plans.approve(principal, ACME.customer_id, alone, beside=())
    late = {second.plan_id: event(2, APPROVED)}
    assert not await stores.plans.approve(principal, ACME.customer_id, late, beside=())
    assert await one(stores.plans, principal, second.plan_id) == second


async def test_where_one_number_is_taken_no_event_is_added(
    stores: Stores, principal: Principal
) -> None:
    first, second = await two_plans(stores, principal)
    alone = {first.plan_id: event(2, APPROVED)}
    assert await stores.plans.approve(principal, ACME.customer_id, alone, beside=())
    done = event(3, PlanEventKind.STEP_DONE, step_key="MIGRATE/1")
    assert await stores.plans.append(principal, first.plan_id, done)
    over = event(3, SUPERSEDED, superseded_by=second.plan_id)
    events = {second.plan_id: event(2, APPROVED), first.plan_id: over}
    beside = [first.plan_id]
    assert not await stores.plans.approve(principal, ACME.customer_id, events, beside=beside)
    assert await one(stores.plans, principal, second.plan_id) == second
    assert await approved_ids(stores, principal) == [first.plan_id]


async def test_of_many_who_approve_plans_of_one_customer_at_once_exactly_one_does(
    stores: Stores, principal: Principal
) -> None:
    plans = [saved() for _ in range(6)]
    for each in plans:
        await stores.plans.add(principal, each)
    told = await asyncio.gather(
        *(
            stores.plans.approve(
                principal, ACME.customer_id, {each.plan_id: event(2, APPROVED)}, beside=()
            )
            for each in plans
        )
    )
    assert sum(told) == 1
    assert await approved_ids(stores, principal) == [plans[told.index(True)].plan_id]


async def test_another_partner_neither_sees_nor_makes_an_approval(
    stores: Stores, principal: Principal
) -> None:
    first, _ = await two_plans(stores, principal)
    other = Principal(str(uuid4()), frozenset())
    alone = {first.plan_id: event(2, APPROVED)}
    assert not await stores.plans.approve(other, ACME.customer_id, alone, beside=())
    assert await stores.plans.approve(principal, ACME.customer_id, alone, beside=())
    assert await stores.plans.approved(other, ACME.customer_id) == ()
    assert await stores.plans.approved(principal, "nobody") == ()


@pytest.mark.parametrize("first", [1, 2, 5, 9])
async def test_pages_give_every_plan_of_the_customer_once_newest_first(
    stores: Stores, principal: Principal, first: int
) -> None:
    # Two of each day: the ids decide between them.
    given = [saved(days=number // 2) for number in range(5)]
    for each in (*given, saved(customer_id=BETA.customer_id)):
        await stores.plans.add(principal, each)
    found: list[SavedPlan] = []
    has_next = True
    while has_next:
        after = PlanKey(found[-1].created_at, found[-1].plan_id) if found else None
        page = await stores.plans.page(principal, ACME.customer_id, first=first, after=after)
        assert page.total == len(given)
        assert len(page.plans) == first or not page.has_next
        found += page.plans
        has_next = page.has_next
    assert found == sorted(given, key=_created, reverse=True)


def _created(plan: SavedPlan) -> tuple[datetime, str]:
    return plan.created_at, plan.plan_id


@pytest.mark.parametrize("customer_id", [ACME.customer_id, guid(99), "", "nobody"])
async def test_where_no_plan_is_the_page_is_empty(
    stores: Stores, principal: Principal, customer_id: str
) -> None:
    page = await stores.plans.page(principal, customer_id, first=5, after=None)
    assert page == PlanPage((), has_next=False, total=0)


async def test_a_plan_stays_when_its_customer_is_imported_again(
    stores: Stores, principal: Principal
) -> None:
    given = saved()
    await stores.plans.add(principal, given)
    await store(stores.customers, principal, replace(ACME, name="Other"), holdings=(holds(ACME),))
    assert await one(stores.plans, principal, given.plan_id) == given


async def test_another_partner_sees_no_plan_and_appends_nothing(
    stores: Stores, principal: Principal
) -> None:
    given = saved()
    await stores.plans.add(principal, given)
    other = Principal(str(uuid4()), frozenset())
    assert await stores.plans.plans(other, [given.plan_id]) == {}
    page = await stores.plans.page(other, ACME.customer_id, first=5, after=None)
    assert page == PlanPage((), has_next=False, total=0)
    assert not await stores.plans.append(other, given.plan_id, event(2, PlanEventKind.APPROVED))
    assert await one(stores.plans, principal, given.plan_id) == given


# What the database itself sees to.


@pytest_asyncio.fixture
async def stored(postgres: Stores, principal: Principal) -> SavedPlan:
    """Give a plan that is stored in Postgres."""
    await store(postgres.customers, principal, ACME)
    given = saved()
    await postgres.plans.add(principal, given)
    return given


@pytest_asyncio.fixture
async def admin(admin_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(admin_url)
    yield connection
    await connection.close()


async def _counts(database: Database, principal: Principal) -> Sequence[int]:
    async with database.transaction(principal) as connection:
        return [await connection.fetchval(f"select count(*) from {table}") for table in TABLES]


@pytest.mark.parametrize("table", TABLES)
async def test_nobody_changes_or_deletes_a_row_not_even_the_partner(
    database: Database,
    owner_database: Database,
    principal: Principal,
    stored: SavedPlan,
    table: str,
) -> None:
    """Not even as the owner, whom no missing right keeps from it."""
    async with owner_database.transaction(principal) as connection:
        update = f"update {table} set fingerprint = repeat('1', 64)"
        assert await connection.execute(update) == "UPDATE 0"
        assert await connection.execute(f"delete from {table}") == "DELETE 0"
    assert await _counts(database, principal) == [1, 1]


@pytest.mark.parametrize("table", TABLES)
async def test_rows_of_another_partner_are_neither_seen_nor_added(
    database: Database,
    admin: "asyncpg.Connection[asyncpg.Record]",
    principal: Principal,
    stored: SavedPlan,
    table: str,
) -> None:
    other = Principal(str(uuid4()), frozenset())
    assert await _counts(database, other) == [0, 0]
    columns = await admin.fetchval(
        "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
        " where attrelid = $1::regclass and attnum > 1 and not attisdropped",
        table,
    )
    copied = f"insert into {table} (partner_id, {columns}) select $1, {columns} from {table}"
    with pytest.raises(StatementFailed) as caught:
        async with database.transaction(principal) as connection:
            await connection.execute(copied, other.partner_id)
    assert caught.value.sqlstate == NOT_ALLOWED


async def test_both_tables_are_under_forced_row_level_security_and_led_by_the_partner(
    admin: "asyncpg.Connection[asyncpg.Record]", database: Database
) -> None:
    rows = await admin.fetch(
        "select relname, relrowsecurity and relforcerowsecurity as is_secured from pg_class"
        " where relname = any($1)",
        TABLES,
    )
    assert {row["relname"]: row["is_secured"] for row in rows} == dict.fromkeys(TABLES, True)
    leaders = await admin.fetch(
        "select a.attname from pg_index i"
        " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
        " where i.indrelid = any($1::regclass[])",
        TABLES,
    )
    assert {row["attname"] for row in leaders} == {"partner_id"}


async def test_a_step_belongs_to_the_events_of_steps_alone(
    postgres: Stores, principal: Principal, stored: SavedPlan
) -> None:
    for wrong in (
        event(2, PlanEventKind.STEP_DONE),
        event(2, PlanEventKind.APPROVED, step_key="MIGRATE/1"),
        event(0, PlanEventKind.APPROVED),
        event(2, SUPERSEDED),
        event(2, APPROVED, superseded_by=guid(5)),
    ):
        with pytest.raises(StatementFailed):
            await postgres.plans.append(principal, stored.plan_id, wrong)


async def test_plans_go_with_their_customer(
    database: Database, owner_database: Database, principal: Principal, stored: SavedPlan
) -> None:
    async with owner_database.transaction(principal) as connection:
        await connection.execute("delete from customer")
    assert await _counts(database, principal) == [0, 0]


async def test_the_columns_beside_the_document_say_what_it_says(
    database: Database, principal: Principal, stored: SavedPlan
) -> None:
    async with database.transaction(principal) as connection:
        row = await connection.fetchrow(
            "select \"at\", valid_until, document -> 'value' ->> 'customer_id' as whose from plan"
        )
    assert row is not None
    assert row["at"] == stored.plan.at
    assert row["valid_until"] == stored.plan.valid_until
    assert isinstance(row["valid_until"], date)
    assert row["whose"] == stored.plan.customer_id
