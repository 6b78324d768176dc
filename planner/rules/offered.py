"""Is the target sold where the customer is, and to customers of its kind?"""

from planner.availability import sold_in
from planner.blockers import (
    Actor,
    Alternative,
    Blocker,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.offers import Known
from planner.rules.walk import CLEAR, Answer, StepInHand

_SOURCE = "docs/sources.md 6: AllowedCountries per SKU, error 800070; segment price lists"


def target_offered(step: StepInHand) -> Answer:
    """Fails where a complete source omits the market, or the segment is another one's.

    Source: docs/sources.md 6 (Geo). Unknown where the customer's market is not known, or no price
    list of that market is loaded.
    """
    segment = _other_segment(step)
    return (*segment, *_market(step)) if segment else _market(step)


def _market(step: StepInHand) -> Answer:
    market = step.customer.market
    if market is None:
        return (_unknown(step, "customer.market", "The customer's country is not known"),)
    target = step.catalog.offers[step.target]
    sold = sold_in(target, market, step.catalog.facts.coverage, step.at.date())
    if sold is Known.YES:
        return CLEAR
    if sold is Known.UNKNOWN:
        message = f"No loaded source tells whether {target.title} is sold in {market}"
        return (_unknown(step, f"markets of {step.target}", message),)
    return (_not_offered(step, f"{target.title} is not sold in {market}", "market", market),)


def _other_segment(step: StepInHand) -> Answer:
    offers = step.catalog.offers
    target = offers[step.target].segment
    customer = step.customer.segment
    if target is None or target in (customer, offers[step.transition.origin].segment):
        return CLEAR
    if customer is None:
        return (_unknown(step, "customer.segment", "The customer's segment is not known"),)
    message = f"{step.target_title} is for {target.value.lower()} customers"
    return (_not_offered(step, message, "segment", target.value),)


def _not_offered(step: StepInHand, message: str, name: str, value: str) -> Blocker:
    return Blocker(
        "TARGET_NOT_OFFERED",
        Severity.BLOCKS,
        SubjectKind.OFFER,
        step.target,
        message,
        _SOURCE,
        step=step.pair,
        parameters=((name, value),),
        alternatives=(Alternative.ANOTHER_TARGET,),
    )


def _unknown(step: StepInHand, field: str, message: str) -> Unanswered:
    return Unanswered(
        "TARGET_OFFERED",
        (field,),
        message,
        step=step.pair,
        remedies=(
            Remedy(
                RemedyAction.IMPORT_LIST,
                Actor.US,
                "Import the customer with its country; where that is known, look the offer up in "
                "the price list of the market, which this version cannot import yet",
            ),
        ),
    )
