"""What a move does to services, whose services stand in its way, and which offers give more."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Blocker
from planner.catalog import Catalog
from planner.customers import HoldingsState, Seller, Subscription
from planner.facts import CommonPlan, ServiceFamily
from planner.goals import UnknownServicePlan
from planner.offers import Commerce, Known, Price, Segment, ServicePlan
from planner.rules import Mode
from planner.service_offers import BetterVersions, better_versions, offers_with
from planner.service_sets import (
    FamilyMove,
    ServiceConflicts,
    ServiceEffect,
    ServicesNotKnown,
    conflicts,
    count_lost,
    service_effect,
)
from planner.transitions import EvidenceKind
from tests.examples import checked
from tests.planner.builders import (
    SCOPE,
    customer,
    facts,
    from_facts,
    guid,
    oid,
    pid,
    subscription,
    with_plans,
)
from tests.planner.rules.asked_rules import CATALOG, ask

TODAY = date(2026, 11, 23)
MAILS = ServiceFamily("MAILS", frozenset({pid("SMALL"), pid("LARGE"), pid("HUGE")}), "families")
MOVES = "A>B upgrade documented, A>a migration documented, a>b conversion documented"


def _names(plans: tuple[ServicePlan, ...]) -> list[str]:
    return [plan.name for plan in plans]


def _catalog(plans: Mapping[str, str], moves: str = MOVES, **rows: object) -> Catalog:
    return from_facts(facts(moves, **with_plans(plans), **rows))  # type: ignore[arg-type]


def _effect(catalog: Catalog, move: str) -> ServiceEffect:
    found = service_effect(catalog, oid(move[0]), oid(move[1]))
    assert isinstance(found, ServiceEffect)
    return found


def _titled(catalog: Catalog, **titles: str) -> Catalog:
    """Return the catalog with service plans called otherwise."""
    plans = tuple(
        replace(plan, title=titles.get(plan.name, plan.title))
        for plan in catalog.facts.service_plans
    )
    return from_facts(replace(catalog.facts, service_plans=plans))


def test_services_are_added_kept_and_lost_in_order_of_title() -> None:
    made = _catalog({"A": "MAIL DESK OLD", "B": "MAIL TEAMS CHAT"})
    effect = _effect(made, "AB")
    assert _names(effect.added) == ["CHAT", "TEAMS"]
    assert _names(effect.kept) == ["MAIL"]
    assert _names(effect.lost) == ["DESK", "OLD"]
    assert not effect.keeps_everything


def test_plans_that_nearly_every_product_carries_are_told_apart() -> None:
    common = [CommonPlan(pid(name), "table") for name in ("BASE", "GONE", "NEW")]
    made = _catalog({"A": "MAIL BASE GONE", "B": "MAIL BASE NEW"}, common_plans=common)
    effect = _effect(made, "AB")
    assert (_names(effect.added), _names(effect.lost), _names(effect.kept)) == ([], [], ["MAIL"])
    told = effect.common_added, effect.common_kept, effect.common_lost
    assert [_names(plans) for plans in told] == [["NEW"], ["BASE"], ["GONE"]]


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        ("Exchange Online (Plan 1)", "Exchange Online (Plan 2)", FamilyMove.UPGRADED),
        ("Exchange Online (Plan 2)", "Exchange Online (Plan 1)", FamilyMove.DOWNGRADED),
        ("Microsoft Entra ID P1", "Microsoft Entra ID P2", FamilyMove.UPGRADED),
        ("Exchange Online Kiosk", "Exchange Online (Plan 1)", FamilyMove.SWAPPED),
        ("Exchange (Plan 1)", "Exchange (Plan 2) for Government", FamilyMove.SWAPPED),
        ("Forms (Plan 1)", "Forms (Plan E3)", FamilyMove.SWAPPED),
    ],
)
def test_a_plan_replaced_by_another_of_its_family_is_ranked_by_its_number_alone(
    before: str, after: str, move: FamilyMove
) -> None:
    family = ServiceFamily("MAILS", frozenset({pid("SMALL"), pid("LARGE")}), "families")
    plain = _catalog({"A": "SMALL DESK", "B": "LARGE DESK"}, service_families=[family])
    (change,) = _effect(_titled(plain, SMALL=before, LARGE=after), "AB").families
    assert (change.family, change.move, change.source) == ("MAILS", move, "families")
    assert (_names(change.before), _names(change.after)) == (["SMALL"], ["LARGE"])


def test_plans_of_one_name_and_another_number_count_as_replaced_without_a_listed_family() -> None:
    plain = _catalog({"A": "FORMS_E1 DESK", "B": "FORMS_E3 DESK CHAT"})
    made = _titled(plain, FORMS_E1="Forms (Plan E1)", FORMS_E3="Forms (Plan E3)")
    effect = _effect(made, "AB")
    assert [(one.family, one.move) for one in effect.families] == [
        ("Forms (Plan #)", FamilyMove.UPGRADED)
    ]
    assert effect.keeps_everything


def test_a_service_whose_place_another_takes_is_neither_lost_nor_is_that_one_added() -> None:
    plain = _catalog(
        {"A": "SMALL FORMS_E1 OLD", "B": "LARGE FORMS_E3 CHAT"}, service_families=[MAILS]
    )
    made = _titled(plain, FORMS_E1="Forms (Plan E1)", FORMS_E3="Forms (Plan E3)")
    effect = _effect(made, "AB")
    assert (_names(effect.added), _names(effect.lost)) == (["CHAT"], ["OLD"])
    assert [one.words for one in effect.families] == [
        "Large in place of Small",
        "Forms (Plan E3) in place of Forms (Plan E1)",
    ]


def test_another_plan_of_the_same_title_takes_the_place_too() -> None:
    plain = _catalog({"A": "APPS_P1", "B": "APPS_P2"})
    effect = _effect(_titled(plain, APPS_P1="Power Apps", APPS_P2="Power Apps"), "AB")
    assert (effect.added, effect.lost) == ((), ())
    (change,) = effect.families
    assert (change.move, change.words) == (FamilyMove.SWAPPED, "another plan of Power Apps")
    assert not effect.keeps_everything


def test_a_plan_that_was_there_before_takes_nobodys_place() -> None:
    """Some products give two plans of a family: what only the larger one did is lost with it."""
    effect = _effect(_catalog({"A": "SMALL LARGE", "B": "SMALL"}, service_families=[MAILS]), "AB")
    assert (_names(effect.lost), _names(effect.kept), effect.families) == (["LARGE"], ["SMALL"], ())
    back = _effect(_catalog({"A": "SMALL", "B": "SMALL LARGE"}, service_families=[MAILS]), "AB")
    assert (_names(back.added), back.families) == (["LARGE"], ())


def test_what_a_larger_plan_takes_the_place_of_is_no_service_lost() -> None:
    made = _catalog({"A": "SMALL OLD", "B": "LARGE"}, service_families=[MAILS])
    assert count_lost(made, oid("A"), oid("B")) == 1
    assert count_lost(_catalog({"A": "MAIL"}), oid("A"), oid("B")) is None


def test_services_nobody_tells_are_not_known_and_never_empty() -> None:
    made = _catalog({"A": "MAIL"})
    found = service_effect(made, oid("A"), oid("B"))
    assert isinstance(found, ServicesNotKnown)
    assert (found.offers, found.code) == ((oid("B"),), "SERVICES_NOT_KNOWN")
    assert oid("B") in found.message
    assert found.remedy


def test_the_effect_is_as_well_known_as_its_less_known_end() -> None:
    assert _effect(_catalog({"A": "MAIL", "a": "MAIL"}), "Aa").evidence is EvidenceKind.DERIVED


_SOME = ["MAIL", "TEAMS", "DESK", "COMMON", "SMALL", "LARGE", "HUGE"]
PLANS = st.frozensets(st.sampled_from(_SOME), min_size=1)


@checked(80)
@given(PLANS, PLANS)
def test_every_service_of_either_end_is_told_exactly_once(
    before: frozenset[str], after: frozenset[str]
) -> None:
    common = [CommonPlan(pid("COMMON"), "table")]
    plans = {"A": " ".join(before), "B": " ".join(after)}
    effect = _effect(_catalog(plans, common_plans=common, service_families=[MAILS]), "AB")
    taken, taking = (
        tuple(plan for change in effect.families for plan in getattr(change, end))
        for end in ("before", "after")
    )
    gone = _names(effect.lost + effect.common_lost + taken)
    kept = _names(effect.kept + effect.common_kept)
    new = _names(effect.added + effect.common_added + taking)
    assert sorted(gone + kept) == sorted(before)
    assert sorted(new + kept) == sorted(after)
    family = {"SMALL", "LARGE", "HUGE"}
    assert not (family & set(_names(effect.lost)) and family & set(_names(effect.added)))
    back = _effect(_catalog(plans, common_plans=common, service_families=[MAILS]), "BA")
    assert (back.added, back.lost, back.kept) == (effect.lost, effect.added, effect.kept)


def _conflicts(held: tuple[Subscription, ...], target: str = "B") -> ServiceConflicts:
    found = conflicts(CATALOG, customer(*held), held[0], oid(target))
    assert isinstance(found, ServiceConflicts)
    return found


@pytest.mark.parametrize("seller", list(Seller))
def test_a_service_that_another_subscription_gives_is_a_conflict_whoever_sold_it(
    seller: Seller,
) -> None:
    other = subscription("C", number=1, seller=seller)
    (conflict,) = _conflicts((subscription("A"), other)).found
    assert (conflict.subscription_id, conflict.seller) == (other.subscription_id, seller)
    assert (conflict.family, _names(conflict.adds)) == (None, ["TEAMS"])
    assert conflict.holds == conflict.adds
    assert conflict.remedies


def test_another_size_of_the_same_service_is_a_conflict_of_its_family() -> None:
    (conflict,) = _conflicts((subscription("A"), subscription("D", number=1))).found
    assert conflict.family == "TEAMS"
    assert (_names(conflict.adds), _names(conflict.holds)) == (["TEAMS"], ["TEAMS_SMALL"])


def test_a_subscription_never_stands_in_its_own_way() -> None:
    assert _conflicts((subscription("A"),)) == ServiceConflicts((), ())


def test_what_is_not_loaded_may_hide_conflicts_and_is_named() -> None:
    held = subscription("A")
    owner = customer(held, foreign_state=HoldingsState.NOT_LOADED)
    found = conflicts(CATALOG, owner, held, oid("B"))
    assert isinstance(found, ServiceConflicts)
    assert (found.found, found.unknown) == ((), ("holdings.foreign",))
    opaque = subscription("Z", number=1, seller=Seller.ANOTHER_CHANNEL)
    unknown = _conflicts((held, opaque)).unknown
    assert unknown == (f"service plans of subscription {opaque.subscription_id}",)


def test_a_target_without_known_services_has_no_known_conflicts() -> None:
    held = subscription("A")
    found = conflicts(CATALOG, customer(held), held, oid("E"))
    assert isinstance(found, ServicesNotKnown)
    assert found.offers == (oid("E"),)


SELLERS = st.sampled_from(list(Seller))


@checked(60)
@given(st.lists(st.tuples(st.sampled_from("BCDa"), SELLERS), max_size=4))
def test_conflicts_name_the_very_plans_that_the_rule_finds(
    others: list[tuple[str, Seller]],
) -> None:
    held = [
        subscription(name, number=number, seller=seller)
        for number, (name, seller) in enumerate(others, start=1)
    ]
    source = subscription("A")
    owner = customer(source, *held)
    answer = ask("SERVICES_ALREADY_OWNED", "AB", owner, source=source)
    expected = {
        (blocker.subject, plan)
        for blocker in answer
        if isinstance(blocker, Blocker)
        for plan in blocker.evidence[0].plan_ids
    }
    found = _conflicts((source, *held)).found
    assert {(one.subscription_id, plan.plan_id) for one in found for plan in one.holds} == expected


def _price(name: str, amount: str, term: str = "P1M", market: str = "US") -> Price:
    return Price(
        oid(name),
        Segment.COMMERCIAL,
        term,
        "Monthly",
        market,
        "USD",
        Decimal(amount),
        None,
        None,
        "list",
    )


GIVING = {"A": "MAIL TEAMS", "B": "MAIL TEAMS DESK", "a": "MAIL TEAMS", "b": "MAIL", "c": "MAIL"}


def _ids(made: Catalog, plans: str, **asked: object) -> list[str]:
    wanted = frozenset(map(pid, plans.split()))
    found = offers_with(made, wanted, on=TODAY, **asked)  # type: ignore[arg-type]
    return [one.offer.catalog_id for one in found.offers]


def test_offers_with_services_come_with_fewest_extra_services_first_then_by_price() -> None:
    prices = [_price("c", "9"), _price("b", "10"), _price("A", "1"), _price("a", "2", market="IN")]
    made = _catalog(GIVING, "A>c migration derived, A>b migration derived", prices=prices)
    found = offers_with(made, frozenset({pid("MAIL")}), market="US", on=TODAY)
    assert [one.offer.catalog_id for one in found.offers] == [*map(oid, "cbAaB")]
    assert [_names(one.extra) for one in found.offers] == [
        [],
        [],
        ["TEAMS"],
        ["TEAMS"],
        ["DESK", "TEAMS"],
    ]
    assert [one.price and one.price.per_month for one in found.offers] == [
        Decimal(9),
        Decimal(10),
        Decimal(1),
        None,
        None,
    ]


def test_offers_whose_services_nobody_tells_are_counted_and_not_left_out_in_silence() -> None:
    made = _catalog({"A": "MAIL"}, "A>B upgrade matrix, C>D upgrade matrix")
    found = offers_with(made, frozenset({pid("MAIL")}), on=TODAY)
    assert ([one.offer.catalog_id for one in found.offers], found.not_known) == ([oid("A")], 3)


def test_offers_with_services_are_narrowed_by_commerce_market_and_segment() -> None:
    made = _catalog(GIVING)
    offers = tuple(
        replace(
            one,
            markets=frozenset({"IN"} if one.catalog_id == oid("A") else {"US"}),
            segment=Segment.CHARITY if one.catalog_id == oid("B") else Segment.COMMERCIAL,
        )
        for one in made.facts.offers
    )
    made = from_facts(replace(made.facts, offers=offers))
    assert _ids(made, "MAIL", commerce=Commerce.LEGACY) == [oid("A"), oid("B")]
    assert oid("A") not in _ids(made, "MAIL", market="US")
    assert _ids(made, "MAIL", segment=Segment.CHARITY) == [oid("B")]
    (only,) = offers_with(
        made, frozenset({pid("DESK")}), market="US", segment=Segment.CHARITY, on=TODAY
    ).offers
    assert only.sold is Known.YES


def test_trials_are_not_offered_as_a_way_to_services() -> None:
    made = _catalog({"A": "MAIL", "B": "MAIL"}, "A>B upgrade documented")
    offers = tuple(replace(one, is_trial=one.catalog_id == oid("A")) for one in made.facts.offers)
    assert _ids(from_facts(replace(made.facts, offers=offers)), "MAIL") == [oid("B")]


def test_a_service_plan_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownServicePlan):
        _ids(_catalog(GIVING), "NOBODY")


@pytest.mark.parametrize("seed", range(5))
def test_the_order_does_not_depend_on_the_order_of_rows(seed: int) -> None:
    prices = [_price(name, "5") for name in "abc"]
    made = _catalog(GIVING, "A>a migration derived", prices=prices).facts
    dice = random.Random(seed)  # noqa: S311 - no secret
    mixed = replace(
        made,
        offers=tuple(dice.sample(made.offers, len(made.offers))),
        products=tuple(dice.sample(made.products, len(made.products))),
        prices=tuple(dice.sample(made.prices, len(made.prices))),
    )
    assert _ids(from_facts(mixed), "MAIL", market="US") == _ids(
        from_facts(made), "MAIL", market="US"
    )


def test_better_versions_keep_everything_and_add_something() -> None:
    plans = {"A": "MAIL", "B": "MAIL TEAMS", "a": "MAIL", "b": "TEAMS DESK"}
    found = better_versions(_catalog(plans), oid("A"), SCOPE)
    assert isinstance(found, BetterVersions)
    assert [one.path.target for one in found.versions] == [oid("B")]
    assert [one.path.target for one in found.with_losses] == [oid("b")]
    assert _names(found.with_losses[0].effect.lost) == ["MAIL"]
    assert found.not_known == ()


def test_better_versions_name_targets_whose_services_are_not_known() -> None:
    found = better_versions(_catalog({"A": "MAIL"}, "A>B upgrade matrix"), oid("A"), SCOPE)
    assert isinstance(found, BetterVersions)
    assert (found.versions, found.not_known) == ((), (oid("B"),))
    opaque = better_versions(_catalog({"B": "MAIL"}, "A>B upgrade matrix"), oid("A"), SCOPE)
    assert isinstance(opaque, ServicesNotKnown)


def test_the_rule_and_the_conflicts_agree_in_the_transfer_mode_too() -> None:
    other = subscription("C", number=1, seller=Seller.ANOTHER_PARTNER)
    source = subscription("a")
    owner = customer(source, other)
    (blocker,) = ask(
        "SERVICES_ALREADY_OWNED", "ab", owner, source=source, mode=Mode.WITH_LICENSE_TRANSFER
    )
    assert isinstance(blocker, Blocker)
    found = conflicts(CATALOG, owner, source, oid("b"))
    assert isinstance(found, ServiceConflicts)
    assert [one.subscription_id for one in found.found] == [blocker.subject]
    assert other.product_guid == guid("C")
