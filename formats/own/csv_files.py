"""What our own two CSV files say: customers.csv and subscriptions.csv (docs/formats.md)."""

from collections.abc import Mapping

from formats.import_options import ImportOptions
from formats.microsoft.shapes import Kind
from formats.own.csv_lines import CustomerLine, SubscriptionLine, customer_of, subscription_of
from formats.own.csv_table import CsvRow, Table, read_table
from formats.parents import refuse_circles
from formats.problems import FileRefused, Findings, Place, UniqueIds
from formats.rows import read_row
from planner.customers import Customer, HoldingsState, Seller, Subscription
from resolvers.records.imports import CustomerImport, HoldingsChange

_SIDE_COLUMNS = {"customer_id", "held_by", "holdings"}
"""All that a line may fill which says that a side is empty."""


def read_csv(
    text: str, *, name: str, options: ImportOptions, findings: Findings
) -> tuple[Kind, CustomerImport]:
    """Return what the file says; which one it is, its header tells. Raises: FileRefused."""
    table = read_table(text, name=name, findings=findings)
    if "subscription_id" in table.columns:
        _check_header(table, SubscriptionLine, name, findings)
        return Kind.SUBSCRIPTIONS_CSV, _read_subscriptions(table, options, findings)
    _check_header(table, CustomerLine, name, findings)
    return Kind.CUSTOMERS_CSV, CustomerImport(customers=_read_customers(table, findings))


def _check_header(table: Table, model: type[CsvRow], name: str, findings: Findings) -> None:
    missing = sorted(model.required_columns - set(table.columns))
    if missing:
        raise FileRefused(
            "WRONG_HEADER",
            f"{name} lacks the column(s) {', '.join(missing)}; the first line must name the "
            "columns as in docs/templates",
        )
    for column in table.columns:
        if column not in model.model_fields:
            findings.notice("UNKNOWN_COLUMN", Place(column[:80]))
    if not table.rows:
        findings.refuse_if_bad()
        raise FileRefused("EMPTY_FILE", f"{name} has a header and no line below it")


def _read_customers(table: Table, findings: Findings) -> tuple[Customer, ...]:
    ids = UniqueIds(findings, "customer")
    customers = []
    for place, fields in table.rows:
        row = read_row(CustomerLine, fields, place, findings)
        if row is not None and ids.add(row.customer_id, place.at("customer_id")):
            customers.append(customer_of(row))
    return tuple(customers)


class _Side:
    """What the lines say of one customer's own or foreign holdings."""

    def __init__(self, place: Place, row: SubscriptionLine) -> None:
        self.place = place
        self.holdings = row.holdings or HoldingsState.PARTIAL
        self.subscriptions: list[Subscription] = []
        self.is_said_empty = row.subscription_id is None

    def add(self, row: SubscriptionLine, place: Place, findings: Findings) -> None:
        """Report a line that contradicts the side's first one."""
        if (row.holdings or HoldingsState.PARTIAL) is not self.holdings:
            message = f"holdings differ from those given for the same side at {self.place}"
            findings.problem("HOLDINGS_DISAGREE", place.at("holdings"), message)
        if self.is_said_empty or row.subscription_id is None:
            message = f"a side said to be empty has another line at {self.place}"
            findings.problem("NOT_EMPTY", place.at("subscription_id"), message)


def _read_subscriptions(table: Table, options: ImportOptions, findings: Findings) -> CustomerImport:
    ids = UniqueIds(findings, "subscription")
    sides: dict[tuple[str, bool], _Side] = {}
    for place, fields in table.rows:
        row = read_row(SubscriptionLine, fields, place, findings)
        if row is None or not _says_something(row, place, findings):
            continue
        side = _side_of(row, place, sides, findings)
        named = row.subscription_id
        if named is not None and ids.add(named, place.at("subscription_id")):
            side.subscriptions.append(subscription_of(row, named, place, findings))
    for side in sides.values():
        refuse_circles(side.subscriptions, ids, "parent_subscription_id")
    return CustomerImport(holdings=_changes(sides, options))


def _side_of(
    row: SubscriptionLine,
    place: Place,
    sides: dict[tuple[str, bool], _Side],
    findings: Findings,
) -> _Side:
    key = (row.customer_id, row.held_by is not Seller.US)
    if key in sides:
        sides[key].add(row, place, findings)
    else:
        sides[key] = _Side(place, row)
    return sides[key]


def _says_something(row: SubscriptionLine, place: Place, findings: Findings) -> bool:
    """A line without subscription_id must be meant: complete, and nothing else filled."""
    if row.subscription_id is not None:
        return True
    filled = row.model_fields_set - _SIDE_COLUMNS
    others = sorted(name for name in filled if getattr(row, name) is not None)
    if others or row.holdings is not HoldingsState.COMPLETE:
        message = (
            "a subscription_id is needed; only a line with customer_id, held_by and "
            "holdings=complete alone, which says that there is none, may go without"
        )
        findings.problem("MISSING", place.at("subscription_id"), message)
        return False
    return True


def _changes(
    sides: Mapping[tuple[str, bool], _Side], options: ImportOptions
) -> tuple[HoldingsChange, ...]:
    """Return one change per customer and side, in the order of the file."""
    return tuple(
        HoldingsChange(
            customer_id,
            is_foreign,
            options.state(inferred_complete=side.holdings is HoldingsState.COMPLETE),
            options.as_of,
            tuple(side.subscriptions),
        )
        for (customer_id, is_foreign), side in sides.items()
    )
