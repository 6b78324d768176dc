"""Catalog facts that leave nothing out: every field given, and everything unknown."""

from datetime import date
from decimal import Decimal

from planner.coverage import Coverage, MissingList, Source
from planner.facts import CatalogFacts, CommonPlan, SaleEnd, SeatCap, ServiceFamily
from planner.ids import CatalogId, ProductGuid, ServicePlanId
from planner.offers import (
    Commerce,
    Known,
    LimitScope,
    Offer,
    Price,
    Product,
    Segment,
    ServicePlan,
)
from planner.transitions import (
    Claim,
    Conflict,
    EvidenceKind,
    Execution,
    Prerequisite,
    Stance,
    TransitionKind,
    Window,
    WindowState,
)

LEGACY = CatalogId("F2769835-068A-44BA-B1D1-63752BF26A7B")
SKU = CatalogId("CFQ7TTC0LH18:0001")
GUID = ProductGuid("3bbd44ed-8a70-4c07-9088-6232ddbd5ddd")
PLAN = ServicePlanId("24435e4b-87d0-4d7d-8beb-63a9b1573022")
DAY = date(2026, 11, 23)

EVERYTHING = CatalogFacts(
    offers=(
        Offer(
            catalog_id=LEGACY,
            title='Büro “Basic”, {braces}, "quotes", back\\slash – ₹ 🎉',
            commerce=Commerce.LEGACY,
            segment=Segment.CHARITY,
            is_addon=Known.YES,
            is_trial=True,
            markets=frozenset({"US", "IN", "DE"}),
            sources=("matrix", "page"),
            former_titles=("Old, name", ""),
            product_guid=GUID,
            provisioning_id="O365",
            minimum_seats=1,
            maximum_seats=10_000_000_000,
            limit=1,
            limit_scope=LimitScope.LIFETIME,
            duration="1 Year",
            billing=("monthly", "annually"),
        ),
        Offer(SKU, "Unknown", Commerce.NEW_COMMERCE, None, Known.UNKNOWN, False, frozenset(), ()),
        Offer(LEGACY, "Nowhere listed", Commerce.LEGACY, None, Known.NO, False, None, ()),
    ),
    claims=(
        Claim(
            origin=LEGACY,
            target=SKU,
            kind=TransitionKind.MIGRATION,
            stance=Stance.DENIES,
            evidence=EvidenceKind.PARTNER_CENTER,
            source="page",
            dated=DAY,
            execution=Execution.MANUAL,
            is_sample=True,
            note="a note",
        ),
        Claim(SKU, SKU, TransitionKind.CONVERSION, Stance.CLAIMS, EvidenceKind.INFERRED, "p", None),
    ),
    conflicts=(Conflict(LEGACY, SKU, "DATES_DISAGREE", "message", ("a", "b")),),
    prerequisites=(Prerequisite(LEGACY, SKU, "matrix"),),
    products=(
        Product(GUID, "O365_BASIC", "Basic", frozenset({PLAN}), "list"),
        Product(GUID, "O365_EMPTY", "Empty", frozenset(), "list"),
    ),
    service_plans=(ServicePlan(PLAN, "EXCHANGE_S", "Exchange"),),
    service_families=(ServiceFamily("Exchange", frozenset({PLAN}), "ours"),),
    common_plans=(CommonPlan(PLAN, "list"),),
    seat_caps=(SeatCap(SKU, 300, "Business", 300, "page"), SeatCap(SKU, 5, None, None, "page")),
    windows=(
        Window(
            TransitionKind.LEGACY_UPGRADE,
            Segment.EDUCATION,
            DAY,
            date.max,
            WindowState.CONTESTED,
            "m",
            ("a",),
        ),
        Window(TransitionKind.MIGRATION, None, None, None, WindowState.UNKNOWN, "", ()),
    ),
    sources=(Source("page", "A page", DAY, "note"), Source("list", "A list", None)),
    coverage=(
        Coverage("list", TransitionKind.TRIAL_CONVERSION, "US", Segment.GOVERNMENT, DAY, DAY, "n"),
        Coverage("list", None, None, None, None, None),
    ),
    missing_lists=(MissingList(TransitionKind.CONVERSION, "NCE Mapping", "import it"),),
    prices=(
        Price(
            SKU,
            Segment.COMMERCIAL,
            "P1Y",
            "Monthly",
            "US",
            "USD",
            Decimal("16.920"),
            DAY,
            date(9999, 11, 30),
            "pl",
        ),
        Price(
            SKU,
            Segment.COMMERCIAL,
            "P1M",
            "Monthly",
            "IN",
            "INR",
            Decimal("1E+3"),
            None,
            None,
            "pl",
        ),
    ),
    sale_ends=(
        SaleEnd(SKU, "DE", DAY, "Ended there", "page"),
        SaleEnd(LEGACY, None, date.min, "", "list"),
    ),
)

NOTHING = CatalogFacts(offers=(), claims=())
