"""`offerpath report`: answers over the whole catalog or all customers, written to a file."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from offerpath.cli import options
from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped
from offerpath.cli.running import run
from planner.offers import Segment
from resolvers import inputs
from resolvers.codes.code import Code
from resolvers.problems import BadInput

if TYPE_CHECKING:
    from offerpath.cli.reports.answer import Destination
    from resolvers.reports.about_customers import CustomersRequest


class Format(StrEnum):
    """How a report is written; the values are those of formats.writing.formats."""

    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Shape(StrEnum):
    """What one line of the path report is; the values are those of formats.reports.shapes."""

    PATHS = "paths"
    STEPS = "steps"


Out = Annotated[Path, typer.Option("--out", help="The file; FILE.manifest.json stands beside it.")]
WrittenAs = Annotated[
    Format | None,
    typer.Option("--format", help="By default what the file's name ends with, or csv."),
]
Bom = Annotated[bool, typer.Option("--bom", help="Begin a CSV with a byte order mark, for Excel.")]
Text = Annotated[
    str | None,
    typer.Option(help="Only customers with this in their name or domain.", metavar="TEXT"),
]
OfMarket = Annotated[
    str | None, typer.Option("--market", help="Only customers in this country.", metavar="CODE")
]
CustomerSegment = Annotated[
    Segment | None,
    typer.Option("--segment", help="Only customers of this segment.", case_sensitive=False),
]
LicenseTransfer = Annotated[
    bool, typer.Option("--license-transfer", help="Judge moves with licence transfer.")
]

app = typer.Typer(
    name="report",
    help="Write a report over the whole catalog or all customers to a file.",
    no_args_is_help=True,
)


@app.command("paths")
@grouped
def report_paths(
    out: Out,
    *,
    written_as: WrittenAs = None,
    shape: Annotated[Shape, typer.Option(help="One line for a path, or for each step.")] = (
        Shape.PATHS
    ),
    scope: options.SearchOptions,
    bom: Bom = False,
    with_no_path: Annotated[
        bool, typer.Option("--with-no-path", help="Add a line for offers without a path.")
    ] = False,
    as_json: options.AsJson = False,
) -> Exit:
    """Write every legacy offer's best paths to new commerce: all of them, or no file at all."""
    from offerpath.cli.reports import answer as report_answer

    request = report_answer.PathsRequest(scope.request(), shape.value, with_no_path)
    to = _destination(out, written_as, bom=bom)
    return run(partial(report_answer.answer_paths, request=request, to=to, as_json=as_json))


@dataclass(frozen=True, slots=True)
class WhichCustomers:
    """Options that say which customers a report is about, and how their moves are judged."""

    text: Text = None
    market: OfMarket = None
    segment: CustomerSegment = None
    license_transfer: LicenseTransfer = False

    def request(self, scope: options.ScopeOptions, *, saved: bool = False) -> "CustomersRequest":
        """Raises: BadInput."""
        from resolvers.reports.about_customers import CustomersRequest

        return CustomersRequest(
            text=self.text,
            market=inputs.market(self.market),
            segment=self.segment,
            scope=scope.request(),
            mode=options.mode_of(license_transfer=self.license_transfer),
            saved=saved,
        )


def _on_customers(name: str, what: str) -> None:
    """Add one of the reports on customers: they all take the same options."""

    @grouped
    def report_on_customers(
        out: Out,
        *,
        written_as: WrittenAs = None,
        which: WhichCustomers,
        scope: options.ScopeOptions,
        bom: Bom = False,
        as_json: options.AsJson = False,
    ) -> Exit:
        to = _destination(out, written_as, bom=bom)
        return _write(name, which.request(scope), to, as_json=as_json)

    app.command(name, help=what)(report_on_customers)


_on_customers("blockers", "Write what stops each subscription: a line for every finding.")
_on_customers("options", "Write where each subscription can go: a line for every target.")


@app.command("plans")
@grouped
def report_plans(
    out: Out,
    *,
    written_as: WrittenAs = None,
    saved: Annotated[
        bool,
        typer.Option(
            "--saved", help="Write the saved plans, where they stand and whether they hold."
        ),
    ] = False,
    which: WhichCustomers,
    scope: options.ScopeOptions,
    bom: Bom = False,
    as_json: options.AsJson = False,
) -> Exit:
    """Write every customer's plan: a line for every goal and step."""
    to = _destination(out, written_as, bom=bom)
    return _write("plans", which.request(scope, saved=saved), to, as_json=as_json)


_on_customers("portfolio", "Write what each subscription can become: a line for each of them.")


def _write(name: str, request: "CustomersRequest", to: "Destination", *, as_json: bool) -> Exit:
    from offerpath.cli.reports import answer as report_answer

    answer = report_answer.answer_customers
    return run(partial(answer, name=name, request=request, to=to, as_json=as_json))


def _destination(out: Path, written_as: Format | None, *, bom: bool) -> "Destination":
    """Raises: BadInput."""
    from offerpath.cli.reports import answer as report_answer

    return report_answer.Destination(out, report_answer.form_of(_format(written_as, out), bom=bom))


def _format(given: Format | None, out: Path) -> Format:
    """Return the format that is given or that the name tells. Raises: BadInput."""
    if given is not None:
        return given
    suffix = out.suffix.lower().removeprefix(".")
    if suffix and suffix not in set(Format):
        raise BadInput(
            Code.UNKNOWN_FORMAT,
            f"{out.name} does not end with .csv, .ndjson, .xlsx or .parquet",
            remedy="Say which it is with --format",
        )
    return Format(suffix or "csv")
