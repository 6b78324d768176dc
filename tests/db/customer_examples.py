"""Customers and subscriptions to store."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from planner.customers import (
    Customer,
    HoldingsState,
    Reducible,
    RenewalInstructions,
    Seller,
    Subscription,
    SubscriptionState,
)
from planner.ids import CatalogId, ProductGuid, ServicePlanId
from planner.offers import Known, Segment
from resolvers.ports import CustomerStore
from resolvers.records.imports import CustomerImport, HoldingsChange, ImportCounts
from resolvers.records.principal import Principal

MONDAY = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)


def guid(number: int) -> str:
    return str(UUID(int=number))


ACME = Customer(
    guid(1),
    "Acme",
    "acme.example",
    "US",
    Segment.COMMERCIAL,
    agreement=Known.YES,
    delegated_admin=Known.NO,
)
BETA = Customer(guid(2), "Beta")

BARE = Subscription(guid(10), Seller.NOT_KNOWN, SubscriptionState.UNRECOGNIZED, "whatever")
FULL = Subscription(
    subscription_id=guid(11),
    seller=Seller.US,
    state=SubscriptionState.ACTIVE,
    state_as_given="active",
    catalog_id=CatalogId("CFQ7TTC0LH18:0001"),
    product_guid=ProductGuid("3bbd44ed-8a70-4c07-9088-6232ddbd5ddd"),
    title="Microsoft 365 Business Basic",
    friendly_name='“Büro” {a,b} "c" \\ 🎉',
    seats=25,
    is_trial=False,
    term="P1Y",
    billing_cycle="monthly",
    created=MONDAY,
    starts=TUESDAY,
    last_day=date(2027, 11, 23),
    auto_renews=True,
    parent_id=guid(10),
    promotion_id="39NFJQT1PJ5C:0001:CFQ7TTC0K971",
    promotion_ends=date(2027, 3, 31),
    service_plan_ids=frozenset({ServicePlanId(guid(100)), ServicePlanId(guid(101))}),
    seller_tenant_id=guid(7),
    cancellable_until=TUESDAY,
    reducible=(Reducible(20, MONDAY), Reducible(5, TUESDAY)),
    renewal=RenewalInstructions(
        CatalogId("CFQ7TTC0LDPB:0001"), "P1Y", "annual", 30, date(2028, 11, 23)
    ),
    cancels_at_end=False,
    partner_of_record="1234567",
    migrated_from=guid(20),
)
NO_PLANS = replace(
    BARE,
    subscription_id=guid(12),
    service_plan_ids=frozenset(),
    reducible=(),
    renewal=RenewalInstructions(),
    cancels_at_end=True,
)


def holds(
    customer: Customer,
    *subscriptions: Subscription,
    is_foreign: bool = False,
    state: HoldingsState = HoldingsState.COMPLETE,
    as_of: datetime = MONDAY,
) -> HoldingsChange:
    return HoldingsChange(customer.customer_id, is_foreign, state, as_of, subscriptions)


async def store(
    customers: CustomerStore,
    principal: Principal,
    *given: Customer,
    holdings: tuple[HoldingsChange, ...] = (),
) -> ImportCounts:
    await customers.ensure_partner(principal, name="A partner")
    return await customers.store(principal, CustomerImport(given, holdings))
