"""What Microsoft Graph would say of the users of the sample's customers."""

from typing import Any

from formats.sample.file import AccountEntry, CustomerEntry, LicenseEntry, PortfolioFile
from formats.sample.ids import derived, slug

_CONTEXT = "https://graph.microsoft.com/v1.0/$metadata#users"


def users_part(portfolio: PortfolioFile, customer: CustomerEntry) -> dict[str, Any]:
    """Return the users under `users`; a bare array is how a list that may be longer is written."""
    rows = [_user_row(portfolio, customer, user) for user in customer.users]
    match customer.accounts:
        case "not_loaded":
            return {}
        case "partial":
            return {"users": rows}
        case "complete":
            return {"users": {"@odata.context": _CONTEXT, "value": rows}}


def _user_row(
    portfolio: PortfolioFile, customer: CustomerEntry, user: AccountEntry
) -> dict[str, Any]:
    return {
        "id": derived(customer, "user", user.login),
        "userPrincipalName": f"{user.login}@{slug(customer.name)}.test",
        "displayName": user.name,
        "usageLocation": user.location or None,
        "accountEnabled": user.enabled,
        "licenseAssignmentStates": [_state_row(portfolio, held) for held in user.licenses],
    }


def _state_row(portfolio: PortfolioFile, held: LicenseEntry) -> dict[str, Any]:
    return {
        "skuId": portfolio.products[held.product].product_guid,
        "assignedByGroup": held.group,
        "disabledPlans": list(held.off),
        "state": "Active" if held.error == "None" else "Error",
        "error": held.error,
    }
