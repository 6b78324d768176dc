"""What `report paths` writes, and what it says of it afterwards."""

import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, RenderableType
from rich.progress import Progress

from formats.path_report import manifest_path, write_file
from formats.report_manifest import Manifest, report_facts
from formats.report_shapes import ReportForm, ReportFormat, Shape
from offerpath.cli.exits import Exit, NotWritten
from offerpath.cli.terminal import show, show_json
from offerpath.house import House
from resolvers.moves import ScopeRequest
from resolvers.problems import BadInput
from resolvers.reports import PathReport, PathRow, path_report


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Which report, in which form, and where to."""

    out: Path
    form: ReportForm
    scope: ScopeRequest
    with_no_path: bool


def form_of(written_as: str, shape: str, *, bom: bool) -> ReportForm:
    """Raises: BadInput for a byte order mark outside CSV."""
    try:
        return ReportForm(shape=Shape(shape), format=ReportFormat(written_as), bom=bom)
    except ValueError as error:
        raise BadInput("BAD_OPTION", str(error), remedy="Leave out --bom") from None


async def answer_report(house: House, *, request: ReportRequest, as_json: bool) -> Exit:
    asked = await house.asked()
    report = path_report(asked, request.scope, with_no_path=request.with_no_path)
    try:
        manifest = await _write(report, request)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NotWritten(f"the report {request.out} cannot be written: {reason}") from None
    if as_json:
        beside = str(manifest_path(request.out))
        show_json(
            {
                **manifest.facts,
                "file": str(request.out),
                "manifest": beside,
                "sha256": manifest.sha256,
            }
        )
    else:
        show(*_told(request.out, manifest))
    return Exit.ANSWERED


async def _write(report: PathReport, request: ReportRequest) -> Manifest:
    facts = report_facts(
        report.catalog,
        report.scope,
        rules_version=report.rules_version,
        offers=len(report.offers),
        with_no_path=report.with_no_path,
    )
    return await write_file(
        _with_progress(report),
        request.out,
        offers=report.catalog.offers,
        facts=facts,
        form=request.form,
    )


async def _with_progress(report: PathReport) -> AsyncIterator[tuple[PathRow, ...]]:
    """Yield the report's chunks, with a bar on stderr where somebody watches."""
    bar = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
    with bar:
        offers = bar.add_task("Writing paths", total=len(report.offers))
        async for chunk in report.chunks():
            yield chunk
            if chunk:
                bar.update(offers, completed=report.offers.index(chunk[-1].offer) + 1)


def _told(out: Path, manifest: Manifest) -> Iterator[RenderableType]:
    facts = manifest.facts
    yield f"{out}: {facts['rows']} rows, {facts['paths']} paths"
    yield (
        f"  offers: {facts['offers']}, of which {facts['offers_with_path']} have a path and "
        f"{facts['offers_without_path']} have none"
    )
    yield f"  as of {facts['at']}, catalog {str(facts['content_hash'])[:12]}"
    yield f"  sha256 {manifest.sha256} ({manifest_path(out).name})"
