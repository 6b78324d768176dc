"""What a subscription is once it has moved: its offer, its term and what does not come along."""

from dataclasses import replace

from planner.catalog import Catalog
from planner.customers import Subscription
from planner.ids import CatalogId
from planner.lifecycle import term_of_duration
from planner.plans.search.acts import Act
from planner.plans.search.situation import Situation, last_day_of, window_from


def of_offer(
    catalog: Catalog,
    held: Subscription,
    offer: CatalogId,
    *,
    is_trial: bool | None,
    **more: object,
) -> Subscription:
    return replace(
        held,
        catalog_id=offer,
        title=catalog.offers[offer].title,
        is_trial=is_trial if held.is_trial else held.is_trial,
        product_guid=None,
        service_plan_ids=None,
        renewal=None,
        **more,  # type: ignore[arg-type]
    )


def paid(
    catalog: Catalog, situation: Situation, trial: Subscription, offer: CatalogId
) -> Subscription:
    """Return a converted trial: a year billed monthly, or the legacy offer's own duration.

    Source: docs/sources.md 6 (trials become P1Y billed monthly).
    """
    term = term_of_duration(catalog.offers[offer].duration) or "P1Y"
    ends = last_day_of(situation.at.date(), term)
    return replace(trial, term=term, last_day=ends, billing_cycle=trial.billing_cycle or "monthly")


def migrated(
    catalog: Catalog, situation: Situation, held: Subscription, offer: CatalogId, act: Act
) -> Subscription:
    chosen, today = act.choices, situation.at.date()
    term = chosen.term or held.term
    starts_anew = chosen.full_new_term and term is not None
    ends = last_day_of(today, term) if starts_anew else None
    return of_offer(
        catalog,
        held,
        offer,
        is_trial=held.is_trial,
        seats=held.seats if chosen.seats is None else chosen.seats,
        term=term,
        billing_cycle=chosen.billing_cycle or held.billing_cycle,
        last_day=chosen.custom_end or ends or held.last_day,
        created=situation.at,
        parent_id=None,
        promotion_id=None,
        promotion_ends=None,
        cancellable_until=window_from(situation.at),
        migrated_from=held.subscription_id,
    )
