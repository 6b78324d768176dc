"""What a global id stands for."""

from collections.abc import Awaitable, Callable, Mapping

from planner.ids import CatalogId, is_guid
from resolvers.access.api_keys import key_by_id
from resolvers.access.audit import audit_entry_by_id
from resolvers.codes.code import Code
from resolvers.plans.status import plans_by_id
from resolvers.problems import BadInput
from resolvers.records.keys import ApiKey
from resolvers.work.jobs import job_by_id
from schema.access.api_key import show_key
from schema.access.audit import show_entry
from schema.access.job import show_job
from schema.catalog.catalog import show_catalog
from schema.catalog.offer import show_offer
from schema.context import Context
from schema.customers.customer import show_customer
from schema.customers.subscription import show_subscription
from schema.plans.saved import show_saved
from schema.relay.node import Node, parse_global_id


async def node_of(context: Context, node_id: str) -> Node | None:
    """Return the value of a global id for this partner. Raises: BadInput MALFORMED_ID."""
    type_name, key = parse_global_id(node_id)
    find = _FINDERS.get(type_name)
    if find is None:
        raise BadInput(Code.MALFORMED_ID, f"{node_id[:60]!r} is not a global id")
    return await find(context, key)


async def _catalog(context: Context, key: str) -> Node | None:
    asked = context.asked
    return show_catalog(asked) if asked.version.version_id == key else None


async def _offer(context: Context, key: str) -> Node | None:
    offer = context.asked.catalog.offers.get(CatalogId(key))
    return None if offer is None else show_offer(offer)


async def _customer(context: Context, key: str) -> Node | None:
    found = await context.loaders.customer.load(key)
    return None if found is None else show_customer(found)


async def _subscription(context: Context, key: str) -> Node | None:
    customer_id, _, subscription_id = key.partition("/")
    customer = await context.loaders.customer.load(customer_id)
    if customer is None:
        return None
    held = {one.subscription_id: one for one in reversed(customer.holdings.all)}
    subscription = held.get(subscription_id)
    return None if subscription is None else show_subscription(customer, subscription)


async def _saved_plan(context: Context, key: str) -> Node | None:
    saved = (await plans_by_id(context.asked, (key,))).get(key)
    return None if saved is None else show_saved(context.asked, saved)


async def _api_key(context: Context, key: str) -> Node | None:
    found = await key_by_id(context.asked, key) if is_guid(key) else None
    return show_key(found, context.asked.now) if isinstance(found, ApiKey) else None


async def _audit_entry(context: Context, key: str) -> Node | None:
    found = await audit_entry_by_id(context.asked, key)
    return None if found is None else show_entry(found)


async def _job(context: Context, key: str) -> Node | None:
    found = await job_by_id(context.asked, key) if is_guid(key) else None
    return None if found is None else show_job(found)


_FINDERS: Mapping[str, Callable[[Context, str], Awaitable[Node | None]]] = {
    "Catalog": _catalog,
    "Offer": _offer,
    "Customer": _customer,
    "Subscription": _subscription,
    "SavedPlan": _saved_plan,
    "ApiKey": _api_key,
    "AuditEntry": _audit_entry,
    "Job": _job,
}
