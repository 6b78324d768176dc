"""Whom a move or a plan concerns, as GraphQL shows it: accounts, and what each of them needs."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from planner.accounts import accounts as planner_accounts
from planner.accounts import affected as planner
from planner.accounts import work as planner_work
from planner.accounts.accounts import AssignedBy, AssignmentError, AssignmentState
from planner.accounts.affected_plan import StepAffected
from planner.accounts.handling import LicenseHandling
from planner.accounts.work import AccountWorkKind
from planner.blockers import Severity
from planner.customers import Customer, HoldingsState, Subscription
from planner.no_path import NoPath as PlannerNoPath
from planner.options import NotInCatalog as PlannerNotInCatalog
from planner.plans.told.steps import Plan
from planner.rules import Choices
from resolvers import inputs
from resolvers.customers import affected as use_cases
from resolvers.problems import NotFound
from resolvers.records.customers import AccountsInfo as StoredAccounts
from schema.catalog.offer import Offer, ServicePlan, offer_of
from schema.catalog.path import NoPath, show_no_path
from schema.catalog.scope import ScopeInput, read_scope
from schema.catalog.service_set import show_plans
from schema.context import Info
from schema.customers.option import NotInCatalog, show_not_in_catalog
from schema.errors.problems import OfferNotFound
from schema.limits.arguments import LONG_PAGE, FirstOfMany
from schema.relay.connections import Connection, connect
from schema.relay.cursors import bad_cursor, decode_cursor, encode_cursor
from schema.scalars import Instant, instant_or_none

_KIND = "affected"

strawberry.enum(
    LicenseHandling,
    description=(
        "KEPT: the product and its assignments stay. AUTOMATIC: Partner Center reassigns, and "
        "every service is then on. BY_HAND: people do. NOT_KNOWN: no source tells. "
        "TAKEN_AWAY: nothing takes its place."
    ),
)
strawberry.enum(AccountWorkKind, description="What has to be looked after for a user.")
strawberry.enum(AssignedBy, description="How an account came to a licence.")
strawberry.enum(AssignmentState, description="Microsoft Graph's licenseAssignmentState.")
strawberry.enum(AssignmentError, description="Why an assignment fails, as Graph tells it.")


@strawberry.type(description="How many of a customer's user accounts are loaded.")
class AccountsInfo:
    state: HoldingsState
    as_of: Instant | None
    count: int | None = strawberry.field(description="Null where none were loaded.")


@strawberry.type(description="One assignment of a product to an account.")
class License:
    product_guid: str = strawberry.field(description="What Microsoft Graph calls skuId.")
    product: str | None = strawberry.field(description="Its title, where the catalog has it.")
    disabled_plan_ids: list[str] | None = strawberry.field(
        description="Services switched off for the account; null where no source says."
    )
    assigned_by: AssignedBy
    group_id: str | None
    state: AssignmentState
    error: AssignmentError


@strawberry.type(description="A user account, with no more of the person than is needed.")
class Account:
    account_id: str
    principal_name: str | None = strawberry.field(description="What the person signs in with.")
    display_name: str | None
    usage_location: str | None = strawberry.field(
        description="ISO code; empty where the account has none, null where no source says."
    )
    is_enabled: bool | None = strawberry.field(description="Whether signing in is allowed.")
    value: strawberry.Private[planner_accounts.Account]

    @strawberry.field(description="In order of product and group.")
    def licenses(self, info: Info) -> list[License]:
        titles = info.context.asked.catalog.product_titles
        return [
            License(
                product_guid=one.product_guid,
                product=titles.get(one.product_guid),
                disabled_plan_ids=_sorted(one.disabled_plans),
                assigned_by=one.assigned_by,
                group_id=one.group_id,
                state=one.state,
                error=one.error,
            )
            for one in self.value.licenses
        ]


@strawberry.type(description="One thing to look after.")
class AccountWork:
    kind: AccountWorkKind
    severity: Severity
    message: str = strawberry.field(description="One sentence that names no person.")
    source: str
    plans: list[ServicePlan] = strawberry.field(description="The services that it is about.")
    group_ids: list[str] = strawberry.field(description="The groups to be changed.")


@strawberry.type(description="An account that needs something done, and what.")
class AffectedAccount:
    account: Account
    work: list[AccountWork] = strawberry.field(description="In order of kind; at least one.")


@strawberry.type(description="How many accounts need one kind of work.")
class AccountWorkCount:
    kind: AccountWorkKind
    accounts: int


AffectedAccountConnection = Connection[AffectedAccount]


@strawberry.type(description="Whom a change to one subscription concerns.")
class AffectedAccounts:
    subscription_id: str
    handling: LicenseHandling = strawberry.field(description="What becomes of the licences.")
    source: str = strawberry.field(description="Who says what becomes of them.")
    state: HoldingsState = strawberry.field(description="How many accounts are loaded.")
    as_of: Instant | None = strawberry.field(description="When their list was taken.")
    holders: int | None = strawberry.field(
        description="Accounts that have the product: at least, where PARTIAL; null: not known."
    )
    counts: list[AccountWorkCount] = strawberry.field(
        description="In order of kind, without kinds that no known account needs."
    )
    general: list[AccountWork] = strawberry.field(
        description="What concerns all users of the subscription together."
    )
    unknown: list[str] = strawberry.field(
        description="Missing facts, each of which may hide or change something."
    )
    value: strawberry.Private[planner.Affected]

    @strawberry.field(description="Where it leads; null where the subscription ends.")
    def target(self, info: Info) -> Offer | None:
        catalog, target = info.context.asked.catalog, self.value.target
        return offer_of(catalog, target) if target in catalog.offers and target else None

    @strawberry.field(description="Those that need something, by principal name and id.")
    def accounts(
        self, first: FirstOfMany = LONG_PAGE, after: str | None = None
    ) -> AffectedAccountConnection:
        return _page(self.value.accounts, first=inputs.page_size(first), after=after)


@strawberry.type(description="Whom one step of a plan concerns, through one subscription.")
class StepAffectedAccounts:
    step_key: str
    affected: AffectedAccounts


AffectedAccountsResult = Annotated[
    AffectedAccounts | NoPath | NotInCatalog | OfferNotFound,
    strawberry.union("AffectedAccountsResult", description="Whom a move concerns."),
]


async def accounts_info(info: Info, customer_id: str) -> AccountsInfo:
    """Answer `Customer.accounts`."""
    found: StoredAccounts = await info.context.loaders.account_list.load(customer_id)
    is_loaded = found.state is not HoldingsState.NOT_LOADED
    return AccountsInfo(
        state=found.state,
        as_of=instant_or_none(found.as_of),
        count=found.count if is_loaded else None,
    )


async def affected_accounts(
    info: Info,
    customer: Customer,
    subscription: Subscription,
    *,
    target: str | None,
    scope: ScopeInput | None,
    choices: Choices,
) -> AffectedAccounts | NoPath | NotInCatalog | OfferNotFound:
    """Answer `Subscription.affectedAccounts`."""
    found = await use_cases.affected_accounts(
        info.context.asked,
        customer,
        subscription,
        read_scope(scope),
        target=target,
        choices=choices,
        load=info.context.loaders.accounts_holding,
    )
    match found:
        case planner.Affected():
            return show_affected(found)
        case PlannerNoPath():
            return show_no_path(found)
        case PlannerNotInCatalog():
            return show_not_in_catalog(found)
        case NotFound():
            return OfferNotFound.of(found)


async def affected_of_plan(
    info: Info, customer: Customer, plan: Plan
) -> list[StepAffectedAccounts]:
    """Answer for a plan: in the order of its steps, without those that concern nobody's licences.

    `customer` is the one that the plan was made for, with holdings.
    """
    load = info.context.loaders.accounts_holding
    found = await use_cases.affected_of_plan(info.context.asked, customer, plan, load=load)
    return [_step(one) for one in found]


def _step(value: StepAffected) -> StepAffectedAccounts:
    return StepAffectedAccounts(step_key=value.step_key, affected=show_affected(value.affected))


def show_affected(value: planner.Affected) -> AffectedAccounts:
    return AffectedAccounts(
        subscription_id=value.subscription_id,
        handling=value.handling,
        source=value.source,
        state=value.state,
        as_of=instant_or_none(value.as_of),
        holders=value.holders,
        counts=[AccountWorkCount(kind=kind, accounts=count) for kind, count in value.counts],
        general=_work(value.general),
        unknown=list(value.unknown),
        value=value,
    )


def _page(
    found: Sequence[planner.AffectedAccount], *, first: int, after: str | None
) -> AffectedAccountConnection:
    begin = 0 if after is None else _position_after(found, after)
    return connect(
        found[begin : begin + first],
        cursor=lambda one: encode_cursor(_KIND, one.account.account_id),
        node=lambda one: AffectedAccount(account=_account(one.account), work=_work(one.work)),
        has_next=begin + first < len(found),
        total=len(found),
        after=after,
    )


def _position_after(found: Sequence[planner.AffectedAccount], after: str) -> int:
    """Return where a page begins; cursors name accounts by id alone. Raises: BadInput."""
    (wanted,) = decode_cursor(_KIND, after, length=1)
    for index, one in enumerate(found):
        if one.account.account_id == wanted:
            return index + 1
    raise bad_cursor(after)


def _account(value: planner_accounts.Account) -> Account:
    return Account(
        account_id=value.account_id,
        principal_name=value.principal_name or None,
        display_name=value.display_name or None,
        usage_location=value.usage_location,
        is_enabled=value.is_enabled,
        value=value,
    )


def _work(found: Sequence[planner_work.AccountWork]) -> list[AccountWork]:
    return [
        AccountWork(
            kind=one.kind,
            severity=one.severity,
            message=one.message,
            source=one.source,
            plans=show_plans(one.plans),
            group_ids=list(one.group_ids),
        )
        for one in found
    ]


def _sorted(plans: frozenset[str] | None) -> list[str] | None:
    return None if plans is None else sorted(plans)
