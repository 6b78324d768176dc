"""Is the target sold where the customer is, to customers of its kind, and still sold at all?"""

from planner.availability import sold_in
from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Alternative,
    Blocker,
    Evidence,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.facts import SaleEnd
from planner.offers import Known
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import TransitionKind

_SOURCE = "docs/sources.md 6: AllowedCountries per SKU, error 800070; segment price lists"
_CONVERTED = frozenset({TransitionKind.CONVERSION, TransitionKind.TRIAL_CONVERSION})
_CONVERSIONS_DISAGREE = Evidence(
    "the page on end of sale (2023) shuts conversions to such an offer; a later page on "
    "transitions says that some may still be eligible",
    source="docs/sources.md 2 (end of sale)",
)


def target_offered(step: StepInHand) -> Answer:
    """Fails where a complete source omits the market, or the segment is another one's.

    An ended sale WARNS: existing holders may renew and add seats, and whether a move counts as a
    new sale is not published. Unknown where the customer's market is not known, or no price list
    of that market is loaded. Source: docs/sources.md 6 (Geo; end of sale) and 2 (end of sale).
    """
    return (*_other_segment(step), *_market(step), *_end_of_sale(step))


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


def _end_of_sale(step: StepInHand) -> Answer:
    """Look at what ended everywhere or in the customer's market; an unknown market is asked for."""
    ends = tuple(
        end
        for end in step.catalog.sale_ends.get(step.target, ())
        if end.starts <= step.at.date() and end.market in (None, step.customer.market)
    )
    return (_ended(step, ends),) if ends else CLEAR


def _ended(step: StepInHand, ends: tuple[SaleEnd, ...]) -> Blocker:
    first = ends[0]
    told = tuple(Evidence(end.message, source=end.source) for end in ends)
    converted = step.transition.kind in _CONVERTED
    where = "everywhere" if first.market is None else f"in {first.market}"
    return Blocker(
        BlockerCode.TARGET_END_OF_SALE,
        Severity.WARNS,
        SubjectKind.OFFER,
        step.target,
        f"New sales of {step.target_title} ended {where} on {first.starts.isoformat()}; who has it "
        "may renew and add seats, and whether a move counts as a new sale is not published",
        ", ".join(dict.fromkeys(end.source for end in ends)),
        step=step.pair,
        parameters=(("market", first.market or ""), ("starts", first.starts.isoformat())),
        evidence=(*told, _CONVERSIONS_DISAGREE) if converted else told,
        alternatives=(Alternative.ANOTHER_TARGET,),
    )


def _not_offered(step: StepInHand, message: str, name: str, value: str) -> Blocker:
    return Blocker(
        BlockerCode.TARGET_NOT_OFFERED,
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
