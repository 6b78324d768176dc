"""From which fact an offer's service plans are known, and when they are not."""

from dataclasses import replace

import pytest

from planner.catalog import Catalog
from planner.facts import CatalogFacts
from planner.ids import CatalogId
from planner.offers import Product
from planner.services import OfferPlans, PlansOrigin, without_segment_suffix
from planner.transitions import EvidenceKind
from tests.planner.builders import facts, from_facts, guid, offer, oid, pid, with_plans


def _plans(name: str, made: CatalogFacts | Catalog) -> OfferPlans | None:
    catalog = made if isinstance(made, Catalog) else from_facts(made)
    return catalog.plans.get(oid(name))


def _product(name: str, title: str, plans: str, string_id: str = "") -> Product:
    ids = frozenset(map(pid, plans.split()))
    return Product(guid(name), string_id or f"STRING_{name}", title, ids, "plan_table")


def test_a_legacy_offer_is_matched_by_its_provisioning_id_whatever_its_case() -> None:
    made = facts("A>a migration derived", **with_plans({"A": "MAIL"}))
    lower = tuple(
        replace(one, provisioning_id=one.provisioning_id and one.provisioning_id.lower())
        for one in made.offers
    )
    plans = _plans("A", replace(made, offers=lower))
    assert plans is not None
    assert plans.plan_ids == {pid("MAIL")}
    assert plans.origin is PlansOrigin.PROVISIONING_ID


def test_a_new_commerce_sku_is_matched_by_its_own_title_without_the_segment() -> None:
    school = replace(offer("a"), title="Office 365 E3 (Education Faculty Pricing)")
    products = (_product("a", "Office 365 E3", "MAIL"), _product("b", "Office 365 E5", "DESK"))
    plans = _plans("a", facts("A>a migration derived", offers=[school], products=products))
    assert plans is not None
    assert plans.plan_ids == {pid("MAIL")}
    assert plans.origin is PlansOrigin.SKU_TITLE


def test_a_sku_without_a_feature_never_gets_the_plans_of_the_product_with_it() -> None:
    less = replace(offer("a"), title="Office 365 E5 without Audio Conferencing")
    products = (_product("a", "Office 365 E5", "MAIL AUDIO"),)
    made = facts("b>a conversion documented", offers=[less], products=products)
    assert _plans("a", made) is None


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Office 365 E3 (Non-Profit Pricing)", "Office 365 E3"),
        ("Office 365 E3 (Nonprofit Staff Pricing)", "Office 365 E3"),
        ("Office 365 E3 (no Teams) (Non-Profit Pricing)", "Office 365 E3 (no Teams)"),
        ("Office 365 G3 GCC", "Office 365 G3 GCC"),
        ("Office 365 E3 (no Teams)", "Office 365 E3 (no Teams)"),
    ],
)
def test_only_segment_suffixes_are_taken_off_a_title(title: str, short: str) -> None:
    assert without_segment_suffix(title) == short


def test_plans_are_inherited_over_a_migration_with_its_evidence() -> None:
    plans = _plans("a", facts("A>a migration derived", **with_plans({"A": "MAIL"})))
    assert plans is not None
    assert plans.plan_ids == {pid("MAIL")}
    assert plans.origin is PlansOrigin.INHERITED
    assert (plans.inherited_from, plans.evidence) == (oid("A"), EvidenceKind.DERIVED)
    assert plans.product_guids == {guid("A")}


@pytest.mark.parametrize(
    "moves",
    [
        "A>a migration derived, A>b migration derived",
        "A>B upgrade documented, B>a upgrade documented",
        "A>b migration derived, b>a conversion documented",
    ],
)
def test_nothing_is_inherited_over_a_choice_or_another_kind_of_move(moves: str) -> None:
    assert _plans("a", facts(moves, **with_plans({"A": "MAIL"}))) is None


def test_heirs_of_offers_that_differ_know_nothing() -> None:
    moves = "A>a migration derived, B>a migration documented"
    assert _plans("a", facts(moves, **with_plans({"A": "MAIL", "B": "MAIL DESK"}))) is None
    assert _plans("a", facts(moves, **with_plans({"A": "MAIL", "B": "MAIL"}))) is not None


def test_two_products_of_one_provisioning_id_that_differ_leave_it_unknown() -> None:
    two = replace(offer("A"), provisioning_id="SAME")
    products = (_product("A", "One", "MAIL", "SAME"), _product("B", "Two", "DESK", "SAME"))
    rows = {"offers": (two,), "products": products}
    assert _plans("A", facts("A>a migration derived", **rows)) is None
    named = replace(two, product_guid=guid("B"))
    plans = _plans("A", facts("A>a migration derived", offers=(named,), products=products))
    assert plans is not None
    assert plans.plan_ids == {pid("DESK")}


def test_an_offer_without_any_match_is_absent_and_not_empty() -> None:
    catalog = from_facts(facts("A>B upgrade matrix"))
    assert catalog.plans == {}
    assert CatalogId(oid("A")) in catalog.offers
