"""What happens if nobody acts, as GraphQL shows it."""

from decimal import Decimal

import strawberry

from planner.baselines import baseline as planner
from planner.baselines.rules import BaselineCode, Certainty
from planner.blockers import Severity
from planner.customers import SubscriptionState
from planner.ids import CatalogId
from schema.catalog.offer import Offer, offer_of
from schema.context import Info
from schema.customers.blocker import Parameter
from schema.scalars import Day, Instant, day_or_none

strawberry.enum(
    Certainty,
    description=(
        "DOCUMENTED: Microsoft's documentation says so. THIRD_PARTY: read from others who quote or "
        "report it. NOT_KNOWN: a fact or a source is missing."
    ),
)


@strawberry.type(description="The last whole day (UTC) on which an event can still be averted.")
class LastDayToAct:
    day: Day
    why: str


@strawberry.type(description="What a subscription is once an event has happened.")
class Afterwards:
    state: SubscriptionState
    catalog_id: str | None = strawberry.field(description="Null where it is not known.")
    term: str | None = strawberry.field(description="ISO 8601 duration, such as P1Y.")
    billing_cycle: str | None
    seats: int | None
    last_day: Day | None = strawberry.field(
        description="Last day, inclusive, of the term that the event begins."
    )

    @strawberry.field(description="Its offer; null where the catalog has none of that id.")
    def offer(self, info: Info) -> Offer | None:
        catalog = info.context.asked.catalog
        offer = None if self.catalog_id is None else CatalogId(self.catalog_id)
        return offer_of(catalog, offer) if offer in catalog.offers and offer else None


@strawberry.type(description="One thing that happens to one subscription if nobody acts.")
class BaselineEvent:
    subscription_id: str
    code: BaselineCode = strawberry.field(description="Stable within a major version.")
    day: Day | None = strawberry.field(
        description="First day (UTC) on which it holds; null where nothing dates it."
    )
    message: str = strawberry.field(description="One sentence for people.")
    severity: Severity = strawberry.field(
        description="BLOCKS: the subscription or its data are lost. WARNS: money or commitment."
    )
    certainty: Certainty
    source: str = strawberry.field(description="Where the rule comes from.")
    after: Afterwards | None = strawberry.field(
        description="Null where nothing is left, or where what is left is not known."
    )
    last_day_to_act: LastDayToAct | None = strawberry.field(
        description="Null where nothing averts it, or where no day can be named."
    )
    evidence: list[Parameter] = strawberry.field(description="The fields that it was read from.")
    unknown: list[str] = strawberry.field(description="Missing facts that could change it.")
    surcharge: str | None = strawberry.field(
        description="Added to the monthly rate, as a decimal: 0.03 is 3 %; null where none is told."
    )


@strawberry.type(description="What happens on which date if nobody acts.")
class Baseline:
    at: Instant
    until: Day = strawberry.field(description="The last day that is looked at, inclusive.")
    catalog_version: str
    rules_version: str
    events: list[BaselineEvent] = strawberry.field(
        description=(
            "In order of day (null last), subscription and code. Of several monthly renewals the "
            "first stands for all. DATA_LOOKS_OLD alone may name a day before `at`."
        )
    )
    unknown: list[str] = strawberry.field(
        description="Sides of the holdings that are not loaded whole."
    )


def show_baseline(value: planner.Baseline) -> Baseline:
    return Baseline(
        at=Instant(value.at),
        until=Day(value.until),
        catalog_version=value.catalog_version,
        rules_version=value.rules_version,
        events=[_event(each) for each in value.events],
        unknown=list(value.unknown),
    )


def _event(value: planner.BaselineEvent) -> BaselineEvent:
    return BaselineEvent(
        subscription_id=value.subscription_id,
        code=value.code,
        day=day_or_none(value.day),
        message=value.message,
        severity=value.severity,
        certainty=value.certainty,
        source=value.source,
        after=_after(value.after),
        last_day_to_act=_last_day(value.last_day_to_act),
        evidence=[Parameter(name=name, value=text) for name, text in value.evidence],
        unknown=list(value.unknown),
        surcharge=_decimal(value.surcharge),
    )


def _after(value: planner.Afterwards | None) -> Afterwards | None:
    if value is None:
        return None
    return Afterwards(
        state=value.state,
        catalog_id=value.catalog_id,
        term=value.term,
        billing_cycle=value.billing_cycle,
        seats=value.seats,
        last_day=day_or_none(value.last_day),
    )


def _last_day(value: planner.LastDay | None) -> LastDayToAct | None:
    return None if value is None else LastDayToAct(day=Day(value.day), why=value.why)


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
