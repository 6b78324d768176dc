"""Whether a saved plan still holds, and what moved since it was made."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from planner.plans.saved.fingerprint import Parts
from planner.plans.search.acts import MOVES, StepKind
from planner.plans.told.steps import Plan, PlanStep


class Currency(StrEnum):
    """Whether what a plan has read is still so; a stale plan stays readable."""

    CURRENT = "CURRENT"
    STALE = "STALE"


class Moved(StrEnum):
    """What kind of thing is no longer as a plan has read it."""

    FACT = "FACT"
    """A fact of the customer or of one of its subscriptions."""
    CATALOG = "CATALOG"
    RULES = "RULES"
    QUESTION = "QUESTION"
    """What was asked for; between two plans only, since a saved plan keeps its question."""
    DATE_PASSED = "DATE_PASSED"


@dataclass(frozen=True, slots=True)
class StaleReason:
    """One thing that moved."""

    kind: Moved
    message: str
    part: str
    """The part of the fingerprint; for DATE_PASSED the key of the step, empty for the plan's."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The verdict on a day, and every reason against the plan: facts, catalog, rules, dates."""

    currency: Currency
    reasons: tuple[StaleReason, ...] = ()


CURRENT = Freshness(Currency.CURRENT)


def staleness(
    plan: Plan, parts: Parts, now: Parts, *, on: date, done: Collection[str] = ()
) -> Freshness:
    """Return whether a plan that has read `parts` still holds, given the parts of `now`.

    `done` are the keys of the steps that were carried out: their dates no longer count, and a
    change of their subscription is told beside them. What they were to make of the facts is no
    change: `now` is told without it (planner.plans.saved.as_planned). Where facts moved, catalog
    rows that only one side has read are their consequence, and are not told.
    """
    titles = _titles(plan)
    carried_out = [step for step in plan.steps if step.key in done]
    found = moved_parts(parts, now, titles=titles)
    reach_moved = not {Moved.FACT, Moved.QUESTION}.isdisjoint(one.kind for one in found)
    moved = [
        _told(reason, carried_out, is_new=reason.part not in parts)
        for reason in found
        if not (reach_moved and _is_consequence(reason, parts, now))
    ]
    reasons = (*moved, *_passed(plan, on, done))
    return Freshness(Currency.STALE, reasons) if reasons else CURRENT


def _is_consequence(reason: StaleReason, before: Parts, after: Parts) -> bool:
    one_sided = reason.part not in before or reason.part not in after
    return reason.kind is Moved.CATALOG and one_sided


def _titles(plan: Plan) -> Mapping[str, str]:
    named = {step.subscription_id: step.title for step in plan.steps if step.subscription_id}
    return named | {one.goal.subscription_id: one.title for one in plan.outcomes if one.title}


def _told(reason: StaleReason, done: Sequence[PlanStep], *, is_new: bool) -> StaleReason:
    """Return the reason beside the done steps that it may come of, and what speaks against it."""
    own = [step for step in done if step.subscription_id and step.subscription_id in reason.part]
    if own:
        return replace(reason, message=f"{reason.message}; {own[-1].key} is marked as done")
    makers = [step.key for step in done if step.kind in _MAKES_NEW]
    if makers and is_new and reason.part.startswith(_OURS):
        why = f"it is not exactly what {', '.join(makers)} was to make"
        return replace(reason, message=f"{reason.message}; {why}")
    return reason


_OURS = "customer/own/"
_MAKES_NEW = MOVES | {StepKind.BUY_NEW, StepKind.BUY_PREREQUISITE, StepKind.TRANSFER_IN}
"""Steps after which Partner Center may show a subscription by a new id."""


def _passed(plan: Plan, on: date, done: Collection[str]) -> Iterator[StaleReason]:
    """Yield the steps whose last day is over, in their order; else the plan's own last day."""
    late = [
        StaleReason(
            Moved.DATE_PASSED,
            f"{step.message}: its last day was {step.latest.day}, since {step.latest.because}",
            step.key,
        )
        for step in plan.steps
        if step.key not in done and step.latest is not None and step.latest.day < on
    ]
    yield from late
    if not late and not done and plan.valid_until is not None and plan.valid_until < on:
        yield StaleReason(Moved.DATE_PASSED, f"the plan held until {plan.valid_until}", "")


def moved_parts(
    before: Parts, after: Parts, *, titles: Mapping[str, str] | None = None
) -> tuple[StaleReason, ...]:
    """Return what differs between two sets of parts: facts, catalog, rules, question; by name.

    A subscription that came or went is told once. `titles` name subscriptions by their ids.
    """
    named = titles or {}
    names = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    found: dict[tuple[Moved, str], StaleReason] = {}
    for name in names:
        kind = _KINDS[name.partition("/")[0]]
        message = _words(name, before, after, named)
        found.setdefault((kind, message), StaleReason(kind, message, name))
    return tuple(sorted(found.values(), key=lambda one: (list(Moved).index(one.kind), one.part)))


_KINDS: Mapping[str, Moved] = {
    "customer": Moved.FACT,
    "catalog": Moved.CATALOG,
    "rules": Moved.RULES,
    "question": Moved.QUESTION,
}


def _words(name: str, before: Parts, after: Parts, titles: Mapping[str, str]) -> str:
    room, _, rest = name.partition("/")
    what, _, which = rest.partition("/")
    verb = "is new" if name not in before else "is gone" if name not in after else "changed"
    if what in _SIDES:
        return _of_subscription(what, which, before, after, titles)
    return f"{_NAMES[room](what, which)} {verb}"


_SIDES = {"own": "our subscription", "foreign": "another seller's subscription"}


def _of_subscription(
    side: str, which: str, before: Parts, after: Parts, titles: Mapping[str, str]
) -> str:
    subscription_id, _, group = which.rpartition("/")
    called = titles.get(subscription_id)
    named = f"{called} ({subscription_id})" if called else subscription_id
    whole = f"customer/{side}/{subscription_id}/"
    if not any(name.startswith(whole) for name in before):
        return f"{_SIDES[side]} {named} is new"
    if not any(name.startswith(whole) for name in after):
        return f"{_SIDES[side]} {named} is gone"
    return f"{_GROUP_WORDS[group]} of {_SIDES[side]} {named} changed"


_GROUP_WORDS: Mapping[str, str] = {
    "offer": "the offer",
    "state": "the state",
    "seats": "the seats",
    "term": "the term or its dates",
    "renewal": "the renewal",
    "promotion": "the promotion",
    "base": "the base",
    "services": "the services",
    "seller": "the seller or partner on record",
}
_CUSTOMER_WORDS: Mapping[str, str] = {
    "holdings of ours": "how much of our own holdings is loaded",
    "holdings of others": "how much of what others sold is loaded",
}
_CATALOG_WORDS: Mapping[str, str] = {
    "offer": "the offer {}",
    "services": "what is known of the services of {}",
    "seats": "the seat limit of {}",
    "bases": "the list of bases of {}",
    "moves": "the list of moves out of {}",
    "sale": "the end of sale of {}",
    "prices": "the set of prices of {}",
    "price list": "what is known of the price list {}",
    "product": "the product {}",
    "service plans": "the list of service plans",
    "dates": "the set of dates of {}",
    "missing": "the note on lists of {} that are not loaded",
    "coverage": "what the lists cover",
    "goal": "what the goal {} means",
    "avoided": "the list of offers to avoid",
}
_RULE_WORDS: Mapping[str, str] = {
    "version": "the version of the rules",
    "asked": "the list of rules",
    "search": "the version of the plan search",
}
_NAMES: Mapping[str, Callable[[str, str], str]] = {
    "customer": lambda what, _: _CUSTOMER_WORDS.get(what, f"the customer's {what}"),
    "catalog": lambda what, which: _CATALOG_WORDS[what].format(which),
    "rules": lambda what, _: _RULE_WORDS[what],
    "question": lambda what, _: f"the question's {what}",
}
