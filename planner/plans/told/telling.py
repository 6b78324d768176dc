"""Acts told as steps: what, who, when and why that date, and what if it is not done."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from planner.blockers import Actor, Blocker
from planner.catalog import Catalog
from planner.customers import Subscription
from planner.holdings import name_of
from planner.permissions import Action, role_for
from planner.plans.search.acts import MOVES, Act, StepKind, bought_id
from planner.plans.search.money import MonthlyPrice, monthly_price
from planner.plans.search.parts import price_of_both
from planner.plans.search.remedies import moved_on
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Done
from planner.plans.told.calls import batch_rows_of, call_of
from planner.plans.told.given_up import findings_of
from planner.plans.told.needs import Needs, needs_of
from planner.plans.told.steps import Due, MemberStep, PlanStep
from planner.plans.told.words import SOURCES, if_not_done, message_of
from planner.plans.wanted import Wanted
from planner.readiness import readiness


def told(catalog: Catalog, wanted: Wanted, done: Sequence[Done]) -> tuple[PlanStep, ...]:
    """Return the steps of one component in order, each with those that have to come before it."""
    needs = needs_of(catalog, wanted, done)
    keys = _keys(done)
    return tuple(
        _with(findings_of(catalog, done, place), _step(catalog, one, due, keys[place], needed))
        for place, (one, due, needed) in enumerate(
            zip(done, _latest(catalog, done, needs), _named(keys, needs), strict=True)
        )
    )


def _keys(done: Sequence[Done]) -> list[str]:
    """Return the acts' keys; what is done again, as licences are reassigned, has a number too."""
    times: Counter[str] = Counter()
    keys: list[str] = []
    for one in done:
        times[one.act.key] += 1
        number = times[one.act.key]
        keys.append(one.act.key if number == 1 else f"{one.act.key}/{number}")
    return keys


def _named(keys: Sequence[str], needs: Needs) -> list[tuple[str, ...]]:
    return [tuple(keys[place] for place in sorted(needed)) for needed in needs]


def _with(found: tuple[Blocker, ...], step: PlanStep) -> PlanStep:
    """Return a step with findings that only the whole of its component shows."""
    if not found:
        return step
    blockers = (*step.blockers, *found)
    return replace(step, blockers=blockers, readiness=readiness(blockers, step.unanswered))


def _step(
    catalog: Catalog, done: Done, latest: Due | None, key: str, needs: tuple[str, ...]
) -> PlanStep:
    act = done.act
    held, then = done.before.customer.holdings.held(act.subscription_id), _afterwards(done)
    edge = act.transition
    return PlanStep(
        key=key,
        kind=act.kind,
        message=message_of(catalog, done),
        subscription_id=act.subscription_id or None,
        title="" if held is None else name_of(catalog, held),
        actor=_actor(act),
        role=_role(act),
        earliest=_earliest(done),
        latest=latest,
        if_not_done=if_not_done(done),
        needs=needs,
        origin=edge.origin if edge else None,
        target=edge.target if edge else act.offer,
        transition_kind=edge.kind if edge else None,
        evidence=edge.evidence if edge else None,
        mode=act.choices.mode if act.kind in _WITH_MODES else None,
        into=act.choices.into,
        seats_before=held.seats if held else None,
        seats_after=act.seats if act.seats is not None else (then.seats if then else None),
        term=then.term if then and act.kind in _WITH_TERMS else act.choices.term,
        billing_cycle=then.billing_cycle if then and act.kind in _WITH_TERMS else None,
        full_new_term=act.choices.full_new_term,
        custom_end=act.choices.custom_end,
        price_before=_price(catalog, done.before, act),
        price_after=_price(catalog, done.after, act),
        takes_effect=act.until,
        members=tuple(_members(catalog, done)),
        call=call_of(done),
        batch_rows=batch_rows_of(done),
        clears=act.clears,
        readiness=readiness(act.blockers, act.unanswered),
        blockers=act.blockers,
        unanswered=act.unanswered,
        assumes=act.assumes,
        source=_source(act),
        part=act.part,
    )


_WITH_MODES = frozenset({StepKind.UPGRADE, StepKind.CONVERT, StepKind.CONVERT_INTO_EXISTING})
_WITH_TERMS = MOVES | {StepKind.BUY_NEW, StepKind.BUY_PREREQUISITE}


_PRICED = _WITH_TERMS | {StepKind.ADD_SEATS, StepKind.REDUCE_SEATS, StepKind.CANCEL}


def _afterwards(done: Done) -> Subscription | None:
    """Return what the act leads to: what it buys or makes of a part, what it adds to, or what the
    subscription is.
    """
    return done.after.own(_led_to(done.act))


def _led_to(act: Act) -> str:
    bought = act.kind in (StepKind.BUY_NEW, StepKind.BUY_PREREQUISITE)
    if bought or (act.kind is StepKind.CONVERT and act.part is not None):
        return bought_id(act)
    return act.choices.into or act.subscription_id


def _price(catalog: Catalog, situation: Situation, act: Act) -> MonthlyPrice | None:
    if act.kind not in _PRICED:
        return None
    if act.part is not None:
        return price_of_both(catalog, situation, act.subscription_id, _led_to(act))
    return monthly_price(catalog, situation, _led_to(act))


def _members(catalog: Catalog, done: Done) -> Iterable[MemberStep]:
    for member in done.act.members:
        held = done.before.own(member.subscription_id)
        then = done.after.own(member.subscription_id)
        edge = member.transition
        yield MemberStep(
            member.subscription_id,
            "" if held is None else name_of(catalog, held),
            edge.origin,
            edge.target,
            None if held is None else held.seats,
            member.choices.term if then is None else then.term,
            member.choices.billing_cycle if then is None else then.billing_cycle,
            member.choices.full_new_term,
        )


_ACTORS: Mapping[StepKind, Actor] = {
    StepKind.CANCEL_ELSEWHERE: Actor.CUSTOMER,
    StepKind.TRANSFER_IN: Actor.ANOTHER_PARTNER,
    StepKind.GET_AGREEMENT: Actor.CUSTOMER,
}


def _actor(act: Act) -> Actor:
    if act.remedy is not None:
        return act.remedy.actor
    return _ACTORS.get(act.kind, Actor.US)


_NO_ROLE = frozenset({StepKind.WAIT_UNTIL, StepKind.GET_PERMISSION})
_ACTIONS: Mapping[StepKind, Action] = {
    StepKind.UPGRADE: Action.LEGACY_UPGRADE,
    StepKind.MIGRATE: Action.MIGRATION,
    StepKind.DETACH_ADDON: Action.MIGRATION,
    StepKind.SCHEDULE_MIGRATION: Action.SCHEDULE_MIGRATION,
    StepKind.CONVERT: Action.CONVERSION,
    StepKind.CONVERT_INTO_EXISTING: Action.CONVERSION,
    StepKind.REASSIGN_LICENSES: Action.ASSIGN_LICENSES,
}
"""What the pages name roles for; anything else is managing a subscription."""


def _role(act: Act) -> str | None:
    """Return the role a step of ours needs: one that every page on its call admits.

    Source: docs/sources.md (roles); planner.permissions holds the whole matrix.
    """
    if _actor(act) is not Actor.US or act.kind in _NO_ROLE:
        return None
    named = act.remedy.role if act.remedy else None
    return named or role_for(_ACTIONS.get(act.kind, Action.MANAGE_SUBSCRIPTION)).value


def _source(act: Act) -> str:
    return SOURCES[act.kind] if act.transition is None else act.transition.claims[0].source


def _earliest(done: Done) -> Due:
    act = done.act
    if act.kind is StepKind.WAIT_UNTIL and act.until is not None:
        return Due(act.until, act.because)
    return Due(act.at.date(), act.because or "nothing keeps it from being done then")


def _latest(catalog: Catalog, done: Sequence[Done], needs: Needs) -> list[Due | None]:
    """Return each step's last day: its own, or that of what needs it, whichever is sooner."""
    days: list[Due | None] = [_own_latest(catalog, one) for one in done]
    for later in range(len(done) - 1, -1, -1):
        for place in needs[later]:
            days[place] = _sooner(days[place], days[later])
    return [
        due and _not_before(_earliest(one).day, due) for due, one in zip(days, done, strict=True)
    ]


def _not_before(earliest: date, due: Due) -> Due:
    """Return a last day; where it is over already, as in data that look old, the first one."""
    if due.day >= earliest:
        return due
    was = f"the data say that {due.day.isoformat()} was the last day ({due.because})"
    return Due(earliest, f"{was}, so it must not wait")


def _sooner(own: Due | None, needed: Due | None) -> Due | None:
    if own is None or needed is None:
        return own or needed
    return min(own, needed, key=lambda due: due.day)


_BEFORE_THE_LAST_DAY = frozenset({StepKind.MIGRATE, StepKind.DETACH_ADDON})
_UNTIL_THE_LAST_DAY = frozenset(
    {StepKind.SCHEDULE_MIGRATION, StepKind.TURN_OFF_AUTO_RENEWAL, StepKind.REDUCE_SEATS}
)


def _own_latest(catalog: Catalog, done: Done) -> Due | None:
    """Return the last day on which an act can be done as planned.

    Source: docs/sources.md 2 (scheduled changes are locked from 00:00 UTC of the renewal day), 3
    (no migration within 24 hours of the term's end but for a full new term) and 6 (cancellation).
    """
    held = done.before.own(done.act.subscription_id)
    if held is None:
        return None
    old = done.act.kind in (StepKind.BUY_NEW, StepKind.CANCEL)
    runs = held.last_day is not None and held.last_day >= done.act.at.date()
    if old and runs and held.last_day is not None and held.is_legacy:
        return Due(held.last_day, "what it takes the place of renews or ends on the day after")
    if done.act.kind is StepKind.CANCEL and held.cancellable_until is not None:
        return Due(held.cancellable_until.date(), "its cancellation window ends")
    if done.act.kind in _WHILE_LEGACY and held.is_legacy:
        return _last_as_legacy(catalog, done.before, held)
    if done.act.kind is StepKind.REDUCE_SEATS and done.act.until is None:
        return _tranche_ends(held, done)
    if held.last_day is None:
        return None
    ends = held.auto_renews is False or held.cancels_at_end
    if ends and done.act.kind in MOVES - _BEFORE_THE_LAST_DAY:
        return Due(held.last_day, "it does not renew, and only an active one can be moved")
    if done.act.kind in _BEFORE_THE_LAST_DAY and not done.act.choices.full_new_term:
        why = f"its term ends on {held.last_day.isoformat()}, and the last 24 hours are closed"
        return Due(_day_before(held.last_day), why)
    if done.act.kind in _UNTIL_THE_LAST_DAY | _BEFORE_THE_LAST_DAY:
        return Due(held.last_day, "its term ends on that day")
    return None


_WHILE_LEGACY = frozenset({StepKind.UPGRADE, StepKind.ADD_SEATS, StepKind.REDUCE_SEATS})


def _last_as_legacy(catalog: Catalog, now: Situation, held: Subscription) -> Due | None:
    """Return the last day of a subscription that stays legacy; None where no source tells it.

    Source: docs/sources.md 0 (Microsoft-led migration; over 300 seats expire).
    """
    ends = held.auto_renews is False or held.cancels_at_end
    if held.last_day is not None and ends:
        return Due(held.last_day, "it does not renew, and is over on the day after")
    day = moved_on(catalog, now.customer, held)
    if held.last_day is None or day is None:
        return None
    return Due(held.last_day, f"on {day.isoformat()} Microsoft migrates it or lets it end")


def _tranche_ends(held: Subscription, done: Done) -> Due | None:
    """Return until when that many seats can be given back [docs/sources.md 6: by tranche]."""
    wanted = (held.seats or 0) - (done.act.seats or 0)
    for tranche in sorted(held.reducible or (), key=lambda one: one.until, reverse=True):
        wanted -= tranche.seats
        if wanted <= 0:
            return Due(tranche.until.date(), "until then those seats can be given back")
    return None


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
