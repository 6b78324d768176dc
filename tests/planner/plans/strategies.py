"""Random small catalogs and customers of whom everything is known, for whole plans."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta

from hypothesis import strategies as st

from planner.catalog import Catalog
from planner.coverage import Coverage
from planner.customers import Customer, Reducible, Seller, Subscription
from planner.customers import SubscriptionState as State
from planner.facts import CatalogFacts, CommonPlan, SeatCap
from planner.goals import Goal, NewCommerceGoal, OfferGoal, ServicesGoal
from planner.offers import Known, LimitScope, Offer
from planner.plans.goals import SubscriptionGoal
from planner.plans.wanted import Wanted
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.rules import NO_CHOICES, Choices
from planner.transitions import Prerequisite, TransitionKind
from tests.planner.builders import (
    NOW,
    SCOPE,
    customer,
    facts,
    from_facts,
    oid,
    pid,
    sold_in_us,
    subscription,
    with_plans,
)

BASES, ADDON, TRIAL = "ABC", "D", "E"
_BASE_IDS = frozenset(map(oid, BASES))
NEW = "abcde"
SERVICES = ("MAIL", "TEAMS", "DESK")
MOVES = (
    "A>B upgrade",
    "A>C upgrade",
    "B>C upgrade",
    "A>a migration",
    "B>b migration",
    "C>c migration",
    "D>d migration",
    "a>b conversion",
    "a>c conversion",
    "b>c conversion",
    "E>B trial",
    "e>b trial",
)
_LEAST = ("A>a migration documented",)
USUAL = frozenset({3, 4, 5, 6})
"""Moves that most catalogs have: the migrations."""


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A question for a plan, with the rows its catalog was made of."""

    facts: CatalogFacts
    customer: Customer
    wanted: Wanted
    goals: tuple[SubscriptionGoal, ...] | None

    def __repr__(self) -> str:
        moves = [
            f"{one.origin[-6:]}>{one.target[-6:]} {one.kind} {one.execution}"
            for one in self.facts.claims
        ]
        lines = [f"agreement {self.customer.agreement}", f"moves {moves}", f"goals {self.goals}"]
        lines += [f"{row}" for row in (*self.facts.seat_caps, *self.facts.prerequisites)]
        lines += [f"{self.wanted.scope.profile} {self.wanted.scope.policy} {self.wanted.choices}"]
        return "\n".join((*lines, *map(_in_short, self.customer.holdings.all)))

    @property
    def catalog(self) -> Catalog:
        return from_facts(self.facts)


def _in_short(held: Subscription) -> str:
    """Return what is known of a subscription, without what is not."""
    told = [(field.name, getattr(held, field.name)) for field in fields(held)]
    return ", ".join(f"{name} {value}" for name, value in told if value not in (None, "", False))


def _often(draw: st.DrawFn, one_in: int) -> bool:
    """Return False once in so many times, and where an example is made simpler True."""
    return draw(st.integers(0, one_in - 1)) < one_in - 1


@st.composite
def catalogs(draw: st.DrawFn, *, by_hand: bool = True) -> CatalogFacts:
    """Draw a catalog of at most ten offers; every offer gives known services and is sold."""
    told = [
        f"{move} {draw(st.sampled_from(['documented', 'matrix']))}"
        for place, move in enumerate(MOVES)
        if _often(draw, 6 if place in USUAL else 2)
    ]
    plans = {name: " ".join(draw(_services)) + " COMMON" for name in BASES + ADDON + TRIAL + NEW}
    made = facts(
        "\n".join(_by_hand(draw, move) if by_hand else move for move in told)
        or "A>a migration documented",
        **with_plans(plans),
        common_plans=[CommonPlan(pid("COMMON"), "table")],
        seat_caps=[] if _often(draw, 2) else [SeatCap(oid(draw(_capped)), 30, None, None, "caps")],
        coverage=[] if _often(draw, 2) else [_ALL_MIGRATIONS],
        prerequisites=[] if _often(draw, 3) else [Prerequisite(oid("d"), oid("a"), "list")],
    )
    return sold_in_us(replace(made, offers=tuple(_sold(draw, one) for one in made.offers)))


def _by_hand(draw: st.DrawFn, move: str) -> str:
    return move if "migration" not in move or _often(draw, 8) else f"{move} manual"


_ALL_MIGRATIONS = Coverage("list", TransitionKind.MIGRATION, None, None, None, None)
_services = st.lists(st.sampled_from(SERVICES), min_size=1, max_size=2, unique=True)
_capped = st.sampled_from("Babc")


def _sold(draw: st.DrawFn, one: Offer) -> Offer:
    is_trial = one.catalog_id in (oid(TRIAL), oid(TRIAL.lower()))
    is_addon = Known.YES if one.catalog_id == oid(ADDON) else Known.NO
    one = replace(one, is_trial=is_trial, is_addon=is_addon)
    if ":" in one.catalog_id:
        sold = ("P1Y/Monthly",) if not _often(draw, 6) else ("P1Y/Monthly", "P1M/Monthly")
        return replace(one, billing=sold)
    limited = one.catalog_id == oid("B") and not _often(draw, 4)
    scope = LimitScope.CONCURRENT if limited else LimitScope.NONE
    return replace(one, billing=("Monthly",), limit=1 if limited else None, limit_scope=scope)


_DAYS_LEFT = st.sampled_from([100, 300, 20, 5, 1, 0])
_AGES = st.sampled_from([400, 90, 31, 10])
ANY_STATE = (*[State.ACTIVE] * 8, State.SUSPENDED, State.PENDING, State.EXPIRED)


def _term(draw: st.DrawFn, held: Subscription) -> Subscription:
    renews = _often(draw, 4)
    return replace(
        held,
        term="P1Y" if _often(draw, 4) else "P1M",
        billing_cycle="monthly",
        created=NOW - timedelta(days=draw(_AGES)),
        last_day=(NOW + timedelta(days=draw(_DAYS_LEFT))).date(),
        auto_renews=renews,
        cancels_at_end=not renews,
        partner_of_record="4847383" if _often(draw, 12) else "unknown",
    )


def _promoted(draw: st.DrawFn, held: Subscription) -> Subscription:
    """Give it a promotion that ends before its term, with it, or has ended."""
    if _often(draw, 4) or held.last_day is None:
        return held
    days = draw(st.sampled_from([-3, 10, 40, None]))
    ends = None if days is None else min(held.last_day, (NOW + timedelta(days=days)).date())
    return replace(held, promotion_id="PROMO", promotion_ends=ends)


def _in_new_commerce(draw: st.DrawFn, held: Subscription) -> Subscription:
    window = NOW + timedelta(days=draw(st.sampled_from([-30, 3])))
    tranche = Reducible(5, NOW + timedelta(days=2))
    return replace(
        held,
        cancellable_until=window,
        reducible=() if _often(draw, 3) else (tranche,),
    )


@st.composite
def own_subscriptions(
    draw: st.DrawFn,
    names: str,
    most: int,
    states: tuple[State, ...] = ANY_STATE,
    *,
    with_unknown: bool = True,
) -> tuple[Subscription, ...]:
    """Draw our subscriptions; an add-on hangs on the first legacy base there is.

    `with_unknown`: now and then one is of an offer that no catalog has.
    """
    count = draw(st.integers(1, most))
    found: list[Subscription] = []
    for number in range(count):
        name = draw(st.sampled_from(names))
        state = draw(st.sampled_from(states))
        seats = draw(st.sampled_from([5, 20, 35]))
        held = _term(draw, subscription(name, seats, number=number + 1, state=state))
        if with_unknown and not _often(draw, 16):
            held = replace(held, catalog_id=oid("X" if name.isupper() else "x"))
        held = replace(held, is_trial=name in (TRIAL, TRIAL.lower()))
        held = _promoted(draw, held) if name.isupper() else _in_new_commerce(draw, held)
        if name == ADDON:
            bases = [one for one in found if one.catalog_id in _BASE_IDS]
            held = replace(held, parent_id=bases[0].subscription_id if bases else None)
        found.append(held)
    return tuple(found)


_SELLERS = st.sampled_from([Seller.ANOTHER_PARTNER, Seller.ANOTHER_CHANNEL])


@st.composite
def foreign_subscriptions(draw: st.DrawFn, most: int) -> tuple[Subscription, ...]:
    return tuple(_foreign(draw, number + 50) for number in range(draw(st.integers(0, most))))


def _foreign(draw: st.DrawFn, number: int) -> Subscription:
    """Draw one that names its product, as Microsoft Graph does, or one that names its offer."""
    name = draw(st.sampled_from("BCabc"))
    seats = draw(st.sampled_from([5, 20]))
    held = subscription(name, seats, number=number, seller=draw(_SELLERS))
    return held if _often(draw, 3) else replace(held, catalog_id=oid(name))


@st.composite
def goals_for(
    draw: st.DrawFn, made: CatalogFacts, own: tuple[Subscription, ...]
) -> tuple[SubscriptionGoal, ...] | None:
    """Draw no goals (every legacy one moves), or one for each of some subscriptions."""
    if _often(draw, 3):
        return None
    offers = [one.catalog_id for one in made.offers if ":" in one.catalog_id]
    found = []
    for held in own:
        some = st.sampled_from([*map(OfferGoal, offers), *_OTHER_GOALS])
        seats = None if _often(draw, 4) else draw(st.sampled_from([3, 20, 40]))
        found.append(SubscriptionGoal(held.subscription_id, draw(some), seats))
    return tuple(found)


@st.composite
def goals_in_part(
    draw: st.DrawFn, made: CatalogFacts, own: tuple[Subscription, ...]
) -> tuple[SubscriptionGoal, ...]:
    """Draw for each subscription an offer that a part of its seats shall be of, or all of them."""
    conversions = [one for one in made.claims if one.kind is TransitionKind.CONVERSION]
    offers = [one.target for one in conversions] or [oid("a")]
    return tuple(
        SubscriptionGoal(
            held.subscription_id,
            OfferGoal(draw(st.sampled_from(offers))),
            part=draw(st.sampled_from([2, 5, 19, None])),
        )
        for held in own
    )


_OTHER_GOALS: tuple[Goal, ...] = (
    NewCommerceGoal(),
    ServicesGoal(frozenset({pid("COMMON")})),
)


_POLICIES = (LegacyUpgradePolicy.LAST, LegacyUpgradePolicy.INCLUDE)
_choices = st.sampled_from(
    [NO_CHOICES] * 5
    + [
        Choices(at_renewal=True),
        Choices(full_new_term=True),
        Choices(term="P1M", billing_cycle="monthly"),
    ]
)


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    names: str = "ABCDEABCDabce",
    most_own: int = 4,
    most_foreign: int = 2,
    with_goals: bool = True,
    profiles: tuple[Profile, ...] = tuple(Profile),
    policies: tuple[LegacyUpgradePolicy, ...] = _POLICIES,
    by_hand: bool = True,
    with_choices: bool = True,
    states: tuple[State, ...] = ANY_STATE,
    in_part: bool = False,
    with_unknown: bool = True,
) -> Case:
    """Draw a question for a plan."""
    made = draw(catalogs(by_hand=by_hand))
    there = {one.catalog_id for one in made.offers}
    held_names = "".join(name for name in names if oid(name) in there) or "A"
    own = draw(own_subscriptions(held_names, most_own, states, with_unknown=with_unknown))
    others = draw(foreign_subscriptions(most_foreign))
    agreement = Known.YES if _often(draw, 6) else Known.NO
    policy = draw(st.sampled_from(policies))
    scope = replace(SCOPE, policy=policy, profile=draw(st.sampled_from(profiles)))
    drawn = goals_in_part if in_part else goals_for
    goals = draw(drawn(made, own)) if with_goals else None
    choices = draw(_choices) if with_choices else NO_CHOICES
    held = replace(customer(*own, *others), agreement=agreement)
    return Case(made, held, Wanted(scope, choices), goals)
