"""`offerpath explain`: why there is no path, and the fewest changes that open one."""

from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from planner.transitions import TransitionKind


@grouped
def explain(
    origin: Annotated[str, typer.Argument(help="The offer to start from.", metavar="FROM")],
    *,
    target: Annotated[
        str | None,
        typer.Option("--to", help="An offer, or `any` (new-commerce SKU).", metavar="TO"),
    ] = None,
    product: Annotated[
        str | None,
        typer.Option(help="Any SKU of this product, such as CFQ7TTC0LCHC.", metavar="PRODUCT"),
    ] = None,
    services: Annotated[
        list[str] | None,
        typer.Option(
            help="Any SKU known to give this service plan; may be repeated.", metavar="GUID"
        ),
    ] = None,
    via: Annotated[
        list[str] | None,
        typer.Option(help="An offer that must be on the way; may be repeated.", metavar="OFFER"),
    ] = None,
    kinds: Annotated[
        list[TransitionKind] | None,
        typer.Option(
            "--kind", help="Use moves of this kind only; may be repeated.", case_sensitive=False
        ),
    ] = None,
    scope: options.SearchOptions,
    as_mermaid: Annotated[
        bool, typer.Option("--mermaid", help="Write a Mermaid drawing to stdout instead.")
    ] = False,
    as_json: options.AsJson = False,
) -> Exit:
    """Explain why no path leads to a goal (exit code 4), or show the paths where some do."""
    from offerpath.cli.catalog import explain_answers

    request = explain_answers.explain_request(
        origin,
        explain_answers.goal_of(target, product, services or ()),
        explain_answers.of_kinds(scope.request(), kinds),
        via=via or (),
    )
    how = explain_answers.shown_as(as_json=as_json, as_mermaid=as_mermaid)
    return run(partial(explain_answers.answer_explain, request=request, how=how))
