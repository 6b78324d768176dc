"""What a Subscription resource says of giving seats back, of renewal and of cancelling.

Field names: docs/sources.md 5. A part whose meaning is not plain is noted and left unknown, so that
nobody takes it for `nothing is scheduled`.
"""

import re
from typing import Any

from formats.problems import Findings, Place
from formats.rows import Row, names, read_billing_cycle, read_term
from formats.values import OptionalInstant, OptionalSeats, OptionalText, catalog_id_of, last_day_of
from planner.customers import Reducible, RenewalInstructions
from planner.ids import CatalogId

_CANCELS = frozenset({"cancel", "cancellation", "cancelsubscription"})
"""Our reading: no public page lists the values of `actionType`."""


class TrancheRow(Row):
    """Seats that were added together."""

    quantity: OptionalSeats = None
    allowed_until_date_time: OptionalInstant = None


class RefundableRow(Row):
    """`refundableQuantity`."""

    total_quantity: OptionalSeats = None
    details: list[TrancheRow] | None = None


class NextProductRow(Row):
    ignored = names("availabilityId promotionId")
    product_id: OptionalText = None
    sku_id: OptionalText = None
    billing_cycle: OptionalText = None
    term_duration: OptionalText = None


class NextTermRow(Row):
    """`scheduledNextTermInstructions`."""

    product: NextProductRow | None = None
    quantity: OptionalSeats = None
    custom_term_end_date: OptionalInstant = None


def reducible_of(
    row: RefundableRow | None, place: Place, findings: Findings
) -> tuple[Reducible, ...] | None:
    """Return the tranches, the first to lapse first; None where the list or a part is missing.

    Source: docs/sources.md 6 (each addition of seats has its own days).
    """
    if row is None:
        return None
    if row.details is None:
        return () if row.total_quantity == 0 else None
    found = []
    for index, tranche in enumerate(row.details):
        if tranche.quantity is None or tranche.allowed_until_date_time is None:
            findings.notice("MISSING_VALUE", place.at("details", index))
            return None
        found.append(Reducible(tranche.quantity, tranche.allowed_until_date_time))
    if row.total_quantity not in (None, sum(one.seats for one in found)):
        findings.notice("REFUNDABLE_DISAGREES", place.at("totalQuantity"))
    return tuple(sorted(found, key=lambda one: (one.until, one.seats)))


def renewal_of(
    row: NextTermRow | None, catalog_id: CatalogId | None, place: Place, findings: Findings
) -> RenewalInstructions | None:
    """Return what the next renewal changes; None where nothing is given or its product is not.

    `catalog_id` is the subscription's offer. A custom end is inclusive in new commerce.
    """
    if row is None:
        return None
    product, here = row.product or NextProductRow(), place.at("product")
    target = _target(product, here, findings)
    if target is None and (product.product_id or product.sku_id):
        return None
    ends = row.custom_term_end_date
    told = RenewalInstructions(
        catalog_id=target,
        term=read_term(product.term_duration, here.at("termDuration"), findings),
        billing_cycle=read_billing_cycle(product.billing_cycle, here.at("billingCycle"), findings),
        seats=row.quantity,
        custom_end=None if ends is None else last_day_of(ends, target or catalog_id),
    )
    return None if told == RenewalInstructions() else told


def _target(row: NextProductRow, place: Place, findings: Findings) -> CatalogId | None:
    """Return the SKU of the next term; half an id, or no licence's, is noted."""
    if not (row.product_id or row.sku_id):
        return None
    if row.product_id is None or row.sku_id is None:
        findings.notice("MISSING_VALUE", place.at("productId" if row.sku_id else "skuId"))
        return None
    given = f"{row.product_id}:{row.sku_id}"
    target = catalog_id_of(given)
    if target is None:
        findings.notice("NOT_A_LICENCE_OFFER", place.at("productId"), given)
    return target


def cancels_at_end_of(actions: Any, place: Place, findings: Findings) -> bool | None:
    """Return whether `scheduledActions` holds a cancel action; None where that is not plain.

    An empty list is a no. The shape of an element is not published, so what is not a cancel action
    is noted and makes the answer unknown. Source: docs/sources.md 5 (scheduled actions).
    """
    if actions is None:
        return None
    if not isinstance(actions, list):
        findings.notice("UNKNOWN_VALUE", place)
        return None
    cancels = [_cancels(action, place.at(index), findings) for index, action in enumerate(actions)]
    if any(cancels):
        return True
    return None if actions else False


def _cancels(action: object, place: Place, findings: Findings) -> bool:
    given = action.get("actionType") if isinstance(action, dict) else None
    word = given if isinstance(given, str) else ""
    if re.sub(r"[^a-z]", "", word.lower()) in _CANCELS:
        return True
    findings.notice("UNKNOWN_VALUE", place.at("actionType"), word)
    return False
