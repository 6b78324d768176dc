"""What `portfolio` answers: the summary, the waves, or the flat rows."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import aclosing
from datetime import date

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import tables
from offerpath.cli.customers.portfolio_rows import FlatRows
from offerpath.cli.exits import Exit
from offerpath.cli.terminal import show, show_json, until_nobody_reads
from offerpath.house import House
from planner.counting import counted
from planner.portfolios.migration_waves import TooManyRows, Waves
from planner.portfolios.summary import MoneyTally, PortfolioSummary, Tally
from planner.portfolios.waves import Wave
from resolvers.codes.code import Code
from resolvers.customers.portfolio import (
    PortfolioRequest,
    portfolio_batches,
    portfolio_summary,
    portfolio_waves,
)
from resolvers.problems import BadInput

_SHOWN = 15
"""Lines of each table before the rest is counted; --json has them all."""

Parts = Iterator[RenderableType]


async def answer_summary(house: House, *, request: PortfolioRequest, as_json: bool) -> Exit:
    asked = await house.asked()
    answer = await portfolio_summary(asked, request)
    if as_json:
        told = {"portfolio": summary_json(answer.summary)}
        show_json(answers.asked_of(asked, request.scope.at) | told)
    else:
        show(*_summary(answer.summary))
    return Exit.ANSWERED


async def answer_waves(house: House, *, request: PortfolioRequest, as_json: bool) -> Exit:
    asked = await house.asked()
    answer = (await portfolio_waves(asked, request)).waves
    if isinstance(answer, TooManyRows):
        raise BadInput(
            Code.PORTFOLIO_TOO_LARGE,
            f"{answer.rows} subscriptions can migrate, more than the {answer.limit} that are "
            "planned at once",
            remedy="Ask for some customers with --text, --segment or --market",
        )
    if as_json:
        show_json(answers.asked_of(asked, request.scope.at) | answers.plain(answer))
    else:
        show(*_waves(answer))
    return Exit.ANSWERED


async def answer_rows(house: House, *, request: PortfolioRequest) -> Exit:
    """Write rows to stdout as they come, until all are written or nobody reads on."""
    asked = await house.asked()
    written = FlatRows()
    async with aclosing(portfolio_batches(asked, request)) as batches:
        with until_nobody_reads():
            sys.stdout.write(written.header())
            async for batch in batches:
                sys.stdout.write(written.lines(batch))
    return Exit.ANSWERED


def summary_json(summary: PortfolioSummary) -> answers.Json:
    """Return a summary as JSON, named as in GraphQL; amounts as text."""
    told: answers.Json = answers.plain(summary)
    for name, label in (
        ("standings", "standing"),
        ("readiness", "readiness"),
        ("instead", "kind"),
        ("unanswered", "rule"),
        ("renewals", "month"),
    ):
        told[name] = [{label: key, "tally": tally} for key, tally in told[name]]
    told["targets"] = [
        {"catalogId": one["target"], "title": one["title"], "tally": one["tally"]}
        for one in told["targets"]
    ]
    told["money"] = [_money_json(one) for one in summary.money]
    return told


def _money_json(one: MoneyTally) -> answers.Json:
    amounts = {
        name: {"amount": f"{amount:f}", "currency": one.currency}
        for name, amount in (("now", one.now), ("after", one.after))
    }
    return {"subscriptions": one.subscriptions, **amounts}


def _summary(told: PortfolioSummary) -> Parts:
    total = told.total
    yield (
        f"{_customers(told)}, {counted(total.subscriptions, 'subscription')}, "
        f"{counted(total.seats, 'seat')}"
        + (f" ({total.seats_unknown} without a known number)" if total.seats_unknown else "")
    )
    if not total.subscriptions:
        return
    yield from _part("STANDING", _tallies(told.standings))
    yield from _part("READINESS", _tallies(told.readiness))
    yield from _part("OPEN INSTEAD OF BLOCKED", _tallies(told.instead))
    yield from _part(
        "WHAT STOPS THEM",
        ((f"{one.severity.lower()}: {one.code}", one.tally) for one in told.blockers),
    )
    yield from _part("NOT ANSWERED", _tallies(told.unanswered))
    targets = [(f"{one.title} ({one.target})", one.tally) for one in told.targets]
    yield from _part("BEST TARGET", targets, more=told.targets_left_out)
    yield from _money(told)
    yield from _part("RENEWS IN", _renewals(told))
    yield from _part(
        "IF NOBODY ACTS",
        ((f"{_month(one.month)}: {one.code.value}", one.tally) for one in told.events),
    )


def _customers(told: PortfolioSummary) -> str:
    others = told.customers_looked_at - told.customers
    without = f" (and {others} of which none is counted)" if others else ""
    return f"{counted(told.customers, 'customer')}{without}"


def _tallies(tallies: Iterable[tuple[str, Tally]]) -> Iterator[tuple[str, Tally]]:
    return ((str(name), tally) for name, tally in tallies)


def _part(title: str, lines: Iterable[tuple[str, Tally]], *, more: int = 0) -> Parts:
    """Yield a table of tallies, or nothing where there is none."""
    told = list(lines)
    if not told:
        return
    yield ""
    yield tables.table(title, "SUBSCRIPTIONS", "SEATS", rows=map(_line, told[:_SHOWN]))
    left = len(told[_SHOWN:]) + more
    if left:
        yield f"  and {left} more; --json has them"


def _line(line: tuple[str, Tally]) -> Sequence[str]:
    name, tally = line
    unknown = f" + {tally.seats_unknown} not known" if tally.seats_unknown else ""
    return name, str(tally.subscriptions), f"{tally.seats}{unknown}"


def _money(told: PortfolioSummary) -> Parts:
    if told.money or told.money_unknown:
        yield ""
    if told.money:
        yield tables.table(
            "RETAIL A MONTH",
            "SUBSCRIPTIONS",
            "NOW",
            "AFTER",
            rows=(
                (one.currency, str(one.subscriptions), f"{one.now:f}", f"{one.after:f}")
                for one in told.money
            ),
        )
    if told.money_unknown:
        yield f"  not known for {told.money_unknown} subscriptions that can move"


def _renewals(told: PortfolioSummary) -> Iterator[tuple[str, Tally]]:
    if told.renewals_past.subscriptions:
        yield "its term is over", told.renewals_past
    for month, tally in told.renewals:
        yield _month(month), tally
    if told.renewals_unknown.subscriptions:
        yield "not known", told.renewals_unknown


def _month(month: date | None) -> str:
    return "not dated" if month is None else f"{month:%Y-%m}"


def _waves(told: Waves) -> Parts:
    rows = sum(len(wave.rows) for wave in told.waves)
    if told.waves:
        yield (
            f"{rows} subscriptions in {len(told.waves)} waves; the last that is open now starts "
            f"{told.minutes} minutes after the first"
        )
        yield tables.table(
            *("WAVE", "ROWS", "CREATIONS", "CONDITIONAL", "NOT BEFORE", "MINUTE", "DUE", "UNDATED"),
            rows=map(_wave, told.waves),
        )
    else:
        yield "Nothing can migrate."
    if told.left_over:
        yield ""
        yield tables.table(
            "LEFT OVER",
            "SUBSCRIPTIONS",
            "FOR EXAMPLE",
            rows=((one.reason.value, str(one.count), one.examples[0]) for one in told.left_over),
        )


def _wave(wave: Wave) -> Sequence[str]:
    counts = (wave.number, len(wave.rows), wave.creations, wave.conditional)
    return (
        *map(str, counts),
        "now" if wave.not_before is None else str(wave.not_before),
        str(wave.minute),
        "not known" if wave.due is None else str(wave.due),
        str(wave.undated),
    )
