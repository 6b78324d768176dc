"""Which reports there are: each with its rows, its table and its facts, ready to be written."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from formats.reports.blockers import BLOCKERS, BlockersTally
from formats.reports.customers import customers_facts
from formats.reports.options import OPTIONS, OptionsTally
from formats.reports.path_columns import ReportRow
from formats.reports.paths import PATHS, STEPS, PathTally, path_facts
from formats.reports.plans import PLANS, PlansTally
from formats.reports.portfolio import PORTFOLIO, PortfolioTally
from formats.reports.saved_plans import SAVED_PLANS, SavedPlansTally
from formats.writing.formats import ParquetNotInstalled, ReportForm, ReportFormat
from formats.writing.table import Report, Table, Tally
from resolvers.access.audit import ask_to
from resolvers.asked import Asked
from resolvers.codes.code import Code
from resolvers.problems import BadInput
from resolvers.records.audit import AuditAction
from resolvers.reports.about_customers import CustomersQuestion, CustomersRequest
from resolvers.reports.blockers import blockers_report
from resolvers.reports.options import options_report
from resolvers.reports.paths import PathReport
from resolvers.reports.plans import plans_report, saved_plans_report
from resolvers.reports.portfolio import portfolio_report

Row = TypeVar("Row")


class PathShape(StrEnum):
    """What one line of the path report is."""

    PATHS = "paths"
    STEPS = "steps"


_PATH_TABLES: Mapping[PathShape, Table[ReportRow]] = {
    PathShape.PATHS: PATHS,
    PathShape.STEPS: STEPS,
}


class CustomersReportName(StrEnum):
    """The reports on a partner's customers."""

    BLOCKERS = "blockers"
    OPTIONS = "options"
    PLANS = "plans"
    PORTFOLIO = "portfolio"


def form_of(written_as: ReportFormat, *, bom: bool, code: Code, remedy: str | None) -> ReportForm:
    """Return what a file looks like. Raises: BadInput of that code for a misplaced mark."""
    try:
        return ReportForm(written_as, bom)
    except ParquetNotInstalled as error:
        raise BadInput(Code(error.code), str(error), remedy=error.remedy) from None
    except ValueError as error:
        raise BadInput(code, str(error), remedy=remedy) from None


def of_paths(report: PathReport, shape: PathShape) -> Report[ReportRow]:
    """Return the path report, ready to be written."""
    return Report(
        _PATH_TABLES[shape],
        report.chunks,
        report.catalog.offers,
        path_facts(
            report.catalog,
            report.scope,
            rules_version=report.rules_version,
            with_no_path=report.with_no_path,
        ),
        lambda: PathTally(len(report.offers)),
    )


async def export_of_customers(
    asked: Asked, name: CustomersReportName, request: CustomersRequest
) -> Report[Any]:
    """Write down who asks for a report on customers, and return it. Raises: NotPermitted; BadInput.

    Its rows begin to be looked up when the first is asked for.
    """
    await ask_to_export(asked, name)
    return of_customers(asked, name, request)


async def ask_to_export(asked: Asked, name: CustomersReportName) -> None:
    """Write down who asks for a report on customers. Raises: NotPermitted."""
    await ask_to(asked, AuditAction.EXPORT, subject=name)


def of_customers(asked: Asked, name: CustomersReportName, request: CustomersRequest) -> Report[Any]:
    """Return a report on customers, ready to be written. Raises: BadInput."""
    match name:
        case CustomersReportName.BLOCKERS:
            judged = blockers_report(asked, request)
            return _ready(judged.question, judged.chunks, BLOCKERS, BlockersTally)
        case CustomersReportName.OPTIONS:
            options = options_report(asked, request)
            return _ready(options.question, options.chunks, OPTIONS, OptionsTally)
        case CustomersReportName.PLANS if request.saved:
            saved = saved_plans_report(asked, request)
            return _ready(saved.question, saved.chunks, SAVED_PLANS, SavedPlansTally)
        case CustomersReportName.PLANS:
            planned = plans_report(asked, request)
            return _ready(planned.question, planned.chunks, PLANS, PlansTally)
        case CustomersReportName.PORTFOLIO:
            portfolio = portfolio_report(asked, request)
            return _ready(portfolio.question, portfolio.chunks, PORTFOLIO, PortfolioTally)


def _ready(
    question: CustomersQuestion,
    rows: Callable[[], AsyncGenerator[Sequence[Row]]],
    table: Table[Row],
    tally: Callable[[], Tally[Row]],
) -> Report[Row]:
    facts = customers_facts(
        question.catalog,
        question.scope,
        question.wanted,
        choices=question.choices,
        acting=question.acting,
        rules_version=question.rules_version,
    )
    return Report(table, rows, question.catalog.offers, facts, tally)
