"""What our own bundle says: customers with all that is known of their holdings, in one file.

Shape: {"customers": [{...Customer resource..., "segment": "COMMERCIAL", "subscriptions":
Collection, "directorySubscriptions": Graph answer, "subscribedSkus": Graph answer, "users": Graph
answer}]}. A part that is absent or null leaves what is stored. A subscription may add
`promotionEnds`, which no resource tells.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from formats.import_options import ImportOptions
from formats.microsoft import graph, graph_users, partner_center
from formats.microsoft.collection import Collection, bare_array, placed
from formats.microsoft.partner_center_subscriptions import SubscriptionRow, read_subscriptions
from formats.problems import Findings, Place, UniqueIds
from formats.rows import read_row
from formats.values import OptionalDay, OptionalText
from planner.customers import Customer, HoldingsState, Subscription
from planner.offers import Segment
from resolvers.records.imports import AccountsChange, CustomerImport, HoldingsChange

ReadWrapper = Callable[[Mapping[str, Any], Place, Findings], Collection]


class BundleRow(partner_center.CustomerRow):
    """A Customer resource with five fields of ours."""

    segment: OptionalText = None
    subscriptions: Any = None
    directory_subscriptions: Any = None
    subscribed_skus: Any = None
    users: Any = None


class BundleSubscriptionRow(SubscriptionRow):
    """A Subscription resource with a field of ours."""

    promotion_ends: OptionalDay = None

    @property
    def last_day_of_promotion(self) -> date | None:
        return self.promotion_ends


@dataclass(slots=True)
class _Reader:
    """The ids of one bundle, own and foreign apart, and what is read of it so far."""

    options: ImportOptions
    findings: Findings
    customer_ids: UniqueIds
    own_ids: UniqueIds
    foreign_ids: UniqueIds
    user_ids: UniqueIds
    customers: list[Customer] = field(default_factory=list)
    changes: list[HoldingsChange] = field(default_factory=list)
    accounts: list[AccountsChange] = field(default_factory=list)


def read_bundle(
    value: Mapping[str, Any], options: ImportOptions, findings: Findings
) -> CustomerImport:
    """Return every customer of the bundle and the changes of their holdings, in its order."""
    rows = value["customers"]
    if not isinstance(rows, list):
        findings.problem("WRONG_TYPE", Place("customers"), "a list of customers is needed")
        return CustomerImport()
    for name in value.keys() - {"customers"}:
        findings.notice("UNKNOWN_FIELD", Place(name[:80]))
    reader = _Reader(
        options,
        findings,
        customer_ids=UniqueIds(findings, "customer"),
        own_ids=UniqueIds(findings, "subscription"),
        foreign_ids=UniqueIds(findings, "subscription"),
        user_ids=UniqueIds(findings, "user"),
    )
    for place, item in placed(rows, Place("customers")):
        _read_customer(item, place, reader)
    return CustomerImport(tuple(reader.customers), tuple(reader.changes), tuple(reader.accounts))


def _read_customer(item: object, place: Place, reader: _Reader) -> None:
    row = read_row(BundleRow, item, place, reader.findings)
    if row is None:
        return
    customer = partner_center.customer_of(row, place, reader.findings)
    if customer is None or not reader.customer_ids.add(customer.customer_id, place.at("id")):
        return
    segment = _segment(row, place, reader.findings)
    reader.customers.append(replace(customer, segment=segment or customer.segment))
    own = _own(row, customer.customer_id, place, reader)
    foreign = _foreign(row, customer.customer_id, own, place, reader)
    reader.changes += [change for change in (own, foreign) if change is not None]
    if row.users is not None:
        reader.accounts.append(_accounts(row.users, customer.customer_id, place, reader))


def _accounts(users: object, customer_id: str, place: Place, reader: _Reader) -> AccountsChange:
    collection = _collection(users, place.at("users"), graph.read_collection, reader)
    accounts = graph_users.read_users(collection, ids=reader.user_ids, findings=reader.findings)
    state = reader.options.state(inferred_complete=collection.is_complete)
    return AccountsChange(customer_id, state, reader.options.as_of, accounts)


def _segment(row: BundleRow, place: Place, findings: Findings) -> Segment | None:
    if row.segment is None:
        return None
    if row.segment.upper() not in Segment.__members__:
        known = ", ".join(Segment.__members__)
        findings.problem("BAD_SEGMENT", place.at("segment"), f"one of {known} is needed")
        return None
    return Segment[row.segment.upper()]


def _own(row: BundleRow, customer_id: str, place: Place, reader: _Reader) -> HoldingsChange | None:
    if row.subscriptions is None:
        return None
    here = place.at("subscriptions")
    collection = _collection(row.subscriptions, here, partner_center.read_collection, reader)
    subscriptions = read_subscriptions(
        collection.items,
        customer_id=customer_id,
        ids=reader.own_ids,
        findings=reader.findings,
        row_type=BundleSubscriptionRow,
    )
    state = reader.options.state(inferred_complete=collection.is_complete)
    return HoldingsChange(customer_id, False, state, reader.options.as_of, subscriptions)


def _collection(
    value: object, place: Place, read_wrapper: ReadWrapper, reader: _Reader
) -> Collection:
    """Return the rows of an answer, or of a bare array, which cannot say that it is complete."""
    if isinstance(value, list):
        return bare_array(value, place)
    if isinstance(value, dict):
        return read_wrapper(value, place, reader.findings)
    reader.findings.problem("WRONG_TYPE", place, "an answer object or an array is needed")
    return Collection((), is_complete=False)


def _foreign(
    row: BundleRow, customer_id: str, own: HoldingsChange | None, place: Place, reader: _Reader
) -> HoldingsChange | None:
    """Return what directory/subscriptions tells, and what subscribedSkus adds to it."""
    if row.directory_subscriptions is None and row.subscribed_skus is None:
        return None
    tenant = _tenant(customer_id, own, reader)
    seen = graph.Seen()
    complete = False
    found: tuple[Subscription, ...] = ()
    if row.directory_subscriptions is not None:
        here = place.at("directorySubscriptions")
        directory = _collection(row.directory_subscriptions, here, graph.read_collection, reader)
        found = graph.read_directory(
            directory, tenant, ids=reader.foreign_ids, seen=seen, findings=reader.findings
        )
        complete = directory.is_complete
    added = _added_by_skus(row, tenant, seen, place, reader)
    state = _foreign_state(row, complete=complete and not added, reader=reader)
    return HoldingsChange(customer_id, True, state, reader.options.as_of, found + added)


def _tenant(customer_id: str, own: HoldingsChange | None, reader: _Reader) -> graph.Tenant:
    ids = frozenset(one.subscription_id for one in own.subscriptions) if own else frozenset()
    is_complete = own is not None and own.state is HoldingsState.COMPLETE
    return graph.Tenant(customer_id, reader.options.partner_tenant_id, ids, is_complete)


def _added_by_skus(
    row: BundleRow, tenant: graph.Tenant, seen: graph.Seen, place: Place, reader: _Reader
) -> tuple[Subscription, ...]:
    if row.subscribed_skus is None:
        return ()
    here = place.at("subscribedSkus")
    skus = _collection(row.subscribed_skus, here, graph.read_collection, reader)
    return graph.read_skus(
        skus, tenant, ids=reader.foreign_ids, seen=seen, findings=reader.findings
    )


def _foreign_state(row: BundleRow, *, complete: bool, reader: _Reader) -> HoldingsState:
    """Products alone never make foreign holdings complete: they do not tell whose they are."""
    if row.directory_subscriptions is None:
        return HoldingsState.PARTIAL
    return reader.options.state(inferred_complete=complete)
