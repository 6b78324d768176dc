"""What is known of a request once it is answered, for the log and the metrics: no word of it."""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

# What tells of errors says here which; a request is refused by it.
if TYPE_CHECKING:
    from schema.http.request import GraphQLRequest

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,63}")
_FIRST = re.compile(r"\s*(query|mutation|subscription)\s+([_A-Za-z][_0-9A-Za-z]{0,63})\b")


@dataclass(slots=True)
class Observed:
    """Filled while a request is answered; what was never reached stays None."""

    partner_id: str | None = None
    code: str | None = None
    """The first code among its errors."""
    request: "GraphQLRequest | None" = None
    is_kept: bool = False
    """Whether the whole response was kept from before."""

    @property
    def operation(self) -> str | None:
        """The name of the operation, where it has one that GraphQL allows and that is short."""
        if self.request is None:
            return None
        name = self.request.operation_name
        if name is not None:
            return name if _NAME.fullmatch(name) else None
        return first_name_in(self.request.document)


def first_name_in(document: str) -> str | None:
    """Return the name of the operation that a document begins with, where it has one."""
    found = _FIRST.match(document)
    return found[2] if found else None


_current: ContextVar[Observed | None] = ContextVar("observed", default=None)


def begin_observing() -> Observed:
    """Return what this task, and those that it starts, will fill."""
    observed = Observed()
    _current.set(observed)
    return observed


def observe_partner(partner_id: str) -> None:
    """Say who asks."""
    if (observed := _current.get()) is not None:
        observed.partner_id = partner_id


def observe_request(request: "GraphQLRequest") -> None:
    """Say what is asked."""
    if (observed := _current.get()) is not None:
        observed.request = request


def observe_kept() -> None:
    """Say that it was answered from what is kept."""
    if (observed := _current.get()) is not None:
        observed.is_kept = True


def observe_code(code: str) -> None:
    """Say what went wrong; the first that is said stays."""
    if (observed := _current.get()) is not None and observed.code is None:
        # A plain text: the log for people writes members of an enumeration by their class.
        observed.code = str(code)
