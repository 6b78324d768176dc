"""What `report` writes, and what it says of it afterwards."""

import sys
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from formats.writing.formats import ReportForm, ReportFormat
from formats.writing.manifest import Fact, Manifest
from formats.writing.output import manifest_path, write_file
from formats.writing.table import Report
from offerpath import report_kinds
from offerpath.cli.exits import Exit, NotWritten
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from offerpath.report_kinds import CustomersReportName, PathShape
from resolvers.catalog.moves import ScopeRequest
from resolvers.codes.code import Code
from resolvers.reports.about_customers import CustomersRequest
from resolvers.reports.paths import path_report


@dataclass(frozen=True, slots=True)
class Destination:
    """In which form a report is written, and where to."""

    out: Path
    form: ReportForm


@dataclass(frozen=True, slots=True)
class PathsRequest:
    """What is asked of the path report."""

    scope: ScopeRequest
    shape: str
    with_no_path: bool


def form_of(written_as: str, *, bom: bool) -> ReportForm:
    """Raises: BadInput for a byte order mark outside CSV, or Parquet without its extra."""
    return report_kinds.form_of(
        ReportFormat(written_as), bom=bom, code=Code.BAD_OPTION, remedy="Leave out --bom"
    )


async def answer_paths(
    house: House, *, request: PathsRequest, to: Destination, as_json: bool
) -> Exit:
    asked = await house.asked()
    report = path_report(asked, request.scope, with_no_path=request.with_no_path)
    ready = report_kinds.of_paths(report, PathShape(request.shape))
    return await _answer(ready, to, as_json=as_json)


async def answer_customers(
    house: House, *, name: str, request: CustomersRequest, to: Destination, as_json: bool
) -> Exit:
    asked = await house.asked()
    ready = await report_kinds.export_of_customers(asked, CustomersReportName(name), request)
    return await _answer(ready, to, as_json=as_json)


async def _answer(report: Report[Any], to: Destination, *, as_json: bool) -> Exit:
    try:
        manifest = await write_file(_with_progress(report), to.out, to.form)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NotWritten(f"the report {to.out} cannot be written: {reason}") from None
    if as_json:
        beside = str(manifest_path(to.out))
        where = {"file": str(to.out), "manifest": beside, "sha256": manifest.sha256}
        show_json({**manifest.facts, **where})
    else:
        show(*_told(to.out, manifest))
    return Exit.ANSWERED


def _with_progress(report: Report[Any]) -> Report[Any]:
    """Return the report with a count of its rows on stderr, where somebody watches."""

    async def rows() -> AsyncGenerator[Sequence[Any]]:
        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        bar = Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty())
        made = 0
        with bar:
            task = bar.add_task(f"Writing {report.table.name}", total=None)
            async with aclosing(report.rows()) as portions:
                async for portion in portions:
                    yield portion
                    made += len(portion)
                    bar.update(task, description=f"Writing {report.table.name}: {made:,}")

    return replace(report, rows=rows)


def _told(out: Path, manifest: Manifest) -> Iterator[RenderableType]:
    facts = manifest.facts
    if "paths" in facts:
        yield f"{out}: {facts['rows']} rows, {facts['paths']} paths"
        yield (
            f"  offers: {facts['offers']}, of which {facts['offers_with_path']} have a path and "
            f"{facts['offers_without_path']} have none"
        )
    else:
        yield f"{out}: {facts['rows']} rows"
        yield f"  {'; '.join(_counts(facts)) or _NOTHING}"
    yield f"  as of {facts['at']}, catalog {str(facts['content_hash'])[:12]}"
    yield f"  sha256 {manifest.sha256} ({manifest_path(out).name})"


_NOTHING = "nothing to tell: no customer matches, or none holds what the report tells of"
_TOLD_ELSEWHERE = frozenset({"columns_version", "rows"})


def _counts(facts: Mapping[str, Fact]) -> Iterator[str]:
    """Yield what was counted, but for what there is none of."""
    for key, value in facts.items():
        if isinstance(value, int) and value is not True and value and key not in _TOLD_ELSEWHERE:
            yield f"{key.replace('_', ' ')} {value}"
