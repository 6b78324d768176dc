"""What `import` does with each file, and what it shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import RenderableType

from offerpath.cli import answers
from offerpath.cli.catalog import tables
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from offerpath.import_files import STDIN, bytes_of
from resolvers.asked import Asked
from resolvers.customers.imports import Imported, import_customers
from resolvers.problems import NotFound
from resolvers.records.imports import ImportFile, RefusedFile


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Which files, and what they do not say themselves."""

    files: tuple[str, ...]
    as_of: datetime | None
    customer_id: str | None
    partner_tenant_id: str | None
    is_complete: bool | None


async def answer_import(house: House, *, request: ImportRequest, as_json: bool) -> Exit:
    asked = await house.asked()
    done: list[tuple[str, Imported | RefusedFile]] = []
    for name in request.files:
        done.append((name, await _import(house, asked, request, name)))
        if not as_json:
            show(*_told(*done[-1]))
    if as_json:
        show_json({"files": [_answer(name, outcome) for name, outcome in done]})
    refused = any(isinstance(outcome, RefusedFile) for _, outcome in done)
    return Exit.REFUSED if refused else Exit.ANSWERED


async def _import(
    house: House, asked: Asked, request: ImportRequest, name: str
) -> Imported | RefusedFile:
    content = bytes_of(name, max_bytes=house.settings.max_import_bytes)
    if isinstance(content, RefusedFile):
        return content
    file = ImportFile(
        content=content,
        name="standard input" if name == STDIN else Path(name).name,
        as_of=request.as_of or asked.now,
        customer_id=request.customer_id,
        partner_tenant_id=request.partner_tenant_id or house.settings.partner_tenant_id,
        is_complete=request.is_complete,
    )
    outcome = await import_customers(asked, file, house.read_import)
    if isinstance(outcome, NotFound):
        raise Missing(outcome)
    return outcome


def _answer(name: str, outcome: Imported | RefusedFile) -> answers.Json:
    """Return one file's outcome; exactly one of the last two is not null."""
    told = answers.plain(outcome)
    if isinstance(outcome, RefusedFile):
        return {"file": name, "imported": None, "refused": told}
    return {"file": name, "imported": told, "refused": None}


def _told(name: str, outcome: Imported | RefusedFile) -> Iterator[RenderableType]:
    if isinstance(outcome, RefusedFile):
        yield f"{name}: refused, nothing of it is stored"
        yield f"  {outcome.code}: {outcome.message}"
        yield from _problems(outcome)
        return
    counts = outcome.counts
    yield f"{name}: {outcome.rows} rows ({outcome.kind})"
    yield (
        f"  customers: {counts.customers_added} added, {counts.customers_changed} changed, "
        f"{counts.customers_unchanged} unchanged; subscriptions: {counts.subscriptions_stored} "
        f"stored, {counts.subscriptions_removed} removed"
    )
    if counts.accounts_stored or counts.accounts_removed:
        yield f"  accounts: {counts.accounts_stored} stored, {counts.accounts_removed} removed"
    for notice in outcome.notices:
        value = f" {notice.value!r}" if notice.value else ""
        yield f"  note: {notice.code} {notice.path}{value}, {notice.count} times"


def _problems(refused: RefusedFile) -> Iterator[RenderableType]:
    if refused.problems:
        rows = [
            ("" if one.line is None else str(one.line), one.path, one.code, one.message)
            for one in refused.problems
        ]
        yield tables.table("LINE", "Where", "CODE", "Problem", rows=rows)
    if refused.problems_left_out:
        yield f"  and {refused.problems_left_out} more problems"
