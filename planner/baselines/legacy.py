"""What happens to a legacy subscription on which date if nobody acts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from planner.availability import sold_in
from planner.baselines.event import (
    Afterwards,
    BaselineEvent,
    Case,
    LastDay,
    day_before,
    either,
    event,
    no_last_day,
    not_known,
    unclear_status,
)
from planner.baselines.rules import (
    DAYS_OF_LOCK_BEFORE_END,
    DAYS_TO_CHANGE_AFTER_RUN,
    LEGACY_END,
    LEGACY_RENEWAL,
    LEGACY_SUSPENDED_DAYS,
    MIGRATED_TERM,
    OVER_CAP,
    RUNS,
    STATES,
    BaselineCode,
    MigrationRun,
)
from planner.baselines.trials import trial_events
from planner.customers import SubscriptionState as State
from planner.facts import SeatCap
from planner.ids import CatalogId
from planner.lifecycle import TermCalendar, calendar_of, days_after, months_in
from planner.offers import Known
from planner.transitions import EvidenceKind, Transition, TransitionKind

_READ = ("last_day", "auto_renews", "term", "seats")
_BEFORE_RENEWAL = "auto-renewal can be changed until the term is over"
_MIGRATE_FIRST = (
    "a migration of our own must begin 24 hours before the term ends, unless it buys a full new "
    "term"
)
_NO_EQUIVALENT = "equivalent new-commerce SKU"


def legacy_events(case: Case) -> Iterator[BaselineEvent]:
    """Yield what happens from its data on, in no order; days may lie before the one asked for.

    Source: docs/sources.md 0 (Microsoft-led migration, over 300 seats) and 6 (states).
    """
    state = case.subscription.state
    if state is State.ACTIVE:
        yield from trial_events(case) if case.is_trial else _active(case)
    elif state is State.SUSPENDED:
        yield _suspended(case)
    elif state in (State.EXPIRED, State.DISABLED):
        yield _gone(case)
    elif state is not State.DELETED:
        yield unclear_status(case)


def run_of(case: Case) -> MigrationRun:
    """Return Microsoft's run for the segment; that of no segment where it is not known."""
    return RUNS[case.segment]


def equivalents(case: Case) -> tuple[Transition, ...]:
    """Return the migrations out of its offer, one per candidate equivalent, in order of ids."""
    if case.offer is None:
        return ()
    moves = case.catalog.transitions_from(case.offer.catalog_id)
    return tuple(
        sorted(
            (move for move in moves if move.kind is TransitionKind.MIGRATION),
            key=lambda move: move.target,
        )
    )


def _active(case: Case) -> Iterator[BaselineEvent]:
    calendar = case.calendar
    if calendar is None:
        yield no_last_day(case)
    elif case.subscription.auto_renews:
        yield from _renewing(case, calendar)
    elif case.subscription.auto_renews is False:
        yield _ends(case, calendar.first_renewal)
    else:
        day = calendar.first_renewal
        wide = replace(case, day=day, until=date.max)
        yield either(case, day, next(_renewing(wide, calendar)), _ends(case, day))


def _ends(case: Case, day: date) -> BaselineEvent:
    return event(
        case,
        BaselineCode.EXPIRES,
        day,
        f"{case.name} ends: it does not renew by itself, and Microsoft does not migrate what does "
        "not renew",
        LEGACY_END,
        read=_READ,
        after=replace(case.as_it_is, state=State.EXPIRED, last_day=None),
        last_day_to_act=day_before(day, _BEFORE_RENEWAL),
    )


def _renewing(case: Case, calendar: TermCalendar) -> Iterator[BaselineEvent]:
    """Yield legacy renewals until one falls into Microsoft's run, and what the run does to it."""
    run = run_of(case)
    is_monthly, told = calendar.months == 1, False
    for first, last in calendar.terms():
        if first >= run.starts:
            yield _at_run(case, first, run)
            return
        if first > case.until:
            return
        if first >= case.day and not told:
            yield _renewal(case, first, last, run, is_monthly=is_monthly)
            told = is_monthly


def _renewal(
    case: Case, day: date, last: date | None, run: MigrationRun, *, is_monthly: bool
) -> BaselineEvent:
    onwards = f", and monthly before {run.starts}" if is_monthly else ""
    return event(
        case,
        BaselineCode.RENEWS,
        day,
        f"{case.name} renews as the legacy subscription that it is{onwards}",
        LEGACY_RENEWAL,
        read=_READ,
        after=replace(case.as_it_is, last_day=last),
        last_day_to_act=day_before(day, _BEFORE_RENEWAL),
        unknown=() if months_in(case.term) else ("subscription.term",),
    )


# ------------------------------------------------------------------------------ Microsoft's run


def _at_run(case: Case, day: date, run: MigrationRun) -> BaselineEvent:
    if not run.is_dated:
        return _undated(case, day, run)
    cap = case.catalog.seat_caps.get(case.offer.catalog_id) if case.offer else None
    seats = case.subscription.seats
    if cap is not None and seats is not None and seats > cap.per_offer:
        return _over_cap(case, day, cap)
    found = equivalents(case)
    if not found:
        return _without_equivalent(case, day, run)
    return _migrated(case, day, run, found, is_capped=cap is not None)


def _undated(case: Case, day: date, run: MigrationRun) -> BaselineEvent:
    missing = "customer.segment" if run.segment is None else "date of the Microsoft-led migration"
    return not_known(
        case,
        day,
        f"{case.name} renews, or Microsoft migrates it: {run.message}",
        run.rule,
        read=_READ,
        more=_segment(case),
        unknown=(missing,),
    )


def _without_equivalent(case: Case, day: date, run: MigrationRun) -> BaselineEvent:
    return not_known(
        case,
        day,
        f"{case.name} renews, or Microsoft migrates it: {run.message}, and the catalog knows no "
        "new-commerce equivalent of it",
        run.rule,
        read=_READ,
        more=_segment(case),
        unknown=(_NO_EQUIVALENT,),
    )


def _over_cap(case: Case, day: date, cap: SeatCap) -> BaselineEvent:
    told = event(
        case,
        BaselineCode.EXPIRES_FOR_GOOD,
        day,
        f"{case.name} expires and cannot be reactivated: Microsoft neither migrates nor renews "
        f"more than {cap.per_offer} seats of it",
        OVER_CAP,
        read=_READ,
        more={**_segment(case), "offer.seat_cap": str(cap.per_offer)},
        after=replace(case.as_it_is, state=State.EXPIRED, last_day=None),
        last_day_to_act=_last_day_to_migrate(
            day, f"the seats must be down to {cap.per_offer} before, and {_MIGRATE_FIRST}"
        ),
    )
    return replace(told, source=f"{OVER_CAP.source}, {cap.source}")


def _migrated(
    case: Case,
    day: date,
    run: MigrationRun,
    found: tuple[Transition, ...],
    *,
    is_capped: bool,
) -> BaselineEvent:
    target = found[0].target if len(found) == 1 and not _unsold(case, day, found[0]) else None
    unknown = [] if target else [_NO_EQUIVALENT]
    if is_capped and case.subscription.seats is None:
        unknown.append("subscription.quantity")
    return event(
        case,
        BaselineCode.MICROSOFT_LED_MIGRATION,
        day,
        f"Microsoft migrates {case.name} to {_target_words(case, day, found)}, for a year, with "
        "the same billing plan and seats; "
        f"for {DAYS_TO_CHANGE_AFTER_RUN} days after its completion "
        f"term and seats can be changed, or it can be cancelled ({run.message})",
        run.rule,
        read=_READ,
        more={**_segment(case), "equivalents": ", ".join(move.target for move in found)},
        after=_as_migrated(case, day, target),
        last_day_to_act=_last_day_to_migrate(day),
        unknown=unknown,
    )


def _as_migrated(case: Case, day: date, target: CatalogId | None) -> Afterwards:
    held = case.subscription
    year = calendar_of(days_after(day, -1), MIGRATED_TERM)
    last = None if year is None else next(year.terms())[1]
    return Afterwards(State.ACTIVE, target, MIGRATED_TERM, held.billing_cycle, held.seats, last)


def _unsold(case: Case, day: date, move: Transition) -> bool:
    """Return whether the customer's market is known not to have the target on sale."""
    market, coverage = case.customer.market, case.catalog.facts.coverage
    target = case.catalog.offer(move.target)
    return market is not None and sold_in(target, market, coverage, day) is Known.NO


def _target_words(case: Case, day: date, found: tuple[Transition, ...]) -> str:
    if len(found) > 1:
        return f"its equivalent, one of {', '.join(move.target for move in found)}"
    (move,) = found
    weak = move.evidence in (EvidenceKind.DERIVED, EvidenceKind.INFERRED)
    doubt = ", an equivalent that is derived and not confirmed" if weak else ""
    named = f"{case.catalog.offer(move.target).title} ({move.target}{doubt})"
    unsold = f"a SKU that is not known, as the customer's market does not sell {named}"
    return unsold if _unsold(case, day, move) else named


def _last_day_to_migrate(day: date, why: str = _MIGRATE_FIRST) -> LastDay:
    """Return the last whole day that lies 24 hours before the term's end at 00:00 of the day."""
    return day_before(day, why, days=DAYS_OF_LOCK_BEFORE_END + 1)


def _segment(case: Case) -> dict[str, str]:
    return {"segment": case.segment.value if case.segment else "not known"}


# -------------------------------------------------------------------- suspended and expired ones


def _suspended(case: Case) -> BaselineEvent:
    """Return the deletion: 90 days after a suspension that no field dates."""
    seen = case.customer.holdings.own_as_of
    latest = None
    if seen is not None:
        latest = seen.date() + timedelta(days=LEGACY_SUSPENDED_DAYS)
    bound = f", so on {latest} at the latest" if latest else ""
    return event(
        case,
        BaselineCode.DELETED,
        None,
        f"{case.name} is suspended and not billed; it is deleted with its data "
        f"{LEGACY_SUSPENDED_DAYS} days after its suspension{bound}, unless it is reactivated",
        STATES,
        read=("state",),
        more={"holdings.own_as_of": seen.isoformat() if seen else "not known"},
        unknown=("subscription.suspended_since",),
    )


def _gone(case: Case) -> BaselineEvent:
    return not_known(
        case,
        None,
        f"{case.name} is {case.subscription.state.value.lower()}; no source says when a legacy "
        "subscription in that state is deleted",
        STATES,
        read=("state", "last_day"),
        unknown=("subscription.deletion_date",),
    )
