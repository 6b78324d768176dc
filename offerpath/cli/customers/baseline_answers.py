"""What `baseline` asks and shows: what happens on which day if nobody acts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import tables
from offerpath.cli.customers.whose import customer_named, held_by
from offerpath.cli.exits import Exit
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from planner.baselines.baseline import Afterwards, Baseline, BaselineEvent
from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Customer
from planner.holdings import name_of
from resolvers.asked import Asked
from resolvers.customers.baseline import baseline_for, baseline_of_subscription


@dataclass(frozen=True, slots=True)
class BaselineRequest:
    """Whose subscriptions, or which one, and from when to when."""

    customer: str
    subscription_id: str | None
    at: datetime | None
    until: date | None


async def answer_baseline(house: House, *, request: BaselineRequest, as_json: bool) -> Exit:
    asked = await house.asked()
    customer = await customer_named(asked, request.customer)
    found = _baseline(asked, customer, request)
    if as_json:
        told = {"customer": answers.customer_answer(customer), "baseline": _answer(found)}
        show_json(answers.asked_of(asked, request.at) | told)
    else:
        show(*_told(asked.catalog, customer, found))
    return Exit.ANSWERED


def _baseline(asked: Asked, customer: Customer, request: BaselineRequest) -> Baseline:
    """Raises: Missing for a subscription that is not there; BadInput."""
    if request.subscription_id is None:
        return baseline_for(asked, customer, at=request.at, until=request.until)
    held = held_by(customer, request.subscription_id)
    return baseline_of_subscription(asked, customer, held, at=request.at, until=request.until)


def _answer(found: Baseline) -> answers.Json:
    return {
        "at": answers.instant(found.at),
        "until": answers.plain(found.until),
        "catalogVersion": found.catalog_version,
        "rulesVersion": found.rules_version,
        "events": [_event_answer(event) for event in found.events],
        "unknown": list(found.unknown),
    }


def _event_answer(event: BaselineEvent) -> answers.Json:
    told: answers.Json = answers.plain(event)
    return told | {
        "evidence": [{"name": name, "value": value} for name, value in event.evidence],
        "surcharge": None if event.surcharge is None else f"{event.surcharge:f}",
    }


def _told(catalog: Catalog, customer: Customer, found: Baseline) -> Iterator[RenderableType]:
    yield (
        f"{customer.name} ({customer.customer_id}), if nobody acts, from {found.at:%Y-%m-%d} to "
        f"{found.until.isoformat()}"
    )
    if not found.events:
        yield "Nothing is known to happen."
    for day, events in groupby(found.events, key=lambda event: event.day):
        yield ""
        yield "No day is known" if day is None else day.isoformat()
        for event in events:
            yield from _event(catalog, customer, event)
    if found.unknown:
        yield ""
        yield f"Not loaded whole, so that more may happen: {', '.join(found.unknown)}"


def _event(catalog: Catalog, customer: Customer, event: BaselineEvent) -> Iterator[str]:
    held = customer.holdings.held(event.subscription_id)
    name = "Subscription" if held is None else name_of(catalog, held)
    yield f"   {event.severity.value} {event.code.value}: {event.message}."
    yield f"      {name} ({event.subscription_id}); {event.certainty.value}, {event.source}"
    if event.after is not None:
        yield f"      afterwards: {_after(catalog, event.after)}"
    if event.last_day_to_act is not None:
        last = event.last_day_to_act
        yield f"      act by {last.day.isoformat()}: {last.why}"
    if event.unknown:
        yield f"      may change with: {', '.join(event.unknown)}"


def _after(catalog: Catalog, after: Afterwards) -> str:
    parts = [
        after.state.value,
        tables.named(catalog, after.catalog_id) if after.catalog_id else "offer not known",
        "seats not known" if after.seats is None else counted(after.seats, "seat"),
        f"term {after.term or 'not known'}",
        f"billed {(after.billing_cycle or 'not known').lower()}",
    ]
    ends = f", until {after.last_day.isoformat()}" if after.last_day else ""
    return ", ".join(parts) + ends
