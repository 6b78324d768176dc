"""Numbers that a question may give: their limits and defaults, as descriptions tell them."""

from typing import Annotated

import strawberry

from resolvers.catalog.moves import MAX_PATHS
from resolvers.customers.customers import MAX_EXTRA_SEATS
from resolvers.inputs import MAX_FIRST
from resolvers.plans.plans import MAX_PLANS

PAGE = 20
LONG_PAGE = 50
PATHS = 3


def span(maximum: int, default: int | str | None) -> str:
    """Return "1 to N, default M": N is the constant by which the argument is checked.

    A text says what stands for a default that is no number; None, that it must be given.
    """
    if default is None:
        return f"1 to {maximum:,}, no default"
    shown = default if isinstance(default, str) else f"{default:,}"
    return f"1 to {maximum:,}, default {shown}"


def _first(maximum: int, default: int) -> object:
    return strawberry.argument(
        description=f"How many elements the page has at most: {span(maximum, default)}."
    )


First = Annotated[int, _first(MAX_FIRST, PAGE)]
FirstOfMany = Annotated[int, _first(MAX_FIRST, LONG_PAGE)]
FirstPaths = Annotated[
    int,
    strawberry.argument(description=f"How many paths at most: {span(MAX_PATHS, PATHS)}."),
]
FirstPlans = Annotated[int, _first(MAX_PLANS, PAGE)]
Extra = Annotated[
    int,
    strawberry.argument(
        name="extra",
        description=f"How many more seats: {span(MAX_EXTRA_SEATS, None)}.",
    ),
]
