"""What the person who imports a file must say that the file does not."""

from dataclasses import dataclass
from datetime import datetime

from planner.customers import HoldingsState
from planner.ids import parse_guid


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Whose file it is, when it was taken, and whether it is all there is.

    Raises: ValueError for an instant without a zone or an id that is not a GUID (misuse).
    """

    customer_id: str | None
    """The customer's tenant id. Needed for files that do not name the customer; where they do,
    every row must be of this customer."""
    as_of: datetime
    partner_tenant_id: str | None = None
    """Our own tenant id: without it, who sold a subscription seen in Graph stays not known."""
    is_complete: bool | None = None
    """True or False overrules what the file says of itself; None infers it from the file."""

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            raise ValueError("as_of needs a time zone")
        for name in ("customer_id", "partner_tenant_id"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, parse_guid(given))

    def state(self, *, inferred_complete: bool) -> HoldingsState:
        complete = inferred_complete if self.is_complete is None else self.is_complete
        return HoldingsState.COMPLETE if complete else HoldingsState.PARTIAL
