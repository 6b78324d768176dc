"""Ways of a subscription that are worth a look, and what each trades for what."""

from typing import Annotated

import strawberry

from planner import tradeoffs as planner
from planner.options import NotInCatalog as PlannerNotInCatalog
from resolvers.problems import NotFound
from schema.catalog.price import Money
from schema.customers.choices import CannotSuppose
from schema.customers.option import NotInCatalog, Option, show_not_in_catalog, show_option
from schema.scalars import Day, day_or_none


@strawberry.type(description="A way that no other way equals or beats in everything.")
class TradeOff:
    option: Option
    line: str = strawberry.field(
        description="Against the best one, such as `1 step fewer`; empty for the best itself."
    )
    seats_by_hand: int | None = strawberry.field(
        description="Licences that somebody has to reassign; null where it is not known."
    )
    services_lost: int | None = strawberry.field(description="Null where it is not known.")
    done_on: Day | None = strawberry.field(
        description="First day on which nothing dated stops it; null where what stops it has none."
    )
    monthly: Money | None = strawberry.field(
        description="Retail for all seats and a month at the target; null where it is not known."
    )


@strawberry.type(description="Ways worth a look, the best by the profile first.")
class TradeOffs:
    trade_offs: list[TradeOff]


TradeOffsResult = Annotated[
    TradeOffs | NotInCatalog | CannotSuppose,
    strawberry.union("TradeOffsResult", description="Ways that are worth a look."),
]


def show_trade_offs(
    found: tuple[planner.TradeOff, ...] | PlannerNotInCatalog | NotFound,
) -> TradeOffs | NotInCatalog | CannotSuppose:
    match found:
        case NotFound():
            return CannotSuppose.of(found)
        case PlannerNotInCatalog():
            return show_not_in_catalog(found)
        case _:
            return TradeOffs(trade_offs=[_trade_off(one) for one in found])


def _trade_off(value: planner.TradeOff) -> TradeOff:
    facts = value.facts
    price = facts.monthly
    return TradeOff(
        option=show_option(value.option),
        line=value.line,
        seats_by_hand=facts.seats_by_hand,
        services_lost=facts.services_lost,
        done_on=day_or_none(facts.done_on),
        monthly=None if price is None else Money(amount=price, currency=facts.currency or ""),
    )
