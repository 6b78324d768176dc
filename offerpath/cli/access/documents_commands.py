"""`offerpath documents`: the manifest of trusted documents."""

from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit

app = typer.Typer(
    name="documents",
    help="Trusted documents, which front ends ask for by their hash.",
    no_args_is_help=True,
)


@app.callback()
def documents() -> None:
    """Trusted documents, which front ends ask for by their hash."""


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="The manifest; - reads stdin.", metavar="FILE")],
    as_json: options.AsJson = False,
) -> Exit:
    """Check a manifest against this version's schema; exit code 5 where it cannot be used."""
    from offerpath.cli.access.documents_answer import answer_check
    from offerpath.settings import load_settings

    return answer_check(load_settings(), file, as_json=as_json)
