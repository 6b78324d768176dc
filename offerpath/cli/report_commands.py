"""`offerpath report`: answers over the whole catalog, written to a file."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.running import run
from planner.profiles import LegacyUpgradePolicy, Profile
from resolvers.problems import BadInput


class Format(StrEnum):
    """How a report is written; the values are those of formats.report_shapes."""

    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"


class Shape(StrEnum):
    """What one line of a report is; the values are those of formats.report_shapes."""

    PATHS = "paths"
    STEPS = "steps"


app = typer.Typer(
    name="report", help="Write a report over the whole catalog to a file.", no_args_is_help=True
)


@app.callback()
def report() -> None:
    """Keep `report` a group, though it has one report only."""


@app.command("paths")
def report_paths(
    out: Annotated[
        Path, typer.Option("--out", help="The file; FILE.manifest.json stands beside it.")
    ],
    written_as: Annotated[
        Format | None,
        typer.Option("--format", help="By default what the file's name ends with, or csv."),
    ] = None,
    shape: Annotated[Shape, typer.Option(help="One line for a path, or for each step.")] = (
        Shape.PATHS
    ),
    market: options.Market = None,
    segment: options.OfSegment = None,
    at: options.At = None,
    legacy_upgrades: options.LegacyUpgrades = LegacyUpgradePolicy.LAST,
    profile: options.Preferring = Profile.FEWEST_STEPS,
    max_steps: options.MaxSteps = None,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin a CSV with a byte order mark, for Excel.")
    ] = False,
    with_no_path: Annotated[
        bool, typer.Option("--with-no-path", help="Add a line for offers without a path.")
    ] = False,
    as_json: options.AsJson = False,
) -> Exit:
    """Write every legacy offer's best paths to new commerce: all of them, or no file at all."""
    from offerpath.cli import report_answer

    scope = options.scope_request(
        at=at,
        market=market,
        segment=segment,
        legacy_upgrades=legacy_upgrades,
        profile=profile,
        max_steps=max_steps,
    )
    form = report_answer.form_of(_format(written_as, out), shape, bom=bom)
    request = report_answer.ReportRequest(out, form, scope, with_no_path)
    return run(partial(report_answer.answer_report, request=request, as_json=as_json))


def _format(given: Format | None, out: Path) -> Format:
    """Return the format that is given or that the name tells. Raises: BadInput."""
    if given is not None:
        return given
    suffix = out.suffix.lower().removeprefix(".")
    if suffix and suffix not in set(Format):
        raise BadInput(
            "UNKNOWN_FORMAT",
            f"{out.name} does not end with .csv, .ndjson or .xlsx",
            remedy="Say which it is with --format",
        )
    return Format(suffix or "csv")
