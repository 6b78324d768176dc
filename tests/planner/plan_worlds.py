"""Small worlds for questions about saved plans: a catalog, a customer and a question, and mutants.

A mutant differs from its world in one random thing, wherever that lies: within what a plan reads
or outside. Names of customers and subscriptions stand in « » so that plans compare without them.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from planner.catalog import Catalog
from planner.coverage import Coverage, MissingList, Source
from planner.customers import (
    Customer,
    Holdings,
    HoldingsState,
    Reducible,
    RenewalInstructions,
    Seller,
    Subscription,
    SubscriptionState,
)
from planner.facts import CatalogFacts, CommonPlan, SaleEnd, SeatCap, ServiceFamily
from planner.goals import Goal, NewCommerceGoal, OfferGoal, ServicesGoal
from planner.offers import Known, Price, Segment
from planner.plans.goals import SubscriptionGoal
from planner.plans.saved.document import plan_document
from planner.plans.saved.question import PlanQuestion, answer
from planner.profiles import Profile
from planner.transitions import Prerequisite, TransitionKind
from tests.planner.builders import (
    CONTESTED,
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

MOVES = """
    A>B upgrade documented, B>C upgrade matrix, A>a migration documented, B>b migration derived
    B>c migration derived, a>b conversion documented, b>c conversion documented
    D>d migration documented, A!C upgrade documented, E>e migration documented
    F>f migration documented manual
"""
PLANS = {
    "A": "MAIL COMMON",
    "B": "MAIL TEAMS COMMON",
    "C": "MAIL TEAMS VOICE COMMON",
    "D": "DESK",
    "E": "VOICE",
    "a": "MAIL COMMON",
    "b": "MAIL TEAMS COMMON",
    "c": "MAIL TEAMS VOICE COMMON",
    "d": "DESK",
    "e": "VOICE",
}


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a plan is made of."""

    facts: CatalogFacts
    customer: Customer
    question: PlanQuestion

    @property
    def catalog(self) -> Catalog:
        return from_facts(self.facts)

    def plan(self) -> str:
        """Return the plan's document without the names of people and subscriptions."""
        return re.sub("«[^»]*»", "«»", plan_document(self.whole_plan()))

    def whole_plan(self) -> Any:
        return answer(self.catalog, self.customer, self.question)


def world_facts() -> CatalogFacts:
    """Return a catalog with rows of every sort: A, B, a, b, c hang together, D and E stand alone.

    F is carried out by hand; nobody tells the services of F and f.
    """
    made = facts(
        MOVES,
        **with_plans(PLANS),
        service_families=[
            ServiceFamily("TEAMS", frozenset({pid("TEAMS"), pid("VOICE")}), "families"),
            ServiceFamily("DESKS", frozenset({pid("DESK")}), "families"),
        ],
        common_plans=[CommonPlan(pid("COMMON"), "table")],
        seat_caps=[
            SeatCap(oid("a"), 30, "BUSINESS", 40, "caps"),
            SeatCap(oid("d"), 30, "BUSINESS", 40, "caps"),
            SeatCap(oid("e"), 300, None, None, "caps"),
        ],
        prerequisites=[
            Prerequisite(oid("b"), oid("e"), "list"),
            Prerequisite(oid("f"), oid("d"), "list"),
        ],
        windows=CONTESTED,
        coverage=[
            Coverage("list", TransitionKind.LEGACY_UPGRADE, None, None, None, None),
            Coverage("prices_in", None, "IN", None, None, None),
        ],
        prices=[
            *_prices("a", "old", "10", "10"),
            *_prices("b", "old", "20"),
            *_prices("c", "new", "30", "31.5"),
            *_prices("d", "new", "5", "5.25"),
            *_prices("e", "old", "7", "7.35"),
            *_prices("A", "old", "9"),
        ],
        sources=[
            Source("old", "An old list", date(2024, 11, 1)),
            Source("new", "A new list", date(2025, 11, 1)),
        ],
        missing_lists=[
            MissingList(TransitionKind.MIGRATION, "NCE Mapping", "import it"),
            MissingList(TransitionKind.TRIAL_CONVERSION, "Trials", "import them"),
        ],
        sale_ends=[
            SaleEnd(oid("c"), "US", date(2025, 1, 1), "over", "list"),
            SaleEnd(oid("e"), "IN", date(2025, 1, 1), "over", "list"),
        ],
    )
    return sold_in_us(made)


def _prices(name: str, source: str, *amounts: str) -> Iterator[Price]:
    """Yield the prices of a year billed annually and, where given, monthly."""
    for plan, amount in zip(("Annual", "Monthly"), amounts, strict=False):
        term, market = ("P1Y", "US") if name.islower() else ("1 Year", "US")
        yield Price(
            oid(name),
            Segment.COMMERCIAL,
            term,
            plan,
            market,
            "USD",
            Decimal(amount),
            None,
            None,
            source,
        )


def held(name: str, number: int, seller: Seller = Seller.US, **changed: Any) -> Subscription:
    """Return a subscription with a term, 100 days before its end."""
    made = subscription(name, number=number, seller=seller)
    usual: dict[str, Any] = {
        "title": f"«title {number}»",
        "friendly_name": f"«friendly {number}»",
        "term": "P1Y",
        "billing_cycle": "monthly",
        "created": NOW - timedelta(days=265),
        "last_day": (NOW + timedelta(days=100)).date(),
        "auto_renews": True,
        "is_trial": False,
    }
    return replace(made, **(usual | changed))


def world(*own: Subscription, foreign: tuple[Subscription, ...] = ()) -> World:
    """Return the world of a customer that holds these; A without any."""
    someone = replace(
        customer(*(own or (held("A", 1),)), *foreign), name="«Contoso»", agreement=Known.YES
    )
    return World(world_facts(), someone, PlanQuestion(SCOPE, states=60))


_STATES = [SubscriptionState.ACTIVE] * 4 + [SubscriptionState.SUSPENDED, SubscriptionState.PENDING]
_GOALS: tuple[Goal | None, ...] = (
    NewCommerceGoal(),
    OfferGoal(oid("c")),
    OfferGoal(oid("e")),
    OfferGoal(oid("C")),
    ServicesGoal(frozenset({pid("TEAMS")})),
    None,
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a customer of one to three own and up to two foreign subscriptions."""
    own = tuple(
        held(
            draw(st.sampled_from("AABDFab")),
            number,
            seats=draw(st.sampled_from([None, 5, 25, 35])),
            state=draw(st.sampled_from(_STATES)),
        )
        for number in range(1, draw(st.integers(2, 4)))
    )
    foreign = tuple(
        held(draw(st.sampled_from("ABCcd")), number, Seller.ANOTHER_PARTNER, state=_STATES[0])
        for number in range(50, 50 + draw(st.integers(0, 2)))
    )
    made = world(*own, foreign=foreign)
    goals = tuple(
        SubscriptionGoal(one.subscription_id, draw(st.sampled_from(_GOALS)), draw(_SEATS))
        for one in own
    )
    chosen = draw(st.sampled_from([None, goals]))
    return replace(made, question=replace(made.question, goals=chosen))


_SEATS = st.sampled_from([None, None, 33])


@st.composite
def mutants(draw: st.DrawFn) -> tuple[World, World]:
    """Draw a world and one that differs from it in one to three things."""
    before = draw(worlds())
    dice = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - no secret
    profile = dice.choice([*Profile])
    before = replace(
        before,
        question=replace(before.question, scope=replace(SCOPE, profile=profile)),
    )
    after = before
    for _ in range(dice.choice((1, 1, 2, 3))):
        after = dice.choice(_MUTATIONS)(after, dice)
    return before, after


def _change_row(before: World, dice: random.Random) -> World:
    """Change one field of one row of the catalog to the value that another row has."""
    name = dice.choice(
        [one.name for one in fields(CatalogFacts) if getattr(before.facts, one.name)]
    )
    rows = list(getattr(before.facts, name))
    place = dice.randrange(len(rows))
    field = dice.choice([one.name for one in fields(rows[place]) if one.name not in _IDS])
    rows[place] = replace(rows[place], **{field: getattr(dice.choice(rows), field)})
    return _with_rows(before, name, rows)


def _drop_row(before: World, dice: random.Random) -> World:
    droppable = [one.name for one in fields(CatalogFacts) if one.name != "offers"]
    name = dice.choice([one for one in droppable if getattr(before.facts, one)])
    rows = list(getattr(before.facts, name))
    rows.pop(dice.randrange(len(rows)))
    return _with_rows(before, name, rows)


def _shuffle_rows(before: World, dice: random.Random) -> World:
    name = dice.choice([one.name for one in fields(CatalogFacts)])
    rows = list(getattr(before.facts, name))
    dice.shuffle(rows)
    return _with_rows(before, name, rows)


_IDS = frozenset({"catalog_id", "commerce", "plan_id", "product_guid", "kind", "stance"})


def _with_rows(before: World, name: str, rows: list[Any]) -> World:
    return replace(before, facts=replace(before.facts, **{name: tuple(rows)}))


def _change_customer(before: World, dice: random.Random) -> World:
    changed: list[dict[str, Any]] = [
        {"name": f"«{dice.random()}»"},
        {"domain": f"{dice.random()}.example"},
        {"market": dice.choice([None, "US", "IN"])},
        {"segment": dice.choice([None, Segment.COMMERCIAL, Segment.EDUCATION])},
        {"agreement": dice.choice(list(Known))},
        {"delegated_admin": dice.choice(list(Known))},
    ]
    return replace(before, customer=replace(before.customer, **dice.choice(changed)))


def _change_holdings(before: World, dice: random.Random) -> World:
    side = dice.choice(["own", "foreign"])
    changed: list[dict[str, Any]] = [
        {f"{side}_state": dice.choice(list(HoldingsState))},
        {f"{side}_as_of": NOW + timedelta(days=dice.randrange(9))},
    ]
    return _with_holdings(before, replace(before.customer.holdings, **dice.choice(changed)))


def _change_subscription(before: World, dice: random.Random) -> World:
    side = dice.choice(["own", "own", "foreign"])
    listed = list(getattr(before.customer.holdings, side))
    if not listed:
        return before
    place = dice.randrange(len(listed))
    field = dice.choice([one.name for one in fields(Subscription)][1:])
    value = OTHER_VALUES[field](dice)
    listed[place] = replace(listed[place], **{field: value})
    own = before.customer.holdings.own if side == "foreign" else tuple(listed)
    foreign = before.customer.holdings.foreign if side == "own" else tuple(listed)
    return _with_holdings(before, replace(before.customer.holdings, own=own, foreign=foreign))


def _with_holdings(before: World, holdings: Holdings) -> World:
    return replace(before, customer=replace(before.customer, holdings=holdings))


def _one_of(*values: Any) -> Callable[[random.Random], Any]:
    return lambda dice: dice.choice(values)


def _instant(dice: random.Random) -> datetime | None:
    return dice.choice([None, NOW + timedelta(days=dice.randrange(-90, 90))])


def _day(dice: random.Random) -> date | None:
    found = _instant(dice)
    return None if found is None else found.date()


def _enum(kind: type[Enum]) -> Callable[[random.Random], Any]:
    return _one_of(*kind)


OTHER_VALUES: dict[str, Callable[[random.Random], Any]] = {
    "seller": _one_of(Seller.US),
    "state": _enum(SubscriptionState),
    "state_as_given": _one_of("active", "odd"),
    "catalog_id": lambda dice: oid(dice.choice("ABCabcdef")),
    "product_guid": _one_of(None),
    "title": lambda dice: f"«{dice.random()}»",
    "friendly_name": lambda dice: f"«{dice.random()}»",
    "seats": _one_of(None, 1, 12, 31, 400),
    "is_trial": _one_of(None, True, False),
    "term": _one_of(None, "P1M", "P1Y"),
    "billing_cycle": _one_of(None, "monthly", "annual"),
    "created": _instant,
    "starts": _instant,
    "last_day": _day,
    "auto_renews": _one_of(None, True, False),
    "parent_id": lambda dice: subscription("A", number=dice.randrange(3)).subscription_id,
    "promotion_id": _one_of(None, "PROMO"),
    "promotion_ends": _day,
    "service_plan_ids": _one_of(None, frozenset({pid("TEAMS")}), frozenset()),
    "seller_tenant_id": _one_of(None, "tenant"),
    "cancellable_until": _instant,
    "reducible": _one_of(None, (), (Reducible(5, NOW + timedelta(days=3)),)),
    "renewal": _one_of(None, RenewalInstructions(seats=3), RenewalInstructions(oid("d"))),
    "cancels_at_end": _one_of(None, True, False),
    "partner_of_record": _one_of(None, "1234567"),
    "migrated_from": _one_of(None, subscription("A").subscription_id),
}
"""For each field of a subscription but its id: how another value is thrown."""

_MUTATIONS = (
    _change_row,
    _change_row,
    _change_row,
    _drop_row,
    _shuffle_rows,
    _change_customer,
    _change_holdings,
    _change_subscription,
    _change_subscription,
)
