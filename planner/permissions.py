"""Who acts for the partner, and which roles of Partner Center may do what."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The upgrade page's four roles of Partner Center."""

    USER_MANAGEMENT_ADMIN = "USER_MANAGEMENT_ADMIN"
    ADMIN_AGENT = "ADMIN_AGENT"
    SALES_AGENT = "SALES_AGENT"
    HELPDESK_AGENT = "HELPDESK_AGENT"


class PartnerType(StrEnum):
    """How a partner stands in the CSP programme."""

    DIRECT_BILL = "DIRECT_BILL"
    INDIRECT_PROVIDER = "INDIRECT_PROVIDER"
    INDIRECT_RESELLER = "INDIRECT_RESELLER"


class SignIn(StrEnum):
    """With which kind of token Partner Center's API is called."""

    APP_ONLY = "APP_ONLY"
    APP_AND_USER = "APP_AND_USER"


@dataclass(frozen=True, slots=True)
class Acting:
    """Who carries a move out; None where nothing is known of it."""

    roles: frozenset[Role] | None = None
    partner_type: PartnerType | None = None
    sign_in: SignIn | None = None
    granular_roles: frozenset[str] | None = None
    """The customer's Entra roles that GDAP grants us, such as `Directory Writers`."""


ANYONE = Acting()
"""Nothing is known of who acts."""
