"""What a plan has read moves its fingerprint, nothing else does; equal ones mean equal plans."""

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.customers import (
    Customer,
    Holdings,
    HoldingsState,
    RenewalInstructions,
    Seller,
    Subscription,
)
from planner.facts import CatalogFacts
from planner.goals import OfferGoal
from planner.ids import CatalogId
from planner.offers import Known, Segment
from planner.permissions import Acting, Role
from planner.plans.goals import SubscriptionGoal
from planner.plans.saved import fingerprint as under_test
from planner.plans.saved.fingerprint import GROUPS, NOT_READ, Parts, fingerprint, parts_of
from planner.plans.saved.question import PlanQuestion
from planner.plans.search.acts import StepKind
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.rules import Choices
from planner.transitions import EvidenceKind, TransitionKind
from tests.examples import checked
from tests.planner.builders import NOW, SCOPE, oid, oids, pid
from tests.planner.plan_worlds import OTHER_VALUES, World, held, mutants, world, worlds

HERE = world(held("A", 1), foreign=(held("C", 50, Seller.ANOTHER_PARTNER),))
"""Holds A, which leads to B, C, a, b, c; b needs e, and a shares its seats with d. F, D stand by
themselves."""


def parts(made: World) -> Parts:
    return parts_of(made.catalog, made.customer, made.question)


def moved(before: World, after: World) -> set[str]:
    """Return the names of the parts that differ."""
    old, new = parts(before), parts(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


@given(mutants())
@checked(200)
def test_where_the_fingerprint_is_the_same_the_plan_is(both: tuple[World, World]) -> None:
    before, after = both
    if parts(before) == parts(after):
        assert before.plan() == after.plan()


@given(mutants())
@checked(60)
def test_fingerprints_are_equal_exactly_where_the_parts_are(both: tuple[World, World]) -> None:
    old, new = map(parts, both)
    assert (fingerprint(old) == fingerprint(new)) == (old == new)


@given(worlds(), st.integers(0, 2**32))
@checked(40)
def test_the_order_of_rows_and_subscriptions_never_matters(made: World, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    shuffled: dict[str, tuple[Any, ...]] = {}
    for field in fields(CatalogFacts):
        rows = list(getattr(made.facts, field.name))
        dice.shuffle(rows)
        shuffled[field.name] = tuple(rows)
    holdings = made.customer.holdings
    turned = replace(holdings, own=holdings.own[::-1], foreign=holdings.foreign[::-1])
    goals = made.question.goals and made.question.goals[::-1]
    after = World(
        CatalogFacts(**shuffled),
        replace(made.customer, holdings=turned),
        replace(made.question, goals=goals),
    )
    assert parts(after) == parts(made)


def test_the_fingerprint_is_the_sha_256_of_the_parts_as_canonical_json() -> None:
    found = parts(HERE)
    text = json.dumps(dict(found), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert fingerprint(found) == hashlib.sha256(text.encode()).hexdigest()
    assert all(len(one) == 64 and set(one) <= set("0123456789abcdef") for one in found.values())


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_finds_the_same_fingerprint(seed: str) -> None:
    program = (
        "from tests.planner.plans.saved.test_fingerprint import HERE, fingerprint, parts;"
        "print(fingerprint(parts(HERE)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == fingerprint(parts(HERE))


# The customer


def _with(side: str, **changed: Any) -> World:
    own, foreign = HERE.customer.holdings.own, HERE.customer.holdings.foreign
    if side == "own":
        own = (replace(own[0], **changed),)
    else:
        foreign = (replace(foreign[0], **changed),)
    holdings = replace(HERE.customer.holdings, own=own, foreign=foreign)
    return replace(HERE, customer=replace(HERE.customer, holdings=holdings))


def test_every_field_of_a_subscription_is_read_or_said_not_to_be() -> None:
    named = [name for group in GROUPS.values() for name in group]
    assert len(named) == len(set(named))
    assert {*named, *NOT_READ} == {field.name for field in fields(Subscription)}
    assert NOT_READ.isdisjoint(named)


def test_every_field_of_a_customer_is_read_or_known_not_to_be() -> None:
    """Fails for a field that is new: say in planner.plans.saved.fingerprint how a plan reads it."""
    read = {"customer_id", "market", "segment", "agreement", "delegated_admin", "holdings"}
    assert {field.name for field in fields(Customer)} == read | {"name", "domain"}
    sides = {f"{side}{what}" for side in ("own", "foreign") for what in ("", "_state", "_as_of")}
    assert {field.name for field in fields(Holdings)} == sides


@pytest.mark.parametrize("side", ["own", "foreign"])
@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, names in GROUPS.items() for name in names]
)
def test_each_fact_of_a_subscription_moves_the_part_it_belongs_to(
    side: str, group: str, name: str
) -> None:
    now = getattr(getattr(HERE.customer.holdings, side)[0], name)
    others = (OTHER_VALUES[name](random.Random(seed)) for seed in range(40))  # noqa: S311
    value = next((one for one in others if one != now), "another")
    found = moved(HERE, _with(side, **{name: value}))
    subscription_id = getattr(HERE.customer.holdings, side)[0].subscription_id
    assert f"customer/{side}/{subscription_id}/{group}" in found
    assert {part for part in found if part.startswith("customer/")} == {
        f"customer/{side}/{subscription_id}/{group}"
    }


@pytest.mark.parametrize("side", ["own", "foreign"])
@pytest.mark.parametrize("name", sorted(NOT_READ - {"subscription_id"}))
def test_names_of_subscriptions_move_nothing(side: str, name: str) -> None:
    assert moved(HERE, _with(side, **{name: "something else"})) == set()


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"market": "IN"}, "customer/market"),
        ({"market": None}, "customer/market"),
        ({"segment": Segment.EDUCATION}, "customer/segment"),
        ({"agreement": Known.NO}, "customer/agreement"),
        ({"delegated_admin": Known.YES}, "customer/administration"),
        ({"name": "«Fabrikam»"}, None),
        ({"domain": "fabrikam.example"}, None),
    ],
)
def test_facts_of_the_customer_move_their_part_and_its_names_none(
    changed: dict[str, Any], part: str | None
) -> None:
    found = moved(HERE, replace(HERE, customer=replace(HERE.customer, **changed)))
    assert {name for name in found if name.startswith("customer/")} == {part} - {None}


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"own_state": HoldingsState.PARTIAL}, "customer/holdings of ours"),
        ({"foreign_state": HoldingsState.NOT_LOADED}, "customer/holdings of others"),
        ({"own_as_of": NOW + timedelta(days=3)}, None),
        ({"foreign_as_of": None}, None),
    ],
)
def test_how_much_is_loaded_is_read_and_when_is_not(
    changed: dict[str, Any], part: str | None
) -> None:
    holdings = replace(HERE.customer.holdings, **changed)
    found = moved(HERE, replace(HERE, customer=replace(HERE.customer, holdings=holdings)))
    assert found == {part} - {None}


def test_a_subscription_that_comes_or_goes_moves_all_its_parts() -> None:
    more = held("F", 9)
    holdings = replace(HERE.customer.holdings, own=(*HERE.customer.holdings.own, more))
    after = replace(HERE, customer=replace(HERE.customer, holdings=holdings))
    own = {f"customer/own/{more.subscription_id}/{group}" for group in GROUPS}
    assert own <= moved(HERE, after)
    assert "catalog/offer/" + oid("F") in moved(HERE, after)


# The catalog


def _row(table: str, pick: Callable[[Any], bool], **changed: Any) -> World:
    """Return HERE with one row of a table changed, or removed where nothing is said."""
    rows = list(getattr(HERE.facts, table))
    (place,) = [place for place, row in enumerate(rows) if pick(row)][:1]
    row = rows.pop(place)
    if changed:
        rows.insert(place, replace(row, **changed))
    return replace(HERE, facts=replace(HERE.facts, **{table: tuple(rows)}))


def _is(name: str) -> Callable[[Any], bool]:
    return lambda row: bool(row.catalog_id == oid(name))


def _edge(ends: str) -> Callable[[Any], bool]:
    return lambda row: (row.origin, row.target) == (oid(ends[0]), oid(ends[1]))


def _plan(name: str) -> Callable[[Any], bool]:
    return lambda row: bool(row.plan_id == pid(name))


def _named(field: str, value: object) -> Callable[[Any], bool]:
    return lambda row: bool(getattr(row, field) == value)


INSIDE: list[tuple[World, str]] = [
    (_row("offers", _is("A"), maximum_seats=3), "offer/" + oid("A")),
    (_row("offers", _is("c"), markets=None), "offer/" + oid("c")),
    (_row("offers", _is("e"), title="Another"), "offer/" + oid("e")),
    (_row("claims", _edge("AB"), evidence=EvidenceKind.INFERRED), "moves/" + oid("A")),
    (_row("claims", _edge("bc")), "moves/" + oid("b")),
    (_row("claims", _edge("AC")), "moves/" + oid("A")),
    (_row("prerequisites", _named("addon", oid("b"))), "bases/" + oid("b")),
    (_row("products", _named("title", "Sku b"), plan_ids=frozenset()), "services/" + oid("b")),
    (_row("service_plans", _plan("TEAMS"), title="Another"), "service plans"),
    (_row("service_families", _named("name", "TEAMS")), "service plans"),
    (_row("common_plans", _plan("COMMON")), "service plans"),
    (_row("seat_caps", _is("a"), per_offer=7), "seats/" + oid("a")),
    (_row("seat_caps", _is("d"), family=None), "seats/" + oid("d")),
    (_row("windows", _named("message", "before"), message="x"), "dates/LEGACY_UPGRADE"),
    (_row("coverage", _named("kind", TransitionKind.LEGACY_UPGRADE)), "coverage"),
    (_row("missing_lists", _named("title", "NCE Mapping")), "missing/MIGRATION"),
    (_row("sale_ends", _is("c"), starts=date(2027, 1, 1)), "sale/" + oid("c")),
    (_row("prices", _is("b"), amount=Decimal("20.01")), "prices/" + oid("b")),
    (_row("sources", _named("source_id", "old"), dated=None), "price list/old/US"),
]


@pytest.mark.parametrize(("after", "part"), INSIDE, ids=[part for _, part in INSIDE])
def test_a_row_within_reach_moves_the_part_it_belongs_to(after: World, part: str) -> None:
    assert f"catalog/{part}" in moved(HERE, after)


OUTSIDE: dict[str, World] = {
    "an offer elsewhere": _row("offers", _is("F"), title="Another", maximum_seats=3),
    "a move elsewhere": _row("claims", _edge("Ff"), evidence=EvidenceKind.INFERRED),
    "a move that is gone": _row("claims", _edge("Dd")),
    "a prerequisite elsewhere": _row("prerequisites", _named("addon", oid("f"))),
    "a service elsewhere": _row("service_plans", _plan("VOICE"), name="VOICE"),
    "a kind of move elsewhere": _row("missing_lists", _named("title", "Trials")),
    "a market elsewhere": _row("coverage", _named("market", "IN")),
    "an end of sale elsewhere": _row("sale_ends", _is("e"), message="over"),
    "an end of sale in another market": _row("sale_ends", _is("e")),
    "the number of places of a price": _row("prices", _is("b"), amount=Decimal("20.000")),
    "a source nobody reads": replace(
        HERE,
        facts=replace(
            HERE.facts, sources=(*HERE.facts.sources, replace(HERE.facts.sources[0], source_id="x"))
        ),
    ),
}


@pytest.mark.parametrize("after", OUTSIDE.values(), ids=OUTSIDE)
def test_a_row_out_of_reach_moves_nothing(after: World) -> None:
    assert moved(HERE, after) == set()


def test_services_inherited_from_an_offer_out_of_reach_are_within_it() -> None:
    """Nothing tells the services of e but that D, which nobody holds, migrates to it."""
    there = world(held("e", 1))
    claims = tuple(
        replace(claim, target=oid("e")) if claim.origin == oid("D") else claim
        for claim in there.facts.claims
        if claim.origin != oid("E")
    )
    untitled = tuple(
        replace(one, title="Nothing alike") if one.catalog_id == oid("e") else one
        for one in there.facts.offers
    )
    before = replace(there, facts=replace(there.facts, claims=claims, offers=untitled))
    products = tuple(
        replace(one, plan_ids=frozenset({pid("MAIL")})) if one.title == "Offer D" else one
        for one in before.facts.products
    )
    after = replace(before, facts=replace(before.facts, products=products))
    assert f"catalog/services/{oid('e')}" in moved(before, after)


def test_what_is_scheduled_for_the_renewal_is_within_reach() -> None:
    def planned(made: World) -> World:
        own = replace(held("A", 1), renewal=RenewalInstructions(oid("F")))
        holdings = replace(made.customer.holdings, own=(own,))
        return replace(made, customer=replace(made.customer, holdings=holdings))

    assert moved(planned(HERE), planned(OUTSIDE["an offer elsewhere"])) == {
        "catalog/offer/" + oid("F")
    }


def test_without_a_market_the_prices_of_all_are_read() -> None:
    nowhere = replace(HERE.customer, market=None)
    prices = tuple(replace(one, market="IN") for one in HERE.facts.prices)
    moved_elsewhere = replace(HERE.facts, prices=prices)
    assert "catalog/prices/" + oid("a") in parts(World(moved_elsewhere, nowhere, HERE.question))
    assert "catalog/prices/" + oid("a") not in parts(replace(HERE, facts=moved_elsewhere))


def test_an_offer_that_the_catalog_does_not_have_is_read_as_absent() -> None:
    stranger = replace(held("A", 1), catalog_id=CatalogId("CFQ7TTC0ZZZZ:0001"))
    there = world(stranger)
    assert not any("ZZZZ" in name for name in parts(there))
    arrived = replace(there.facts.offers[0], catalog_id=CatalogId("CFQ7TTC0ZZZZ:0001"))
    offers = (*there.facts.offers, arrived)
    after = replace(there, facts=replace(there.facts, offers=offers))
    assert "catalog/offer/CFQ7TTC0ZZZZ:0001" in moved(there, after)


def test_a_goal_that_the_catalog_no_longer_has_is_told_and_not_raised() -> None:
    goal = SubscriptionGoal(held("A", 1).subscription_id, OfferGoal(oid("f")))
    there = replace(HERE, question=replace(HERE.question, goals=(goal,)))
    offers = tuple(one for one in there.facts.offers if one.catalog_id != oid("f"))
    claims = tuple(one for one in there.facts.claims if one.target != oid("f"))
    after = replace(there, facts=replace(there.facts, offers=offers, claims=claims))
    assert {name.partition("{")[0] for name in moved(there, after)} == {"catalog/goal/"}


# Rules, search and question


@pytest.mark.parametrize("name", ["RULES_VERSION", "PLANNER_VERSION"])
def test_a_new_version_of_rules_or_search_moves_one_part(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = parts(HERE)
    monkeypatch.setattr(under_test, name, "another")
    after = parts(HERE)
    differ = {part for part in before if before[part] != after[part]}
    assert differ == {"rules/version" if name == "RULES_VERSION" else "rules/search"}


QUESTIONS: list[tuple[PlanQuestion, str]] = [
    (replace(HERE.question, scope=replace(SCOPE, profile=Profile.SOONEST)), "scope"),
    (replace(HERE.question, scope=replace(SCOPE, market="US")), "scope"),
    (replace(HERE.question, scope=replace(SCOPE, avoid=oids("e"))), "scope"),
    (replace(HERE.question, scope=replace(SCOPE, max_steps=3)), "scope"),
    (
        replace(HERE.question, scope=replace(SCOPE, policy=LegacyUpgradePolicy.EXCLUDE)),
        "scope",
    ),
    (replace(HERE.question, goals=()), "goals"),
    (replace(HERE.question, choices=Choices(term="P1M")), "choices"),
    (replace(HERE.question, without=frozenset({StepKind.CANCEL})), "without"),
    (replace(HERE.question, acting=Acting(frozenset({Role.ADMIN_AGENT}))), "acting"),
    (replace(HERE.question, states=61), "states"),
]


@pytest.mark.parametrize(("question", "part"), QUESTIONS)
def test_every_part_of_the_question_is_in_it(question: PlanQuestion, part: str) -> None:
    assert f"question/{part}" in moved(HERE, replace(HERE, question=question))


def test_the_day_and_the_catalogs_id_are_not_in_it() -> None:
    later = replace(SCOPE, at=NOW + timedelta(days=400, hours=3))
    assert moved(HERE, replace(HERE, question=replace(HERE.question, scope=later))) == set()
    # from_facts makes the id and the content hash of all rows: this one is out of reach.
    other = OUTSIDE["an offer elsewhere"]
    assert other.catalog.version_id != HERE.catalog.version_id
    assert parts(other) == parts(HERE)
