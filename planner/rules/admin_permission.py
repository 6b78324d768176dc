"""Does the customer grant us the administration that the upgrade call needs?"""

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
from planner.offers import Known
from planner.permissions import Acting
from planner.rules.walk import CLEAR, Answer, Mode, StepInHand
from planner.transitions import TransitionKind

_RULE = "ADMIN_PERMISSION"
_SOURCE = "docs/sources.md 1 and 2 (delegated administration and GDAP roles of the calls)"
_NEEDED: Mapping[Mode, tuple[str, ...]] = {
    Mode.WITHOUT_LICENSE_TRANSFER: ("Directory Readers", "Global Reader"),
    Mode.WITH_LICENSE_TRANSFER: ("Directory Writers",),
}
"""Any one of them is enough, as the calls' pages say [docs/sources.md 1 and 2]."""
_INCLUDED: Mapping[str, frozenset[str]] = {"Directory Readers": frozenset({"Directory Writers"})}
"""Entra roles that hold all of another one's permissions [docs/sources.md 1]."""
_CODES: Mapping[TransitionKind, tuple[PartnerCenterCode, ...]] = {
    TransitionKind.LEGACY_UPGRADE: (
        PartnerCenterCode("UPGRADE", 1, "delegated_admin_permissions_disabled"),
        PartnerCenterCode("UPGRADE", 11, "insufficient_granular_admin_permissions"),
    ),
    TransitionKind.CONVERSION: (
        PartnerCenterCode("TRANSITION", 1, "DelegatedAdminPermissionsDisabled"),
        PartnerCenterCode("TRANSITION", 13, "InsufficientGranularAdminPermissions"),
    ),
}
_ONLY_LEGACY = Evidence(
    "the transition API's page says that GDAP is only required for legacy subscriptions; the API "
    "has codes 1 and 13 all the same",
    source="docs/sources.md 2 (GDAP)",
)


def admin_permission(step: StepInHand) -> Answer:
    """Neither delegated nor granular administration BLOCKS a legacy upgrade; a conversion it NOTES.

    Delegated administration is enough; else one of the GDAP roles that the mode asks for. The
    transition API's page wants GDAP for legacy subscriptions only.
    Source: docs/sources.md 1 and 2 (UPGRADE 1 and 11, TRANSITION 1 and 13).
    """
    acting, delegated = step.acting, step.customer.delegated_admin
    if delegated is Known.YES or _is_granted(acting, step.mode):
        return CLEAR
    told = (
        ("customer.allowDelegatedAccess", delegated is not Known.UNKNOWN),
        ("acting.granularRoles", acting.granular_roles is not None),
    )
    unknown = tuple(name for name, is_told in told if not is_told)
    if unknown:
        message = "Which administration the customer grants us is not fully known"
        return (Unanswered(_RULE, unknown, message, step=step.pair),)
    return (_blocker(step, acting.granular_roles or frozenset()),)


def _is_granted(acting: Acting, mode: Mode) -> bool:
    held = {_plain(name) for name in acting.granular_roles or ()}
    enough = {
        _plain(name)
        for needed in _NEEDED[mode]
        for name in (needed, *_INCLUDED.get(needed, frozenset()))
    }
    return not held.isdisjoint(enough)


def _plain(name: str) -> str:
    """Return a role's name for comparing: pages write Directory Reader and Directory Readers."""
    return " ".join(name.split()).casefold().removesuffix("s")


def _blocker(step: StepInHand, held: frozenset[str]) -> Blocker:
    kind = step.transition.kind
    is_conversion = kind is TransitionKind.CONVERSION
    wanted = " or ".join(_NEEDED[step.mode])
    granted = ", ".join(sorted(held)) or "none"
    evidence = Evidence(f"delegated administration is off; GDAP roles: {granted}", source=_SOURCE)
    return Blocker(
        BlockerCode.ADMIN_PERMISSION_MISSING,
        Severity.NOTES if is_conversion else Severity.BLOCKS,
        SubjectKind.CUSTOMER,
        step.customer.customer_id,
        f"The customer grants us neither delegated administration nor the GDAP role {wanted}",
        _SOURCE,
        step=step.pair,
        parameters=(("needed", wanted), ("granularRoles", granted), ("mode", step.mode.value)),
        evidence=(evidence, _ONLY_LEGACY) if is_conversion else (evidence,),
        remedies=(
            Remedy(
                RemedyAction.GET_PERMISSION,
                Actor.CUSTOMER,
                f"Ask the customer to approve a GDAP relationship with the role {wanted}",
            ),
        ),
        partner_center=_CODES.get(kind, ()),
    )
