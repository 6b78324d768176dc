"""How the merits of two plans are told beside each other: the parts that differ, by name."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

from planner.counting import counted
from planner.plans.saved.difference import FieldChange, PlanDifference
from planner.transitions import EvidenceKind
from resolvers.plans.merit import Merit, Weighing, merit_of
from resolvers.records.plans import SavedPlan


def with_merits_in_words(told: PlanDifference, old: SavedPlan, new: SavedPlan) -> PlanDifference:
    """Return a difference whose merits, as far as they differ, are told by the names of their
    parts; parts that only one of two profiles weighs are told for that one.
    """
    before, after = _words_of(old), _words_of(new)
    change = FieldChange(
        "merit",
        ", ".join(text for name, text in before.items() if after.get(name) != text) or None,
        ", ".join(text for name, text in after.items() if before.get(name) != text) or None,
    )
    changed = tuple(change if one.field == "merit" else one for one in told.fields)
    return replace(told, fields=changed)


def _words_of(saved: SavedPlan) -> Mapping[str, str]:
    scope = saved.question.scope
    return dict(_told(merit_of(saved.plan.merit, Weighing(scope.profile, scope.policy))))


def _told(merit: Merit) -> Iterator[tuple[str, str]]:
    for field in fields(merit):
        value = getattr(merit, field.name)
        if isinstance(value, int) and field.name in _NOUNS:
            yield field.name, counted(value, *_NOUNS[field.name])
    if merit.monthly_price is not None:
        yield "monthly_price", f"{merit.monthly_price} a month"
    for kind, moves in merit.moves_by_evidence or ():
        yield f"evidence {kind.name}", f"{counted(moves, 'move')} by {_EVIDENCE[kind]}"


_NOUNS: Mapping[str, tuple[str, ...]] = {
    "goals_unmet": ("goal not met", "goals not met"),
    "subscriptions_given_up": ("subscription given up", "subscriptions given up"),
    "unknown_steps": ("step with an open question", "steps with an open question"),
    "steps": ("step",),
    "days_to_goals": ("day to the goals, summed", "days to the goals, summed"),
    "legacy_upgrades": ("legacy upgrade",),
    "seats_to_reassign": ("seat to reassign by hand", "seats to reassign by hand"),
    "steps_of_others": ("step of others", "steps of others"),
    "services_lost": ("service lost", "services lost"),
    "days": ("day to the last move", "days to the last move"),
    "prices_not_known": ("price not known", "prices not known"),
    "moves": ("move",),
    "manual_moves": ("move by hand", "moves by hand"),
}
_EVIDENCE: Mapping[EvidenceKind, str] = {
    EvidenceKind.INFERRED: "inference alone",
    EvidenceKind.DERIVED: "derivation alone",
    EvidenceKind.OFFER_MATRIX: "the offer matrix",
    EvidenceKind.API_RECORDED: "recorded answers of the API",
    EvidenceKind.DOCUMENTED: "documentation",
    EvidenceKind.PARTNER_CENTER: "Partner Center's own answer",
}
