"""The portfolio's summary, as GraphQL shows it, and both questions about portfolios."""

import time
from decimal import Decimal

import strawberry

from planner.baselines.rules import BaselineCode
from planner.blocker_codes import BlockerCode
from planner.blockers import Severity
from planner.instead import InsteadKind
from planner.offers import Segment
from planner.portfolios import summary as planner
from planner.portfolios.migration_waves import TooManyRows
from planner.portfolios.portfolio import Standing
from planner.readiness import Readiness
from planner.rules import Mode
from planner.search import Stopped
from resolvers.customers import portfolio as cases
from schema.catalog.price import Money
from schema.catalog.scope import ScopeInput, read_scope
from schema.context import Info
from schema.customers.portfolio_waves import (
    MAX_WAVE_ROWS,
    PortfolioWavesResult,
    show_waves,
    too_large,
)
from schema.scalars import Day, SafeInt, day_or_none

SECONDS = 10.0
"""How long one answer may take; what was counted by then is given, and said to be a part."""

strawberry.enum(
    Standing,
    description=(
        "CAN_MOVE: a way to new commerce is known. IMPOSSIBLE, NOT_KNOWN, GAVE_UP: why none is. "
        "NOT_IN_CATALOG: nothing is known of the offer. IN_NEW_COMMERCE: it is there already. "
        "NO_OFFER: it names no offer of the licence catalogs."
    ),
)


@strawberry.input(description="Which customers and subscriptions of the portfolio are meant.")
class PortfolioFilterInput:
    text: str | None = strawberry.field(
        default=None, description="Only customers with this in their name or domain."
    )
    segment: Segment | None = strawberry.field(
        default=None, description="Only customers of this segment."
    )
    market: str | None = strawberry.field(
        default=None, description="Only customers in this country: ISO 3166 alpha-2."
    )
    readiness: Readiness | None = strawberry.field(
        default=None, description="Only subscriptions whose best way is this ready."
    )
    target: str | None = strawberry.field(
        default=None, description="Only subscriptions whose best target is this offer."
    )

    def read(self, scope: ScopeInput | None, mode: Mode) -> cases.PortfolioRequest:
        return cases.PortfolioRequest(
            text=self.text,
            segment=self.segment,
            market=self.market,
            readiness=self.readiness,
            target=self.target,
            scope=read_scope(scope),
            mode=mode,
        )


@strawberry.type(description="How many subscriptions, and their seats.")
class Tally:
    subscriptions: int
    seats: SafeInt = strawberry.field(description="As far as they are known.")
    seats_unknown: int = strawberry.field(
        description="Subscriptions of which nobody says how many seats they have."
    )

    @classmethod
    def of(cls, value: planner.Tally) -> "Tally":
        return cls(
            subscriptions=value.subscriptions,
            seats=SafeInt(value.seats),
            seats_unknown=value.seats_unknown,
        )


@strawberry.type(description="Subscriptions that stand alike on their way to new commerce.")
class StandingTally:
    standing: Standing
    tally: Tally


@strawberry.type(description="Subscriptions whose best way is equally ready.")
class ReadinessTally:
    readiness: Readiness
    tally: Tally


@strawberry.type(
    description="Subscriptions whose best way is BLOCKED while something else is open."
)
class InsteadTally:
    kind: InsteadKind
    tally: Tally


@strawberry.type(description="Subscriptions with this finding; each counts once.")
class BlockerTally:
    code: BlockerCode
    severity: Severity
    tally: Tally


@strawberry.type(description="Subscriptions for which this rule could not be answered.")
class UnansweredTally:
    rule: str
    tally: Tally


@strawberry.type(description="Subscriptions with this best target.")
class TargetTally:
    catalog_id: str
    title: str
    tally: Tally


@strawberry.type(
    description="Retail for a month, of subscriptions whose price now and after is known."
)
class MoneyTally:
    subscriptions: int
    now: Money
    after: Money


@strawberry.type(description="Subscriptions that renew in a month.")
class RenewalTally:
    month: Day = strawberry.field(description="Its first day.")
    tally: Tally


@strawberry.type(description="Subscriptions to which something happens in a month.")
class EventTally:
    month: Day | None = strawberry.field(
        description="Its first day; null where nothing dates it, and for data that look old."
    )
    code: BaselineCode
    tally: Tally


@strawberry.type(description="A portfolio in counts, of the customers that were looked at.")
class PortfolioSummary:
    is_complete: bool = strawberry.field(
        description="False where time ran out: ask for fewer customers, or use the command line."
    )
    customers_looked_at: int = strawberry.field(
        description="With those of which no subscription is counted, as they have none with us."
    )
    last_customer_id: str | None = strawberry.field(
        description="The last that was looked at, in order of name and id; null where none was."
    )
    customers: int = strawberry.field(
        description="Customers with a subscription that is counted here; `customersLookedAt` has "
        "those without one too."
    )
    total: Tally
    standings: list[StandingTally]
    readiness: list[ReadinessTally] = strawberry.field(description="Of those that can move.")
    instead: list[InsteadTally] = strawberry.field(
        description="Of those that are BLOCKED: how another way is open. Those in no tally have "
        "none."
    )
    blockers: list[BlockerTally] = strawberry.field(
        description="Heaviest first, then most subscriptions, then by code."
    )
    unanswered: list[UnansweredTally] = strawberry.field(description="Most subscriptions first.")
    targets: list[TargetTally] = strawberry.field(description="The 50 with most seats.")
    targets_left_out: int
    money: list[MoneyTally] = strawberry.field(description="One for each currency.")
    money_unknown: int = strawberry.field(
        description="Subscriptions that can move and whose two prices are not both known."
    )
    renewals: list[RenewalTally] = strawberry.field(
        description="By the day after the last one of the term."
    )
    renewals_past: Tally = strawberry.field(description="Their term is over.")
    renewals_unknown: Tally
    events: list[EventTally] = strawberry.field(
        description="What the baseline expects but for renewals; by month (null last) and code."
    )


@strawberry.type
class PortfolioQuery:
    @strawberry.field(
        description="All customers' subscriptions in counts; a part of them where time runs out."
    )
    async def portfolio(
        self,
        info: Info,
        filter: PortfolioFilterInput | None = None,  # noqa: A002
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
    ) -> PortfolioSummary:
        request = (filter or PortfolioFilterInput()).read(scope, mode)
        answer = await cases.portfolio_summary(info.context.asked, request, stopped=_deadline())
        return show_summary(answer)

    @strawberry.field(
        description="In which batches the subscriptions can migrate; at most 20,000 of them."
    )
    async def portfolio_waves(
        self,
        info: Info,
        filter: PortfolioFilterInput | None = None,  # noqa: A002
        scope: ScopeInput | None = None,
        mode: Mode = Mode.WITHOUT_LICENSE_TRANSFER,
    ) -> PortfolioWavesResult:
        request = (filter or PortfolioFilterInput()).read(scope, mode)
        answer = await cases.portfolio_waves(
            info.context.asked, request, limit=MAX_WAVE_ROWS, stopped=_deadline()
        )
        if isinstance(answer.waves, TooManyRows) or not answer.progress.is_complete:
            return too_large(SECONDS, answer.progress.customers)
        return show_waves(answer.waves)


def _deadline() -> Stopped:
    ends = time.monotonic() + SECONDS
    return lambda: time.monotonic() >= ends


def show_summary(answer: cases.SummaryAnswer) -> PortfolioSummary:
    """Return a summary as GraphQL shows it."""
    told, progress = answer.summary, answer.progress
    return PortfolioSummary(
        is_complete=progress.is_complete,
        customers_looked_at=progress.customers,
        last_customer_id=None if progress.last is None else progress.last.customer_id,
        customers=told.customers,
        total=Tally.of(told.total),
        standings=[StandingTally(standing=one, tally=Tally.of(t)) for one, t in told.standings],
        readiness=[ReadinessTally(readiness=one, tally=Tally.of(t)) for one, t in told.readiness],
        instead=[InsteadTally(kind=one, tally=Tally.of(t)) for one, t in told.instead],
        blockers=[
            BlockerTally(code=one.code, severity=one.severity, tally=Tally.of(one.tally))
            for one in told.blockers
        ],
        unanswered=[UnansweredTally(rule=one, tally=Tally.of(t)) for one, t in told.unanswered],
        targets=[
            TargetTally(catalog_id=one.target, title=one.title, tally=Tally.of(one.tally))
            for one in told.targets
        ],
        targets_left_out=told.targets_left_out,
        money=[_money(one) for one in told.money],
        money_unknown=told.money_unknown,
        renewals=[RenewalTally(month=Day(one), tally=Tally.of(t)) for one, t in told.renewals],
        renewals_past=Tally.of(told.renewals_past),
        renewals_unknown=Tally.of(told.renewals_unknown),
        events=[
            EventTally(month=day_or_none(one.month), code=one.code, tally=Tally.of(one.tally))
            for one in told.events
        ],
    )


def _money(value: planner.MoneyTally) -> MoneyTally:
    def amount(sum_of: Decimal) -> Money:
        return Money(amount=sum_of, currency=value.currency)

    return MoneyTally(
        subscriptions=value.subscriptions, now=amount(value.now), after=amount(value.after)
    )
