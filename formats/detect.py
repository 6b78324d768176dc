"""What an uploaded file says: its shape is recognized, and all of it is taken or nothing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from formats.content import DEFAULT_MAX_BYTES, check_size, decode_text, parse_json
from formats.import_options import ImportOptions as ImportOptions
from formats.microsoft import graph, graph_users, partner_center
from formats.microsoft.partner_center_subscriptions import read_subscriptions
from formats.microsoft.shapes import Kind, Shape, shape_of
from formats.own import bundle, csv_files
from formats.problems import FileRefused, Findings, Notice, UniqueIds
from planner.customers import HoldingsState
from resolvers.records.imports import AccountsChange, CustomerImport, HoldingsChange

_OUR_HEADER = re.compile(r"\A(sep=.\r?\n)?[^\r\n]*\bcustomer_id\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file holds, ready to be stored."""

    customer_import: CustomerImport
    notices: tuple[Notice, ...]
    kind: str
    """One of `formats.microsoft.shapes.Kind`."""
    rows: int
    """Customers, subscriptions and user accounts taken."""


def read_import(
    content: bytes, *, name: str, options: ImportOptions, max_bytes: int = DEFAULT_MAX_BYTES
) -> Parsed:
    """Return what the file says; `name` serves messages and, by its ending, recognition.

    Cost: memory of about ten times the file while it is read. Raises: FileRefused, whose code is
    FILE_TOO_LARGE, EMPTY_FILE, NOT_UTF8, NOT_JSON, NOT_A_KNOWN_SHAPE, CUSTOMER_NEEDED,
    WRONG_HEADER, TOO_MANY_ROWS or BAD_ROWS.
    """
    check_size(content, name=name, max_bytes=max_bytes)
    text = decode_text(content, name=name)
    findings = Findings()
    if _is_json(text, name):
        kind, changes = _read_json(parse_json(text, name=name), name, options, findings)
    else:
        kind, changes = _read_csv(text, name, options, findings)
    findings.refuse_if_bad()
    _check_customer(changes, options, name)
    return Parsed(changes, findings.notices, kind.value, _rows(changes))


def _rows(changes: CustomerImport) -> int:
    subscriptions = sum(len(one.subscriptions) for one in changes.holdings)
    return (
        len(changes.customers) + subscriptions + sum(len(one.accounts) for one in changes.accounts)
    )


def _is_json(text: str, name: str) -> bool:
    return text.lstrip()[:1] in ("{", "[") or name.lower().endswith(".json")


def _read_csv(
    text: str, name: str, options: ImportOptions, findings: Findings
) -> tuple[Kind, CustomerImport]:
    if not name.lower().endswith((".csv", ".txt")) and not _OUR_HEADER.match(text):
        raise FileRefused("NOT_A_KNOWN_SHAPE", f"{name} is neither JSON nor one of our CSV files")
    return csv_files.read_csv(text, name=name, options=options, findings=findings)


def _read_json(
    value: object, name: str, options: ImportOptions, findings: Findings
) -> tuple[Kind, CustomerImport]:
    if isinstance(value, dict) and "customers" in value:
        return Kind.BUNDLE, bundle.read_bundle(value, options, findings)
    has_customer = options.customer_id is not None
    shape = shape_of(value, name=name, has_customer=has_customer, findings=findings)
    if shape.kind is Kind.CUSTOMERS:
        customers = partner_center.read_customers(shape.collection.items, findings)
        return shape.kind, CustomerImport(customers=customers)
    if options.customer_id is None:
        raise FileRefused(
            "CUSTOMER_NEEDED",
            f"{name} does not name the customer that its rows belong to; say which one "
            "(--customer, or `customerId`)",
        )
    if shape.kind is Kind.USERS:
        accounts = _users(shape, options.customer_id, options, findings)
        return shape.kind, CustomerImport(accounts=(accounts,))
    change = _READERS[shape.kind](shape, options.customer_id, options, findings)
    return shape.kind, CustomerImport(holdings=(change,))


def _own(
    shape: Shape, customer_id: str, options: ImportOptions, findings: Findings
) -> HoldingsChange:
    subscriptions = read_subscriptions(
        shape.collection.items,
        customer_id=customer_id,
        ids=UniqueIds(findings, "subscription"),
        findings=findings,
    )
    state = options.state(inferred_complete=shape.collection.is_complete)
    return HoldingsChange(customer_id, False, state, options.as_of, subscriptions)


def _directory(
    shape: Shape, customer_id: str, options: ImportOptions, findings: Findings
) -> HoldingsChange:
    subscriptions = graph.read_directory(
        shape.collection,
        graph.Tenant(customer_id, options.partner_tenant_id),
        ids=UniqueIds(findings, "subscription"),
        seen=graph.Seen(),
        findings=findings,
    )
    state = options.state(inferred_complete=shape.collection.is_complete)
    return HoldingsChange(customer_id, True, state, options.as_of, subscriptions)


def _skus(
    shape: Shape, customer_id: str, options: ImportOptions, findings: Findings
) -> HoldingsChange:
    """Products alone stay PARTIAL, whatever the options say: they do not tell whose they are."""
    subscriptions = graph.read_skus(
        shape.collection,
        graph.Tenant(customer_id, options.partner_tenant_id),
        ids=UniqueIds(findings, "subscription"),
        seen=graph.Seen(),
        findings=findings,
    )
    return HoldingsChange(customer_id, True, HoldingsState.PARTIAL, options.as_of, subscriptions)


def _users(
    shape: Shape, customer_id: str, options: ImportOptions, findings: Findings
) -> AccountsChange:
    ids = UniqueIds(findings, "user")
    accounts = graph_users.read_users(shape.collection, ids=ids, findings=findings)
    state = options.state(inferred_complete=shape.collection.is_complete)
    return AccountsChange(customer_id, state, options.as_of, accounts)


_READERS: Mapping[Kind, Callable[[Shape, str, ImportOptions, Findings], HoldingsChange]] = {
    Kind.SUBSCRIPTIONS: _own,
    Kind.DIRECTORY: _directory,
    Kind.SKUS: _skus,
}


def _check_customer(changes: CustomerImport, options: ImportOptions, name: str) -> None:
    """Refuse a file about another customer than the one it was said to be of."""
    if options.customer_id is None:
        return
    named = {one.customer_id for one in changes.customers + changes.holdings}
    named |= {one.customer_id for one in changes.accounts}
    others = sorted(named - {options.customer_id})
    if others:
        raise FileRefused(
            "OTHER_CUSTOMER",
            f"{name} is about {len(others)} other customer(s) than {options.customer_id}; "
            f"the first is {others[0]}",
        )
