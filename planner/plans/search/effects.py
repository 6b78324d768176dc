"""What an act makes of a situation."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from planner.blockers import RemedyAction
from planner.catalog import Catalog
from planner.customers import Seller, Subscription, SubscriptionState
from planner.lifecycle import start_of
from planner.offers import Known
from planner.permissions import Role, SignIn
from planner.plans.search.acts import Act, StepKind, bought_id
from planner.plans.search.becoming import migrated, of_offer, paid
from planner.plans.search.parts import parted
from planner.plans.search.situation import (
    Situation,
    last_day_of,
    let_pass,
    window_from,
    with_own,
)


def after(catalog: Catalog, situation: Situation, act: Act) -> Situation:
    """Return the situation once an act is done."""
    return _EFFECTS[act.kind](catalog, situation, act)


def _change(**fields: object) -> "Effect":
    def effect(_catalog: Catalog, situation: Situation, act: Act) -> Situation:
        held = _subject(situation, act)
        return with_own(situation, {act.subscription_id: replace(held, **fields)})  # type: ignore[arg-type]

    return effect


Effect = Callable[[Catalog, Situation, Act], Situation]


def _subject(situation: Situation, act: Act) -> Subscription:
    held = situation.own(act.subscription_id)
    if held is None:
        raise LookupError(f"{act.kind} on {act.subscription_id}, which is gone")
    return held


def _wait(_catalog: Catalog, situation: Situation, act: Act) -> Situation:
    if act.until is not None:
        return let_pass(situation, start_of(act.until))
    # For provisioning nobody knows the day; the order is taken as done.
    return _change(state=SubscriptionState.ACTIVE, state_as_given="active")(
        _catalog, situation, act
    )


def _seats(_catalog: Catalog, situation: Situation, act: Act) -> Situation:
    if act.until is not None:
        situation = let_pass(situation, start_of(act.until))
    return _change(seats=act.seats)(_catalog, situation, act)


def _cancel(_catalog: Catalog, situation: Situation, act: Act) -> Situation:
    """End it; the add-ons of a legacy base are suspended with it [docs/sources.md 6].

    A legacy one is deprovisioned after 90 days, and until then counts against an offer's limit.
    """
    held = _subject(situation, act)
    ended = replace(held, state=SubscriptionState.DISABLED, state_as_given="disabled")
    orphans = {
        one.subscription_id: replace(
            one, state=SubscriptionState.SUSPENDED, state_as_given="suspended"
        )
        for one in situation.customer.holdings.own
        if one.parent_id == act.subscription_id and one.state is SubscriptionState.ACTIVE
    }
    return with_own(
        _ending(situation, held),
        {**orphans, held.subscription_id: ended if held.is_legacy else None},
    )


def _not_renewing(_catalog: Catalog, situation: Situation, act: Act) -> Situation:
    held = _subject(situation, act)
    off = replace(held, auto_renews=False, cancels_at_end=True)
    return with_own(_ending(situation, held), {held.subscription_id: off})


def _ending(situation: Situation, held: Subscription) -> Situation:
    return replace(situation, ended=situation.ended | {held.subscription_id})


def _gone_elsewhere(_catalog: Catalog, situation: Situation, act: Act) -> Situation:
    held = situation.customer.holdings
    left = tuple(one for one in held.foreign if one.subscription_id != act.subscription_id)
    return replace(
        situation, customer=replace(situation.customer, holdings=replace(held, foreign=left))
    )


def _transferred(catalog: Catalog, situation: Situation, act: Act) -> Situation:
    """Have it as ours, whole: of new commerce, as which alone it comes [docs/sources.md 0]."""
    others = situation.customer.holdings.foreign
    came = next(one for one in others if one.subscription_id == act.subscription_id)
    ours = replace(came, seller=Seller.US, catalog_id=came.catalog_id or act.offer)
    return with_own(_gone_elsewhere(catalog, situation, act), {}, ours)


def _agreed(_catalog: Catalog, situation: Situation, _act: Act) -> Situation:
    return replace(situation, customer=replace(situation.customer, agreement=Known.YES))


def _permitted(_catalog: Catalog, situation: Situation, act: Act) -> Situation:
    """Grant what the remedy names: a role of ours, administration, or a user's sign-in."""
    acting, remedy = situation.acting, act.remedy
    role = None if remedy is None else remedy.role
    if remedy is not None and remedy.action is RemedyAction.SIGN_IN_AS_USER:
        return replace(situation, acting=replace(acting, sign_in=SignIn.APP_AND_USER))
    if role is None:
        customer = replace(situation.customer, delegated_admin=Known.YES)
        return replace(situation, customer=customer, acting=replace(acting, granular_roles=None))
    roles = (acting.roles or frozenset()) | {Role(role)}
    return replace(situation, acting=replace(acting, roles=roles))


def _walk(catalog: Catalog, situation: Situation, act: Act) -> Situation:
    """Take the edge in place: the seats stay, and so does the term; a trial begins its first."""
    if act.part is not None:
        return _divided(catalog, situation, act, act.part)
    held, edge = _subject(situation, act), act.edge
    moved = of_offer(catalog, held, edge.target, is_trial=False)
    if act.kind is StepKind.CONVERT_TRIAL:
        moved = paid(catalog, situation, moved, edge.target)
    if act.choices.term is not None and act.choices.term != moved.term:
        ends = last_day_of(situation.at.date(), act.choices.term)
        moved = replace(moved, term=act.choices.term, last_day=ends)
    moved = replace(moved, billing_cycle=act.choices.billing_cycle or moved.billing_cycle)
    return with_own(situation, {held.subscription_id: moved})


def _divided(catalog: Catalog, situation: Situation, act: Act, part: int) -> Situation:
    """Make a new subscription of a part of the seats, which ends with its source.

    The source keeps its offer and the rest; what was scheduled for it is gone, and its promotion
    stays behind. Source: docs/sources.md 2 (partial upgrades; scheduled changes).
    """
    held = _subject(situation, act)
    moved = of_offer(
        catalog,
        held,
        act.edge.target,
        is_trial=False,
        subscription_id=bought_id(act),
        friendly_name="",
        seats=part,
        billing_cycle=act.choices.billing_cycle or held.billing_cycle,
        created=situation.at,
        promotion_id=None,
        promotion_ends=None,
        reducible=None,
        migrated_from=None,
    )
    return parted(situation, held, part, {}, moved)


def _migrate(catalog: Catalog, situation: Situation, act: Act) -> Situation:
    """Make new-commerce subscriptions of a base and its add-ons; each keeps its id here.

    Source: docs/sources.md 3: the remaining term stays unless a full new one is bought; add-ons
    are independent afterwards; 7 days to cancel.
    """
    held, edge = _subject(situation, act), act.edge
    changed = {held.subscription_id: migrated(catalog, situation, held, edge.target, act)}
    for member in act.members:
        addon = situation.own(member.subscription_id)
        if addon is not None:
            own = replace(act, choices=member.choices)
            moved = migrated(catalog, situation, addon, member.transition.target, own)
            changed[addon.subscription_id] = moved
    return with_own(situation, changed)


def _migrate_at_renewal(catalog: Catalog, situation: Situation, act: Act) -> Situation:
    held = _subject(situation, act)
    # It is legacy until the term ends, and then migrates instead of renewing.
    waiting = let_pass(situation, start_of(act.until)) if act.until else situation
    kept = with_own(waiting, {held.subscription_id: replace(held, last_day=None)})
    members = tuple(
        replace(one, choices=replace(one.choices, full_new_term=True)) for one in act.members
    )
    chosen = replace(act.choices, full_new_term=True)
    return _migrate(catalog, kept, replace(act, choices=chosen, members=members))


def _into_existing(_catalog: Catalog, situation: Situation, act: Act) -> Situation:
    held = _subject(situation, act)
    into = act.choices.into or ""
    existing = situation.own(into)
    if existing is None:
        raise LookupError(f"{act.kind} into {into}, which is gone")
    coming = held.seats if act.part is None else act.part
    known = existing.seats is not None and coming is not None
    seats = (existing.seats or 0) + (coming or 0) if known else None
    grown = {into: replace(existing, seats=seats)}
    if act.part is not None:
        return parted(situation, held, act.part, grown)
    return with_own(situation, {**grown, held.subscription_id: None})


def _bought(catalog: Catalog, situation: Situation, act: Act) -> Situation:
    if act.offer is None:
        raise ValueError(f"{act.kind} names no offer")
    term = act.choices.term or "P1Y"
    bought = Subscription(
        bought_id(act),
        Seller.US,
        SubscriptionState.ACTIVE,
        "active",
        catalog_id=act.offer,
        title=catalog.offers[act.offer].title,
        seats=act.seats,
        is_trial=False,
        term=term,
        billing_cycle=act.choices.billing_cycle or "monthly",
        created=situation.at,
        last_day=last_day_of(situation.at.date(), term),
        auto_renews=True,
        cancellable_until=window_from(situation.at),
    )
    return with_own(situation, {}, bought)


_EFFECTS: Mapping[StepKind, Effect] = {
    StepKind.ADD_SEATS: _seats,
    StepKind.REDUCE_SEATS: _seats,
    StepKind.REACTIVATE: _change(state=SubscriptionState.ACTIVE, state_as_given="active"),
    StepKind.WAIT_UNTIL: _wait,
    StepKind.CANCEL: _cancel,
    StepKind.TURN_OFF_AUTO_RENEWAL: _not_renewing,
    StepKind.CANCEL_ELSEWHERE: _gone_elsewhere,
    StepKind.TRANSFER_IN: _transferred,
    StepKind.GET_AGREEMENT: _agreed,
    StepKind.GET_PERMISSION: _permitted,
    StepKind.CORRECT_PARTNER_ID: _change(partner_of_record=None),
    StepKind.CONVERT_TRIAL: _walk,
    StepKind.MIGRATE: _migrate,
    StepKind.DETACH_ADDON: _migrate,
    StepKind.SCHEDULE_MIGRATION: _migrate_at_renewal,
    StepKind.UPGRADE: _walk,
    StepKind.CONVERT: _walk,
    StepKind.CONVERT_INTO_EXISTING: _into_existing,
    StepKind.BUY_NEW: _bought,
    StepKind.BUY_PREREQUISITE: _bought,
    StepKind.REASSIGN_LICENSES: lambda _catalog, situation, _act: situation,
}
