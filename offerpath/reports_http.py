"""Reports over HTTP: a stream of CSV or NDJSON, a workbook, or the manifest of one of them."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shutil import rmtree
from typing import TypeVar

from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from formats.path_report import manifest_path, stream, write_file
from formats.report_manifest import ReportFacts, report_facts
from formats.report_shapes import MEDIA_TYPES, ReportForm, ReportFormat, Shape
from planner.offers import Segment
from planner.profiles import LegacyUpgradePolicy, Profile
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.moves import ScopeRequest
from resolvers.problems import BadInput
from resolvers.reports import PathReport, PathRow, path_report

Choice = TypeVar("Choice", bound=StrEnum)
_PARAMETERS = frozenset(
    {
        "format",
        "shape",
        "bom",
        "market",
        "segment",
        "at",
        "legacy_upgrades",
        "profile",
        "max_steps",
        "with_no_path",
    }
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    form: ReportForm
    report: PathReport

    @property
    def name(self) -> str:
        return f"offerpath-{self.form.shape.value}.{self.form.format.value}"

    @property
    def facts(self) -> ReportFacts:
        report = self.report
        return report_facts(
            report.catalog,
            report.scope,
            rules_version=report.rules_version,
            offers=len(report.offers),
            with_no_path=report.with_no_path,
        )


class ReportRoutes:
    """GET /reports/paths and GET /reports/paths/manifest."""

    def __init__(self, ask: Callable[[Request], Awaitable[Asked]]) -> None:
        self._ask = ask
        self.routes = [
            Route("/reports/paths", self.report, methods=["GET"]),
            Route("/reports/paths/manifest", self.manifest, methods=["GET"]),
        ]

    async def report(self, request: Request) -> Response:
        """Send the report. One that breaks off ends the connection without its last chunk."""
        wanted = _wanted(await self._ask(request), request.query_params)
        attachment = {"Content-Disposition": f'attachment; filename="{wanted.name}"'}
        if wanted.form.format is ReportFormat.XLSX:
            file, cleaning = await _written(wanted)
            media = MEDIA_TYPES[wanted.form.format]
            return FileResponse(file, headers=attachment, media_type=media, background=cleaning)
        offers = wanted.report.catalog.offers
        return StreamingResponse(
            stream(_rows(wanted.report), offers=offers, form=wanted.form),
            media_type=MEDIA_TYPES[wanted.form.format],
            headers=attachment,
        )

    async def manifest(self, request: Request) -> Response:
        """Send the manifest of the report with the same parameters: its rows and checksum."""
        wanted = _wanted(await self._ask(request), request.query_params)
        file, cleaning = await _written(wanted)
        content = manifest_path(file).read_bytes()
        return Response(content, media_type="application/json", background=cleaning)


async def _rows(report: PathReport) -> AsyncIterator[Sequence[PathRow]]:
    async for chunk in report.chunks():
        yield chunk


async def _written(wanted: _Wanted) -> tuple[Path, BackgroundTask]:
    folder = Path(tempfile.mkdtemp(prefix="offerpath-report-"))
    try:
        await write_file(
            _rows(wanted.report),
            folder / wanted.name,
            offers=wanted.report.catalog.offers,
            facts=wanted.facts,
            form=wanted.form,
        )
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise
    return folder / wanted.name, BackgroundTask(rmtree, folder, ignore_errors=True)


def _wanted(asked: Asked, query: QueryParams) -> _Wanted:
    """Read the parameters. Raises: BadInput."""
    unknown = sorted(set(query) - _PARAMETERS)
    if unknown:
        raise BadInput(
            "UNKNOWN_PARAMETER", f"{unknown[0][:40]!r} is not a parameter of this report"
        )
    at, segment, max_steps = query.get("at"), query.get("segment"), query.get("max_steps")
    request = ScopeRequest(
        at=None if at is None else inputs.instant(at),
        market=query.get("market"),
        segment=None if segment is None else _choice(Segment, segment.upper(), "segment"),
        legacy_upgrades=_choice(
            LegacyUpgradePolicy, query.get("legacy_upgrades", "LAST").upper(), "legacy_upgrades"
        ),
        profile=_choice(Profile, query.get("profile", "FEWEST_STEPS").upper(), "profile"),
        max_steps=None if max_steps is None else _whole_number(max_steps),
    )
    with_no_path = _flag(query, "with_no_path")
    return _Wanted(_form(query), path_report(asked, request, with_no_path=with_no_path))


def _form(query: QueryParams) -> ReportForm:
    shape = _choice(Shape, query.get("shape", "paths").lower(), "shape")
    chosen = _choice(ReportFormat, query.get("format", "csv").lower(), "format")
    try:
        return ReportForm(shape=shape, format=chosen, bom=_flag(query, "bom"))
    except ValueError as error:
        raise BadInput("BAD_PARAMETER", str(error)) from None


def _choice(choices: type[Choice], text: str, name: str) -> Choice:
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(choice.value for choice in choices)
        raise BadInput(
            "BAD_PARAMETER", f"`{name}` is {text[:40]!r}; it must be one of {known}"
        ) from None


def _flag(query: QueryParams, name: str) -> bool:
    text = query.get(name, "false").lower()
    if text not in ("true", "false"):
        raise BadInput("BAD_PARAMETER", f"`{name}` is {text[:40]!r}; it must be true or false")
    return text == "true"


def _whole_number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise BadInput("BAD_PARAMETER", f"`max_steps` is {text[:40]!r}; it must be a number")
    return int(text[:4])
