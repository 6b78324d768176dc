"""What the users of a subscription that a plan ends lose, and what gives it to them again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from planner.blocker_codes import BlockerCode
from planner.blockers import Blocker, Evidence, Severity, SubjectKind
from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Subscription
from planner.holdings import name_of, plans_of
from planner.ids import ServicePlanId
from planner.plans.goals import GONE
from planner.plans.search.acts import StepKind
from planner.plans.search.situation import Situation
from planner.plans.search.solution import Done
from planner.service_sets import in_order_of_title, replacements
from planner.upsells import in_order_of_weight, named_in_short, title_of

ENDINGS = frozenset({StepKind.CANCEL, StepKind.CANCEL_ELSEWHERE, StepKind.TURN_OFF_AUTO_RENEWAL})
"""Steps that end a subscription, ours or another seller's."""
_SOURCE = "upgrade page, conditions 2 and 3; docs/sources.md 2 and 6"
_NAMED_AT_MOST = 5


def findings_of(catalog: Catalog, done: Sequence[Done], place: int) -> tuple[Blocker, ...]:
    """Return what an act that ends a subscription takes from its users; empty for other acts.

    It is held against what the customer has once its component is done. WARNS of services that no
    step gives again, whatever was there already: its licences may all be taken; and where nothing
    tells which services they are. NOTES who gives them, to users who get a licence of that.
    """
    act = done[place].act
    held = done[place].before.customer.holdings.held(act.subscription_id)
    if act.kind not in ENDINGS or held is None:
        return ()
    plans = plans_of(catalog, held)
    if plans is None:
        return (_not_known(catalog, held),)
    end = _End(catalog, done[0].before, done[-1].after, held)
    return tuple(_told(end, frozenset(plans - catalog.common_plans.keys())))


@dataclass(frozen=True, slots=True)
class _Giver:
    """A subscription that the customer has in the end, and its services."""

    held: Subscription
    plans: frozenset[ServicePlanId]
    before: Subscription | None
    """What it was when the plan began; None where a step makes it."""

    @property
    def is_of_plan(self) -> bool:
        """Whether a step makes it what it is: another offer, or more licences."""
        was = self.before
        return was is None or (was.catalog_id, was.seats) != (self.held.catalog_id, self.held.seats)


@dataclass(frozen=True, slots=True)
class _End:
    """One subscription that ends, and how things stand before and after its component."""

    catalog: Catalog
    start: Situation
    then: Situation
    held: Subscription

    def givers(self) -> Iterator[_Giver]:
        """Yield what the customer has in the end; what the plan makes comes first, then by id."""
        found = [
            _Giver(
                one,
                plans_of(self.catalog, one) or frozenset(),
                self.start.customer.holdings.held(one.subscription_id),
            )
            for one in self.then.customer.holdings.all
            if self._stays(one)
        ]
        yield from sorted(found, key=lambda one: (not one.is_of_plan, one.held.subscription_id))

    def _stays(self, one: Subscription) -> bool:
        ends = one.subscription_id == self.held.subscription_id
        return not ends and one.state not in GONE and one.subscription_id not in self.then.ended

    def in_order(self, plans: frozenset[ServicePlanId]) -> tuple[ServicePlanId, ...]:
        return in_order_of_weight(self.catalog, in_order_of_title(self.catalog, plans))

    def short(self, plans: Iterable[ServicePlanId]) -> str:
        return named_in_short(self.catalog, plans, most=_NAMED_AT_MOST)


def _told(end: _End, lost: frozenset[ServicePlanId]) -> Iterator[Blocker]:
    """Yield what no step gives again, then who gives what: steps first, then what was there."""
    missing, told = lost, []
    givers = tuple(end.givers())
    for giver in (one for one in givers if one.is_of_plan):
        given = missing & giver.plans
        swapped = _swapped(end.catalog, missing - given, giver.plans - lost)
        if given or swapped:
            told.append(_given_again(end, giver, given, swapped))
        missing -= given | swapped
    left = missing
    for giver in (one for one in givers if not one.is_of_plan):
        if given := left & giver.plans:
            told.append(_given_already(end, giver, given))
            left -= given
    if missing:
        yield _missing(end, end.in_order(missing))
    yield from told


def _swapped(
    catalog: Catalog, lost: frozenset[ServicePlanId], given: frozenset[ServicePlanId]
) -> frozenset[ServicePlanId]:
    """Return the services of which another one takes the place."""
    found = replacements(catalog, lost, given)
    return frozenset(plan.plan_id for change in found for plan in change.before)


def _missing(end: _End, plans: tuple[ServicePlanId, ...]) -> Blocker:
    named = name_of(end.catalog, end.held)
    them = "it" if len(plans) == 1 else "them"
    message = (
        f"{_users(end.held)} of {named} lose {end.short(plans)}: no step of the plan gives {them} "
        "again."
    )
    return _finding(end, BlockerCode.SERVICES_NOT_REPLACED, Severity.WARNS, message, plans)


def _given_again(
    end: _End, giver: _Giver, given: frozenset[ServicePlanId], swapped: frozenset[ServicePlanId]
) -> Blocker:
    parts = [f"{end.short(end.in_order(given))} again"] if given else []
    if swapped:
        parts.append(f"another plan in place of {end.short(end.in_order(swapped))}")
    message = (
        f"{name_of(end.catalog, giver.held)}, which the plan leads to, gives {', and '.join(parts)}"
        f", to users of {name_of(end.catalog, end.held)} who get {_licence(giver)}."
    )
    plans = end.in_order(given | swapped)
    return _finding(end, BlockerCode.SERVICES_GIVEN_AGAIN, Severity.NOTES, message, plans)


def _given_already(end: _End, giver: _Giver, given: frozenset[ServicePlanId]) -> Blocker:
    plans = end.in_order(given)
    message = (
        f"{name_of(end.catalog, giver.held)}, which is there already and stays, gives "
        f"{end.short(plans)} too, to users of {name_of(end.catalog, end.held)} who get "
        f"{_licence(giver)}, if any is free."
    )
    return _finding(end, BlockerCode.SERVICES_GIVEN_AGAIN, Severity.NOTES, message, plans)


def _licence(giver: _Giver) -> str:
    seats, was = giver.held.seats, giver.before
    if seats is None:
        return "a licence of it"
    is_same = was is not None and was.seats == seats
    if seats == 1:
        return f"its only licence{' (there was one before too)' if is_same else ''}"
    return f"one of its {seats} licences{' (as many as there were before)' if is_same else ''}"


def _finding(
    end: _End,
    code: BlockerCode,
    severity: Severity,
    message: str,
    plans: tuple[ServicePlanId, ...],
) -> Blocker:
    titles = ", ".join(title_of(end.catalog, plan) for plan in plans)
    if severity is Severity.NOTES:
        # Nobody has to look after these one by one; their ids are at hand.
        titles = counted(len(plans), "such service")
    held, named = end.held, name_of(end.catalog, end.held)
    return Blocker(
        code,
        severity,
        SubjectKind.SUBSCRIPTION,
        held.subscription_id,
        message,
        _SOURCE,
        evidence=(Evidence(f"{named} gives {titles}", held.subscription_id, held.seller, plans),),
    )


def _not_known(catalog: Catalog, held: Subscription) -> Blocker:
    named = name_of(catalog, held)
    message = (
        f"Which services {named} gives is not known, nor what {_users(held).lower()} lose with it."
    )
    return Blocker(
        BlockerCode.SERVICES_NOT_REPLACED,
        Severity.WARNS,
        SubjectKind.SUBSCRIPTION,
        held.subscription_id,
        message,
        _SOURCE,
    )


def _users(held: Subscription) -> str:
    return "The users" if held.seats is None else f"The users of the {counted(held.seats, 'seat')}"
