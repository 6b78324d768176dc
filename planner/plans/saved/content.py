"""What a plan tells in one hash: plans of the same hash are the same to whoever reads them."""

from planner.plans.saved.document import hashed, plain
from planner.plans.told.steps import Plan

_TOLD = ("goals", "outcomes", "steps", "completes_on", "valid_until", "exactness")
"""What is to be done, when, by whom, with which prices and findings, and what comes of it.

Left out are the instant that it was made for, so that the same plan made a minute later is the
same, what else could be done, and how it was searched for.
"""


def content_hash(plan: Plan) -> str:
    """Return the SHA-256 (64 hex digits) over the canonical JSON of what a plan tells.

    Another version of offerpath may tell more, and so give the same plan another hash.
    """
    told = {name: plain(getattr(plan, name)) for name in _TOLD}
    return str(hashed({"customer_id": plan.customer_id, **told}))
