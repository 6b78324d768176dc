"""`offerpath key`: personal API keys for scripts, made, listed and revoked."""

from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.running import run
from planner.permissions import Role

app = typer.Typer(
    name="key", help="Personal API keys, with which scripts act as you.", no_args_is_help=True
)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.", metavar="NAME")],
    role: Annotated[
        list[Role] | None,
        typer.Option(
            help="A role of yours that the key shall have; may be repeated; all by default.",
            case_sensitive=False,
        ),
    ] = None,
    days: Annotated[int, typer.Option(help="How long it lives, 1 to 365.", metavar="N")] = 90,
    as_json: options.AsJson = False,
) -> Exit:
    """Make an API key and show it, this once."""
    from offerpath.cli.access import key_answers
    from resolvers.access.api_keys import KeyWish

    wish = KeyWish(name, role or None, days)
    return run(partial(key_answers.answer_create, wish=wish, as_json=as_json))


@app.command("list")
def list_keys(
    everybody: Annotated[
        bool, typer.Option("--all", help="Those of all people; for admin agents.")
    ] = False,
    first: options.First = 50,
    as_json: options.AsJson = False,
) -> Exit:
    """List your API keys, the newest first."""
    from offerpath.cli.access import key_answers

    ask = partial(key_answers.answer_list, everybody=everybody, first=first)
    return run(partial(ask, as_json=as_json))


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="The key's id, as `key list` tells.", metavar="ID")],
    as_json: options.AsJson = False,
) -> Exit:
    """End an API key at once."""
    from offerpath.cli.access import key_answers

    return run(partial(key_answers.answer_revoke, key_id=key, as_json=as_json))
