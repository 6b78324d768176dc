"""Random customers that are nearly alike: every field of every subscription, drawn from few values.

A twin has other ids and names, and mostly another value in one field: what must be told apart.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from planner.catalog import Catalog
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
from planner.facts import SaleEnd, SeatCap, ServiceFamily
from planner.offers import Known, LimitScope, Segment
from planner.transitions import Prerequisite
from tests.planner.builders import NOW, facts, from_facts, guid, oid, pid, sold_and_billed
from tests.planner.builders import with_plans as plans

MOVES = """
    A>a migration documented, B>b migration documented, C>B upgrade matrix, C>D upgrade documented
    D>d migration derived, E>e migration documented, F>E trial documented, G>c migration documented
"""
PLANS = {"A": "MAIL", "B": "MAIL TEAMS", "C": "MAIL", "D": "MAIL DESK", "b": "MAIL TEAMS"}
CAPS = (
    SeatCap(oid("a"), 30, "FAMILY", 40, "limits"),
    SeatCap(oid("b"), 300, "FAMILY", 40, "limits"),
)
TODAY = NOW.date()


def _world() -> Catalog:
    made = sold_and_billed(
        facts(
            MOVES,
            seat_caps=CAPS,
            prerequisites=[Prerequisite(oid("e"), oid("b"), "table")],
            sale_ends=[SaleEnd(oid("c"), "IN", date(2020, 1, 1), "ended", "list")],
            service_families=[ServiceFamily("TEAMS", frozenset({pid("TEAMS")}), "families")],
            **plans(PLANS),
        )
    )
    changes: Mapping[str, dict[str, Any]] = {
        oid("D"): {"limit": 1, "limit_scope": LimitScope.CONCURRENT, "maximum_seats": 25},
        oid("E"): {"is_addon": Known.YES},
        oid("F"): {"is_trial": True},
        oid("c"): {"segment": Segment.EDUCATION, "markets": frozenset({"IN", "US"})},
    }
    offers = tuple(replace(one, **changes.get(one.catalog_id, {})) for one in made.offers)
    return from_facts(replace(made, offers=offers))


CATALOG = _world()
_IDS = tuple(f"{number:08x}-0000-4000-8000-000000000000" for number in range(7))
_DAYS = (-400, -40, -32, -31, -30, -1, 0, 0, 0, 1, 2, 3, 90, 400)
Draw = Callable[[random.Random], object]


def _any_of(*values: object) -> Draw:
    return lambda dice: dice.choice(values)


def _instants(dice: random.Random) -> datetime | None:
    moved = NOW + timedelta(days=dice.choice(_DAYS), hours=dice.choice((-1, 0, 23)))
    return dice.choice((None, moved, moved, datetime(2020, 1, 1, tzinfo=UTC)))


def _days(dice: random.Random) -> date | None:
    day = TODAY + timedelta(days=dice.choice(_DAYS))
    return dice.choice((None, day, day, TODAY + timedelta(days=200), date.max))


FIELDS: Mapping[str, Draw] = {
    "subscription_id": _any_of(*_IDS),
    "seller": _any_of(Seller.US),
    "state": _any_of(*[SubscriptionState.ACTIVE] * 8, *SubscriptionState),
    "state_as_given": _any_of("active", "whatever"),
    "catalog_id": _any_of(None, *map(oid, "AAABBCCCCDDEEFGabcd"), "nobody's"),
    "product_guid": _any_of(None, None, guid("B")),
    "title": _any_of("", "A title"),
    "friendly_name": _any_of("", "A name"),
    "seats": _any_of(None, 0, 3, 5, 8, 20, 26, 31, 290),
    "is_trial": _any_of(None, False, False, True),
    "term": _any_of(None, "P1Y", "P1Y", "P1M", "P3Y", "odd"),
    "billing_cycle": _any_of(None, "monthly", "monthly", "annual", "odd"),
    "created": _instants,
    "starts": _instants,
    "last_day": _days,
    "auto_renews": _any_of(None, True, False),
    "parent_id": _any_of(None, None, None, *_IDS[:4], "gone"),
    "promotion_id": _any_of(None, None, None, "SUMMER"),
    "promotion_ends": lambda dice: dice.choice((None, None, _days(dice))),
    "service_plan_ids": _any_of(None, None, frozenset({pid("TEAMS")}), frozenset()),
    "seller_tenant_id": _any_of(None, "somebody"),
    "cancellable_until": _instants,
    "reducible": _any_of(None, (), (Reducible(1, NOW),)),
    "renewal": _any_of(None, RenewalInstructions(seats=3)),
    "cancels_at_end": _any_of(None, True, False),
    "partner_of_record": _any_of(None, "", "4567890", "4567890", "nobody"),
    "migrated_from": _any_of(None, "a"),
}
_FOREIGN: Mapping[str, Draw] = {
    **FIELDS,
    "seller": _any_of(Seller.ANOTHER_PARTNER, Seller.ANOTHER_CHANNEL, Seller.NOT_KNOWN),
    "catalog_id": _any_of(None),
    "product_guid": _any_of(None, *map(guid, "ABDb")),
}
_CUSTOMER: Mapping[str, Draw] = {
    "market": _any_of("US", "US", "IN", None),
    "segment": _any_of(Segment.COMMERCIAL, Segment.COMMERCIAL, Segment.EDUCATION, None),
    "agreement": _any_of(*Known),
    "delegated_admin": _any_of(*Known),
}
_STATES: Mapping[str, Draw] = {
    name: _any_of(HoldingsState.COMPLETE, *HoldingsState) for name in ("own_state", "foreign_state")
}


def _drawn(dice: random.Random, fields: Mapping[str, Draw]) -> dict[str, Any]:
    return {name: draw(dice) for name, draw in fields.items()}


def a_customer(dice: random.Random) -> Customer:
    """Return a customer with one to four subscriptions of ours and up to two of others."""
    own = [Subscription(**_drawn(dice, FIELDS)) for _ in range(dice.choice((1, 1, 2, 3, 4)))]
    foreign = [Subscription(**_drawn(dice, _FOREIGN)) for _ in range(dice.choice((0, 0, 1, 2)))]
    held = Holdings(tuple(own), foreign=tuple(foreign), **_drawn(dice, _STATES))
    return Customer("c" * 8, "Contoso", holdings=held, **_drawn(dice, _CUSTOMER))


def a_twin(dice: random.Random, of: Customer) -> Customer:
    """Return the same customer under other ids and names, with one field changed or none."""
    ids = {name: f"{dice.randrange(16**8):08x}-1111-4000-8000-000000000000" for name in _IDS}
    held = of.holdings
    own = [_renamed(one, ids) for one in held.own]
    foreign = [_renamed(one, ids) for one in held.foreign]
    holdings = replace(held, own=tuple(own), foreign=tuple(foreign))
    other = replace(of, customer_id="d" * 8, name="Fabrikam", holdings=holdings)
    return _changed(dice, other) if dice.randrange(4) else other


def _renamed(one: Subscription, ids: Mapping[str, str]) -> Subscription:
    parent = one.parent_id and ids.get(one.parent_id, "gone elsewhere")
    return replace(
        one,
        subscription_id=ids[one.subscription_id],
        parent_id=parent,
        title="Another title",
        state_as_given="as given",
    )


def _changed(dice: random.Random, customer: Customer) -> Customer:
    held = customer.holdings
    side = dice.choice(("customer", "states", *["own"] * 9, *["foreign"] * 4))
    if side == "customer":
        return replace(customer, **_another(dice, _CUSTOMER))
    if side == "states":
        return replace(customer, holdings=replace(held, **_another(dice, _STATES)))
    subscriptions = list(held.own if side == "own" else held.foreign)
    if not subscriptions:
        return customer
    place = dice.randrange(len(subscriptions))
    fields = FIELDS if side == "own" else _FOREIGN
    there = [one.subscription_id for one in held.all]
    own_ids = {"subscription_id": _any_of("a new id", *there), "parent_id": _any_of(None, *there)}
    subscriptions[place] = replace(subscriptions[place], **_another(dice, {**fields, **own_ids}))
    changed: dict[str, Any] = {side: tuple(subscriptions)}
    return replace(customer, holdings=replace(held, **changed))


def _another(dice: random.Random, fields: Mapping[str, Draw]) -> dict[str, Any]:
    name = dice.choice(sorted(fields))
    return {name: fields[name](dice)}
