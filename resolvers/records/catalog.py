"""Which version of the catalog answers, and which of its offers are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from planner.offers import Commerce, Known, Segment


@dataclass(frozen=True, slots=True)
class CatalogVersion:
    """An immutable catalog: its id, the hash of its content, how many rows of each kind."""

    version_id: str
    """Lower-case GUID."""
    content_hash: str
    owner_partner_id: str | None
    """None for the bundled catalog, which is public."""
    label: str
    created_at: datetime
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """Which offers are wanted; None asks nothing of that field."""

    text: str | None = None
    commerce: Commerce | None = None
    segment: Segment | None = None
    market: str | None = None
    addon: Known | None = None
