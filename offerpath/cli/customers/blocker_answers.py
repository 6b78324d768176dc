"""What `blockers` asks and shows: each subscription's best way, judged by every rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import tables
from offerpath.cli.customers.whose import customer_named, held_by
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from planner.catalog import Catalog
from planner.customers import Customer
from planner.ids import CatalogId
from planner.instead import Instead, InsteadKind
from planner.no_path import NoPath
from planner.options import Option
from planner.readiness import Readiness
from planner.rules import Choices
from planner.upsells import words_of
from resolvers.asked import Asked
from resolvers.catalog.moves import ScopeRequest
from resolvers.customers.judgements import Judgement, customer_blockers, judgement_of
from resolvers.customers.suppositions import WhatIfRequest
from resolvers.problems import NotFound


@dataclass(frozen=True, slots=True)
class BlockersRequest:
    """Whose subscriptions, where to, and how the move is carried out."""

    customer: str
    target: CatalogId | None
    subscription_id: str | None
    choices: Choices
    scope: ScopeRequest
    what_if: WhatIfRequest | None = None


async def answer_blockers(house: House, *, request: BlockersRequest, as_json: bool) -> Exit:
    asked = await house.asked()
    customer = await customer_named(asked, request.customer)
    judged = _judge(asked, customer, request)
    if as_json:
        told = [
            answers.judgement_answer(asked.catalog, one.subscription, one.answer, one.instead)
            for one in judged
        ]
        whose = {"customer": answers.customer_answer(customer), "subscriptions": told}
        show_json(answers.asked_of(asked, request.scope.at) | whose)
    else:
        show(*_told(asked.catalog, customer, judged))
    return Exit.NO if any(map(_is_a_no, judged)) else Exit.ANSWERED


def _is_a_no(judged: Judgement) -> bool:
    if isinstance(judged.answer, Option):
        return judged.answer.readiness is Readiness.BLOCKED
    return isinstance(judged.answer, NoPath)


def _judge(asked: Asked, customer: Customer, request: BlockersRequest) -> tuple[Judgement, ...]:
    """Raises: Missing for a target or a subscription that is not there."""
    if request.subscription_id is not None:
        return (_judge_one(asked, customer, request, request.subscription_id),)
    found = customer_blockers(
        asked,
        customer,
        request.scope,
        target=request.target,
        choices=request.choices,
        what_if=request.what_if,
    )
    if isinstance(found, NotFound):
        raise Missing(found)
    return found


def _judge_one(
    asked: Asked, customer: Customer, request: BlockersRequest, subscription_id: str
) -> Judgement:
    judged = judgement_of(
        asked,
        customer,
        held_by(customer, subscription_id),
        request.scope,
        target=request.target,
        choices=request.choices,
        what_if=request.what_if,
    )
    if isinstance(judged, NotFound):
        raise Missing(judged)
    return judged


def _told(
    catalog: Catalog, customer: Customer, judged: Sequence[Judgement]
) -> Iterator[RenderableType]:
    yield from tables.customer_lines(customer)
    if customer.holdings.own and not judged:
        yield (
            "Nothing of ours is left to judge: without --target those on a legacy offer are, with "
            "one all that are not of that offer already."
        )
    for one in judged:
        yield ""
        yield from _judgement(catalog, one)


def _judgement(catalog: Catalog, judged: Judgement) -> Iterator[RenderableType]:
    held = judged.subscription
    yield tables.subscription_line(held)
    match judged.answer:
        case Option():
            yield from _option(catalog, judged.answer)
            if judged.instead is not None:
                yield from _instead(catalog, judged.instead)
        case NoPath():
            yield from tables.no_path(catalog, judged.answer)
        case other:
            yield from tables.not_in_catalog(other)


def _option(catalog: Catalog, option: Option) -> Iterator[RenderableType]:
    ways = " -> ".join(tables.named(catalog, offer) for offer in option.path.offers[1:])
    yield f"   {option.readiness.value}: to {ways}"
    yield from tables.conditions(option.blockers)
    yield from tables.unanswered(option.unanswered)
    yield f"   rules that ran: {', '.join(option.rules_ran)}"


def _instead(catalog: Catalog, found: Instead) -> Iterator[RenderableType]:
    if found.option is None:
        way = f"buy {tables.named(catalog, found.target)} new"
    else:
        offers = found.option.path.offers[1:]
        way = "to " + " -> ".join(tables.named(catalog, offer) for offer in offers)
    yield f"   OPEN INSTEAD: {found.readiness.value}: {way}"
    if found.upsell is not None:
        yield f"      it is {words_of(catalog, found.upsell)}"
    if found.trade_off:
        yield f"      beside the way that is blocked: {found.trade_off}"
    if found.kind is not InsteadKind.BUY_NEW:
        yield "      its findings: `offerpath options` has them"
