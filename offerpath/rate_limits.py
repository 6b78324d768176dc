"""Which limits hold in this process: on rates, and on heavy work at a time, as settings say."""

from offerpath.settings import Settings
from resolvers.work.turns import Queues, Turns
from schema.limits.rate import NO_LIMITS, RateLimits


def rate_limits(settings: Settings) -> RateLimits:
    """Return the buckets of a new process; without sign-in there is one caller, and no limit."""
    if settings.auth == "off":
        return NO_LIMITS
    return RateLimits(partner=settings.rate_partner, caller=settings.rate_caller)


def queues(settings: Settings) -> Queues:
    """Return the queues of a new process; runs take at most half of its connections."""
    patience = settings.queue_seconds
    return Queues(
        Turns(settings.heavy_at_once, patience_seconds=patience),
        Turns(max(1, settings.pool_max // 2), patience_seconds=patience),
    )
