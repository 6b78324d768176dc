"""What one line of our two CSV files says of a customer or a subscription (docs/formats.md)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import ClassVar

from formats.microsoft.partner_center_subscriptions import STATES
from formats.own.csv_table import CsvRow
from formats.own.csv_values import (
    CsvFlag,
    CsvHoldings,
    CsvMarket,
    CsvSeats,
    CsvSegment,
    CsvSeller,
    CsvTranches,
)
from formats.problems import Findings, Place
from formats.rows import read_billing_cycle, read_state, read_term
from formats.values import (
    Guid,
    OptionalDay,
    OptionalGuid,
    OptionalInstant,
    OptionalText,
    Text,
    catalog_id_of,
    is_far,
    known,
)
from planner.customers import Customer, RenewalInstructions, Seller, Subscription
from planner.ids import ProductGuid


class CustomerLine(CsvRow):
    """One line of customers.csv."""

    required_columns: ClassVar[frozenset[str]] = frozenset({"customer_id", "name"})
    customer_id: Guid
    name: Text
    domain: OptionalText = None
    market: CsvMarket = None
    segment: CsvSegment = None
    agreement: CsvFlag = None
    delegated_admin: CsvFlag = None


class SubscriptionLine(CsvRow):
    """One line of subscriptions.csv; without subscription_id it says: nothing on this side."""

    required_columns: ClassVar[frozenset[str]] = frozenset(
        {"customer_id", "held_by", "subscription_id", "state"}
    )
    customer_id: Guid
    held_by: CsvSeller
    subscription_id: OptionalGuid = None
    offer_id: OptionalText = None
    product_guid: OptionalGuid = None
    title: OptionalText = None
    state: OptionalText = None
    seats: CsvSeats = None
    term: OptionalText = None
    billing_cycle: OptionalText = None
    created_date: OptionalDay = None
    start_date: OptionalDay = None
    last_day: OptionalDay = None
    auto_renew: CsvFlag = None
    is_trial: CsvFlag = None
    parent_subscription_id: OptionalGuid = None
    promotion_id: OptionalText = None
    promotion_ends: OptionalDay = None
    cancellable_until: OptionalInstant = None
    reducible: CsvTranches = None
    renewal_offer_id: OptionalText = None
    renewal_term: OptionalText = None
    renewal_billing_cycle: OptionalText = None
    renewal_seats: CsvSeats = None
    renewal_last_day: OptionalDay = None
    cancels_at_end: CsvFlag = None
    partner_id: OptionalText = None
    migrated_from: OptionalGuid = None
    holdings: CsvHoldings = None


def customer_of(row: CustomerLine) -> Customer:
    """Return the customer of a checked line, without holdings."""
    return Customer(
        row.customer_id,
        row.name,
        row.domain,
        row.market,
        row.segment,
        agreement=known(row.agreement),
        delegated_admin=known(row.delegated_admin),
    )


def subscription_of(
    row: SubscriptionLine, subscription_id: str, place: Place, findings: Findings
) -> Subscription:
    """Return the subscription of a checked line that names one."""
    _check_offer(row, place, findings)
    _check_state(row, place, findings)
    if row.parent_subscription_id == subscription_id:
        findings.problem("BAD_PARENT", place.at("parent_subscription_id"), "it is its own parent")
    held = Subscription(
        subscription_id=subscription_id,
        seller=row.held_by,
        state=read_state(row.state, STATES, place.at("state"), findings),
        state_as_given=row.state or "",
        catalog_id=catalog_id_of(row.offer_id) if row.offer_id else None,
        product_guid=ProductGuid(row.product_guid) if row.product_guid else None,
        title=row.title or "",
        seats=row.seats,
        is_trial=row.is_trial,
        term=read_term(row.term, place.at("term"), findings),
        billing_cycle=read_billing_cycle(row.billing_cycle, place.at("billing_cycle"), findings),
        created=_midnight(row.created_date),
        starts=_midnight(row.start_date),
        last_day=_end(row.last_day),
        auto_renews=row.auto_renew,
        parent_id=row.parent_subscription_id,
    )
    return _with_terms(held, row, place, findings)


def _with_terms(
    held: Subscription, row: SubscriptionLine, place: Place, findings: Findings
) -> Subscription:
    """Return the subscription with its promotion, its window and what is scheduled."""
    return replace(
        held,
        promotion_id=row.promotion_id,
        promotion_ends=row.promotion_ends,
        cancellable_until=row.cancellable_until,
        reducible=row.reducible,
        renewal=_renewal(row, place, findings),
        cancels_at_end=row.cancels_at_end,
        partner_of_record=row.partner_id,
        migrated_from=row.migrated_from,
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _end(day: date | None) -> date | None:
    return None if day and is_far(day) else day


def _renewal(row: SubscriptionLine, place: Place, findings: Findings) -> RenewalInstructions | None:
    """Return what the renewal columns say; None where all are blank."""
    offer, term = row.renewal_offer_id, place.at("renewal_term")
    if offer is not None and catalog_id_of(offer) is None:
        findings.notice("NOT_A_LICENCE_OFFER", place.at("renewal_offer_id"), offer)
        return None
    cycle = place.at("renewal_billing_cycle")
    told = RenewalInstructions(
        catalog_id=catalog_id_of(offer) if offer else None,
        term=read_term(row.renewal_term, term, findings),
        billing_cycle=read_billing_cycle(row.renewal_billing_cycle, cycle, findings),
        seats=row.renewal_seats,
        custom_end=_end(row.renewal_last_day),
    )
    return None if told == RenewalInstructions() else told


def _check_offer(row: SubscriptionLine, place: Place, findings: Findings) -> None:
    """Ours must name its offer; another's may be known by its product alone."""
    if row.offer_id is None and (row.held_by is Seller.US or row.product_guid is None):
        wanted = "offer_id" if row.held_by is Seller.US else "offer_id or product_guid"
        findings.problem("MISSING", place.at("offer_id"), f"{wanted} is needed")
    if row.offer_id is not None and catalog_id_of(row.offer_id) is None:
        findings.notice("NOT_A_LICENCE_OFFER", place.at("offer_id"), row.offer_id)


def _check_state(row: SubscriptionLine, place: Place, findings: Findings) -> None:
    if row.state is None:
        findings.problem("MISSING", place.at("state"), "a state is needed, such as active")
    if row.start_date and row.last_day and row.last_day < row.start_date:
        findings.problem("BAD_DATE", place.at("last_day"), "it lies before start_date")
