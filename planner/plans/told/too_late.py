"""Which findings are gone only once a subscription is no longer ours to move."""

from collections.abc import Iterator, Sequence
from datetime import date

from planner.blockers import Blocker, RemedyAction
from planner.catalog import Catalog
from planner.customers import Subscription
from planner.plans.search.remedies import can_cancel_now, gone_on, is_ours_on
from planner.plans.search.situation import Situation

_AT_TERM_END = frozenset({RemedyAction.CANCEL_OWN_SUBSCRIPTION, RemedyAction.REMOVE_ADDON})


def words_of_too_late(
    catalog: Catalog, now: Situation, held: Subscription | None, stopping: Sequence[Blocker]
) -> str:
    """Say from which day on waiting helps, and that its own term is over before.

    Empty where none of them is only a matter of waiting. Source: docs/sources.md 0 (Microsoft-led
    migration) and 6 (cancellation).
    """
    if held is None or held.last_day is None:
        return ""
    days = (day for blocker in stopping for day in _gone_on(now, blocker))
    late = [day for day in days if not is_ours_on(catalog, now.customer, held, day)]
    if not late:
        return ""
    return f"waiting helps from {min(late)} on, when its own term is over ({held.last_day})"


def _gone_on(now: Situation, blocker: Blocker) -> Iterator[date]:
    if blocker.clears_on is not None:
        yield blocker.clears_on
    for remedy in blocker.remedies:
        other = now.own(remedy.subscription_id or blocker.subject)
        if other is None or remedy.action not in _AT_TERM_END or can_cancel_now(now, other):
            continue
        gone = gone_on(now, other)
        if gone is not None:
            yield gone
