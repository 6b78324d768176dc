"""The report of the whole portfolio: a row for each of our subscriptions, by every rule."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from planner.portfolios.portfolio import PortfolioRow
from resolvers.asked import Asked
from resolvers.customers.portfolio import PortfolioRequest, portfolio_rows
from resolvers.reports.about_customers import (
    CustomersQuestion,
    CustomersRequest,
    customers_question,
    in_portions,
)

_ROWS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class PortfolioReport:
    """A report with one row for each subscription."""

    question: CustomersQuestion
    request: PortfolioRequest

    def chunks(self) -> AsyncGenerator[tuple[PortfolioRow, ...]]:
        """Yield rows in order of (customer's name, id, subscription), so many at a time."""
        return in_portions(portfolio_rows(self.question.asked, self.request), _ROWS_AT_A_TIME)


def portfolio_report(asked: Asked, request: CustomersRequest) -> PortfolioReport:
    """Return the report on those customers' subscriptions. Raises: BadInput."""
    wanted = PortfolioRequest(
        text=request.text,
        segment=request.segment,
        market=request.market,
        scope=request.scope,
        mode=request.mode,
    )
    return PortfolioReport(customers_question(asked, request), wanted)
