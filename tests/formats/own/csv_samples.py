"""Lines of subscriptions.csv as the tests build them."""

import csv
import io

from tests.formats.samples import CUSTOMER, subscription_id

OFFER = "CFQ7TTC0LH18:0001"
COLUMNS = """
customer_id held_by subscription_id offer_id product_guid title state seats term billing_cycle
created_date start_date last_day auto_renew is_trial parent_subscription_id promotion_id
promotion_ends cancellable_until reducible renewal_offer_id renewal_term renewal_billing_cycle
renewal_seats renewal_last_day cancels_at_end partner_id migrated_from holdings
"""
HEADER = COLUMNS.split()


def line(number: int = 1, **fields: str) -> dict[str, str]:
    """Return the fields of a good line of subscriptions.csv."""
    return {
        "customer_id": CUSTOMER,
        "held_by": "us",
        "subscription_id": subscription_id(number),
        "offer_id": OFFER,
        "state": "active",
        **fields,
    }


def text(*lines: dict[str, str], delimiter: str = ",", header: list[str] = HEADER) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, header, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()
