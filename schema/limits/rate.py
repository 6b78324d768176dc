"""How much a partner, and each person or API key of it, may ask for in a minute."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from resolvers.codes.code import Code
from resolvers.problems import TryLater
from resolvers.records.principal import Principal

WINDOW_SECONDS = 60
MAX_BUCKETS = 10_000
PER_REQUEST = 10
"""Units of a request beside what its document costs: reading it, and knowing who asks."""
PER_REPORT = 20_000
"""Units of a report or its manifest, whatever its length: two seconds of one core."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Quota:
    """So many units in a minute, for whatever it is named after; 0 is without a limit."""

    name: str
    units: int


@dataclass(slots=True)
class _Bucket:
    """Fills evenly, up to what a minute brings; what is taken lasts until it has come again."""

    quota: Quota
    left: float
    at: float

    def fill(self, now: float) -> None:
        come = (now - self.at) * self.quota.units / WINDOW_SECONDS
        self.left, self.at = min(float(self.quota.units), self.left + come), now

    def seconds_until(self, units: float) -> float:
        """Return when so many will be there; never more than a full bucket holds."""
        wanted = min(units, self.quota.units) - self.left
        return max(0.0, wanted * WINDOW_SECONDS / self.quota.units)


class RateLimited(TryLater):
    """The quota of the partner or the caller is used up for now."""

    def __init__(self, quota: Quota, retry_seconds: int, headers: Mapping[str, str]) -> None:
        super().__init__(
            Code.RATE_LIMITED,
            f"This {quota.name} has asked for more than {quota.units:,} units in a minute",
            retry_seconds=retry_seconds,
        )
        self.headers = {**self.headers, **headers}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one caller may still ask for; without buckets there is no limit."""

    buckets: tuple[_Bucket, ...] = ()
    clock: Clock = field(default=time.monotonic, repr=False)

    def take(self, units: int) -> None:
        """Take units from every bucket, or none from any. Raises: RateLimited."""
        self._fill()
        short = [bucket for bucket in self.buckets if bucket.seconds_until(units) > 0]
        if short:
            last = max(short, key=lambda bucket: bucket.seconds_until(units))
            seconds = math.ceil(last.seconds_until(units))
            raise RateLimited(last.quota, seconds, self.headers())
        for bucket in self.buckets:
            bucket.left -= units

    def headers(self) -> Mapping[str, str]:
        """Return the fields of draft-ietf-httpapi-ratelimit-headers; none without a limit.

        A policy's `t` is when the bucket will be full again.
        """
        if not self.buckets:
            return {}
        self._fill()
        policies = (
            f'"{one.quota.name}";q={one.quota.units};w={WINDOW_SECONDS};qu="cost-units"'
            for one in self.buckets
        )
        state = (
            f'"{one.quota.name}";r={max(0, math.floor(one.left))}'
            f";t={math.ceil(one.seconds_until(one.quota.units))}"
            for one in self.buckets
        )
        return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(state)}

    def _fill(self) -> None:
        now = self.clock()
        for bucket in self.buckets:
            bucket.fill(now)


UNLIMITED = Allowance()


class RateLimits:
    """The buckets of this process; those asked of least lately are forgotten, full as they are.

    More than MAX_BUCKETS callers within one minute are given full buckets anew, not refused.
    """

    def __init__(
        self,
        *,
        partner: int,
        caller: int,
        max_buckets: int = MAX_BUCKETS,
        clock: Clock = time.monotonic,
    ) -> None:
        """Take units a minute for each partner and for each person or key; 0 for no limit."""
        self._partner = Quota("partner", partner)
        self._caller = Quota("caller", caller)
        self._max_buckets = max_buckets
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, ...], _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def of(self, principal: Principal) -> Allowance:
        """Return what is left to whoever asks."""
        actor = principal.actor
        caller = (principal.partner_id, actor.kind, actor.key_id or actor.actor_id)
        found = []
        if self._partner.units:
            found.append(self._bucket((principal.partner_id,), self._partner))
        if self._caller.units:
            found.append(self._bucket(caller, self._caller))
        return Allowance(tuple(found), self._clock)

    def _bucket(self, key: tuple[str, ...], quota: Quota) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(quota, float(quota.units), self._clock())
            if len(self._buckets) > self._max_buckets:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket


NO_LIMITS = RateLimits(partner=0, caller=0)


class TakeCost(SchemaExtension):
    """Takes what a document may cost from what its sender may still ask for."""

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        if not execution.pre_execution_errors:
            context = execution.context
            try:
                context.allowance.take(context.cost)
            except RateLimited as refused:
                execution.pre_execution_errors = [
                    GraphQLError(refused.message, original_error=refused)
                ]
        yield
