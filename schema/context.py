"""What every resolver is handed: the request's question, its loaders, files in and out."""

from dataclasses import dataclass

from strawberry.types import Info as StrawberryInfo

from resolvers.asked import Asked
from resolvers.plan_writer import PlanWriter, no_writer
from resolvers.ports import ImportReader
from schema.limits.deadline import NO_DEADLINE, Deadline
from schema.limits.rate import UNLIMITED, Allowance
from schema.loaders import Loaders


@dataclass(slots=True)
class Context:
    """One request's context. The catalog version is pinned for all of it."""

    asked: Asked
    loaders: Loaders
    read_import: ImportReader
    is_cacheable: bool = False
    """Whether the whole response depends on the catalog and the day alone."""
    write_plan: PlanWriter = no_writer
    cost: int = 0
    """What the request may cost in units; 0 until that is counted."""
    deadline: Deadline = NO_DEADLINE
    allowance: Allowance = UNLIMITED


Info = StrawberryInfo[Context, None]
