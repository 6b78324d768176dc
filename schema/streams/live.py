"""What a subscription is handed: a context that can be renewed, and what it follows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from strawberry.types import Info as StrawberryInfo

from resolvers.asked import Asked
from resolvers.customers.portfolio_runs import PortfolioRuns
from resolvers.ports import Changes
from resolvers.records.principal import Principal
from schema.context import Context
from schema.loaders import Loaders


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who was let in, and until when; None for as long as it lasts."""

    principal: Principal
    until: datetime | None = None

    def may_as_much_as(self, other: "Admitted") -> bool:
        """Return whether both have the same roles, and stand in the programme alike."""
        ours, theirs = self.principal, other.principal
        return (ours.roles, ours.partner_type) == (theirs.roles, theirs.partner_type)


Admit = Callable[[str | None, str | None], Awaitable[Admitted]]
"""Tells by an `Authorization` header who asks, from the host that is named second.

Raises: Refused with the status that fits.
"""


@dataclass(slots=True, kw_only=True)
class LiveContext(Context):
    """The context of one subscription: each event pins the catalog that is current then."""

    changes: Changes
    runs: PortfolioRuns
    pin: Callable[[], Awaitable[Asked]]

    async def renew(self) -> Asked:
        """Pin the current catalog and instant for the next event, and forget what was loaded."""
        self.asked = await self.pin()
        self.loaders = Loaders(self.asked)
        return self.asked


LiveInfo = StrawberryInfo[LiveContext, None]
MakeLiveContext = Callable[[Principal], Awaitable[LiveContext]]
