"""How long a request may take: its work looks at the clock, and is stopped beyond the deadline."""

import asyncio
import math
import time
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

from graphql import GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema

from resolvers.codes.code import Code
from resolvers.problems import BadInput

DEADLINE_SECONDS = 60.0
IMPORT_FACTOR = 10
"""So many times as long may a request take whose body is a file."""

Result = TypeVar("Result")


class Deadline:
    """The instant at which the work for one request ends, done or not."""

    __slots__ = ("_ends", "_seconds", "is_met")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self.is_met = False
        """Whether some work was left undone because of it."""

    def stopped(self) -> bool:
        """Return whether time is up; the planner's searches end with what they have then."""
        self.is_met = self.is_met or time.monotonic() >= self._ends
        return self.is_met

    def check(self) -> None:
        """Raises: BadInput DEADLINE_EXCEEDED."""
        if self.stopped():
            raise self.exceeded()

    def exceeded(self) -> BadInput:
        return BadInput(
            Code.DEADLINE_EXCEEDED,
            f"The request took longer than {self._seconds:g} seconds, and was stopped",
        )

    async def bound(self, work: Awaitable[Result]) -> Result:
        """Return what some work comes to; it is cancelled when time is up.

        What it waits for is cancelled with it: a statement of the database, a plan in its thread.
        Raises: BadInput DEADLINE_EXCEEDED, also where the work itself left something undone.
        """
        left = None if math.isinf(self._ends) else max(0.0, self._ends - time.monotonic())
        try:
            async with asyncio.timeout(left) as limit:
                result = await work
        except TimeoutError:
            if not limit.expired():
                raise
            self.is_met = True
        if self.is_met:
            raise self.exceeded()
        return result


NO_DEADLINE = Deadline(math.inf)


def look_at_the_clock(schema: GraphQLSchema, places: Iterable[str]) -> None:
    """Let fields that take long, such as "Query.paths", not begin once time is up.

    Work that never waits cannot be cancelled; between two such fields it ends all the same.
    """
    for place in places:
        owner, name = place.split(".")
        field = schema.type_map[owner].fields[name]  # type: ignore[attr-defined]
        if field.subscribe is None and field.resolve is not None:
            field.resolve = _in_time(field.resolve)


def _in_time(resolve: GraphQLFieldResolver) -> GraphQLFieldResolver:
    def resolved(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        info.context.deadline.check()
        return resolve(source, info, **given)

    return resolved
