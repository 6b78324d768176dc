"""`offerpath options` and `baseline`: where subscriptions can go, and what happens if none does."""

from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from resolvers import inputs
from resolvers.codes.code import Code
from resolvers.problems import BadInput

OneSubscription = Annotated[
    str | None,
    typer.Option(
        "--subscription", help="Only this subscription; all of ours by default.", metavar="GUID"
    ),
]


@grouped
def show_options(
    customer: options.ACustomer,
    *,
    subscription: OneSubscription = None,
    trade_offs: Annotated[
        bool,
        typer.Option(
            "--trade-offs",
            help="Only ways that no other way beats in everything, each with what it saves and "
            "costs against the best.",
        ),
    ] = False,
    year: Annotated[
        bool,
        typer.Option("--year", help="Compare a year's retail cost now and in each target instead."),
    ] = False,
    targets: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            help="With --year: this target, not all within reach; may be repeated.",
            metavar="OFFER",
        ),
    ] = None,
    first: options.First = 20,
    choices: options.ChoiceOptions,
    what_if: options.WhatIfOptions,
    scope: options.ScopeOptions,
    as_json: options.AsJson = False,
) -> Exit:
    """Show where a customer's subscriptions can go, what each way trades, or what a year costs.

    The --if options suppose that something were otherwise; nothing of it is stored.
    """
    from offerpath.cli.customers import options_answers, year_answers

    inputs.page_size(first)
    held = _subscription_id(subscription)
    if year:
        asks_more = (choices, what_if) != (options.ChoiceOptions(), options.WhatIfOptions())
        if trade_offs or asks_more or replace(scope, at=None) != options.ScopeOptions():
            raise _year_is_alone()
        compared = year_answers.YearRequest(
            customer=customer,
            subscription_id=held,
            targets=None if not targets else tuple(map(inputs.catalog_id, targets)),
            at=options.day_or_instant(scope.at),
            first=first,
        )
        return run(partial(year_answers.answer_year, request=compared, as_json=as_json))
    if targets:
        raise _target_without_year()
    request = options_answers.OptionsRequest(
        customer=customer,
        subscription_id=held,
        choices=choices.chosen(),
        what_if=what_if.request(),
        scope=scope.request(),
        first=first,
    )
    answer = options_answers.answer_trade_offs if trade_offs else options_answers.answer_options
    return run(partial(answer, request=request, as_json=as_json))


def _subscription_id(given: str | None) -> str | None:
    return None if given is None else inputs.guid(given, what="subscription")


def _year_is_alone() -> BadInput:
    return BadInput(
        Code.BAD_OPTION,
        "--year compares retail prices; it goes with --subscription, --target, --first, --at and "
        "--json alone",
    )


def _target_without_year() -> BadInput:
    return BadInput(
        Code.BAD_OPTION,
        "--target goes with --year",
        remedy="`offerpath blockers CUSTOMER --target OFFER` judges the way to one target",
    )


@grouped
def baseline(
    customer: options.ACustomer,
    *,
    subscription: OneSubscription = None,
    at: options.At = None,
    until: Annotated[
        str | None,
        typer.Option(
            help="The last day to look at, at most 120 months ahead; 24 by default.",
            metavar="DATE",
        ),
    ] = None,
    as_json: options.AsJson = False,
) -> Exit:
    """Show what happens to a customer's subscriptions, and when, if nobody acts."""
    from offerpath.cli.customers import baseline_answers

    request = baseline_answers.BaselineRequest(
        customer=customer,
        subscription_id=_subscription_id(subscription),
        at=options.day_or_instant(at),
        until=None if until is None else inputs.instant(until, name="--until").date(),
    )
    return run(partial(baseline_answers.answer_baseline, request=request, as_json=as_json))
