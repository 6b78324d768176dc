"""Stores with one small customer, and use cases of plans asked as a consultant would."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from planner.catalog import Catalog
from planner.customers import Customer, HoldingsState, Subscription, SubscriptionState
from planner.offers import Known
from planner.permissions import Role
from resolvers.asked import Asked
from resolvers.catalog.moves import GoalRequest
from resolvers.plans import decisions, plans
from resolvers.plans.plans import PlanMade
from resolvers.plans.refusals import PlanRefused
from resolvers.plans.requests import NotSupposed, PlanGoalRequest, PlanRequest
from resolvers.plans.status import Mark, freshness_of
from resolvers.ports import PlanStore, Stores
from resolvers.problems import NotFound
from resolvers.records.catalog import CatalogVersion
from resolvers.records.imports import CustomerImport, HoldingsChange
from resolvers.records.plans import SavedPlan
from resolvers.records.principal import Actor, ActorKind, Principal
from tests.memory_stores import (
    MemoryCatalogStore,
    MemoryCustomerStore,
    MemoryPlanStore,
    memory_stores,
)
from tests.planner.builders import from_facts
from tests.planner.plan_worlds import held, world_facts

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
US = Principal("00000000-0000-4000-8000-0000000000aa", frozenset({Role.ADMIN_AGENT}))
BOSS = replace(
    US,
    roles=frozenset({Role.GLOBAL_ADMIN, Role.SALES_AGENT}),
    actor=Actor(ActorKind.TOKEN, "5c6f0a9e-0d0e-4a53-9d57-1f4f7f3c2b10", "Boss"),
)
OWNER = Customer(str(uuid4()), "Contoso", market="US", agreement=Known.YES)
OTHER = replace(OWNER, customer_id=str(uuid4()), name="Fabrikam")
SUSPENDED = held("A", 1, state=SubscriptionState.SUSPENDED)
HELD = (SUSPENDED, held("B", 2), held("a", 3))
FIRST, SECOND, THIRD = (one.subscription_id for one in HELD)
EVERYTHING = PlanRequest()
COMPLETE = HoldingsState.COMPLETE


class House:
    """The stores, and questions to them."""

    def __init__(self) -> None:
        self.customers = MemoryCustomerStore()
        self.plans: PlanStore = MemoryPlanStore(self.customers)
        self.catalogs = MemoryCatalogStore()
        self._stores = memory_stores(self.catalogs, self.customers, self.plans)
        self.catalog: Catalog = from_facts(world_facts())

    @property
    def stores(self) -> Stores:
        """Everything stored; a test may have put plans of its own in place."""
        return replace(self._stores, plans=self.plans)

    def asked(self, *, days: float = 0, principal: Principal = US) -> Asked:
        version = CatalogVersion(self.catalog.version_id, "", None, "small", NOW)
        return Asked(
            principal,
            NOW + timedelta(days=days),
            version,
            self.catalog,
            self.stores,
        )

    async def load(self, *subscriptions: Subscription, owner: Customer = OWNER) -> Customer:
        """Import the customer with these and no others, and return it as stored."""
        await self.customers.ensure_partner(US, name="us")
        loaded = (
            HoldingsChange(owner.customer_id, False, COMPLETE, NOW, subscriptions),
            HoldingsChange(owner.customer_id, True, COMPLETE, NOW, ()),
        )
        await self.customers.store(US, CustomerImport((owner,), loaded))
        return await self.owner(owner.customer_id)

    async def owner(self, customer_id: str = OWNER.customer_id) -> Customer:
        return (await self.customers.customers(US, [customer_id]))[customer_id]

    async def save(self, request: PlanRequest = EVERYTHING, **more: Any) -> SavedPlan:
        answer = await plans.save_plan(self.asked(), await self.owner(), request, **more)
        assert isinstance(answer, SavedPlan), answer
        return answer

    async def approved(self, *, supersede: bool = False) -> SavedPlan:
        saved = await self.save()
        answer = await self.approve(saved, supersede=supersede)
        assert isinstance(answer, SavedPlan), answer
        return answer

    async def approve(
        self,
        saved: SavedPlan,
        *,
        fingerprint: str | None = None,
        days: float = 0,
        supersede: bool = False,
    ) -> SavedPlan | NotFound | PlanRefused:
        return await decisions.approve(
            self.asked(days=days),
            saved.plan_id,
            fingerprint=saved.fingerprint if fingerprint is None else fingerprint,
            supersede=supersede,
        )

    async def mark(
        self, saved: SavedPlan, step_key: str, mark: Mark = Mark.DONE
    ) -> SavedPlan | NotFound | PlanRefused:
        return await decisions.mark_step(self.asked(), saved.plan_id, step_key=step_key, mark=mark)


async def small_house() -> House:
    """Give a house with one customer: A is suspended, B can move, a is there already."""
    made = House()
    await made.load(*HELD)
    return made


def refusal(answer: object) -> PlanRefused:
    assert isinstance(answer, PlanRefused), answer
    assert answer.code
    assert answer.message
    assert answer.remedy
    return answer


async def ask(
    house: House, request: PlanRequest
) -> PlanMade | NotFound | PlanRefused | NotSupposed:
    return await plans.plan_for(house.asked(), await house.owner(), request)


async def made(house: House, request: PlanRequest = EVERYTHING) -> PlanMade:
    answer = await ask(house, request)
    assert isinstance(answer, PlanMade), answer
    return answer


def goal(subscription_id: str = FIRST, seats: int | None = None, **to: Any) -> PlanGoalRequest:
    return PlanGoalRequest(subscription_id, GoalRequest(**to) if to else None, seats)


def ends(*goals: PlanGoalRequest) -> PlanRequest:
    return PlanRequest(goals=goals)


async def fresh(house: House, saved: SavedPlan, *, days: float = 0) -> Any:
    return (await freshness_of(house.asked(days=days), (saved,)))[0]
