"""Whom a subscription's move, or a plan, concerns: users with licences, and what they need."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from planner.accounts.accounts import NO_ACCOUNTS, Accounts
from planner.accounts.affected import Affected, affected_by_way, products_concerned
from planner.accounts.affected_plan import StepAffected, affected_by_plan, products_of_plan
from planner.customers import Customer, Subscription
from planner.ids import ProductGuid
from planner.no_path import NoPath
from planner.options import NotInCatalog
from planner.plans.told.steps import Plan
from planner.rules import Choices
from planner.search import Stopped, never_stopped
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest
from resolvers.customers.judgements import blockers_of
from resolvers.problems import NotFound
from resolvers.records.customers import AccountsInfo

LoadAccounts = Callable[[str, frozenset[ProductGuid]], Awaitable[Accounts]]
"""Loads the accounts of a customer that have one of the products."""

_MANY = 1_000
"""Accounts, counted for each step of a plan, beyond which the judging takes a turn and leaves the
event loop, at some microseconds each."""

Answer = TypeVar("Answer")


async def account_lists(asked: Asked, customer_ids: Sequence[str]) -> Mapping[str, AccountsInfo]:
    """Return how many accounts are stored of each customer; a batch for loaders."""
    asked.require(Task.READ_ACCOUNTS)
    found = await asked.customers.account_lists(asked.principal, customer_ids)
    return {each: found.get(each, AccountsInfo()) for each in customer_ids}


async def accounts_holding(
    asked: Asked, wanted: Sequence[tuple[str, frozenset[ProductGuid]]]
) -> tuple[Accounts, ...]:
    """Return for each (customer, products) the accounts that may have one; a batch for loaders.

    One of several products of the batch is enough, so that there may be some more than asked for.
    """
    asked.require(Task.READ_ACCOUNTS)
    ids = tuple(dict.fromkeys(customer_id for customer_id, _ in wanted))
    products = frozenset[ProductGuid]().union(*(each for _, each in wanted))
    found = await asked.customers.accounts(asked.principal, ids, products=products)
    return tuple(found.get(customer_id, NO_ACCOUNTS) for customer_id, _ in wanted)


def loading(asked: Asked) -> LoadAccounts:
    """Return what loads accounts one customer at a time."""

    async def load(customer_id: str, products: frozenset[ProductGuid]) -> Accounts:
        (found,) = await accounts_holding(asked, ((customer_id, products),))
        return found

    return load


async def affected_accounts(
    asked: Asked,
    owner: Customer,
    subscription: Subscription,
    request: ScopeRequest,
    *,
    target: str | None,
    choices: Choices,
    load: LoadAccounts,
) -> Affected | NoPath | NotInCatalog | NotFound:
    """Return whom the best way to a target (any new-commerce SKU by default) concerns.

    Raises: BadInput; TryLater, where there are many accounts.
    """
    way = blockers_of(asked, owner, subscription, request, target=target, choices=choices)
    if isinstance(way, NoPath | NotInCatalog | NotFound):
        return way
    transitions = tuple(step.transition for step in way.path.steps)
    ends = (transition.target for transition in transitions)
    products = products_concerned(asked.catalog, subscription, *ends)
    accounts = await load(owner.customer_id, products)
    catalog = asked.catalog

    def judge(_is_over: Stopped) -> Affected:
        return affected_by_way(catalog, owner, accounts, subscription, transitions, choices=choices)

    return await _judged(asked, len(accounts.accounts), judge)


async def affected_of_plan(
    asked: Asked, owner: Customer, plan: Plan, *, load: LoadAccounts | None = None
) -> tuple[StepAffected, ...]:
    """Return whom each step of a plan concerns, in the order of the steps.

    `owner` is the customer as the plan was made for; steps that change no licences are left out.
    A request that is cancelled stops the judging of many accounts before the next step. Raises:
    TryLater, where there are many.
    """
    products = products_of_plan(asked.catalog, owner, plan)
    accounts = await (load or loading(asked))(owner.customer_id, products)
    judge = partial(affected_by_plan, asked.catalog, owner, accounts, plan)
    return await _judged(
        asked,
        len(accounts.accounts) * max(1, len(plan.steps)),
        lambda is_over: judge(stopped=is_over),
    )


async def _judged(asked: Asked, looks: int, judge: Callable[[Stopped], Answer]) -> Answer:
    """Judge many accounts in a thread when it is the partner's turn; others are answered meanwhile.

    Raises: TryLater.
    """
    if looks <= _MANY:
        return judge(never_stopped)
    return await asked.work().in_thread(judge)
