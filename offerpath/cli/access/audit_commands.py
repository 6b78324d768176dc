"""`offerpath audit`: who asked to import, export, save, decide or make keys."""

from functools import partial
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.running import run
from resolvers.records.audit import AuditAction


def audit(
    action: Annotated[
        AuditAction | None,
        typer.Option(help="What was asked for; everything by default.", case_sensitive=False),
    ] = None,
    first: options.First = 50,
    as_json: options.AsJson = False,
) -> Exit:
    """List who asked for what, permitted or not, the newest first; for admin agents."""
    from offerpath.cli.access import audit_answers

    return run(partial(audit_answers.answer_audit, action=action, first=first, as_json=as_json))
