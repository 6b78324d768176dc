"""Can the existing subscription take the seats?"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from planner.blocker_codes import BlockerCode
from planner.blockers import (
    Actor,
    Alternative,
    Blocker,
    Evidence,
    PartnerCenterCode,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.customers import HoldingsState, Subscription, SubscriptionState
from planner.holdings import LOAD_HOLDINGS, name_of
from planner.ids import is_new_commerce
from planner.lifecycle import days_after, months_in
from planner.rules.state import LOAD_AGAIN
from planner.rules.term_end import is_over
from planner.rules.walk import CLEAR, Answer, StepInHand
from planner.transitions import TransitionKind

_RULE = "TARGET_SUBSCRIPTION"
_SOURCE = "docs/sources.md 2: target subscription codes 1 to 4, 900236, 900258 to 900261, 900267"
_SILENT = frozenset({SubscriptionState.NONE, SubscriptionState.UNRECOGNIZED})
_MIDNIGHT = time()


def target_subscription(step: StepInHand) -> Answer:
    """Where a conversion goes into an existing subscription, every condition on that one.

    It is ours, another one, of the target offer, active, out of its cancellation window, and has no
    shorter term and no earlier end than the source. Equal ends are noted: the eligibility code
    speaks of an earlier end, the error's text wants a later one. It is immediate only.
    Source: docs/sources.md 2 (target subscription codes 1 to 4).
    """
    into = step.choices.into
    if into is None or not step.is_last or not is_new_commerce(step.target):
        return CLEAR
    wanted = into.lower()
    if wanted == step.subscription.subscription_id:
        return (_same(step, wanted),)
    own = step.customer.holdings.own
    target = next((one for one in own if one.subscription_id == wanted), None)
    if target is None:
        return (_not_ours(step, wanted),)
    immediate = (_scheduled(step, target),) if step.choices.at_renewal else ()
    if target.catalog_id != step.target:
        return (_of_another_offer(step, target), *immediate)
    looks_old = target.state is SubscriptionState.ACTIVE and is_over(target, step.at)
    return (
        *((_outdated(step, target),) if looks_old else _state(step, target)),
        *_window(step, target),
        *_term(step, target),
        *(() if looks_old else _end(step, target)),
        *immediate,
    )


def _outdated(step: StepInHand, target: Subscription) -> Unanswered:
    """Ask for new data where the target's term is over: it has renewed or ended since then."""
    of = f"of subscription {target.subscription_id}"
    return Unanswered(
        _RULE,
        (f"status {of}", f"commitmentEndDate {of}"),
        f"{name_of(step.catalog, target)} is active, yet its term ended on {target.last_day}: the "
        "data look old",
        step=step.pair,
        remedies=(LOAD_AGAIN,),
    )


def _same(step: StepInHand, wanted: str) -> Blocker:
    code = PartnerCenterCode("REST", 900259, "target can't be the source subscription")
    message = "A subscription cannot be converted into itself"
    return _blocker(step, wanted, BlockerCode.TARGET_SUBSCRIPTION_IS_SOURCE, message, (code,))


def _not_ours(step: StepInHand, wanted: str) -> Blocker | Unanswered:
    holdings = step.customer.holdings
    foreign = [one for one in holdings.foreign if one.subscription_id == wanted]
    if not foreign and holdings.own_state is not HoldingsState.COMPLETE:
        message = f"Subscription {wanted} is not among those of ours that are loaded"
        return Unanswered(_RULE, ("holdings.own",), message, step.pair, (LOAD_HOLDINGS,))
    held = f"Subscription {wanted} was not bought through us" if foreign else None
    message = held or f"The customer has no subscription {wanted} with us"
    return _blocker(step, wanted, BlockerCode.TARGET_SUBSCRIPTION_NOT_OURS, message)


def _of_another_offer(step: StepInHand, target: Subscription) -> Blocker:
    code = PartnerCenterCode("REST", 900260, "target must have the same CatalogItemId")
    message = f"{name_of(step.catalog, target)} is not of {step.target_title}"
    return _blocker(
        step, target.subscription_id, BlockerCode.TARGET_SUBSCRIPTION_OTHER_OFFER, message, (code,)
    )


def _scheduled(step: StepInHand, target: Subscription) -> Blocker:
    message = "A conversion into an existing subscription cannot be scheduled; it is immediate"
    return _blocker(step, target.subscription_id, BlockerCode.INTO_EXISTING_IS_IMMEDIATE, message)


def _state(step: StepInHand, target: Subscription) -> Iterator[Blocker | Unanswered]:
    state = target.state
    if state is SubscriptionState.ACTIVE:
        return
    if state in _SILENT:
        message = f"The status {target.state_as_given!r} says nothing that we can act on"
        yield _unanswered(step, target, "status", message)
        return
    pending = state is SubscriptionState.PENDING
    message = f"{name_of(step.catalog, target)} is {state.value.lower()}; it must be active"
    yield _blocker(
        step,
        target.subscription_id,
        BlockerCode.TARGET_SUBSCRIPTION_NOT_READY
        if pending
        else BlockerCode.TARGET_SUBSCRIPTION_NOT_ACTIVE,
        message,
        _NOT_READY if pending else _NOT_ACTIVE,
        remedies=tuple(_to_activate(target)),
    )


_NOT_READY = (PartnerCenterCode("REST", 900261, "target is not ready to be upgraded"),)
_NOT_ACTIVE = (
    PartnerCenterCode("TARGET_SUBSCRIPTION", 1, "SubscriptionNotActive"),
    PartnerCenterCode("REST", 900258, "target must be active"),
)


def _to_activate(target: Subscription) -> Iterator[Remedy]:
    if target.state is SubscriptionState.PENDING:
        yield Remedy(
            RemedyAction.WAIT_FOR_PROVISIONING,
            Actor.MICROSOFT,
            "Wait until its order is provisioned, then ask again",
            subscription_id=target.subscription_id,
        )
    if target.state is SubscriptionState.SUSPENDED:
        yield Remedy(
            RemedyAction.REACTIVATE,
            Actor.US,
            "Reactivate the target subscription first",
            role="ADMIN_AGENT",
            subscription_id=target.subscription_id,
        )


def _window(step: StepInHand, target: Subscription) -> Iterator[Blocker | Unanswered]:
    until = target.cancellable_until
    if until is None:
        message = "Whether the target subscription can still be cancelled is not known"
        yield _unanswered(step, target, "cancellationAllowedUntilDate", message)
    elif until > step.at:
        clears_on = _first_whole_day(until)
        wait = Remedy(
            RemedyAction.WAIT_UNTIL,
            Actor.US,
            f"Wait until {clears_on}, then convert",
            subscription_id=target.subscription_id,
            until=clears_on,
        )
        yield _blocker(
            step,
            target.subscription_id,
            BlockerCode.TARGET_SUBSCRIPTION_CANCELLABLE,
            f"{name_of(step.catalog, target)} is in its cancellation window until "
            f"{until.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
            (PartnerCenterCode("TARGET_SUBSCRIPTION", 2, "SubscriptionInCancellationWindow"),),
            remedies=(wait,),
            clears_on=clears_on,
        )


def _first_whole_day(until: datetime) -> date | None:
    """Return the first day at whose 00:00 UTC the window is over."""
    utc = until.astimezone(UTC)
    return utc.date() if utc.time() == _MIDNIGHT else days_after(utc.date(), 1)


def _term(step: StepInHand, target: Subscription) -> Iterator[Blocker | Unanswered]:
    chosen = None if step.is_first else step.choices.term
    source, theirs = months_in(chosen or step.subscription.term), months_in(target.term)
    if source is None:
        yield _unanswered(step, step.subscription, "termDuration", "The source's term is not known")
    if theirs is None:
        yield _unanswered(step, target, "termDuration", "The target's term is not known")
    if source is not None and theirs is not None and theirs < source:
        yield _blocker(
            step,
            target.subscription_id,
            BlockerCode.TARGET_SUBSCRIPTION_TERM_SHORTER,
            f"Its term {target.term} is shorter than the source's",
            _TERM_SHORTER,
        )


_TERM_SHORTER = (
    PartnerCenterCode(
        "TARGET_SUBSCRIPTION", 3, "SubscriptionTermDurationShorterThanSourceTermDuration"
    ),
    PartnerCenterCode("REST", 900267, "term shorter than that of the source"),
)
_ENDS_EARLIER = (
    PartnerCenterCode("TARGET_SUBSCRIPTION", 4, "term end date is before the source's"),
    PartnerCenterCode("REST", 900236, "CommitmentEndDate must be later than the source's"),
)


def _end(step: StepInHand, target: Subscription) -> Iterator[Blocker | Unanswered]:
    source, theirs = step.subscription.last_day, target.last_day
    field = "commitmentEndDate"
    if source is None:
        yield _unanswered(step, step.subscription, field, "The source's end is not known")
    if theirs is None:
        yield _unanswered(step, target, field, "The target's end is not known")
    if source is None or theirs is None or theirs > source:
        return
    is_trial = step.transition.kind is TransitionKind.TRIAL_CONVERSION
    if theirs < source:
        message = f"It ends on {theirs}, before the source, which ends on {source}"
        yield _blocker(
            step,
            target.subscription_id,
            BlockerCode.TARGET_SUBSCRIPTION_ENDS_EARLIER,
            message,
            _ENDS_EARLIER,
        )
    elif not is_trial:
        yield _blocker(
            step,
            target.subscription_id,
            BlockerCode.TARGET_SUBSCRIPTION_ENDS_TOGETHER,
            f"Both end on {source}; the error's text wants a later end, the eligibility code only "
            "no earlier one",
            _ENDS_EARLIER,
            severity=Severity.NOTES,
        )


def _blocker(
    step: StepInHand,
    target_id: str,
    code: BlockerCode,
    message: str,
    codes: tuple[PartnerCenterCode, ...] = (),
    *,
    severity: Severity = Severity.BLOCKS,
    remedies: tuple[Remedy, ...] = (),
    clears_on: date | None = None,
) -> Blocker:
    return Blocker(
        code,
        severity,
        SubjectKind.SUBSCRIPTION,
        target_id,
        message,
        _SOURCE,
        step=step.pair,
        parameters=(("into", target_id),),
        evidence=(Evidence(message, target_id),),
        remedies=remedies,
        clears_on=clears_on,
        alternatives=(Alternative.ANOTHER_MODE,) if severity is Severity.BLOCKS else (),
        partner_center=codes,
    )


def _unanswered(step: StepInHand, of: Subscription, name: str, message: str) -> Unanswered:
    is_source = of.subscription_id == step.subscription.subscription_id
    field = f"subscription.{name}" if is_source else f"{name} of subscription {of.subscription_id}"
    return Unanswered(_RULE, (field,), message, step=step.pair)
