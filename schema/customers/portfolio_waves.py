"""The waves in which a portfolio migrates, as GraphQL shows them."""

from typing import Annotated

import strawberry

from planner.portfolios import migration_waves, waves
from planner.portfolios.migration_waves import LeftOverReason
from resolvers.codes.code import Code
from schema.errors.problems import Problem
from schema.scalars import Day, day_or_none

MAX_WAVE_ROWS = 20_000

strawberry.enum(
    LeftOverReason, description="Why a subscription that still is legacy is in no wave."
)


@strawberry.type(description="One row of a batch file.")
class WaveRow:
    customer_id: str
    subscription_id: str
    base_id: str | None = strawberry.field(description="The base that an add-on goes with.")


@strawberry.type(description="What is sent in one go: a file of the batch tool.")
class Wave:
    number: int
    rows: list[WaveRow] = strawberry.field(description="At most 200; an add-on follows its base.")
    creations: int = strawberry.field(description="Calls that create a migration: at most 100.")
    conditional: int = strawberry.field(description="Calls whose readiness is CONDITIONAL.")
    not_before: Day | None = strawberry.field(description="Null where all are open now.")
    minute: int = strawberry.field(
        description="Earliest start, in minutes from the first wave of the same `notBefore`."
    )
    due: Day | None = strawberry.field(
        description="The last whole day for the most urgent; null where nothing dates it."
    )
    undated: int = strawberry.field(description="Calls that nothing dates.")


@strawberry.type(description="What is in no wave, and why.")
class LeftOver:
    reason: LeftOverReason
    count: int
    examples: list[str] = strawberry.field(description="Ids of the first 20 subscriptions.")


@strawberry.type(description="In which batches the portfolio can migrate.")
class PortfolioWaves:
    waves: list[Wave]
    left_over: list[LeftOver]
    minutes: int = strawberry.field(
        description="Start of the last wave that is open now, in minutes from the first."
    )


@strawberry.type(description="The portfolio is larger than one answer can plan.")
class PortfolioTooLarge(Problem):
    customers_looked_at: int


PortfolioWavesResult = Annotated[
    PortfolioWaves | PortfolioTooLarge, strawberry.union("PortfolioWavesResult")
]


def too_large(seconds: float, customers: int) -> PortfolioTooLarge:
    return PortfolioTooLarge(
        code=Code.PORTFOLIO_TOO_LARGE,
        message=f"More than {MAX_WAVE_ROWS} subscriptions, or more than {seconds:.0f} seconds",
        remedy="Narrow the filter, or run `offerpath portfolio --waves`",
        customers_looked_at=customers,
    )


def show_waves(value: migration_waves.Waves) -> PortfolioWaves:
    return PortfolioWaves(
        waves=[_wave(one) for one in value.waves],
        left_over=[
            LeftOver(reason=one.reason, count=one.count, examples=list(one.examples))
            for one in value.left_over
        ],
        minutes=value.minutes,
    )


def _wave(value: waves.Wave) -> Wave:
    return Wave(
        number=value.number,
        rows=[
            WaveRow(
                customer_id=one.customer_id,
                subscription_id=one.subscription_id,
                base_id=one.base_id,
            )
            for one in value.rows
        ],
        creations=value.creations,
        conditional=value.conditional,
        not_before=day_or_none(value.not_before),
        minute=value.minute,
        due=day_or_none(value.due),
        undated=value.undated,
    )
