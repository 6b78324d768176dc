"""What somebody wants to suppose of a customer, read and applied; nothing of it is stored."""

from dataclasses import dataclass
from datetime import datetime

from planner.catalog import Catalog
from planner.customers import Customer
from planner.offers import Known
from planner.scope import Scope
from planner.what_if import AssumedMove, CannotSuppose, Supposed, WhatIf, suppose
from resolvers import inputs
from resolvers.codes.code import Code
from resolvers.problems import BadInput, NotFound, limits

MAX_MOVES = 20


@dataclass(frozen=True, slots=True)
class WhatIfRequest:
    """Changes as users write them; None and empty leave things as they are."""

    at: datetime | None = None
    market: str | None = None
    agreement: Known | None = None
    cancelled: tuple[str, ...] = ()
    seats: tuple[tuple[str, int], ...] = ()
    moves: tuple[tuple[str, str], ...] = ()


def what_if_of(request: WhatIfRequest) -> WhatIf:
    """Read a what-if. Raises: BadInput."""
    if len(request.moves) > MAX_MOVES:
        raise BadInput(
            Code.TOO_MANY_MOVES,
            f"{len(request.moves)} moves are more than {MAX_MOVES}",
            parameters=limits("moves", len(request.moves), maximum=MAX_MOVES),
        )
    return WhatIf(
        request.at,
        inputs.market(request.market),
        request.agreement,
        frozenset(inputs.guid(one, what="subscription") for one in request.cancelled),
        tuple(
            (inputs.guid(one, what="subscription"), inputs.seats(seats) or seats)
            for one, seats in request.seats
        ),
        tuple(
            AssumedMove(inputs.catalog_id(origin), inputs.catalog_id(target))
            for origin, target in request.moves
        ),
    )


def supposed(
    catalog: Catalog, owner: Customer, scope: Scope, request: WhatIfRequest | None
) -> Supposed | NotFound:
    """Return the facts as they would be; without a request as they are. Raises: BadInput."""
    if request is None:
        return Supposed(catalog, owner, scope)
    answer = suppose(catalog, owner, scope, what_if_of(request))
    if isinstance(answer, CannotSuppose):
        return NotFound(Code(answer.code), answer.message, answer.identifier, answer.remedy)
    return answer
