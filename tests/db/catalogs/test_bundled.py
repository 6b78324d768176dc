"""What the bundled catalog promises: its figures, its sources, and what a bad row says."""

import csv
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from db.bundled import SEED, BadSeedRow, bundled_facts
from planner.coverage import Coverage
from planner.facts import CatalogFacts, SaleEnd, content_hash
from planner.ids import CatalogId, parse_catalog_id
from planner.offers import Commerce, Known, LimitScope, Offer, Segment
from planner.transitions import (
    Claim,
    EvidenceKind,
    Execution,
    Stance,
    TransitionKind,
    WindowState,
)

BUSINESS_BASIC_INDIA = CatalogId("2A727AE4-F201-497D-A9D6-C6A892DF4A87")
BUSINESS_STANDARD = CatalogId("031C9E47-4802-4248-838E-778FB1D2CC05")
BUSINESS_PREMIUM = CatalogId("61795CAB-2ABD-43F6-88E9-C9ADAE5746E0")
APPS_FOR_BUSINESS = CatalogId("5C9FD4CC-EDCE-44A8-8E91-07DF09744609")
OFFICE_365_E5 = CatalogId("A044B16A-1861-4308-8086-A3A3B506FAC2")
INFORMATION_PROTECTION_P1 = CatalogId("648BF77B-1F0A-4911-8066-CAF37D67DC72")
NEW_INFORMATION_PROTECTION_P1 = CatalogId("CFQ7TTC0LH9J:0001")
NEW_BUSINESS_BASIC = CatalogId("CFQ7TTC0LH18:0001")
NEW_BUSINESS_PREMIUM = CatalogId("CFQ7TTC0LCHC:0002")


@pytest.fixture(scope="module")
def facts() -> CatalogFacts:
    return bundled_facts()


@pytest.fixture(scope="module")
def offers(facts: CatalogFacts) -> dict[CatalogId, Offer]:
    return {offer.catalog_id: offer for offer in facts.offers}


def _cells(column: str) -> list[tuple[str, str]]:
    """Return (file, cell) of every row of every bundled file that has the column."""
    found = []
    for path in sorted(SEED.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as text:
            found += [(path.name, row[column]) for row in csv.DictReader(text) if column in row]
    return found


def _pairs(facts: CatalogFacts, kind: TransitionKind, stance: Stance) -> set[tuple[str, str]]:
    return {(c.origin, c.target) for c in facts.claims if c.kind is kind and c.stance is stance}


def test_there_are_1374_legacy_licence_offers_and_1489_new_commerce_skus(
    facts: CatalogFacts, offers: dict[CatalogId, Offer]
) -> None:
    """The recorded answer's usage-based Azure offer is no licence offer, and is left out."""
    counts = Counter(offer.commerce for offer in facts.offers)
    assert counts == {Commerce.LEGACY: 1374, Commerce.NEW_COMMERCE: 1489}
    assert len(offers) == 2863


def test_there_are_1356_claimed_pairs_and_17_denied_ones(facts: CatalogFacts) -> None:
    by_stance = {
        stance: {(c.origin, c.target) for c in facts.claims if c.stance is stance}
        for stance in Stance
    }
    assert len(by_stance[Stance.CLAIMS]) == 1356
    assert len(by_stance[Stance.DENIES]) == 17
    assert by_stance[Stance.CLAIMS].isdisjoint(by_stance[Stance.DENIES])


@pytest.mark.parametrize(
    ("kind", "claimed", "denied"),
    [
        (TransitionKind.LEGACY_UPGRADE, 535, 2),
        (TransitionKind.MIGRATION, 691, 0),
        (TransitionKind.CONVERSION, 4, 15),
        (TransitionKind.TRIAL_CONVERSION, 126, 0),
    ],
)
def test_each_kind_of_move_has_its_number_of_pairs(
    facts: CatalogFacts, kind: TransitionKind, claimed: int, denied: int
) -> None:
    assert len(_pairs(facts, kind, Stance.CLAIMS)) == claimed
    assert len(_pairs(facts, kind, Stance.DENIES)) == denied


def test_a_move_keeps_every_source_that_speaks_of_it(facts: CatalogFacts) -> None:
    claims = _claims(facts, APPS_FOR_BUSINESS, BUSINESS_PREMIUM)
    assert sorted((claim.evidence.name, claim.source, claim.dated) for claim in claims) == [
        ("API_RECORDED", "pcps_GetPartnerOffer_US_2019-01-11", date(2019, 1, 11)),
        ("DOCUMENTED", "seed_doc", date(2022, 3, 1)),
        ("OFFER_MATRIX", "legacy_offermatrix_2021-05", date(2021, 5, 1)),
        ("OFFER_MATRIX", "legacy_offermatrix_2021-09", date(2021, 9, 1)),
    ]


def test_the_three_india_migrations_are_both_derived_and_inferred(facts: CatalogFacts) -> None:
    inferred = [claim for claim in facts.claims if claim.evidence is EvidenceKind.INFERRED]
    assert len(inferred) == 3
    for claim in inferred:
        both = {other.evidence for other in _claims(facts, claim.origin, claim.target)}
        assert both == {EvidenceKind.DERIVED, EvidenceKind.INFERRED}


def test_only_the_seven_published_migrations_are_documented_and_all_are_manual(
    facts: CatalogFacts,
) -> None:
    migrations = [c for c in facts.claims if c.kind is TransitionKind.MIGRATION]
    manual = [c for c in migrations if c.execution is Execution.MANUAL]
    documented = [c for c in migrations if c.evidence is EvidenceKind.DOCUMENTED]
    assert len(manual) == 7
    assert manual == documented


def test_a_business_basic_india_upgrade_to_the_world_wide_standard_is_denied(
    facts: CatalogFacts,
) -> None:
    (denial,) = _claims(facts, BUSINESS_BASIC_INDIA, BUSINESS_STANDARD)
    assert denial.stance is Stance.DENIES
    assert denial.source == "seed_doc"


def test_every_conversion_that_is_claimed_rests_on_a_sample_alone(facts: CatalogFacts) -> None:
    conversions = [c for c in facts.claims if c.kind is TransitionKind.CONVERSION]
    assert all(c.is_sample is (c.stance is Stance.CLAIMS) for c in conversions)


def test_ambiguous_migrations_are_those_of_offers_with_two_candidates(facts: CatalogFacts) -> None:
    candidates = Counter(
        origin for origin, _ in _pairs(facts, TransitionKind.MIGRATION, Stance.CLAIMS)
    )
    marked = {claim.origin for claim in facts.claims if "AMBIGUOUS" in claim.note}
    assert marked == {origin for origin, count in candidates.items() if count == 2}
    assert len(marked) == 8


def test_every_end_of_a_claim_a_conflict_and_a_prerequisite_is_an_offer(
    facts: CatalogFacts, offers: dict[CatalogId, Offer]
) -> None:
    ends = {end for claim in facts.claims for end in (claim.origin, claim.target)}
    ends |= {end for told in facts.conflicts for end in (told.origin, told.target)}
    ends |= {end for need in facts.prerequisites for end in (need.addon, need.base)}
    assert ends <= offers.keys()


def test_no_row_says_the_same_thing_twice(facts: CatalogFacts) -> None:
    claims = Counter((c.origin, c.target, c.kind, c.stance, c.source) for c in facts.claims)
    needs = Counter((need.addon, need.base) for need in facts.prerequisites)
    prices = Counter(
        (p.catalog_id, p.term, p.billing_plan, p.market, p.effective_start) for p in facts.prices
    )
    assert {*claims.values(), *needs.values(), *prices.values()} == {1}


def test_there_are_5844_prerequisites(facts: CatalogFacts) -> None:
    assert len(facts.prerequisites) == 5844
    assert sum(":" in need.addon for need in facts.prerequisites) == 46


def test_an_addon_needs_its_base_and_not_the_other_way_round(
    facts: CatalogFacts, offers: dict[CatalogId, Offer]
) -> None:
    """One family apart, which the matrix of May 2021 lists as an offer with prerequisites."""
    odd = {n.addon for n in facts.prerequisites if offers[n.addon].is_addon is not Known.YES}
    assert {offers[addon].title.removesuffix(" EDU").removesuffix(" for GCC") for addon in odd} == {
        "Compliance Manager Premium Assessment Add-On"
    }
    needs = {(offers[n.addon].title, offers[n.base].title) for n in facts.prerequisites}
    assert ("Microsoft 365 Domestic Calling Plan", "Microsoft 365 Phone System") in needs
    assert ("Microsoft 365 Phone System", "Microsoft 365 Domestic Calling Plan") not in needs


def test_products_carry_5971_service_plans(facts: CatalogFacts) -> None:
    """Source rows that name a product and no plan say nothing of what it carries: left out."""
    carried = [plan_id for product in facts.products for plan_id in product.plan_ids]
    assert len(carried) == 5971
    assert set(carried) == {plan.plan_id for plan in facts.service_plans}
    assert all(product.plan_ids for product in facts.products)


def test_there_are_8103_new_commerce_prices_and_1253_legacy_ones(facts: CatalogFacts) -> None:
    counts = Counter((":" in price.catalog_id, price.market) for price in facts.prices)
    assert counts == {(True, "US"): 4370, (True, "IN"): 3733, (False, "US"): 1253}


def test_a_price_is_the_exact_amount_for_the_whole_term(facts: CatalogFacts) -> None:
    (price,) = (
        price
        for price in facts.prices
        if (price.catalog_id, price.term, price.billing_plan, price.market)
        == ("CFQ7TTC0HL8Z:0005", "P1Y", "Monthly", "US")
    )
    assert (price.amount, price.currency) == (Decimal("16.92"), "USD")
    assert price.effective_start == date(2025, 4, 1)
    assert price.effective_end == date(9999, 11, 30)


def test_indian_prices_carry_no_days(facts: CatalogFacts) -> None:
    indian = [price for price in facts.prices if price.market == "IN"]
    assert {(p.effective_start, p.effective_end, p.currency) for p in indian} == {
        (None, None, "INR")
    }


def test_a_legacy_price_is_for_one_month_from_the_month_of_its_list(facts: CatalogFacts) -> None:
    (price,) = (price for price in facts.prices if price.catalog_id == BUSINESS_STANDARD)
    assert (price.amount, price.term, price.currency) == (Decimal("12.5"), "P1M", "USD")
    assert price.effective_start == date(2021, 9, 1)


def test_109_legacy_offers_and_one_sku_have_unknown_markets(facts: CatalogFacts) -> None:
    unknown = Counter(offer.commerce for offer in facts.offers if offer.markets is None)
    assert unknown == {Commerce.LEGACY: 109, Commerce.NEW_COMMERCE: 1}
    assert not any(offer.markets == frozenset() for offer in facts.offers)


def test_every_country_code_is_two_upper_case_letters(facts: CatalogFacts) -> None:
    codes = {code for offer in facts.offers for code in offer.markets or ()}
    codes |= {price.market for price in facts.prices}
    assert all(re.fullmatch("[A-Z]{2}", code) for code in codes)
    assert len(codes) == 244
    assert {"XK", "BQ", "TF", "CD", "CG", "MK", "KR"} <= codes


def test_an_india_offer_is_sold_in_india_only(offers: dict[CatalogId, Offer]) -> None:
    assert offers[BUSINESS_BASIC_INDIA].markets == frozenset({"IN"})


def test_ids_are_written_in_their_one_form(facts: CatalogFacts) -> None:
    assert all(parse_catalog_id(offer.catalog_id) == offer.catalog_id for offer in facts.offers)
    guids = [str(plan.plan_id) for plan in facts.service_plans]
    guids += [str(product.product_guid) for product in facts.products]
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", guid) for guid in guids)


def test_no_limit_is_none_and_never_zero_or_ten_million(facts: CatalogFacts) -> None:
    assert all(offer.limit != 0 for offer in facts.offers)
    assert max(offer.maximum_seats or 0 for offer in facts.offers) < 10_000_000


def test_an_offer_carries_what_its_lists_say(offers: dict[CatalogId, Offer]) -> None:
    premium = offers[BUSINESS_PREMIUM]
    assert premium.title == "Microsoft 365 Business Premium"
    assert (premium.segment, premium.is_addon) == (Segment.COMMERCIAL, Known.NO)
    assert (premium.limit, premium.limit_scope) == (2, LimitScope.CONCURRENT)
    assert (premium.minimum_seats, premium.maximum_seats) == (1, 300)
    assert premium.billing == ("annual", "monthly")
    assert offers[NEW_BUSINESS_BASIC].billing == ("P1M/Monthly", "P1Y/Annual", "P1Y/Monthly")


def test_a_sku_is_an_addon_only_where_a_source_says_so(facts: CatalogFacts) -> None:
    skus = [offer for offer in facts.offers if offer.commerce is Commerce.NEW_COMMERCE]
    addons = {need.addon for need in facts.prerequisites}
    assert {sku.is_addon for sku in skus} == {Known.YES, Known.UNKNOWN}
    assert all((sku.is_addon is Known.YES) is (sku.catalog_id in addons) for sku in skus)


def test_every_row_of_every_file_names_a_source_that_is_described(facts: CatalogFacts) -> None:
    described = {source.source_id for source in facts.sources}
    named = [*_cells("source"), *_cells("sources")]
    files = {path.name for path in SEED.glob("*.csv")} - {"sources.csv", "sale_ends.csv"}
    assert {file for file, _ in named} == files
    assert {source for _, cell in named for source in cell.split("|")} <= described
    assert len(described) == len(facts.sources)


def test_the_files_are_sorted_utf8_with_unix_line_ends() -> None:
    for path in SEED.glob("*.csv"):
        text = path.read_bytes().decode("utf-8")
        assert "\r" not in text
        assert text.endswith("\n")
        rows = list(csv.reader(text.splitlines()))[1:]
        assert rows == sorted(rows), path.name


def test_the_bundled_files_stay_modest() -> None:
    assert sum(path.stat().st_size for path in SEED.glob("*.csv")) < 2_600_000


def test_no_end_of_sale_is_told_that_microsoft_took_back(facts: CatalogFacts) -> None:
    """Suites with Teams are sold again since 2025-11-01; the lists of that day have them."""
    assert facts.sale_ends == ()
    sold = {price.catalog_id for price in facts.prices if price.market == "US"}
    assert {"CFQ7TTC0LF8Q:0001", "CFQ7TTC0LF8R:0001", "CFQ7TTC0LFLX:0001"} <= sold


def test_an_end_of_sale_is_read_with_its_market_or_without(tmp_path: Path) -> None:
    folder = _with_sale_ends(
        tmp_path,
        f"{NEW_BUSINESS_BASIC},DE,2023-10-01,Ended,seed_doc",
        f"{NEW_BUSINESS_BASIC},,2024-04-01,Ended,seed_doc",
    )
    assert bundled_facts(folder).sale_ends == (
        SaleEnd(NEW_BUSINESS_BASIC, "DE", date(2023, 10, 1), "Ended", "seed_doc"),
        SaleEnd(NEW_BUSINESS_BASIC, None, date(2024, 4, 1), "Ended", "seed_doc"),
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("CFQ7TTC0XXXX:0001,DE,2023-10-01,Ended,seed_doc", "unknown offer"),
        (f"{NEW_BUSINESS_BASIC},EEA,2023-10-01,Ended,seed_doc", "'EEA' is no ISO 3166"),
        (f"{NEW_BUSINESS_BASIC},DE,,Ended,seed_doc", "needs a day"),
        (f"{NEW_BUSINESS_BASIC},DE,2023-10-01,,seed_doc", "a message"),
        (f"{NEW_BUSINESS_BASIC},DE,2023-10-01,Ended,hearsay", "unknown source"),
    ],
)
def test_a_bad_end_of_sale_is_named(tmp_path: Path, row: str, reason: str) -> None:
    with pytest.raises(BadSeedRow, match=rf"^sale_ends\.csv, line 2: .*{reason}"):
        bundled_facts(_with_sale_ends(tmp_path, row))


def _with_sale_ends(tmp_path: Path, *rows: str) -> Path:
    folder = _copy(tmp_path)
    header = "catalog_id,market,starts,message,source"
    (folder / "sale_ends.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return folder


def test_known_conflicts_are_told_with_their_sources(facts: CatalogFacts) -> None:
    told = {(c.origin, c.target): c for c in facts.conflicts}
    assert {pair: conflict.code for pair, conflict in told.items()} == {
        (APPS_FOR_BUSINESS, BUSINESS_PREMIUM): "BUSINESS_PREMIUM_CELL_AMBIGUOUS",
        (APPS_FOR_BUSINESS, OFFICE_365_E5): "ONLY_IN_SEED_TABLE",
        (
            INFORMATION_PROTECTION_P1,
            NEW_INFORMATION_PROTECTION_P1,
        ): "EQUIVALENT_CONTRADICTED",
    }
    assert all(conflict.sources and conflict.message for conflict in facts.conflicts)


def test_no_later_matrix_drops_a_move_of_an_offer_that_it_still_lists(
    facts: CatalogFacts, offers: dict[CatalogId, Offer]
) -> None:
    """So that no further conflict has to be told; the seed's lone edge is told already."""
    newest = "legacy_offermatrix_2021-09"
    said = {(c.origin, c.target) for c in facts.claims if c.source == newest}
    dropped = {
        (c.origin, c.target)
        for c in facts.claims
        if c.stance is Stance.CLAIMS
        and c.kind in (TransitionKind.LEGACY_UPGRADE, TransitionKind.TRIAL_CONVERSION)
        and newest in offers[c.origin].sources
    } - said
    assert dropped == {(APPS_FOR_BUSINESS, OFFICE_365_E5)}


def test_legacy_upgrades_are_contested_from_10_march_2022(facts: CatalogFacts) -> None:
    windows = [w for w in facts.windows if w.kind is TransitionKind.LEGACY_UPGRADE]
    by_state = {window.state: window for window in windows}
    assert by_state.keys() == {WindowState.OPEN, WindowState.CONTESTED}
    assert by_state[WindowState.OPEN].ends == date(2022, 3, 10)
    assert by_state[WindowState.CONTESTED].starts == date(2022, 3, 10)
    assert len(by_state[WindowState.CONTESTED].sources) == 3


def test_the_public_sector_can_migrate_from_2024(facts: CatalogFacts) -> None:
    windows = {
        (w.segment, w.starts, w.ends, w.state)
        for w in facts.windows
        if w.kind is TransitionKind.MIGRATION
    }
    day = date(2024, 1, 1)
    expected: set[tuple[Segment, date | None, date | None, WindowState]]
    expected = {(Segment.COMMERCIAL, None, None, WindowState.OPEN)}
    for segment in (Segment.EDUCATION, Segment.CHARITY, Segment.GOVERNMENT):
        expected |= {
            (segment, None, day, WindowState.CLOSED),
            (segment, day, None, WindowState.OPEN),
        }
    assert windows == expected


def test_no_source_is_complete_for_migrations_and_conversions(facts: CatalogFacts) -> None:
    open_kinds = {TransitionKind.MIGRATION, TransitionKind.CONVERSION}
    assert open_kinds.isdisjoint(scope.kind for scope in facts.coverage)
    assert open_kinds <= {missing.kind for missing in facts.missing_lists}
    assert all(missing.remedy for missing in facts.missing_lists)


def test_price_lists_are_complete_where_they_have_every_sku_of_the_market(
    facts: CatalogFacts,
) -> None:
    lists = [scope for scope in facts.coverage if scope.kind is None]
    assert {(scope.market, scope.segment) for scope in lists} == {
        ("US", None),
        ("IN", Segment.COMMERCIAL),
        ("IN", Segment.EDUCATION),
        ("IN", Segment.CHARITY),
    }
    for scope in lists:
        assert _listed(facts, scope) == _sold(facts, scope)


def _listed(facts: CatalogFacts, scope: Coverage) -> set[CatalogId]:
    return {
        offer.catalog_id
        for offer in facts.offers
        if scope.source_id in offer.sources and scope.segment in (None, offer.segment)
    }


def _sold(facts: CatalogFacts, scope: Coverage) -> set[CatalogId]:
    return {
        price.catalog_id
        for price in facts.prices
        if price.market == scope.market
        and ":" in price.catalog_id
        and scope.segment in (None, price.segment)
    }


def test_the_business_family_is_capped_at_300_seats_together(facts: CatalogFacts) -> None:
    caps = {cap.catalog_id: cap for cap in facts.seat_caps}
    assert {cap.per_offer for cap in facts.seat_caps} == {300}
    for member in (BUSINESS_STANDARD, BUSINESS_BASIC_INDIA, NEW_BUSINESS_PREMIUM):
        assert (caps[member].family, caps[member].per_family) == ("MICROSOFT_365_BUSINESS", 300)
    assert (caps[APPS_FOR_BUSINESS].family, caps[APPS_FOR_BUSINESS].per_family) == (None, None)


def test_a_seat_cap_is_never_on_a_trial(
    facts: CatalogFacts, offers: dict[CatalogId, Offer]
) -> None:
    assert not any(offers[cap.catalog_id].is_trial for cap in facts.seat_caps)


def test_a_service_plan_is_of_one_family_at_most(facts: CatalogFacts) -> None:
    members = [plan_id for family in facts.service_families for plan_id in family.plan_ids]
    assert len(members) == len(set(members))
    exchange = next(f for f in facts.service_families if f.name == "EXCHANGE_ONLINE")
    names = {plan.plan_id: plan.name for plan in facts.service_plans}
    assert {"EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_DESKLESS"} <= {
        names[plan_id] for plan_id in exchange.plan_ids
    }


def test_plan_names_written_for_the_reader_are_the_plans_own(facts: CatalogFacts) -> None:
    names = {str(plan.plan_id): plan.name for plan in facts.service_plans}
    for file in ("service_families.csv", "common_plans.csv"):
        with (SEED / file).open(encoding="utf-8", newline="") as text:
            assert all(names[r["plan_id"]] == r["plan_name"] for r in csv.DictReader(text))


def test_exchange_foundation_is_common_and_in_no_family(facts: CatalogFacts) -> None:
    (common,) = facts.common_plans
    assert common.plan_id == "113feb6c-3fe4-4440-bddc-54d774bf0318"
    assert sum(common.plan_id in product.plan_ids for product in facts.products) > 240
    assert not any(common.plan_id in family.plan_ids for family in facts.service_families)


def test_loading_twice_gives_the_same_hash(facts: CatalogFacts) -> None:
    assert content_hash(bundled_facts()) == content_hash(facts)


def test_the_order_of_rows_changes_nothing(facts: CatalogFacts, tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    chance = random.Random(7)  # noqa: S311
    for path in folder.glob("*.csv"):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        chance.shuffle(rows)
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    assert content_hash(bundled_facts(folder)) == content_hash(facts)


def _cell(column: int, text: str) -> Callable[[list[str]], list[str]]:
    return lambda cells: [*cells[:column], text, *cells[column + 1 :]]


@pytest.mark.parametrize(
    ("file", "line", "spoil", "reason"),
    [
        ("sources.csv", 3, _cell(2, "2021-13-01"), "month"),
        ("market_sets.csv", 2, _cell(1, "US|India"), "'India' is no ISO 3166"),
        ("legacy_offers.csv", 5, _cell(0, "not-an-id"), "not-an-id"),
        ("legacy_offers.csv", 6, _cell(0, BUSINESS_STANDARD.lower()), "must be written"),
        ("legacy_offers.csv", 7, _cell(3, "MILITARY"), "MILITARY"),
        ("legacy_offers.csv", 8, _cell(14, "C99"), "unknown market set: C99"),
        ("new_commerce_skus.csv", 9, _cell(0, "CFQ7TTBZTMB1:0001"), "a second time"),
        ("claims.csv", 10, _cell(1, "CFQ7TTC0XXXX:0001"), "unknown offer: CFQ7TTC0XXXX:0001"),
        ("claims.csv", 11, _cell(4, "RUMOUR"), "RUMOUR"),
        ("claims.csv", 12, _cell(5, ""), "source is empty"),
        ("claims.csv", 13, _cell(5, "hearsay"), "unknown source: hearsay"),
        ("prerequisites.csv", 4, lambda cells: cells[:-1], "2 cells where the header has 3"),
        ("prices.csv", 14, _cell(5, "12,50"), "ConversionSyntax"),
        ("products.csv", 15, _cell(0, "GUID"), "badly formed"),
        ("windows.csv", 2, _cell(4, "AJAR"), "AJAR"),
    ],
)
def test_a_bad_row_is_named_with_its_file_and_line(
    tmp_path: Path, file: str, line: int, spoil: Callable[[list[str]], list[str]], reason: str
) -> None:
    folder = _copy(tmp_path)
    with (folder / file).open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    rows[line - 1] = spoil(rows[line - 1])
    with (folder / file).open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows(rows)
    with pytest.raises(BadSeedRow, match=rf"^{re.escape(file)}, line {line}: .*{reason}"):
        bundled_facts(folder)


def test_text_that_is_not_utf8_is_named_with_its_file(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    path = folder / "windows.csv"
    path.write_bytes(path.read_bytes() + b"\xff\n")
    with pytest.raises(BadSeedRow, match=r"^windows\.csv, line "):
        bundled_facts(folder)


def _copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEED, tmp_path / "seed"))


def _claims(facts: CatalogFacts, origin: CatalogId, target: CatalogId) -> list[Claim]:
    return [c for c in facts.claims if (c.origin, c.target) == (origin, target)]
