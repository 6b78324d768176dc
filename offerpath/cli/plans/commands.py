"""`offerpath plan`: make a plan for a customer, save it, decide on it, follow it, compare two."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from resolvers.codes.code import Code
from resolvers.problems import BadInput

if TYPE_CHECKING:
    from typer._click.core import Context

_MAKE = "make"
_HELP = frozenset({"--help", "-h"})


class MakeByDefault(TyperGroup):
    """Takes a first word that is no subcommand for the customer of `make`."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Put `make` before what is no subcommand; a lone --help is the group's own."""
        if args and args[0] not in self.commands and args[0] not in _HELP:
            args = [_MAKE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="plan",
    cls=MakeByDefault,
    help="Plan a customer's way to its goals. `offerpath plan CUSTOMER` is short for "
    "`offerpath plan make CUSTOMER`; a customer called like a command below needs the long form.",
    no_args_is_help=True,
)

APlan = Annotated[str, typer.Argument(help="The id of a saved plan.", metavar="ID")]
ANote = Annotated[str, typer.Option(help="Why, in words that are kept.", metavar="TEXT")]
AsMarkdown = Annotated[
    bool, typer.Option("--markdown", help="Write the document for the customer to stdout.")
]
Internal = Annotated[
    bool,
    typer.Option(
        "--internal", help="With --markdown: the document for ourselves, with ids and calls."
    ),
]


@app.command(_MAKE)
@grouped
def make(
    customer: options.ACustomer,
    *,
    goals: Annotated[
        list[str] | None,
        typer.Option(
            "--goal",
            help="Where a subscription shall end: an offer, `product:CFQ7TTC0LCHC` or `any` (new-"
            "commerce SKU); may be repeated. By default every legacy one goes to any.",
            metavar="GUID=OFFER",
        ),
    ] = None,
    seats: Annotated[
        list[str] | None,
        typer.Option(
            help="With how many seats a subscription shall end; without a goal it may stay what it "
            "is. May be repeated.",
            metavar="GUID=SEATS",
        ),
    ] = None,
    parts: Annotated[
        list[str] | None,
        typer.Option(
            "--part",
            help="How many of a subscription's seats go to its --goal, while the others stay what "
            "they are. May be repeated.",
            metavar="GUID=SEATS",
        ),
    ] = None,
    and_others: Annotated[
        bool,
        typer.Option(
            "--and-others", help="Beside --goal, bring every other legacy subscription to any."
        ),
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option(
            help="Do without steps of this kind, such as UPGRADE or CANCEL_ELSEWHERE; may be "
            "repeated.",
            metavar="KIND",
        ),
    ] = None,
    save: Annotated[bool, typer.Option("--save", help="Keep the plan.")] = False,
    note: Annotated[
        str, typer.Option(help="With --save: why, in words that are kept.", metavar="TEXT")
    ] = "",
    choices: options.ChoiceOptions,
    what_if: options.WhatIfOptions,
    scope: options.SearchOptions,
    states: Annotated[
        int | None,
        typer.Option(help="How many states each part of the search may look at.", metavar="N"),
    ] = None,
    as_markdown: AsMarkdown = False,
    internal: Internal = False,
    as_json: options.AsJson = False,
) -> Exit:
    """Make a plan for a customer (exit code 4 where a goal is not met).

    The --if options suppose that something were otherwise; such a plan cannot be saved.
    """
    from offerpath.cli.plans import answers as plan_answers

    request = plan_answers.plan_request(
        scope.request(),
        goals or (),
        seats or (),
        parts=parts or (),
        choices=choices.chosen(),
        without=without or (),
        states=states,
        what_if=what_if.request(),
        and_others=and_others,
    )
    plan_answers.check_kept(request, save=save, note=note)
    how = plan_answers.form_of(as_json=as_json, as_markdown=as_markdown, internal=internal)
    ask = partial(plan_answers.answer_make, customer=customer, request=request, save=save, how=how)
    return run(partial(ask, note=note))


@app.command()
def show(
    plan: APlan,
    as_markdown: AsMarkdown = False,
    internal: Internal = False,
    as_json: options.AsJson = False,
) -> Exit:
    """Show a saved plan, whether it still holds, and what happened to it."""
    from offerpath.cli.plans import answers as plan_answers
    from offerpath.cli.plans import life_answers as plan_life_answers

    how = plan_answers.form_of(as_json=as_json, as_markdown=as_markdown, internal=internal)
    return run(partial(plan_life_answers.answer_show, plan_id=plan, how=how))


@app.command("list")
def list_plans(
    customer: options.ACustomer, first: options.First = 20, as_json: options.AsJson = False
) -> Exit:
    """List a customer's saved plans, the newest first."""
    from offerpath.cli.plans import life_answers as plan_life_answers

    return run(
        partial(plan_life_answers.answer_list, customer=customer, first=first, as_json=as_json)
    )


@app.command()
def approve(
    plan: APlan,
    fingerprint: Annotated[
        str,
        typer.Option(help="The fingerprint that `plan show` tells, whole.", metavar="HASH"),
    ],
    note: ANote = "",
    supersede: Annotated[
        bool,
        typer.Option(
            "--supersede", help="End the approved plans that are about the same subscriptions."
        ),
    ] = False,
    as_json: options.AsJson = False,
) -> Exit:
    """Approve a saved plan, as it was read (exit code 4 where it cannot be approved)."""
    from offerpath.cli.plans import life_answers as plan_life_answers

    ask = partial(plan_life_answers.answer_approve, plan_id=plan, fingerprint=fingerprint)
    return run(partial(ask, note=note, supersede=supersede, as_json=as_json))


@app.command()
def reject(plan: APlan, note: ANote = "", as_json: options.AsJson = False) -> Exit:
    """Reject a saved plan (exit code 4 where it cannot be rejected)."""
    from offerpath.cli.plans import life_answers as plan_life_answers

    return run(partial(plan_life_answers.answer_reject, plan_id=plan, note=note, as_json=as_json))


@app.command()
def mark(
    plan: APlan,
    step: Annotated[str, typer.Argument(help="The step's key, or its number.", metavar="STEP")],
    done: Annotated[bool, typer.Option("--done", help="It was carried out.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="It was tried in vain.")] = False,
    note: ANote = "",
    as_json: options.AsJson = False,
) -> Exit:
    """Mark a step of an approved plan as done or failed (exit code 4 where it cannot be)."""
    from offerpath.cli.plans import life_answers as plan_life_answers

    if done is failed:
        raise BadInput(Code.USAGE, "say what became of the step: either --done or --failed")
    ask = plan_life_answers.answer_mark
    return run(partial(ask, plan_id=plan, step=step, done=done, note=note, as_json=as_json))


@app.command()
def diff(
    first: Annotated[str, typer.Argument(help="The id of a saved plan.", metavar="ID")],
    second: Annotated[str, typer.Argument(help="The one to set beside it.", metavar="ID")],
    as_json: options.AsJson = False,
) -> Exit:
    """Compare two saved plans step by step."""
    from offerpath.cli.plans import life_answers as plan_life_answers

    ask = plan_life_answers.answer_difference
    return run(partial(ask, first=first, second=second, as_json=as_json))
