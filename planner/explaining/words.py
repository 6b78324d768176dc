"""A change of a question in words: what to ask instead, with the old and the new value."""

from dataclasses import dataclass

from planner.catalog import Catalog
from planner.counting import phrase
from planner.explaining.assumed_moves import SOMEWHERE
from planner.explaining.candidates import Candidate, ChangeField
from planner.explaining.nodes import NAMED, named
from planner.ids import CatalogId
from planner.scope import Scope
from planner.transitions import Transition


@dataclass(frozen=True, slots=True)
class Change:
    """One change, with the old and the new value as a question writes them."""

    field: ChangeField
    before: str | None
    after: str | None
    message: str
    """What to do, as an order."""


def told(
    catalog: Catalog,
    one: Candidate,
    scopes: tuple[Scope, Scope],
    assumed: Transition | None,
) -> Change:
    """Return a change as it is told; `scopes` are those before and after all changes."""
    before, after = _values(one, *scopes)
    return Change(one.field, before, after, _order(catalog, one, after, assumed))


def _order(catalog: Catalog, one: Candidate, after: str | None, assumed: Transition | None) -> str:
    match one.field:
        case ChangeField.AT:
            return f"ask for {after}"
        case ChangeField.MARKET:
            others = f" (or {phrase(one.alike, most=NAMED)})" if one.alike else ""
            return "ask for no market" if after is None else f"ask for the market {after}{others}"
        case ChangeField.SEGMENT:
            return "ask for no segment"
        case ChangeField.LEGACY_UPGRADES:
            return "ask with the legacy-upgrade policy LAST or INCLUDE"
        case ChangeField.KINDS:
            return f"ask for moves of kind {one.value} too"
        case ChangeField.MAX_STEPS:
            return f"allow {after} steps" if after != "1" else "allow 1 step"
        case ChangeField.AVOID | ChangeField.VIA:
            offer = named(catalog, CatalogId(str(one.value)))
            is_avoided = one.field is ChangeField.AVOID
            return f"do not avoid {offer}" if is_avoided else f"do not ask to pass {offer}"
        case _:
            return _supposition(catalog, one, assumed)


def _supposition(catalog: Catalog, one: Candidate, assumed: Transition | None) -> str:
    where = "an offer that meets the goal"
    if assumed is not None and assumed.target != SOMEWHERE:
        where = named(catalog, assumed.target)
    origin = "" if assumed is None else named(catalog, assumed.origin)
    move = f"the {one.value} from {origin} to {where}"
    if one.field is ChangeField.ASSUME_MOVE:
        return f"take for granted {move}, which no source claims"
    lists = [missing.title for missing in catalog.facts.missing_lists if missing.kind is one.value]
    return f"look in {phrase(lists, most=NAMED)}, which would have to name {move}"


def _values(one: Candidate, before: Scope, after: Scope) -> tuple[str | None, str | None]:
    """Return the old and the new value of what changes."""
    match one.field:
        case ChangeField.AT:
            return before.day.isoformat(), after.day.isoformat()
        case ChangeField.MARKET:
            return before.market, after.market
        case ChangeField.SEGMENT:
            return before.segment, None
        case ChangeField.LEGACY_UPGRADES:
            return before.policy, after.policy
        case ChangeField.MAX_STEPS:
            return str(before.max_steps), str(after.max_steps)
        case ChangeField.AVOID | ChangeField.VIA:
            return str(one.value), None
        case _:
            return None, str(one.value)
