"""What happens to a subscription that a plan leaves legacy, on which day."""

from planner.catalog import Catalog
from planner.customers import Subscription
from planner.plans.goals import GONE
from planner.plans.search.remedies import moved_on
from planner.plans.search.situation import Situation


def words_of_still_legacy(catalog: Catalog, end: Situation, ended: Subscription | None) -> str:
    """Say that it is legacy, and what comes of it at its term's end; empty where it is not legacy.

    Source: docs/sources.md 0 (Microsoft-led migration) and 5 (end dates).
    """
    if ended is None or not ended.is_legacy or ended.state in GONE:
        return ""
    return f"it is legacy still{_end_of(catalog, end, ended)}"


def _end_of(catalog: Catalog, end: Situation, held: Subscription) -> str:
    if held.last_day is None:
        return ""
    last = held.last_day.isoformat()
    if held.last_day < end.at.date():
        return f", though its term ended on {last} as far as the data tell"
    if held.auto_renews is False or held.cancels_at_end:
        return f", and does not renew: it is over after {last}"
    day = moved_on(catalog, end.customer, held)
    return "" if day is None else f", and on {day.isoformat()} Microsoft migrates it or lets it end"
