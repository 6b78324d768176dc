"""What a request for a report asks for: which one, of what, and in which form."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from starlette.requests import Request

from formats.writing.formats import ReportForm
from formats.writing.table import Report
from offerpath import report_query
from offerpath.delivery import tag
from offerpath.report_kinds import CustomersReportName, ask_to_export, of_customers, of_paths
from offerpath.report_times import Delivery
from planner.rules import RULES_VERSION
from resolvers.access.permits import Task
from resolvers.asked import Asked
from resolvers.reports.paths import path_report


@dataclass(frozen=True, slots=True)
class WantedReport:
    """A report that was asked for, and how it is to be sent; nothing of it is made yet."""

    form: ReportForm
    report: Report[Any]
    delivery: Delivery
    etag: str | None = None
    """What a report on the catalog alone depends on; None for one on customers."""

    @property
    def name(self) -> str:
        """The file's."""
        return f"offerpath-{self.report.table.name}.{self.form.format.value}"

    @property
    def attachment(self) -> Mapping[str, str]:
        """The header that names the file."""
        return {"Content-Disposition": f'attachment; filename="{self.name}"'}


async def read_paths(
    asked: Asked, request: Request, delivery: Delivery, more: frozenset[str]
) -> WantedReport:
    """Read what is asked of the catalog alone; `more` are parameters beside those of every one.

    Raises: BadInput.
    """
    query = request.query_params
    report_query.check_names(query, report_query.OF_PATHS | more)
    scope, form = report_query.scope_of_paths(query), report_query.form(query)
    with_no_path = report_query.flag(query, "with_no_path")
    report = path_report(asked, scope, with_no_path=with_no_path)
    shaped = of_paths(report, report_query.shape(query))
    return WantedReport(form, shaped, delivery, _tag(asked, request))


def _tag(asked: Asked, request: Request) -> str:
    """Return a tag of what a report on the catalog depends on; it is known without making it."""
    who = asked.principal
    return tag(
        asked.version.content_hash,
        RULES_VERSION,
        version("offerpath"),
        str(asked.now.date()),
        *sorted(who.roles),
        who.partner_type or "",
        request.url.path,
        *(f"{name}={value}" for name, value in sorted(request.query_params.multi_items())),
    )


async def read_customers(
    name: CustomersReportName,
    asked: Asked,
    request: Request,
    delivery: Delivery,
    more: frozenset[str],
) -> WantedReport:
    """Read what is asked of customers; who asks is written down, but for HEAD. Raises: BadInput."""
    if request.method == "HEAD":
        asked.require(Task.EXPORT)
    else:
        await ask_to_export(asked, name)
    query = request.query_params
    of_plans = name is CustomersReportName.PLANS
    known = report_query.OF_PLANS if of_plans else report_query.OF_CUSTOMERS
    report_query.check_names(query, known | more)
    form = report_query.form(query)
    report = of_customers(asked, name, report_query.customers(query))
    return WantedReport(form, report, delivery)
