"""Which changes of a customer's facts are what the done steps of a plan were to make of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from planner.catalog import Catalog
from planner.customers import Customer, Subscription, SubscriptionState
from planner.plans.goals import GONE
from planner.plans.saved.as_told import Seen
from planner.plans.saved.carried_out import Carried, Stage, stages
from planner.plans.saved.fingerprint import GROUPS
from planner.plans.told.steps import Plan


def as_read(
    catalog: Catalog,
    plan: Plan,
    read: Customer,
    now: Customer,
    done: Sequence[Carried],
    *,
    on: date,
) -> Customer:
    """Return today's customer with all that done steps made of it put back as the plan read it.

    `read` is what the plan was made from, `done` stands in the plan's order, `on` is today. What
    else moved stays as it is today. A subscription with a new id is known by `migrated_from`, else
    by being exactly what a step makes; one that is otherwise stays a new one.
    """
    if not done:
        return now
    case = _Case(read, now, stages(catalog, read, plan.at, done, on=on))
    return replace(
        now,
        agreement=read.agreement if _agreed(case) else now.agreement,
        delegated_admin=read.delegated_admin if _permitted(case) else now.delegated_admin,
        holdings=replace(now.holdings, own=_own(case), foreign=_foreign(case)),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    read: Customer
    now: Customer
    stages: tuple[Stage, ...]

    @property
    def touched(self) -> frozenset[str]:
        return self.stages[-1].touched


def _agreed(case: _Case) -> bool:
    told = {one.late.customer.agreement for one in case.stages[1:]}
    return case.now.agreement in told - {case.read.agreement}


def _permitted(case: _Case) -> bool:
    told = {one.late.customer.delegated_admin for one in case.stages[1:]}
    return case.now.delegated_admin in told - {case.read.delegated_admin}


# Ours


def _own(case: _Case) -> tuple[Subscription, ...]:
    """Return ours as they would be had nothing been done, those of today first."""
    before = {one.subscription_id: one for one in case.read.holdings.own}
    today = {one.subscription_id: one for one in case.now.holdings.own}
    took = _followers(case, before, today)
    kept = [
        one
        for one in case.now.holdings.own
        if one.subscription_id not in case.touched | {*took.values()}
    ]
    for known_as in sorted(case.touched):
        found = today.get(took.get(known_as, known_as))
        back = _put_back(case, known_as, before.get(known_as), found)
        kept.extend(() if back is None else (back,))
    return tuple(kept)


def _followers(
    case: _Case, before: Mapping[str, Subscription], today: Mapping[str, Subscription]
) -> Mapping[str, str]:
    """Return the new ids of the subscriptions that got one from a step, by the ids in the plan."""
    fresh = [
        one for key, one in sorted(today.items()) if key not in before and key not in case.touched
    ]
    found: dict[str, str] = {}
    for known_as in sorted(case.touched):
        there = today.get(known_as)
        if there is not None and there.state not in _OVER:
            continue
        candidates = [one for one in fresh if one.subscription_id not in found.values()]
        follower = _follower(case, known_as, before.get(known_as), candidates)
        if follower is not None:
            found[known_as] = follower.subscription_id
    return found


_OVER = GONE | {SubscriptionState.SUSPENDED}
"""States of a subscription that something else took the place of."""


def _follower(
    case: _Case, known_as: str, was: Subscription | None, candidates: Sequence[Subscription]
) -> Subscription | None:
    made = [stage for stage in case.stages if known_as in stage.touched]
    pairs = [pair for stage in made if (pair := _pair(stage, known_as))]
    if any(late.migrated_from == known_as for _, late in pairs):
        for one in candidates:
            if one.migrated_from == known_as:
                return one
    for one in candidates:
        is_free = one.migrated_from is None and one.state not in GONE
        if is_free and any(not _unlike(stage, _pair(stage, known_as), was, one) for stage in made):
            return one
    return None


def _put_back(
    case: _Case, known_as: str, was: Subscription | None, found: Subscription | None
) -> Subscription | None:
    """Return it as it was read, but for the groups of fields that no step explains."""
    if found is not None and was is not None:
        found = replace(found, subscription_id=known_as)
    other = _best(case, known_as, was, found)
    if other == ():
        return was
    if found is None or was is None:
        return found
    names = {name for group in other for name in GROUPS[group]}
    return replace(was, **{name: getattr(found, name) for name in names})


_WHOLE = tuple(GROUPS)


def _best(
    case: _Case, known_as: str, was: Subscription | None, found: Subscription | None
) -> tuple[str, ...]:
    """Return the groups of fields that moved since they were read, and not to what a step makes.

    Of all stages the one counts that is most like what is found.
    """
    told = [
        tuple(group for group in unlike if _moved(group, was, found))
        for stage in case.stages
        if known_as in stage.touched or was is not None
        for unlike in (_unlike(stage, _pair(stage, known_as), was, found),)
    ]
    return min(told, key=len, default=_WHOLE)


def _moved(group: str, was: Subscription | None, found: Subscription | None) -> bool:
    if was is None or found is None:
        return True
    return any(getattr(was, name) != getattr(found, name) for name in GROUPS[group])


_Pair = tuple[Subscription, Subscription]


def _pair(stage: Stage, known_as: str) -> _Pair | None:
    early, late = (one.own(known_as) for one in stage.both)
    return None if early is None or late is None else (early, late)


def _unlike(
    stage: Stage, pair: _Pair | None, was: Subscription | None, found: Subscription | None
) -> tuple[str, ...]:
    """Return the groups in which what is found differs from a stage; all where one is gone.

    What has ended may be listed as ended, or not at all.
    """
    is_over = pair is None or pair[1].state in GONE
    if found is None or (is_over and found.state in GONE):
        return () if is_over else _WHOLE
    if pair is None:
        return _WHOLE
    seen = Seen(stage, *pair, was, found)
    return tuple(group for group, names in GROUPS.items() if not all(map(seen.is_as_told, names)))


# Others'


def _foreign(case: _Case) -> tuple[Subscription, ...]:
    """Return others' with those that a step took away, where they are gone as planned."""
    return (*case.now.holdings.foreign, *_taken_away(case))


def _taken_away(case: _Case) -> Iterator[Subscription]:
    there = {one.subscription_id for one in case.now.holdings.foreign}
    then = {one.subscription_id for one in case.stages[-1].late.customer.holdings.foreign}
    for one in case.read.holdings.foreign:
        if one.subscription_id not in there | then:
            yield one
