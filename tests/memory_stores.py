"""The stores without a database, for unit tests of use cases; held to the same contract tests."""

from collections import Counter
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import TypeVar
from uuid import uuid4

from planner.accounts.accounts import Account, Accounts
from planner.customers import Customer, Holdings, Subscription
from planner.facts import CatalogFacts, content_hash
from planner.ids import ProductGuid
from planner.permissions import Role
from planner.portfolios.portfolio import CustomerFilter, Held, held_of
from resolvers.ports import (
    CatalogStore,
    CustomerStore,
    HeldByOthers,
    PlanStore,
    Stores,
    UnknownCustomer,
)
from resolvers.records.audit import AuditAction, AuditEntry, AuditMark, AuditPage
from resolvers.records.catalog import CatalogVersion
from resolvers.records.customers import AccountsInfo, CustomerKey, HeldElsewhere, Page
from resolvers.records.imports import AccountsChange, CustomerImport, HoldingsChange, ImportCounts
from resolvers.records.keys import Adding, ApiKey, ApiKeyMark, ApiKeyPage, HashedKey
from resolvers.records.plans import PlanEvent, PlanEventKind, PlanKey, PlanPage, SavedPlan
from resolvers.records.principal import Principal
from tests.memory_jobs import MemoryJobStore

Row = TypeVar("Row")


class MemoryCatalogStore:
    """Fits resolvers.ports.CatalogStore."""

    def __init__(self) -> None:
        self._stored: dict[str, tuple[CatalogVersion, CatalogFacts]] = {}

    async def current(self, principal: Principal) -> CatalogVersion | None:
        seen = [version for version, _ in self._stored.values() if _is_seen(version, principal)]
        return max(seen, key=_own_then_newest, default=None)

    async def version(self, principal: Principal, version_id: str) -> CatalogVersion | None:
        version, _ = self._stored.get(version_id, (None, None))
        return version if version and _is_seen(version, principal) else None

    async def facts(self, principal: Principal, version_id: str) -> CatalogFacts:
        if await self.version(principal, version_id) is None:
            raise KeyError(version_id)
        return self._stored[version_id][1]

    async def add_bundled(self, facts: CatalogFacts, *, label: str) -> tuple[CatalogVersion, bool]:
        hashed = content_hash(facts)
        for version, _ in self._stored.values():
            if version.owner_partner_id is None and version.content_hash == hashed:
                return version, False
        counts = {each.name: len(getattr(facts, each.name)) for each in fields(facts)}
        now = datetime.now(UTC)
        version = CatalogVersion(str(uuid4()), hashed, None, label, now, counts)
        self._stored[version.version_id] = (version, facts)
        return version, True


def _is_seen(version: CatalogVersion, principal: Principal) -> bool:
    return version.owner_partner_id in (None, principal.partner_id)


def _own_then_newest(version: CatalogVersion) -> tuple[bool, datetime]:
    return version.owner_partner_id is not None, version.created_at


class MemoryCustomerStore:
    """Fits resolvers.ports.CustomerStore."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._partners: dict[str, dict[str, Customer]] = {}
        self._accounts: dict[tuple[str, str], AccountsChange] = {}

    async def ensure_partner(self, principal: Principal, *, name: str) -> None:
        self.names[principal.partner_id] = name
        self._partners.setdefault(principal.partner_id, {})

    async def customers(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, Customer]:
        stored = self._of(principal)
        return {each: stored[each] for each in customer_ids if each in stored}

    async def page(
        self,
        principal: Principal,
        *,
        first: int,
        after: CustomerKey | None,
        text: str | None,
        with_holdings: bool = False,
    ) -> Page:
        wanted = (text or "").casefold()
        found = sorted(
            (each for each in self._of(principal).values() if _has(each, wanted)), key=_key
        )
        rest = [
            each for each in found if after is None or _key(each) > (after.name, after.customer_id)
        ]
        whole = rest[:first]
        rows = whole if with_holdings else [replace(each, holdings=Holdings()) for each in whole]
        return Page(tuple(rows), has_next=len(rest) > first, total=len(found))

    async def customer_of(self, principal: Principal, subscription_id: str) -> str | None:
        holders = [
            customer
            for customer in self._of(principal).values()
            if any(each.subscription_id == subscription_id for each in customer.holdings.own)
        ]
        newest = min(holders, key=_newest_own, default=None)
        return newest.customer_id if newest else None

    async def stream(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Customer, ...]]:
        for customer in self._matching(principal, wanted):
            yield (customer,)

    async def own_rows(
        self, principal: Principal, wanted: CustomerFilter
    ) -> AsyncGenerator[tuple[Held, ...]]:
        for customer in self._matching(principal, wanted):
            if customer.holdings.own:
                yield tuple(held_of(customer, each) for each in customer.holdings.own)

    def _matching(self, principal: Principal, wanted: CustomerFilter) -> list[Customer]:
        text = (wanted.text or "").strip().casefold()
        found = (each for each in self._of(principal).values() if _has(each, text))
        return sorted(
            (
                each
                for each in found
                if wanted.segment in (None, each.segment) and wanted.market in (None, each.market)
            ),
            key=_key,
        )

    async def store(self, principal: Principal, changes: CustomerImport) -> ImportCounts:
        if principal.partner_id not in self._partners:
            raise LookupError(principal.partner_id)
        stored = dict(self._of(principal))
        counts = Counter(_put(stored, each) for each in _last(changes.customers, "customer_id"))
        _refuse_held_by_others(stored, _last(changes.holdings, "customer_id", "is_foreign"))
        kept = removed = 0
        for change in _last(changes.holdings, "customer_id", "is_foreign"):
            now, gone = _put_side(stored, change)
            kept, removed = kept + now, removed + gone
        accounts = _last(changes.accounts, "customer_id")
        for unknown in (each.customer_id for each in accounts if each.customer_id not in stored):
            raise UnknownCustomer(unknown)
        self._partners[principal.partner_id] = stored
        moved = [self._put_accounts(principal, each) for each in accounts]
        came, went = sum(now for now, _ in moved), sum(gone for _, gone in moved)
        sides = counts["added"], counts["changed"], counts["same"], kept, removed
        return ImportCounts(*sides, came, went)

    def _put_accounts(self, principal: Principal, change: AccountsChange) -> tuple[int, int]:
        key = principal.partner_id, change.customer_id
        before = self._accounts.get(key)
        now = tuple(sorted(_last(change.accounts, "account_id"), key=attrgetter("account_id")))
        self._accounts[key] = replace(change, accounts=now)
        gone = {one.account_id for one in before.accounts} if before else set()
        return len(now), len(gone - {one.account_id for one in now})

    async def account_lists(
        self, principal: Principal, customer_ids: Sequence[str]
    ) -> Mapping[str, AccountsInfo]:
        return {
            each: AccountsInfo(found.state, found.as_of, len(found.accounts))
            for each in customer_ids
            if (found := self._accounts.get((principal.partner_id, each)))
        }

    async def accounts(
        self,
        principal: Principal,
        customer_ids: Sequence[str],
        *,
        products: Collection[ProductGuid] | None = None,
    ) -> Mapping[str, Accounts]:
        return {
            each: Accounts(found.state, found.as_of, tuple(_having(found.accounts, products)))
            for each in customer_ids
            if (found := self._accounts.get((principal.partner_id, each)))
        }

    def _of(self, principal: Principal) -> dict[str, Customer]:
        return self._partners.get(principal.partner_id, {})


def _having(
    accounts: Iterable[Account], products: Collection[ProductGuid] | None
) -> Iterable[Account]:
    for one in accounts:
        held = {each.product_guid for each in one.licenses}
        if products is None or held.intersection(products):
            yield one


def _last(rows: Iterable[Row], *names: str) -> list[Row]:
    """Return the last row of each key, as an import that names one twice is understood."""
    return list({attrgetter(*names)(row): row for row in rows}.values())


def _put(stored: dict[str, Customer], given: Customer) -> str:
    known = stored.get(given.customer_id)
    stored[given.customer_id] = replace(given, holdings=known.holdings if known else Holdings())
    if known is None:
        return "added"
    return "same" if known == stored[given.customer_id] else "changed"


def _refuse_held_by_others(stored: Mapping[str, Customer], sides: list[HoldingsChange]) -> None:
    own = [each for each in sides if not each.is_foreign]
    replaced = {each.customer_id for each in own}
    holders = [
        (held.subscription_id, customer.customer_id, customer.name)
        for customer in stored.values()
        if customer.customer_id not in replaced
        for held in customer.holdings.own
    ]
    given = {held.subscription_id for each in own for held in each.subscriptions}
    found = sorted(each for each in holders if each[0] in given)
    if found:
        raise HeldByOthers(tuple(HeldElsewhere(*each) for each in found))


def _put_side(stored: dict[str, Customer], change: HoldingsChange) -> tuple[int, int]:
    """Replace one side; return how many subscriptions it has now and how many it has no longer."""
    if change.customer_id not in stored:
        raise UnknownCustomer(change.customer_id)
    customer = stored[change.customer_id]
    held = customer.holdings
    now = sorted(_last(change.subscriptions, "subscription_id"), key=_subscription_id)
    before = held.foreign if change.is_foreign else held.own
    holdings = (
        replace(held, foreign=tuple(now), foreign_state=change.state, foreign_as_of=change.as_of)
        if change.is_foreign
        else replace(held, own=tuple(now), own_state=change.state, own_as_of=change.as_of)
    )
    stored[change.customer_id] = replace(customer, holdings=holdings)
    return len(now), len({*map(_subscription_id, before)} - {*map(_subscription_id, now)})


def _subscription_id(subscription: Subscription) -> str:
    return subscription.subscription_id


def _has(customer: Customer, text: str) -> bool:
    return text in customer.name.casefold() or text in (customer.domain or "").casefold()


def _key(customer: Customer) -> tuple[str, str]:
    return customer.name, customer.customer_id


def _newest_own(customer: Customer) -> tuple[float, str]:
    as_of = customer.holdings.own_as_of
    return -(as_of.timestamp() if as_of else 0.0), customer.customer_id


class MemoryPlanStore:
    """Fits resolvers.ports.PlanStore; without a store of customers it keeps nobody's plans."""

    def __init__(self, customers: MemoryCustomerStore | None = None) -> None:
        self._customers = customers or MemoryCustomerStore()
        self._partners: dict[str, dict[str, SavedPlan]] = {}

    async def add(self, principal: Principal, saved: SavedPlan) -> None:
        if not await self._customers.customers(principal, [saved.customer_id]):
            raise UnknownCustomer(saved.customer_id)
        self._partners.setdefault(principal.partner_id, {})[saved.plan_id] = saved

    async def plans(self, principal: Principal, plan_ids: Sequence[str]) -> Mapping[str, SavedPlan]:
        stored = self._of(principal)
        return {each: stored[each] for each in plan_ids if each in stored}

    async def page(
        self, principal: Principal, customer_id: str, *, first: int, after: PlanKey | None
    ) -> PlanPage:
        found = [one for one in self._of(principal).values() if one.customer_id == customer_id]
        found.sort(key=_plan_key, reverse=True)
        rest = [
            one
            for one in found
            if after is None or _plan_key(one) < (after.created_at, after.plan_id)
        ]
        return PlanPage(tuple(rest[:first]), has_next=len(rest) > first, total=len(found))

    async def append(self, principal: Principal, plan_id: str, event: PlanEvent) -> bool:
        stored = self._of(principal).get(plan_id)
        if stored is None or any(one.number == event.number for one in stored.events):
            return False
        events = sorted((*stored.events, event), key=attrgetter("number"))
        self._partners[principal.partner_id][plan_id] = replace(stored, events=tuple(events))
        return True

    async def approved(self, principal: Principal, customer_id: str) -> tuple[SavedPlan, ...]:
        stored = sorted(self._of(principal).items())
        return tuple(
            one for _, one in stored if one.customer_id == customer_id and _is_approved(one)
        )

    async def approve(
        self,
        principal: Principal,
        customer_id: str,
        events: Mapping[str, PlanEvent],
        *,
        beside: Collection[str],
    ) -> bool:
        approved = await self.approved(principal, customer_id)
        stored = self._of(principal)
        if {one.plan_id for one in approved} != {*beside}:
            return False
        if any(
            plan_id not in stored or event.number in {one.number for one in stored[plan_id].events}
            for plan_id, event in events.items()
        ):
            return False
        for plan_id, event in events.items():
            await self.append(principal, plan_id, event)
        return True

    def _of(self, principal: Principal) -> dict[str, SavedPlan]:
        return self._partners.get(principal.partner_id, {})


def _is_approved(saved: SavedPlan) -> bool:
    kinds = {event.kind for event in saved.events}
    return PlanEventKind.APPROVED in kinds and PlanEventKind.SUPERSEDED not in kinds


def _plan_key(saved: SavedPlan) -> tuple[datetime, str]:
    return saved.created_at, saved.plan_id


def _fit(
    catalogs: MemoryCatalogStore, customers: MemoryCustomerStore, plans: MemoryPlanStore
) -> object:
    """Let mypy hold the stores to their protocols."""
    fitting: tuple[CatalogStore, CustomerStore, PlanStore] = (catalogs, customers, plans)
    return fitting


class MemoryAuditLog:
    """Fits resolvers.ports.AuditLog."""

    def __init__(self) -> None:
        self._partners: dict[str, list[AuditEntry]] = {}

    async def add(self, principal: Principal, entry: AuditEntry) -> None:
        self._partners.setdefault(principal.partner_id, []).append(entry)

    async def entry(self, principal: Principal, entry_id: str) -> AuditEntry | None:
        stored = self._partners.get(principal.partner_id, [])
        return next((one for one in stored if one.entry_id == entry_id.lower()), None)

    async def page(
        self,
        principal: Principal,
        *,
        action: AuditAction | None,
        first: int,
        after: AuditMark | None,
    ) -> AuditPage:
        stored = self._partners.get(principal.partner_id, [])
        wanted = sorted(
            (one for one in stored if action in (None, one.action)),
            key=lambda one: (one.at, one.entry_id),
            reverse=True,
        )
        rest = [one for one in wanted if after is None or _is_behind(one, after)]
        return AuditPage(tuple(rest[:first]), len(rest) > first, len(wanted))


def _is_behind(entry: AuditEntry, mark: AuditMark) -> bool:
    return (entry.at, entry.entry_id) < (mark.at, mark.entry_id)


class MemoryApiKeyStore:
    """Fits resolvers.ports.ApiKeyStore."""

    def __init__(self) -> None:
        self._partners: dict[str, dict[str, HashedKey]] = {}
        self._makers: dict[tuple[str, str], tuple[datetime, frozenset[Role]]] = {}

    async def add(self, principal: Principal, hashed: HashedKey, *, limit: int) -> Adding:
        key = hashed.key
        maker = self._makers.get((principal.partner_id, key.owner_id))
        if maker is not None and not key.roles <= maker[1]:
            return Adding.ROLE_LOST
        live = sum(
            other.key.owner_id == key.owner_id
            and other.key.revoked_at is None
            and other.key.expires_at > key.created_at
            for other in self._of(principal).values()
        )
        if live >= limit:
            return Adding.TOO_MANY
        self._of(principal)[key.key_id] = hashed
        return Adding.ADDED

    async def key(self, principal: Principal, key_id: str) -> HashedKey | None:
        return self._of(principal).get(key_id)

    async def page(
        self, principal: Principal, *, owner_id: str | None, first: int, after: ApiKeyMark | None
    ) -> ApiKeyPage:
        every = (hashed.key for hashed in self._of(principal).values())
        found = sorted(
            (key for key in every if owner_id in (None, key.owner_id)),
            key=attrgetter("created_at", "key_id"),
            reverse=True,
        )
        rest = [
            key
            for key in found
            if after is None or (key.created_at, key.key_id) < (after.created_at, after.key_id)
        ]
        return ApiKeyPage(tuple(rest[:first]), has_next=len(rest) > first, total=len(found))

    async def revoke(self, principal: Principal, key_id: str, *, by: str, now: datetime) -> None:
        found = await self.key(principal, key_id)
        if found is not None and found.key.revoked_at is None:
            self._put(principal, found, replace(found.key, revoked_at=now, revoked_by=by))

    async def touch(self, principal: Principal, key_id: str, *, now: datetime) -> None:
        found = await self.key(principal, key_id)
        if found is None:
            return
        last = found.key.last_used_at
        if last is None or now - last >= timedelta(minutes=1):
            self._put(principal, found, replace(found.key, last_used_at=now))

    async def narrow(
        self, principal: Principal, *, owner_id: str, roles: Collection[Role], told_at: datetime
    ) -> int:
        person, held = (principal.partner_id, owner_id), frozenset(roles)
        before = self._makers.get(person)
        if before is not None and before[0] >= told_at:
            told_at, held = before[0], before[1] & held if before[0] == told_at else before[1]
        self._makers[person] = (told_at, held)
        wider = [
            hashed
            for hashed in self._of(principal).values()
            if hashed.key.owner_id == owner_id
            and hashed.key.revoked_at is None
            and not hashed.key.roles <= held
        ]
        for hashed in wider:
            self._put(principal, hashed, replace(hashed.key, roles=hashed.key.roles & held))
        return len(wider)

    def _put(self, principal: Principal, found: HashedKey, key: ApiKey) -> None:
        self._of(principal)[key.key_id] = replace(found, key=key)

    def _of(self, principal: Principal) -> dict[str, HashedKey]:
        return self._partners.setdefault(principal.partner_id, {})


def memory_stores(
    catalogs: CatalogStore | None = None,
    customers: MemoryCustomerStore | None = None,
    plans: PlanStore | None = None,
) -> Stores:
    """Return stores of this process alone, new ones but for those given."""
    owners = customers or MemoryCustomerStore()
    return Stores(
        catalogs or MemoryCatalogStore(),
        owners,
        plans or MemoryPlanStore(owners),
        MemoryAuditLog(),
        MemoryApiKeyStore(),
        MemoryJobStore(),
    )
