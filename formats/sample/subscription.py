"""What Partner Center would say of one subscription of the sample.

Legacy resources carry none of the fields that came with new commerce: cancellation and reduction,
scheduled changes, and where a subscription was migrated from.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Any

from formats.sample.file import CustomerEntry, NextTermEntry, OfferEntry, OwnEntry, PortfolioFile
from formats.sample.ids import derived, own_id
from planner.ids import is_new_commerce

_NO_END = "9999-12-31T00:00:00Z"
_LEGACY_RENEWALS = 5
_NEW_RENEWALS = 2
"""Years between the purchase and the current term: most customers did not buy yesterday."""
_GIVE_BACK = timedelta(days=7)
"""New commerce is cancelled and reduced within seven days [docs/sources.md 6]."""
_FIELDS = {
    "created": "creationDate",
    "billing": "billingCycle",
    "trial": "isTrial",
    "partner": "partnerId",
}
_MONTHS = {"P1M": 1, "P1Y": 12, "P3Y": 36}


def own_row(portfolio: PortfolioFile, customer: CustomerEntry, own: OwnEntry) -> dict[str, Any]:
    """Return the Subscription resource, with `promotionEnds` where the file tells it."""
    offer = portfolio.offers[own.offer]
    bases = {base.named: own_id(customer, base) for base in customer.own}
    row = {
        "id": own_id(customer, own),
        "offerId": offer.catalog_id,
        "offerName": offer.title,
        "friendlyName": offer.title,
        "quantity": own.seats,
        "parentSubscriptionId": None if own.parent is None else bases[own.parent],
        "creationDate": _midnight(_created(offer, own)),
        "effectiveStartDate": _midnight(own.start),
        "status": own.state,
        "autoRenewEnabled": own.auto_renew,
        "billingCycle": own.billing,
        "billingType": "usage" if offer.by_usage else "license",
        "isTrial": own.trial,
        "partnerId": portfolio.partner_id if own.partner is None else own.partner,
        **_term(offer, own),
        **_promotion(own),
    }
    row |= {_FIELDS[name]: None for name in own.not_known}
    if offer.by_usage or not is_new_commerce(offer.catalog_id):
        return row
    return row | _give_back(portfolio, own) | _next_term(portfolio, customer, own)


def _term(offer: OfferEntry, own: OwnEntry) -> dict[str, Any]:
    if own.term == "none":
        return {"commitmentEndDate": _NO_END}
    end = _add_months(own.start, _MONTHS[own.term])
    if not is_new_commerce(offer.catalog_id):
        # Legacy writes the first day after the term, new commerce the last one of it.
        return {"termDuration": own.term, "commitmentEndDate": _midnight(end)}
    last = (end - timedelta(days=1)).isoformat()
    return {
        "termDuration": own.term,
        "commitmentEndDate": f"{last}T00:00:00Z",
        "commitmentEndDateTime": f"{last}T23:59:59Z",
    }


def _promotion(own: OwnEntry) -> dict[str, Any]:
    if own.promotion is None:
        return {}
    ends = own.promotion_ends
    return {"promotionId": own.promotion, "promotionEnds": ends and ends.isoformat()}


def _give_back(portfolio: PortfolioFile, own: OwnEntry) -> dict[str, Any]:
    """Return until when it may be cancelled, and which seats may still be given back."""
    if own.trial:
        return {}
    added = [(tranche.seats, tranche.on) for tranche in own.added]
    first = own.seats - sum(seats for seats, _ in added)
    open_still = [
        {"quantity": seats, "allowedUntilDateTime": _midnight(day + _GIVE_BACK)}
        for seats, day in ((first, own.start), *added)
        if _instant(day + _GIVE_BACK) > portfolio.as_of
    ]
    return {
        "cancellationAllowedUntilDate": _midnight(own.start + _GIVE_BACK),
        "refundableQuantity": {
            "totalQuantity": sum(tranche["quantity"] for tranche in open_still),
            "details": open_still,
        },
    }


def _next_term(portfolio: PortfolioFile, customer: CustomerEntry, own: OwnEntry) -> dict[str, Any]:
    """Return what is scheduled, and which legacy subscription it came from."""
    came_from = own.migrated_from
    return {
        "scheduledNextTermInstructions": own.renewal and _instructions(portfolio, own.renewal),
        "scheduledActions": [{"actionType": "cancel"}] if own.cancels_at_end else [],
        "migratedFromSubscriptionId": came_from and derived(customer, "own", came_from),
    }


def _instructions(portfolio: PortfolioFile, renewal: NextTermEntry) -> dict[str, Any]:
    product, _, sku = (
        portfolio.offers[renewal.offer].catalog_id if renewal.offer else ""
    ).partition(":")
    return {
        "product": {
            "productId": product or None,
            "skuId": sku or None,
            "termDuration": renewal.term,
            "billingCycle": renewal.billing,
            "promotionId": None,
        },
        "quantity": renewal.seats,
        "customTermEndDate": renewal.last_day and _midnight(renewal.last_day),
    }


def _created(offer: OfferEntry, own: OwnEntry) -> date:
    if own.created is not None:
        return own.created
    if own.trial or own.state == "pending":
        return own.start
    years = _NEW_RENEWALS if is_new_commerce(offer.catalog_id) else _LEGACY_RENEWALS
    return _add_months(own.start, -12 * years)


def _add_months(day: date, months: int) -> date:
    """Return the same day of another month, or its last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
