"""Accounts from short text: `ada: A -TEAMS, B group` has A without Teams, and B by a group."""

from dataclasses import replace
from datetime import datetime

from planner.accounts.accounts import (
    Account,
    Accounts,
    AssignedBy,
    AssignmentError,
    AssignmentState,
    License,
)
from planner.accounts.affected import Affected, affected_by_move
from planner.accounts.work import AccountWorkKind
from planner.catalog import Catalog
from planner.customers import Customer, HoldingsState, Subscription
from planner.rules import NO_CHOICES, Choices
from planner.transitions import Transition
from tests.planner.builders import COMPLETE, NOW, guid, oid, pid

STATES = {
    "active": AssignmentState.ACTIVE,
    "error": AssignmentState.ERROR,
    "unsure": AssignmentState.NOT_KNOWN,
}
GROUP = "00000000-0000-4000-8000-0000000000f0"


def license_of(text: str) -> License:
    """Return a licence from `A`, `A -TEAMS -YAMMER`, `A group`, `A count error`, `A unsure`."""
    name, *words = text.split()
    by_group = "group" in words
    state = next((STATES[word] for word in words if word in STATES), AssignmentState.ACTIVE)
    is_unsure = state is AssignmentState.NOT_KNOWN
    error = AssignmentError.COUNT_VIOLATION if "count" in words else AssignmentError.NONE
    by = AssignedBy.GROUP if by_group else AssignedBy.ACCOUNT
    return License(
        guid(name),
        frozenset(pid(word[1:]) for word in words if word.startswith("-")),
        AssignedBy.NOT_KNOWN if is_unsure else by,
        GROUP if by_group else None,
        state,
        AssignmentError.NOT_KNOWN if is_unsure else error,
    )


def account(text: str, location: str | None = "US") -> Account:
    """Return an account from `ada: A -TEAMS, B group`."""
    name, _, licenses = text.partition(":")
    held = [license_of(one) for one in licenses.split(",") if one.strip()]
    return Account(
        f"00000000-0000-4000-8000-{name.encode().hex()[:12]:0>12}",
        f"{name.strip()}@contoso.test",
        name.strip().title(),
        location,
        is_enabled=True,
        licenses=tuple(sorted(held, key=lambda one: (one.product_guid, one.group_id or ""))),
    )


def accounts(
    *texts: str,
    state: HoldingsState = COMPLETE,
    as_of: datetime | None = NOW,
    location: str | None = "US",
) -> Accounts:
    return Accounts(state, as_of, tuple(account(text, location) for text in texts))


def edge(catalog: Catalog, origin: str, target: str) -> Transition:
    found = catalog.transition(oid(origin), oid(target))
    assert found is not None
    return found


def moved(
    catalog: Catalog,
    customer: Customer,
    known: Accounts,
    held: Subscription,
    target: str,
    choices: Choices = NO_CHOICES,
) -> Affected:
    """Return whom the move of a subscription to a target concerns."""
    assert held.catalog_id is not None
    transition = catalog.transition(held.catalog_id, oid(target))
    assert transition is not None
    return affected_by_move(catalog, customer, known, held, transition, choices=choices)


def kinds(affected: Affected) -> dict[str, set[AccountWorkKind]]:
    """Return the kinds of work of each account, by the first part of its principal name."""
    return {
        one.account.principal_name.partition("@")[0]: {work.kind for work in one.work}
        for one in affected.accounts
    }


def without_names(known: Accounts) -> Accounts:
    """Return the accounts with names that say nothing."""
    bare = tuple(replace(one, display_name="", principal_name="") for one in known.accounts)
    return replace(known, accounts=bare)
