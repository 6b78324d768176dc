"""What `options` asks and shows: every way of a subscription, or those worth a look."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import price_json, price_words, tables
from offerpath.cli.customers.whose import customer_named, held_by
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Customer, Subscription
from planner.options import NotInCatalog, Option
from planner.rules import Choices
from planner.tradeoffs import TradeOff
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest, checked_scope
from resolvers.customers import customers
from resolvers.customers.customers import OptionPage
from resolvers.customers.suppositions import WhatIfRequest, supposed
from resolvers.problems import NotFound, subscription_supposed_gone

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class OptionsRequest:
    """Whose subscriptions, or which one, and how a move is carried out."""

    customer: str
    subscription_id: str | None
    choices: Choices
    what_if: WhatIfRequest | None
    scope: ScopeRequest
    first: int


def _held(asked: Asked, customer: Customer, request: OptionsRequest) -> tuple[Subscription, ...]:
    """Return the subscription that is named, else all of ours in order, as they are supposed.

    Raises: Missing, also for what an --if option speaks of; BadInput.
    """
    scope = checked_scope(asked, request.scope)
    given = supposed(asked.catalog, customer, scope, request.what_if)
    if isinstance(given, NotFound):
        raise Missing(given)
    if request.subscription_id is None:
        return customers.in_order(given.customer.holdings.own)
    held = given.now(held_by(customer, request.subscription_id))
    if held is None:
        raise Missing(subscription_supposed_gone(request.subscription_id))
    return (held,)


async def answer_options(house: House, *, request: OptionsRequest, as_json: bool) -> Exit:
    """Show every offer that each subscription can become, best way first."""
    form = _Form(_options, _page_answer, _page)
    return await _answer(house, request, form, as_json=as_json)


async def answer_trade_offs(house: House, *, request: OptionsRequest, as_json: bool) -> Exit:
    """Show the ways that no other way beats in everything, and what each trades for what."""
    form = _Form(_trade_offs, _trade_offs_answer, _worth_a_look)
    return await _answer(house, request, form, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Form(Generic[Found]):
    """What is found out about each subscription, and how that is told."""

    ask: Callable[[Asked, Customer, Subscription, OptionsRequest], Found]
    as_json: Callable[[Catalog, Subscription, Found], answers.Json]
    shown: Callable[[Catalog, Found], Iterator[RenderableType]]


async def _answer(
    house: House, request: OptionsRequest, form: _Form[Found], *, as_json: bool
) -> Exit:
    asked = await house.asked()
    customer = await customer_named(asked, request.customer)
    held = _held(asked, customer, request)
    found = [(one, form.ask(asked, customer, one, request)) for one in held]
    if as_json:
        told = [form.as_json(asked.catalog, one, each) for one, each in found]
        whose = {"customer": answers.customer_answer(customer), "subscriptions": told}
        show_json(answers.asked_of(asked, request.scope.at) | whose)
    else:
        parts = ((one, form.shown(asked.catalog, each)) for one, each in found)
        show(*tables.of_subscriptions(customer, parts))
    return Exit.ANSWERED


def _options(
    asked: Asked, customer: Customer, held: Subscription, request: OptionsRequest
) -> OptionPage | NotInCatalog:
    """Raises: Missing for what an --if option speaks of."""
    found = customers.options_for(
        asked,
        customer,
        held,
        request.scope,
        choices=request.choices,
        what_if=request.what_if,
        first=request.first,
        after=None,
    )
    if isinstance(found, NotFound):
        raise Missing(found)
    return found


def _trade_offs(
    asked: Asked, customer: Customer, held: Subscription, request: OptionsRequest
) -> tuple[TradeOff, ...] | NotInCatalog:
    """Raises: Missing for what an --if option speaks of."""
    found = customers.trade_offs_for(
        asked,
        customer,
        held,
        request.scope,
        choices=request.choices,
        what_if=request.what_if,
    )
    if isinstance(found, NotFound):
        raise Missing(found)
    return found


def _page_answer(
    catalog: Catalog, held: Subscription, page: OptionPage | NotInCatalog
) -> answers.Json:
    told: answers.Json = {"subscription": answers.subscription_answer(held)}
    if isinstance(page, NotInCatalog):
        return told | {
            "options": [],
            "total": 0,
            "hasMore": False,
            "notInCatalog": answers.not_in_catalog(page),
        }
    return told | {
        "options": [answers.option_answer(catalog, one) for one in page.options],
        "total": page.total,
        "hasMore": page.has_next,
        "notInCatalog": None,
    }


def _trade_offs_answer(
    catalog: Catalog, held: Subscription, found: tuple[TradeOff, ...] | NotInCatalog
) -> answers.Json:
    told: answers.Json = {"subscription": answers.subscription_answer(held)}
    if isinstance(found, NotInCatalog):
        return told | {"tradeOffs": [], "notInCatalog": answers.not_in_catalog(found)}
    return told | {
        "tradeOffs": [_trade_off_answer(catalog, one) for one in found],
        "notInCatalog": None,
    }


def _trade_off_answer(catalog: Catalog, one: TradeOff) -> answers.Json:
    facts = one.facts
    return {
        "option": answers.option_answer(catalog, one.option),
        "line": one.line,
        "seatsByHand": facts.seats_by_hand,
        "servicesLost": facts.services_lost,
        "doneOn": answers.plain(facts.done_on),
        "monthly": price_json.money(facts.monthly, facts.currency or ""),
    }


def _page(catalog: Catalog, page: OptionPage | NotInCatalog) -> Iterator[RenderableType]:
    if isinstance(page, NotInCatalog):
        yield from tables.not_in_catalog(page)
        return
    if not page.options:
        yield "   no offer is known that it can become; `offerpath blockers` tells why"
        return
    for rank, option in enumerate(page.options, start=1):
        yield _ranked(catalog, rank, option)
        yield f"   {_way(option)}"
    yield from tables.more(len(page.options), page.total)


def _ranked(catalog: Catalog, rank: int, option: Option) -> str:
    return f"{rank}. {tables.path_line(catalog, option.path, option.readiness)}"


def _way(option: Option) -> str:
    """Return the kinds of a way's moves, and the codes of what stops it, each once."""
    stops = [one.code for one in option.blockers if one.severity is Severity.BLOCKS]
    stopped = f"; stopped by {', '.join(dict.fromkeys(stops))}" if stops else ""
    return tables.way(option.path) + stopped


def _worth_a_look(
    catalog: Catalog, found: tuple[TradeOff, ...] | NotInCatalog
) -> Iterator[RenderableType]:
    if isinstance(found, NotInCatalog):
        yield from tables.not_in_catalog(found)
        return
    if not found:
        yield "   no offer is known that it can become; `offerpath blockers` tells why"
    for rank, one in enumerate(found, start=1):
        yield _ranked(catalog, rank, one.option)
        yield f"   {_way(one.option)}"
        yield f"   {_facts(one)}"
        if one.line:
            yield f"   against the first: {one.line}"


def _facts(one: TradeOff) -> str:
    """Return what a way comes to, as far as it is known."""
    facts = one.facts
    parts = []
    if facts.monthly is not None:
        parts.append(f"retail a month {price_words.amount(facts.monthly, facts.currency or '')}")
    if facts.seats_by_hand:
        parts.append(f"{counted(facts.seats_by_hand, 'seat')} to reassign by hand")
    if facts.services_lost:
        parts.append(f"{counted(facts.services_lost, 'service')} lost")
    if facts.done_on is not None:
        parts.append(f"not before {facts.done_on.isoformat()}")
    unknown = {
        "price": facts.monthly,
        "services lost": facts.services_lost,
        "seats by hand": facts.seats_by_hand,
    }
    missing = [name for name, value in unknown.items() if value is None]
    return ", ".join([*parts, *(f"{name} not known" for name in missing)])
