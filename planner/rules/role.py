"""May whoever acts carry this move out, by role and by kind of partner?"""

from collections.abc import Iterable, Mapping

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Blocker,
    Evidence,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.permissions import (
    Acting,
    Action,
    PartnerType,
    Permission,
    Role,
    admitted,
    agreed,
    role_for,
    role_title,
    who_may,
)
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import TransitionKind

_RULE = "ROLE"
_ROLES_SOURCE = "upgrade page, roles; docs/sources.md 0 to 3 and 5 (roles)"
_RESELLER_SOURCE = "docs/sources.md 5 (indirect resellers)"
_ACTIONS: Mapping[TransitionKind, Action] = {
    TransitionKind.LEGACY_UPGRADE: Action.LEGACY_UPGRADE,
    TransitionKind.MIGRATION: Action.MIGRATION,
    TransitionKind.CONVERSION: Action.CONVERSION,
    TransitionKind.TRIAL_CONVERSION: Action.CONVERSION,
}
_AT_RENEWAL: Mapping[TransitionKind, Action] = {
    TransitionKind.MIGRATION: Action.SCHEDULE_MIGRATION,
    TransitionKind.CONVERSION: Action.MANAGE_SUBSCRIPTION,
}


def action_of(kind: TransitionKind, *, at_renewal: bool = False) -> Action:
    """Return what a move is to the pages on roles.

    A scheduled conversion is a change of the subscription; a trial is converted by the transition
    API. Source: docs/sources.md 2 and 3 (calls).
    """
    return _AT_RENEWAL.get(kind, _ACTIONS[kind]) if at_renewal else _ACTIONS[kind]


def role(step: StepInHand) -> Answer:
    """A role that no page admits BLOCKS; one on which the pages disagree WARNS and names them.

    An indirect reseller may not act on subscriptions. Unknown where nobody says who acts.
    Source: the upgrade page (roles); docs/sources.md 0 to 3 and 5.
    """
    acting = step.acting
    if acting.partner_type is PartnerType.INDIRECT_RESELLER:
        return (_reseller(step),)
    action = action_of(step.transition.kind, at_renewal=step.choices.at_renewal)
    held = acting.roles
    if held is not None and not held & agreed(action):
        disputed = held & admitted(action)
        return (_disputed(step, action, disputed) if disputed else _missing(step, action, held),)
    return _open_questions(step, acting)


def _open_questions(step: StepInHand, acting: Acting) -> Answer:
    told = (("acting.roles", acting.roles), ("acting.partnerType", acting.partner_type))
    fields = tuple(name for name, value in told if value is None)
    if not fields:
        return CLEAR
    message = "Who carries the move out is not fully known"
    return (Unanswered(_RULE, fields, message, step=step.pair),)


def _missing(step: StepInHand, action: Action, held: frozenset[Role]) -> Blocker:
    rows = who_may(action)
    return _blocker(
        step,
        BlockerCode.ROLE_MISSING,
        Severity.BLOCKS,
        f"No page admits {_titles(held) or 'somebody without a role'} to this move",
        parameters=(("action", action.value), ("roles", _values(held))),
        evidence=tuple(map(_says, rows)),
        remedy=_get_role(action),
    )


def _disputed(step: StepInHand, action: Action, held: frozenset[Role]) -> Blocker:
    rows = who_may(action)
    yes = " and ".join(row.page for row in rows if row.roles & held)
    no = " and ".join(row.page for row in rows if not row.roles & held)
    # Pages may each admit another of the roles, and then none of them says no to all.
    against = f"; {no} does not" if no else ""
    return _blocker(
        step,
        BlockerCode.ROLE_DISPUTED,
        Severity.WARNS,
        f"Pages disagree on {_titles(held)}: admitted by {yes}{against}",
        parameters=(("action", action.value), ("roles", _values(held))),
        evidence=tuple(map(_says, rows)),
        remedy=_get_role(action),
    )


def _reseller(step: StepInHand) -> Blocker:
    return _blocker(
        step,
        BlockerCode.INDIRECT_RESELLER,
        Severity.BLOCKS,
        "An indirect reseller may not change subscriptions and has no access to the API",
        parameters=(("partnerType", PartnerType.INDIRECT_RESELLER.value),),
        evidence=(),
        remedy=Remedy(
            RemedyAction.GET_PERMISSION,
            Actor.ANOTHER_PARTNER,
            "Ask the indirect provider to carry the move out",
        ),
        source=_RESELLER_SOURCE,
    )


def _blocker(
    step: StepInHand,
    code: BlockerCode,
    severity: Severity,
    message: str,
    *,
    parameters: tuple[tuple[str, str], ...],
    evidence: tuple[Evidence, ...],
    remedy: Remedy,
    source: str = _ROLES_SOURCE,
) -> Blocker:
    return Blocker(
        code,
        severity,
        SubjectKind.TRANSITION,
        f"{step.transition.origin} -> {step.target}",
        message,
        source,
        step=step.pair,
        parameters=parameters,
        evidence=evidence,
        remedies=(remedy,),
    )


def _says(row: Permission) -> Evidence:
    dated = f" ({row.dated.isoformat()})" if row.dated else ""
    return Evidence(f"{row.page}{dated} admits {_titles(row.roles)}", source=row.source)


def _get_role(action: Action) -> Remedy:
    wanted = role_for(action)
    return Remedy(
        RemedyAction.GET_PERMISSION,
        Actor.US,
        f"Have somebody with the role {role_title(wanted)} carry it out: every page admits it",
        role=wanted.value,
    )


def _titles(roles: Iterable[Role]) -> str:
    return ", ".join(role_title(one) for one in sorted(roles))


def _values(roles: Iterable[Role]) -> str:
    return ", ".join(one.value for one in sorted(roles))
