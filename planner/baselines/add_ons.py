"""What happens to a legacy add-on when its base goes."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from planner.baselines.event import BaselineEvent, Case, event
from planner.baselines.rules import LEGACY_ADD_ON, BaselineCode, Certainty
from planner.customers import Seller, Subscription, SubscriptionState

_LEAVES = frozenset(
    {
        BaselineCode.MICROSOFT_LED_MIGRATION,
        BaselineCode.EXPIRES_FOR_GOOD,
        BaselineCode.EXPIRES,
        BaselineCode.DELETED,
        BaselineCode.FOLLOWS_BASE,
    }
)
_GONE = frozenset(
    {SubscriptionState.EXPIRED, SubscriptionState.DISABLED, SubscriptionState.DELETED}
)

_DEEPEST = 20
"""How far up a bundle is followed: none is nested that deep, but parents in a file may be wrong."""

Tell = Callable[[Case], Iterable[BaselineEvent]]


def following(
    case: Case, own: tuple[BaselineEvent, ...], tell: Tell, above: frozenset[str] = frozenset()
) -> tuple[BaselineEvent, ...]:
    """Return the add-on's own events up to the day on which its base goes, and that day.

    `tell` gives the events of any subscription by itself; `above` are the add-ons passed on the
    way up a nested bundle. What is no active legacy add-on of ours keeps its own events.
    Source: docs/sources.md 6 (a legacy add-on follows its base).
    """
    held = case.subscription
    if held.parent_id is None or case.is_new_commerce or held.seller is not Seller.US:
        return own
    if held.state is not SubscriptionState.ACTIVE:
        return own
    if held.parent_id in above or len(above) == _DEEPEST:
        return own
    base = _base(case, held.parent_id)
    if base is None:
        return tuple(_doubted(one, held.parent_id) for one in own)
    of_base = replace(case, subscription=base)
    if of_base.is_new_commerce:
        return own
    passed = above | {held.subscription_id}
    leaving = _leaving(following(of_base, tuple(tell(of_base)), tell, passed))
    gone = base.state in _GONE
    if leaving is None and not gone:
        return own
    if leaving is not None and leaving.day is not None and leaving.day < case.day:
        # The base should be gone by now and is listed all the same: its data are old.
        return tuple(_doubted(one, held.parent_id) for one in own)
    return _cut(case, own, of_base, leaving)


def _base(case: Case, parent_id: str) -> Subscription | None:
    owned = case.customer.holdings.own
    return next((one for one in owned if one.subscription_id == parent_id), None)


def _doubted(one: BaselineEvent, parent_id: str) -> BaselineEvent:
    return replace(one, unknown=(*one.unknown, f"subscription {parent_id}"))


def _leaving(told: Iterable[BaselineEvent]) -> BaselineEvent | None:
    """Return the first event that takes the base away; one without a day only if there is none."""
    return min((one for one in told if one.code in _LEAVES), key=lambda one: one.key, default=None)


def _cut(
    case: Case,
    own: tuple[BaselineEvent, ...],
    base: Case,
    leaving: BaselineEvent | None,
) -> tuple[BaselineEvent, ...]:
    """Return the own events before the base goes, then that it goes.

    An own event on that very day is kept: a term that ends with the base's says more by itself.
    """
    day = None if leaving is None else leaving.day
    if day is None:
        return (*own, _follows(case, base, leaving))
    before = tuple(one for one in own if one.day is None or one.day <= day)
    if any(one.day == day and one.code in _LEAVES for one in before):
        return before
    return (*before, _follows(case, base, leaving))


def _follows(case: Case, base: Case, leaving: BaselineEvent | None) -> BaselineEvent:
    day: date | None = None if leaving is None else leaving.day
    migrates = leaving is not None and leaving.code is BaselineCode.MICROSOFT_LED_MIGRATION
    if migrates:
        how = (
            "Microsoft migrates that; a bundle migrates whole where a partner asks for it, and no "
            "source says so of Microsoft's own run"
        )
    elif base.subscription.state is SubscriptionState.ACTIVE:
        how = "that ends, and an add-on cannot stay active without it"
    else:
        state = base.subscription.state.value.lower()
        how = f"that is {state}, and an add-on cannot stay active without it"
    told = event(
        case,
        BaselineCode.FOLLOWS_BASE,
        day,
        f"The add-on {case.name} follows its base {base.name}: {how}",
        LEGACY_ADD_ON,
        read=("parent_id", "last_day"),
        more={"base.status": base.subscription.state_as_given},
        last_day_to_act=None if leaving is None else leaving.last_day_to_act,
        unknown=() if leaving is None else leaving.unknown,
    )
    return replace(told, certainty=Certainty.NOT_KNOWN) if migrates else told
