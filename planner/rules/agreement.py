"""Has the customer accepted the agreement that new commerce needs?"""

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Blocker,
    Evidence,
    PartnerCenterCode,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.ids import is_new_commerce
from planner.offers import Known
from planner.permissions import Action, role_for
from planner.rules.walk import CLEAR, Answer, StepInHand

_RULE = "CUSTOMER_AGREEMENT"
_SOURCE = "docs/sources.md 3 (REST 13605: the Microsoft Customer Agreement)"


def customer_agreement(step: StepInHand) -> Answer:
    """BLOCKS a move into new commerce while the Microsoft Customer Agreement is not accepted.

    Asked where a path enters new commerce, or begins there. Source: docs/sources.md 3 (13605).
    """
    enters = step.is_first or not is_new_commerce(step.transition.origin)
    if not enters or not is_new_commerce(step.target):
        return CLEAR
    if step.customer.agreement is Known.YES:
        return CLEAR
    if step.customer.agreement is Known.NO:
        return (_blocker(step),)
    message = "Whether the customer accepted the Microsoft Customer Agreement is not known"
    return (Unanswered(_RULE, ("customer.agreement",), message, step=step.pair),)


def _blocker(step: StepInHand) -> Blocker:
    return Blocker(
        BlockerCode.CUSTOMER_AGREEMENT_MISSING,
        Severity.BLOCKS,
        SubjectKind.CUSTOMER,
        step.customer.customer_id,
        "The customer has not accepted the Microsoft Customer Agreement",
        _SOURCE,
        step=step.pair,
        parameters=(("agreement", step.customer.agreement.value),),
        evidence=(
            Evidence(f"no acceptance is on record for {step.customer.name}", source=_SOURCE),
        ),
        remedies=(
            Remedy(
                RemedyAction.GET_AGREEMENT,
                Actor.CUSTOMER,
                "Have the customer accept the Microsoft Customer Agreement in the Microsoft 365 "
                "admin center",
            ),
            Remedy(
                RemedyAction.GET_AGREEMENT,
                Actor.US,
                "Confirm in Partner Center that the customer accepted it",
                role=role_for(Action.MANAGE_SUBSCRIPTION).value,
            ),
        ),
        partner_center=(
            PartnerCenterCode("REST", 13605, "acceptance of the customer agreement is missing"),
        ),
    )
