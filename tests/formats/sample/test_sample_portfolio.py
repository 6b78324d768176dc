"""The sample portfolio meets every blocker and every readiness, and shows what it says."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from db.bundled import bundled_facts
from formats.detect import Parsed, read_import
from formats.import_options import ImportOptions
from formats.problems import Notice
from formats.sample.portfolio import (
    SAMPLE_FILE,
    BadSampleFile,
    sample_as_of,
    sample_bundle,
    sample_customers,
    sample_portfolio,
)
from planner.blockers import Blocker, Severity
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
from planner.ids import CatalogId, is_new_commerce
from planner.no_path import NoPath
from planner.offers import Known, Segment
from planner.options import NotInCatalog, Option, blockers, options
from planner.readiness import DECIDING_RULES, Readiness
from planner.rules import Choices, Mode
from planner.scope import Scope

CODES = frozenset(
    {
        # planner/rules
        "SUBSCRIPTION_NOT_ACTIVE",
        "SUBSCRIPTION_NOT_PROVISIONED",
        "TARGET_NOT_OFFERED",
        "SERVICES_ALREADY_OWNED",
        "TARGET_ALREADY_OWNED",
        "SEAT_CAP_EXCEEDED",
        "CUSTOMER_AGREEMENT_MISSING",
        "PROMOTION_PRESENT",
        "TOO_CLOSE_TO_TERM_END",
        "NO_PROMOTION_FOR_TRIALS",
        "BUNDLE_MEMBER_INELIGIBLE",
        "ADDON_LEAVES_BASE",
        "TERM_AND_BILLING_NOT_OFFERED",
        "SERVICES_LOST",
        # planner/conditions
        "UNCONFIRMED_EQUIVALENT",
        "AMBIGUOUS_EQUIVALENT",
        "LEGACY_UPGRADE_CONTESTED",
        "MANUAL_MIGRATION",
        "DENIED_PAIR",
        # planner/conditions, from the catalog's conflicts
        "BUSINESS_PREMIUM_CELL_AMBIGUOUS",
        "ONLY_IN_SEED_TABLE",
        "EQUIVALENT_CONTRADICTED",
    }
)
NOT_IN_BUNDLED_CATALOG = "DENIED_AND_CLAIMED"
"""Made by planner/edges where a claim survives a denial; no bundled pair has both."""
NEVER_OPEN_HERE = frozenset(
    {"CUSTOM_END_DATE", "TARGET_SUBSCRIPTION", "TRIAL", "SCHEDULED_CONVERSION", "DOWNGRADE"}
    | {"TERM_END"}
)
"""Four ask about an end, a subscription, seats or a schedule that somebody chose, and here nobody
does; the services of every bundled conversion are known, and so is the end of every term that
migrates."""
READINESSES = frozenset(one.value for one in Readiness)
NO_OPTION = frozenset({"NOT_IN_CATALOG", "NO_PATH"})

Answer = Option | NoPath | NotInCatalog

CLAIM = re.compile(r"\[(no )?([A-Z_]+)\]")
ONES = {one.name: one for one in sample_customers()}
NAMES = sorted(ONES)
SCOPE = Scope(sample_as_of())
PARTNER = "99999999-0000-4000-8000-000000000009"

WHOLE = 'holdings = { own = "complete", foreign = "complete" }'
PART = 'holdings = { own = "partial", foreign = "partial" }'
NONE = 'holdings = { own = "not_loaded", foreign = "not_loaded" }'
BASIC = '{ offer = "basic", seats = 1, start = 2026-01-01 }'
LEGACY = '{ offer = "legacy", seats = 1, start = 2026-01-01 }'
VISIO = '{ product = "visio", seats = 1, seller = "%s" }'


@cache
def catalog() -> Catalog:
    return Catalog(bundled_facts(), version_id="sample", content_hash="sample")


@cache
def parsed(partner_tenant_id: str | None = None) -> Parsed:
    asked = ImportOptions(None, sample_as_of(), partner_tenant_id)
    return read_import(sample_bundle(), name="sample.json", options=asked)


@cache
def customers() -> dict[str, Customer]:
    """Return the customers by name, as a store holds them after the import."""
    changes = sample_portfolio()
    sides = {(one.customer_id, one.is_foreign): one for one in changes.holdings}
    found = {}
    for customer in changes.customers:
        own = sides.get((customer.customer_id, False))
        foreign = sides.get((customer.customer_id, True))
        holdings = Holdings(
            own=own.subscriptions if own else (),
            own_state=own.state if own else HoldingsState.NOT_LOADED,
            foreign=foreign.subscriptions if foreign else (),
            foreign_state=foreign.state if foreign else HoldingsState.NOT_LOADED,
        )
        found[customer.name] = replace(customer, holdings=holdings)
    return found


def goals(name: str) -> Mapping[str, CatalogId]:
    return ONES[name].goals


@cache
def answers(name: str) -> tuple[Answer, ...]:
    """Return the goals of a customer judged in both modes; without goals, all it can reach."""
    return tuple(_to_goals(name) if goals(name) else _to_anywhere(name))


def _to_goals(name: str) -> Iterator[Answer]:
    customer, wanted = customers()[name], goals(name)
    for subscription in customer.holdings.own:
        target = wanted.get(subscription.subscription_id)
        if target is not None:
            for mode in Mode:
                yield blockers(
                    catalog(), customer, subscription, SCOPE, target=target, choices=Choices(mode)
                )


def _to_anywhere(name: str) -> Iterator[Answer]:
    customer = customers()[name]
    for subscription, mode in product(customer.holdings.own, Mode):
        yield blockers(catalog(), customer, subscription, SCOPE, choices=Choices(mode))
        reached = options(catalog(), customer, subscription, SCOPE, choices=Choices(mode))
        if not isinstance(reached, NotInCatalog):
            yield from reached


def met(name: str) -> frozenset[str]:
    """Return what the planner says of a customer in the words that `shows` puts in brackets."""
    words: set[str] = set()
    for answer in answers(name):
        if isinstance(answer, Option):
            words |= {answer.readiness.value, *(one.code for one in answer.blockers)}
        else:
            words.add("NO_PATH" if isinstance(answer, NoPath) else "NOT_IN_CATALOG")
    return frozenset(words)


def everything_met() -> frozenset[str]:
    return frozenset[str]().union(*(met(name) for name in NAMES))


def found(name: str, code: str) -> tuple[Blocker, ...]:
    """Return a customer's findings of one code, in all answers."""
    return tuple(
        blocker
        for answer in answers(name)
        if isinstance(answer, Option)
        for blocker in answer.blockers
        if blocker.code == code
    )


def unanswered(name: str) -> set[tuple[str, str]]:
    """Return each rule left open for a customer with a field that it lacks, ids left out."""
    return {
        (question.rule, field.partition(" of ")[0])
        for answer in answers(name)
        if isinstance(answer, Option)
        for question in answer.unanswered
        for field in question.fields
    }


def held_by(code: str) -> set[Seller]:
    """Return whose subscriptions are in the way, over all customers, for one code."""
    return {
        evidence.seller
        for name in NAMES
        for blocker in found(name, code)
        for evidence in blocker.evidence
        if evidence.seller is not None
    }


def own() -> tuple[Subscription, ...]:
    return tuple(one for customer in customers().values() for one in customer.holdings.own)


def test_there_are_about_fifty_customers_all_invented() -> None:
    assert 50 <= len(NAMES) <= 60
    assert len(customers()) == len(NAMES)
    for customer in customers().values():
        assert customer.name.endswith(" (sample)")
        assert (customer.domain or "").endswith(".example")
    assert len({customer.domain for customer in customers().values()}) == len(NAMES)


def test_the_bundle_is_the_same_bytes_every_time() -> None:
    assert sample_bundle() == sample_bundle()
    assert sample_portfolio() == sample_portfolio()
    # An id is what stored plans and tests elsewhere point at: it may not move.
    assert ONES["Alder Dental (sample)"].customer_id == "75f93026-7b79-55ab-9935-43ec5d6a9137"


def test_the_importer_takes_all_of_it_and_notes_only_what_is_meant() -> None:
    assert parsed().kind == "offerpath_bundle"
    assert parsed().customer_import == sample_portfolio()
    assert set(parsed().notices) == {
        Notice("UNKNOWN_VALUE", "customers[*].subscriptions.items[*].status", "underReview", 1),
        Notice("OURS_LEFT_OUT", "customers[*].directorySubscriptions.value[*]", "", 1),
        Notice(
            "NOT_A_LICENCE_OFFER",
            "customers[*].subscriptions.items[*].offerId",
            "DZH318Z0BPS6:0001",
            1,
        ),
    }


def test_it_means_the_same_whoever_imports_it() -> None:
    assert parsed(PARTNER) == parsed()


def test_all_that_was_loaded_is_of_one_instant() -> None:
    assert sample_as_of() == datetime(2026, 11, 1, tzinfo=UTC)
    assert {one.as_of for one in sample_portfolio().holdings} == {sample_as_of()}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_customer_shows_is_true(name: str) -> None:
    claims = CLAIM.findall(ONES[name].shows)
    words = {word for _, word in claims}
    known = CODES | READINESSES | NO_OPTION
    assert words <= known, f"{sorted(words - known)} is no code, readiness or answer"
    assert ONES[name].shows.count("[") == len(claims)
    assert {word for denied, word in claims if not denied} <= met(name)
    assert {word for denied, word in claims if denied}.isdisjoint(met(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_customer_says_what_it_shows(name: str) -> None:
    readinesses = READINESSES | NO_OPTION
    claimed = {word for denied, word in CLAIM.findall(ONES[name].shows) if not denied}
    assert claimed & readinesses == met(name) & readinesses


def test_every_code_appears_and_every_code_is_listed() -> None:
    assert everything_met() - READINESSES - NO_OPTION == CODES


def test_the_listed_codes_hold_every_disagreement_of_the_catalog() -> None:
    assert {conflict.code for conflict in catalog().facts.conflicts} <= CODES
    told = {one.code for edge in catalog().transitions for one in edge.conflicts}
    assert NOT_IN_BUNDLED_CATALOG not in told


def test_every_readiness_appears() -> None:
    assert everything_met() >= READINESSES


def test_every_deciding_rule_is_left_open_at_least_once() -> None:
    rules = {rule for name in NAMES for rule, _ in unanswered(name)}
    assert rules >= DECIDING_RULES - NEVER_OPEN_HERE
    assert rules.isdisjoint(NEVER_OPEN_HERE)


def test_every_state_and_every_segment_appear() -> None:
    assert {one.state for one in own()} == set(SubscriptionState)
    segments = {customer.segment for customer in customers().values()}
    assert segments == {*Segment, None}


def test_both_sides_are_loaded_in_every_measure() -> None:
    held = [customer.holdings for customer in customers().values()]
    assert {one.foreign_state for one in held} == set(HoldingsState)
    assert {one.own_state for one in held} == set(HoldingsState)


def test_the_second_and_third_condition_are_met_with_every_seller() -> None:
    assert held_by("SERVICES_ALREADY_OWNED") == set(Seller)
    assert held_by("TARGET_ALREADY_OWNED") >= set(Seller) - {Seller.NOT_KNOWN}


def test_a_family_hit_warns_and_names_its_family() -> None:
    hits = found("Saffron Kitchens (sample)", "SERVICES_ALREADY_OWNED")
    family = (("family", "EXCHANGE_ONLINE"),)
    assert {(one.severity, one.parameters) for one in hits} == {(Severity.WARNS, family)}


def test_the_mode_decides_how_much_shared_services_weigh() -> None:
    hits = found("Redwood Insurance (sample)", "SERVICES_ALREADY_OWNED")
    assert [one.severity for one in hits] == [Severity.BLOCKS, Severity.WARNS]


def test_seat_caps_are_met_by_offer_and_by_family() -> None:
    caps = {
        (one.severity, dict(one.parameters).get("family"))
        for name in ("Quillback Shipping (sample)", "Rowan Logistics (sample)")
        for one in found(name, "SEAT_CAP_EXCEEDED")
    }
    assert caps == {(Severity.BLOCKS, None), (Severity.WARNS, "MICROSOFT_365_BUSINESS")}


@pytest.mark.parametrize(
    ("name", "rule", "field"),
    [
        ("Amber Optics (sample)", "TARGET_ALREADY_OWNED", "holdings.foreign"),
        ("Basalt Engineering (sample)", "SERVICES_ALREADY_OWNED", "holdings.own"),
        ("Basalt Engineering (sample)", "SEAT_CAP", "holdings.foreign"),
        ("Cinder Coffee (sample)", "TARGET_OFFERED", "customer.market"),
        ("Dornfeld Maschinenbau (sample)", "TARGET_OFFERED", "markets"),
        ("Evergreen Nursery (sample)", "SERVICES_ALREADY_OWNED", "holdings.foreign"),
        ("Flint Robotics (sample)", "SERVICES_ALREADY_OWNED", "service plans"),
        ("Marigold Florists (sample)", "SUBSCRIPTION_STATE", "subscription.status"),
        ("Half-known Museum (sample)", "AGE", "subscription.creationDate"),
        ("Half-known Museum (sample)", "BILLING_CYCLE", "subscription.billingCycle"),
        ("Half-known Museum (sample)", "BUNDLE", "holdings.own"),
        ("Half-known Museum (sample)", "OFFER_LIMIT", "holdings.own"),
        ("Half-known Museum (sample)", "CUSTOMER_AGREEMENT", "customer.agreement"),
        ("Half-known Museum (sample)", "PARTNER_OF_RECORD", "subscription.partnerId"),
        ("Half-known Museum (sample)", "ADMIN_PERMISSION", "customer.allowDelegatedAccess"),
    ],
)
def test_what_is_not_known_is_the_field_that_the_customer_is_about(
    name: str, rule: str, field: str
) -> None:
    assert (rule, field) in unanswered(name)


def test_an_add_on_names_its_base() -> None:
    base, addon = customers()["Poplar Accounting (sample)"].holdings.own
    assert addon.parent_id == base.subscription_id


def test_dates_fit_the_day_that_the_sample_speaks_for() -> None:
    day = sample_as_of().date()
    ended = {SubscriptionState.EXPIRED, SubscriptionState.DELETED, SubscriptionState.DISABLED}
    (overdue,) = customers()["Long Overdue Archive (sample)"].holdings.own
    assert overdue.state is SubscriptionState.ACTIVE
    assert overdue.last_day == date(2024, 5, 14)
    for one in own():
        assert one.starts
        assert (one.created or one.starts) <= one.starts <= sample_as_of()
        if one.last_day is not None and one is not overdue:
            assert (one.last_day < day) == (one.state in ended), one.title
        if one.catalog_id is not None and one.catalog_id in catalog().offers:
            assert one.is_trial in (catalog().offers[one.catalog_id].is_trial, None)


def test_what_came_with_new_commerce_is_known_there_and_not_of_legacy() -> None:
    for one in own():
        if one.catalog_id is None:
            continue
        is_new = is_new_commerce(one.catalog_id)
        assert (one.cancels_at_end is not None) == is_new
        assert (one.reducible is not None) == (is_new and not one.is_trial)
        assert (one.cancellable_until is not None) == (is_new and not one.is_trial)
        assert one.partner_of_record in ("4567890", None)


def test_a_fresh_purchase_can_be_given_back_tranche_by_tranche() -> None:
    (one,) = customers()["Fresh Purchase Bikes (sample)"].holdings.own
    bought, added = (datetime(2026, 11, day, tzinfo=UTC) for day in (2, 5))
    assert one.cancellable_until == bought
    assert one.reducible == (Reducible(15, bought), Reducible(5, added))
    old = customers()["Alder Dental (sample)"].holdings.own[0]
    assert (old.reducible, old.cancellable_until) == ((), datetime(2026, 3, 17, tzinfo=UTC))


def test_planned_renewals_say_what_changes_and_where_one_came_from() -> None:
    plans = customers()["Planned Renewal Bank (sample)"].holdings.own
    change, end, moved = plans
    assert change.renewal == RenewalInstructions(
        CatalogId("CFQ7TTC0LDPB:0001"), "P1Y", "annual", 80, date(2027, 12, 31)
    )
    assert [one.cancels_at_end for one in plans] == [False, True, False]
    assert [one.auto_renews for one in plans] == [True, False, False]
    assert (end.renewal, change.migrated_from) == (None, None)
    assert moved.migrated_from is not None
    assert UUID(moved.migrated_from).version == 5


def test_what_no_source_says_of_a_subscription_stays_unknown() -> None:
    half_known = customers()["Half-known Museum (sample)"].holdings.own
    for one in own():
        told = (one.created, one.billing_cycle, one.is_trial, one.partner_of_record)
        assert (told == (None,) * 4) == (one in half_known)
        assert (None in told) == (one in half_known)


def test_agreements_and_administration_are_accepted_refused_and_not_known() -> None:
    everybody = customers().values()
    assert {one.agreement for one in everybody} == set(Known)
    assert {one.delegated_admin for one in everybody} == set(Known)
    assert customers()["Unsigned Agreement Farm (sample)"].agreement is Known.NO
    assert customers()["No Delegation Kayaks (sample)"].delegated_admin is Known.NO
    assert customers()["Alder Dental (sample)"].agreement is Known.YES


def test_a_promotion_an_add_on_and_a_last_day_fall_where_their_names_say() -> None:
    (promoted,) = customers()["March Promotion Studio (sample)"].holdings.own
    assert promoted.promotion_ends == date(2027, 3, 31)
    assert promoted.promotion_id
    base, addon = customers()["Fresh Add-on Clinic (sample)"].holdings.own
    assert addon.parent_id == base.subscription_id
    assert addon.created
    assert sample_as_of() - addon.created == timedelta(days=7)
    (last,) = customers()["Last Day Cinema (sample)"].holdings.own
    assert last.last_day == sample_as_of().date()


def test_aliases_are_the_catalogs_own_names() -> None:
    file = tomllib.loads(SAMPLE_FILE.read_text(encoding="utf-8"))
    titles = {offer.catalog_id: offer.title for offer in catalog().offers.values()}
    strings = {one.product_guid: one.string_id for one in catalog().facts.products}
    offers = {one["id"]: one["title"] for one in file["offers"].values() if _is_listed(one)}
    products = {
        one["id"]: one["part_number"] for one in file["products"].values() if _is_listed(one)
    }
    assert offers.items() <= titles.items()
    assert products.items() <= strings.items()
    for side, known in (("offers", titles), ("products", strings)):
        unlisted = {one["id"] for one in file[side].values() if not _is_listed(one)}
        assert unlisted.isdisjoint(known)


def _is_listed(alias: Mapping[str, Any]) -> bool:
    return bool(alias.get("in_catalog", True))


SMALL = """
as_of = 2026-11-01T00:00:00Z
partner_id = "4567890"
agreed = 2021-10-11
[offers]
legacy = { id = "BD938F12-058F-4927-BBA3-AE36B1D2501C", title = "Microsoft 365 Business Basic" }
basic = { id = "CFQ7TTC0LH18:0001", title = "Microsoft 365 Business Basic" }
[products]
visio = { id = "c5928f49-12ba-48f7-ada3-0d743a3601d5", part_number = "VISIOCLIENT" }
[[customers]]
name = "Small (sample)"
shows = "Small."
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("holdings = 3", "customers.0.holdings"),
        ('holdings = { own = "complete", foreign = "none" }', "foreign"),
        (f"{WHOLE}\nshoe = 1", "shoe"),
        (f'{WHOLE}\nown = [{{ offer = "e9", seats = 1, start = 2026-01-01 }}]', "no offer e9"),
        (f'{WHOLE}\nforeign = [{{ product = "e9", seats = 1, seller = "another_partner" }}]', "e9"),
        (f"{WHOLE}\nown = [{BASIC}, {BASIC}]", "basic stands here twice"),
        (f'{WHOLE}\nown = [{BASIC[:-1]}, parent = "e3" }}]', "no base e3"),
        (f"{WHOLE}\nforeign = [{VISIO % 'not_known'}]", "makes foreign partial"),
        (f"{PART}\nforeign = [{VISIO % 'another_channel'}]", "needs own = complete"),
        (f"{NONE}\nforeign = [{VISIO % 'another_partner'}]", "foreign = complete or partial"),
        (f"{NONE}\nown = [{BASIC}]", "own = complete or partial"),
        (f'{WHOLE}\nown = [{BASIC[:-1]}, renewal = {{ offer = "e9" }} }}]', "no offer e9"),
        (f"{WHOLE}\nown = [{LEGACY[:-1]}, cancels_at_end = true }}]", "has no cancels_at_end"),
        (
            f"{WHOLE}\nown = [{BASIC[:-1]}, added = [{{ seats = 2, on = 2026-02-01 }}] }}]",
            "cannot have been added",
        ),
        (f'{PART}\nown = [{BASIC[:-1]}, in_graph = "visio" }}]', "in_graph needs"),
        ("holdings =", "Invalid value"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "small.toml"
    file.write_text(SMALL + text, encoding="utf-8")
    with pytest.raises(BadSampleFile, match=re.escape(message)):
        sample_bundle(file)


def test_an_instant_without_a_zone_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(SMALL.replace("00:00:00Z", "00:00:00") + WHOLE, encoding="utf-8")
    with pytest.raises(BadSampleFile, match="time zone"):
        sample_bundle(file)


def test_ids_that_are_given_are_kept(tmp_path: Path) -> None:
    given = "11111111-0000-4000-8000-00000000000a"
    file = tmp_path / "small.toml"
    row = f'{WHOLE}\nown = [{BASIC[:-1]}, id = "{given}" }}]'
    file.write_text(SMALL + row, encoding="utf-8")
    (change, _) = sample_portfolio(file).holdings
    assert [one.subscription_id for one in change.subscriptions] == [given]
