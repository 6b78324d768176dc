"""Is the API called for a signed-in user, as upgrades need?"""

from collections.abc import Mapping

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
from planner.permissions import SignIn, role_for
from planner.rules.role import action_of
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import TransitionKind

_RULE = "SIGN_IN"
_SOURCE = "docs/sources.md 1 and 2 (code 5: the request uses the app's context)"
_DISAGREES = Evidence(
    "the pages of both calls say that a token of the application alone is supported; code 5 asks "
    "for a user",
    source="docs/sources.md 1 (signing in)",
)
_CODES: Mapping[TransitionKind, tuple[PartnerCenterCode, ...]] = {
    TransitionKind.LEGACY_UPGRADE: (PartnerCenterCode("UPGRADE", 5, "user_context_required"),),
    TransitionKind.CONVERSION: (PartnerCenterCode("TRANSITION", 5, "UserContextRequired"),),
}


def sign_in(step: StepInHand) -> Answer:
    """A token of the application alone BLOCKS an upgrade and a conversion by API.

    Source: docs/sources.md 1 and 2 (UPGRADE 5, TRANSITION 5); the calls' pages say otherwise, which
    the evidence tells.
    """
    if step.acting.sign_in is SignIn.APP_AND_USER:
        return CLEAR
    if step.acting.sign_in is SignIn.APP_ONLY:
        return (_blocker(step),)
    message = "Whether the API is called for a signed-in user is not known"
    return (Unanswered(_RULE, ("acting.signIn",), message, step=step.pair),)


def _blocker(step: StepInHand) -> Blocker:
    kind = step.transition.kind
    return Blocker(
        BlockerCode.USER_SIGN_IN_REQUIRED,
        Severity.BLOCKS,
        SubjectKind.TRANSITION,
        f"{step.transition.origin} -> {step.target}",
        "Partner Center asks for a signed-in user, and the call is made by an application alone",
        _SOURCE,
        step=step.pair,
        parameters=(("signIn", SignIn.APP_ONLY.value),),
        evidence=(_DISAGREES,),
        remedies=(
            Remedy(
                RemedyAction.SIGN_IN_AS_USER,
                Actor.US,
                "Sign in as a user and call with a token of application and user, or carry the "
                "move out in Partner Center",
                role=role_for(action_of(kind)).value,
            ),
        ),
        partner_center=_CODES.get(kind, ()),
    )
