"""What Partner Center's subscriptions (REST, JSON) say of what a customer holds with us.

Shapes: docs/formats.md, from Microsoft's subscription resource.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from formats.microsoft.collection import Items
from formats.microsoft.subscription_terms import (
    NextTermRow,
    RefundableRow,
    cancels_at_end_of,
    reducible_of,
    renewal_of,
)
from formats.parents import refuse_circles
from formats.problems import Findings, Place, UniqueIds
from formats.rows import Row, names, read_billing_cycle, read_row, read_state, read_term
from formats.values import (
    Guid,
    OptionalFlag,
    OptionalGuid,
    OptionalInstant,
    OptionalSeats,
    OptionalText,
    Text,
    catalog_id_of,
    last_day_of,
)
from planner.customers import RenewalInstructions, Seller, Subscription, SubscriptionState
from planner.ids import CatalogId

STATES: Mapping[str, SubscriptionState] = {
    state.value.lower(): state
    for state in SubscriptionState
    if state is not SubscriptionState.UNRECOGNIZED
}
"""The documented values of `status`: docs/sources.md 5. CSV files use the same words."""
_CUSTOMER_IN_LINK = re.compile(r"/customers/([0-9a-f-]{36})/", re.IGNORECASE)


_USAGE = "usage"
"""`billingType` of what is paid by use [docs/sources.md 5]."""


class SubscriptionRow(Row):
    """A Subscription resource, legacy or new commerce."""

    ignored = names(
        "entitlementId unitType effectiveStartDateTime hasPurchasableAddons "
        "isMicrosoftProduct actions suspensionReasons contractType publisherName orderId "
        "attributes productType billingCycleEndDate billingCycleEndDateTime "
        "renewalTermDuration refundOptions nextChargeInstructions consumptionType "
        "attentionNeeded actionTaken"
    )
    id: Guid
    offer_id: Text
    offer_name: OptionalText = None
    friendly_name: OptionalText = None
    quantity: OptionalSeats = None
    parent_subscription_id: OptionalGuid = None
    creation_date: OptionalInstant = None
    effective_start_date: OptionalInstant = None
    commitment_end_date: OptionalInstant = None
    commitment_end_date_time: OptionalInstant = None
    status: OptionalText = None
    auto_renew_enabled: OptionalFlag = None
    billing_cycle: OptionalText = None
    billing_type: OptionalText = None
    term_duration: OptionalText = None
    is_trial: OptionalFlag = None
    promotion_id: OptionalText = None
    cancellation_allowed_until_date: OptionalInstant = None
    refundable_quantity: RefundableRow | None = None
    scheduled_next_term_instructions: NextTermRow | None = None
    scheduled_actions: Any = None
    partner_id: OptionalText = None
    migrated_from_subscription_id: OptionalGuid = None
    links: Any = None

    @property
    def last_day_of_promotion(self) -> date | None:
        """No field of the resource tells when a promotion ends."""
        return None


def read_subscriptions(
    items: Items,
    *,
    customer_id: str,
    ids: UniqueIds,
    findings: Findings,
    row_type: type[SubscriptionRow] = SubscriptionRow,
) -> tuple[Subscription, ...]:
    """Return our subscriptions of one customer, in the file's order."""
    found = tuple(_subscriptions(items, customer_id, ids, findings, row_type))
    refuse_circles(found, ids, "parentSubscriptionId")
    return found


def _subscriptions(
    items: Items,
    customer_id: str,
    ids: UniqueIds,
    findings: Findings,
    row_type: type[SubscriptionRow],
) -> Iterator[Subscription]:
    for place, item in items:
        row = read_row(row_type, item, place, findings)
        if row is not None and ids.add(row.id, place.at("id")):
            _check_customer(row.links, customer_id, place, findings)
            yield _subscription_of(row, place, findings)


def _check_customer(links: Any, customer_id: str, place: Place, findings: Findings) -> None:
    """Report a subscription whose own link names another customer than the importer did."""
    own = links.get("self") if isinstance(links, dict) else None
    uri = own.get("uri") if isinstance(own, dict) else None
    match = _CUSTOMER_IN_LINK.search(uri) if isinstance(uri, str) else None
    if match and match.group(1).lower() != customer_id:
        message = f"this is a subscription of customer {match.group(1).lower()}, not {customer_id}"
        findings.problem("OTHER_CUSTOMER", place.at("links", "self", "uri"), message)


def _subscription_of(row: SubscriptionRow, place: Place, findings: Findings) -> Subscription:
    offer_id = catalog_id_of(row.offer_id)
    # An Azure plan's id has the shape of a licence SKU's; only its billing tells.
    catalog_id = None if row.billing_type == _USAGE else offer_id
    if catalog_id is None:
        findings.notice("NOT_A_LICENCE_OFFER", place.at("offerId"), row.offer_id)
    if row.parent_subscription_id == row.id:
        findings.problem("BAD_PARENT", place.at("parentSubscriptionId"), "it is its own parent")
    held = Subscription(
        subscription_id=row.id,
        seller=Seller.US,
        state=read_state(row.status, STATES, place.at("status"), findings),
        state_as_given=row.status or "",
        catalog_id=catalog_id,
        title=row.offer_name or "",
        friendly_name=row.friendly_name or "",
        seats=row.quantity,
        is_trial=row.is_trial,
        term=read_term(row.term_duration, place.at("termDuration"), findings),
        billing_cycle=read_billing_cycle(row.billing_cycle, place.at("billingCycle"), findings),
        created=row.creation_date,
        starts=row.effective_start_date,
        last_day=_last_day(row, offer_id, place, findings),
        auto_renews=row.auto_renew_enabled,
        parent_id=row.parent_subscription_id,
        promotion_id=row.promotion_id,
    )
    return _with_terms(held, row, place, findings)


def _with_terms(
    held: Subscription, row: SubscriptionRow, place: Place, findings: Findings
) -> Subscription:
    """Return the subscription with what came after the resource's first fields."""
    refundable, actions = place.at("refundableQuantity"), place.at("scheduledActions")
    return replace(
        held,
        promotion_ends=row.last_day_of_promotion,
        cancellable_until=row.cancellation_allowed_until_date,
        reducible=reducible_of(row.refundable_quantity, refundable, findings),
        renewal=_renewal(row, held.catalog_id, place, findings),
        cancels_at_end=cancels_at_end_of(row.scheduled_actions, actions, findings),
        partner_of_record=row.partner_id,
        migrated_from=row.migrated_from_subscription_id,
    )


def _renewal(
    row: SubscriptionRow, catalog_id: CatalogId | None, place: Place, findings: Findings
) -> RenewalInstructions | None:
    here = place.at("scheduledNextTermInstructions")
    return renewal_of(row.scheduled_next_term_instructions, catalog_id, here, findings)


def _last_day(
    row: SubscriptionRow, catalog_id: CatalogId | None, place: Place, findings: Findings
) -> date | None:
    """Return the last day by commitmentEndDate, else by commitmentEndDateTime."""
    ends = (row.commitment_end_date, row.commitment_end_date_time)
    days = [last_day_of(end, catalog_id) for end in ends if end is not None]
    if len(set(days)) > 1:
        findings.notice("END_DATES_DISAGREE", place.at("commitmentEndDateTime"))
    return days[0] if days else None
