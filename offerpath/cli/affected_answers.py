"""What `affected` asks and shows: users with their licences, and what each of them needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import RenderableType

from offerpath.cli import answers, tables
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.cli.whose import customer_named
from offerpath.house import House
from planner.accounts.affected import Affected, AffectedAccount
from planner.accounts.handling import LicenseHandling
from planner.accounts.work import AccountWork
from planner.catalog import Catalog
from planner.customers import HoldingsState, Subscription
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.options import NotInCatalog
from planner.rules import Choices, Mode
from resolvers.affected import affected_accounts, loading
from resolvers.moves import ScopeRequest
from resolvers.problems import NotFound, subscription_not_found


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
    held = {one.subscription_id: one for one in customer.holdings.own}.get(request.subscription_id)
    if held is None:
        raise Missing(subscription_not_found(request.subscription_id))
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
        show(*_told(asked.catalog, held, found, request.first))
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
            told["notInCatalog"] = {"message": found.message, "remedy": found.remedy}
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
    catalog: Catalog, held: Subscription, found: Affected | NoPath | NotInCatalog, first: int
) -> Iterator[RenderableType]:
    seats = "seats not known" if held.seats is None else f"{held.seats} seats"
    yield f"{held.title or 'Subscription'} ({held.subscription_id}), {seats}"
    match found:
        case Affected():
            yield from _affected(catalog, found, first)
        case NoPath():
            yield from tables.no_path(catalog, found)
        case NotInCatalog():
            yield f"   NOT_IN_CATALOG: {found.message}"
            yield f"      remedy: {found.remedy}"


_HANDLING = {
    LicenseHandling.KEPT: "licences stay as they are",
    LicenseHandling.AUTOMATIC: "Partner Center reassigns the licences",
    LicenseHandling.BY_HAND: "licences are reassigned by hand",
    LicenseHandling.NOT_KNOWN: "no source tells what becomes of the licences",
    LicenseHandling.TAKEN_AWAY: "licences are taken away",
}


def _affected(catalog: Catalog, found: Affected, first: int) -> Iterator[RenderableType]:
    where = "its end" if found.target is None else tables.named(catalog, found.target)
    yield f"To {where}: {_HANDLING[found.handling]} ({found.source})"
    if found.state is HoldingsState.NOT_LOADED:
        yield "Whom it concerns is not known: import Microsoft Graph's users of the customer."
    elif found.holders is not None:
        least = "at least " if found.state is HoldingsState.PARTIAL else ""
        yield f"{least}{found.holders} users have it, {len(found.accounts)} of them need something"
    for kind, count in found.counts:
        yield f"   {kind.value}: {count}"
    for work in found.general:
        yield f"{work.severity.value} {work.kind.value}: {work.message}"
    if found.accounts:
        yield _table(found.accounts[:first])
    if len(found.accounts) > first:
        yield f"   and {len(found.accounts) - first} more"
    if found.unknown:
        yield f"not known: {', '.join(found.unknown)}"


def _table(accounts: tuple[AffectedAccount, ...]) -> RenderableType:
    rows = [
        (one.account.principal_name or one.account.account_id, _line(work))
        for one in accounts
        for work in one.work
    ]
    return tables.table("USER", "What", rows=rows)


def _line(work: AccountWork) -> str:
    return f"{work.severity.value} {work.kind.value}: {work.message}"
