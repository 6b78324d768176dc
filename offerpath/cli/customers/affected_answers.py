"""What `affected` asks and shows: users with their licences, and what each of them needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import tables
from offerpath.cli.customers.whose import customer_named, held_by
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from planner.accounts.affected import Affected
from planner.accounts.handling import LicenseHandling
from planner.accounts.work import AccountWork, AccountWorkKind
from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Customer, HoldingsState, Subscription
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.options import NotInCatalog
from planner.rules import Choices, Mode
from resolvers.catalog.moves import ScopeRequest
from resolvers.customers.affected import affected_accounts, loading
from resolvers.problems import NotFound


@dataclass(frozen=True, slots=True)
class AffectedRequest:
    """Which subscription of whom, where to and how."""

    customer: str
    subscription_id: str
    target: CatalogId | None
    mode: Mode
    seats: int | None
    scope: ScopeRequest
    first: int


async def answer_affected(house: House, *, request: AffectedRequest, as_json: bool) -> Exit:
    asked = await house.asked()
    customer = await customer_named(asked, request.customer)
    held = held_by(customer, request.subscription_id)
    found = await affected_accounts(
        asked,
        customer,
        held,
        request.scope,
        target=request.target,
        choices=Choices(request.mode, seats=request.seats),
        load=loading(asked),
    )
    if isinstance(found, NotFound):
        raise Missing(found)
    if as_json:
        whose = {"customer": answers.customer_answer(customer)}
        told = _answer(asked.catalog, held, found, request.first)
        show_json(answers.asked_of(asked, request.scope.at) | whose | told)
    else:
        show(*_told(asked.catalog, customer, held, found, request.first))
    return Exit.NO if isinstance(found, NoPath) else Exit.ANSWERED


def _answer(
    catalog: Catalog, held: Subscription, found: Affected | NoPath | NotInCatalog, first: int
) -> answers.Json:
    """Return the answer; exactly one of the last three is not null."""
    told: answers.Json = {"affected": None, "noPath": None, "notInCatalog": None}
    match found:
        case Affected():
            told["affected"] = _affected_answer(catalog, found, first)
        case NoPath():
            told["noPath"] = answers.no_path_answer(catalog, found)
        case NotInCatalog():
            told["notInCatalog"] = answers.not_in_catalog(found)
    return {"subscription": answers.subscription_answer(held), **told}


def _affected_answer(catalog: Catalog, found: Affected, first: int) -> answers.Json:
    return {
        "target": None if found.target is None else answers.reference(catalog, found.target),
        "handling": found.handling.name,
        "source": found.source,
        "state": found.state,
        "asOf": answers.plain(found.as_of),
        "holders": found.holders,
        "counts": [{"kind": kind, "accounts": count} for kind, count in found.counts],
        "general": answers.plain(found.general),
        "unknown": list(found.unknown),
        "accounts": answers.plain(found.accounts[:first]),
        "total": len(found.accounts),
        "hasMore": len(found.accounts) > first,
    }


def _told(
    catalog: Catalog,
    customer: Customer,
    held: Subscription,
    found: Affected | NoPath | NotInCatalog,
    first: int,
) -> Iterator[RenderableType]:
    seats = "seats not known" if held.seats is None else counted(held.seats, "seat")
    yield f"{customer.name} ({customer.customer_id})"
    yield f"{held.title or 'Subscription'} ({held.subscription_id}), {seats}"
    match found:
        case Affected():
            yield from _affected(catalog, found, first)
        case NoPath():
            yield from tables.no_path(catalog, found)
        case NotInCatalog():
            yield from tables.not_in_catalog(found)


_HANDLING = {
    LicenseHandling.KEPT: "licences stay as they are",
    LicenseHandling.AUTOMATIC: "Partner Center reassigns the licences",
    LicenseHandling.BY_HAND: "licences are reassigned by hand",
    LicenseHandling.NOT_KNOWN: "no source tells what becomes of the licences",
    LicenseHandling.TAKEN_AWAY: "licences are taken away",
}


_COUNTED = {
    AccountWorkKind.SERVICES_LOST: ("user loses services", "users lose services"),
    AccountWorkKind.GRANTED_TWICE: ("user gets services twice", "users get services twice"),
    AccountWorkKind.PLANS_SWITCHED_ON: (
        "user gets services that are switched off now",
        "users get services that are switched off now",
    ),
    AccountWorkKind.REASSIGN_BY_HAND: (
        "licence to reassign by hand",
        "licences to reassign by hand",
    ),
    AccountWorkKind.GROUP_ASSIGNED: (
        "user has the licence from a group",
        "users have the licence from a group",
    ),
    AccountWorkKind.NO_USAGE_LOCATION: (
        "user without a usage location",
        "users without a usage location",
    ),
    AccountWorkKind.ASSIGNMENT_ERROR: (
        "user whose licence is in error",
        "users whose licence is in error",
    ),
    AccountWorkKind.PREREQUISITE_LOST: (
        "user loses what an add-on needs",
        "users lose what an add-on needs",
    ),
    AccountWorkKind.TOO_FEW_SEATS: ("user without a seat", "users without a seat"),
}


def _affected(catalog: Catalog, found: Affected, first: int) -> Iterator[RenderableType]:
    where = "its end" if found.target is None else tables.named(catalog, found.target)
    yield f"To {where}: {_HANDLING[found.handling]} ({found.source})"
    yield from (f"   {_line(work)}" for work in found.general)
    yield from _holders(found)
    for kind, count in found.counts:
        yield f"   {kind.value}: {counted(count, *_COUNTED[kind])}"
    for one in found.accounts[:first]:
        yield ""
        yield one.account.principal_name or one.account.display_name or one.account.account_id
        yield from (f"   {_line(work)}" for work in one.work)
    if len(found.accounts) > first:
        yield ""
        yield f"and {counted(len(found.accounts) - first, 'more user')}; --first shows more"
    if found.unknown:
        yield ""
        yield f"This may change with what is not known: {', '.join(found.unknown)}"


def _holders(found: Affected) -> Iterator[str]:
    """Say how many users have it, and how many of them need attention, as far as is known."""
    if found.state is HoldingsState.NOT_LOADED:
        yield "Which users it concerns is not known: import the customer's users (Microsoft Graph)."
    elif found.holders is not None:
        have = counted(found.holders, "user has", "users have")
        some = counted(len(found.accounts), "needs", "need")
        least = "At least " if found.state is HoldingsState.PARTIAL else ""
        yield f"{least}{have} a licence of it; {some if found.accounts else 'none needs'} attention"


def _line(work: AccountWork) -> str:
    return f"{work.severity.value} {work.kind.value}: {work.message}"
