"""Tiny catalogs and customers from short text: capital letters are legacy, small ones are not."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from planner.catalog import Catalog
from planner.customers import Customer, Holdings, HoldingsState, Seller, Subscription
from planner.customers import SubscriptionState as State
from planner.facts import CatalogFacts, content_hash
from planner.ids import CatalogId, ProductGuid, ServicePlanId
from planner.offers import Commerce, Known, Offer, Product, Segment, ServicePlan
from planner.permissions import Acting, PartnerType, Role, SignIn
from planner.scope import Scope
from planner.transitions import (
    Claim,
    EvidenceKind,
    Execution,
    Stance,
    TransitionKind,
    Window,
    WindowState,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SCOPE = Scope(NOW)
KINDS = {
    "upgrade": TransitionKind.LEGACY_UPGRADE,
    "migration": TransitionKind.MIGRATION,
    "conversion": TransitionKind.CONVERSION,
    "trial": TransitionKind.TRIAL_CONVERSION,
}
EVIDENCE = {kind.name.lower().partition("_")[0]: kind for kind in EvidenceKind} | {
    "matrix": EvidenceKind.OFFER_MATRIX,
    "confirmed": EvidenceKind.PARTNER_CENTER,
}
COMPLETE = HoldingsState.COMPLETE
ADMIN = Acting(frozenset({Role.ADMIN_AGENT}), PartnerType.DIRECT_BILL, SignIn.APP_AND_USER)
"""An admin agent of a direct-bill partner, signed in as a user: whom every page admits."""


def oid(name: str) -> CatalogId:
    """Return the id of `A` (a legacy offer) or `a` (a new-commerce SKU); a long name is an id."""
    if len(name) > 1:
        return CatalogId(name)
    if name.islower():
        return CatalogId(f"CFQ7TTC0000{name.upper()}:0001")
    return CatalogId(f"{ord(name):08X}-0000-0000-0000-00000000000{name if name < 'G' else '0'}")


def oids(names: str) -> frozenset[CatalogId]:
    return frozenset(map(oid, names))


def pid(name: str) -> ServicePlanId:
    """Return the id of a service plan, such as `EXCHANGE`."""
    return ServicePlanId(f"{sum(map(ord, name)):08x}-{len(name):04x}-0000-0000-{ord(name[0]):012x}")


def guid(name: str) -> ProductGuid:
    """Return the product GUID behind the offer `A` or `a`."""
    return ProductGuid(f"{ord(name):08x}-9999-0000-0000-000000000000")


def claim(text: str) -> Claim:
    """Return a claim from `A>B upgrade matrix`, or a denial from `A!B upgrade documented`.

    Further words: `manual`, a day such as `2022-03-01`, and `by:source`.
    """
    ends, kind, evidence, *words = text.split()
    origin, sign, target = ends[0], ends[1], ends[2]
    days = [date.fromisoformat(word) for word in words if word[0].isdigit()]
    sources = [word.removeprefix("by:") for word in words if word.startswith("by:")]
    return Claim(
        oid(origin),
        oid(target),
        KINDS[kind],
        Stance.DENIES if sign == "!" else Stance.CLAIMS,
        EVIDENCE[evidence],
        sources[0] if sources else f"{evidence}_list",
        days[0] if days else None,
        Execution.MANUAL if "manual" in words else Execution.API,
    )


def claims(text: str) -> tuple[Claim, ...]:
    """Return one claim per line or per comma."""
    lines = (line.strip() for line in text.replace(",", "\n").splitlines())
    return tuple(claim(line) for line in lines if line)


def title_of(name: str) -> str:
    """Return a title that tells legacy from new commerce also without case."""
    return f"Sku {name}" if name.islower() else f"Offer {name}"


def offer(name: str) -> Offer:
    """Return a commercial offer without markets, titled by its name."""
    commerce = Commerce.NEW_COMMERCE if ":" in oid(name) else Commerce.LEGACY
    return Offer(
        oid(name),
        title_of(name),
        commerce,
        Segment.COMMERCIAL,
        Known.NO,
        is_trial=False,
        markets=None,
        sources=("list",),
    )


def facts(text: str, **rows: Iterable[object]) -> CatalogFacts:
    """Return facts with an offer for every letter in the claims; `offers` replaces or adds some."""
    told = claims(text)
    named = {end: letter for letter in _letters(text) for end in (oid(letter),)}
    offers = {catalog_id: offer(letter) for catalog_id, letter in named.items()}
    given: dict[str, object] = {name: tuple(values) for name, values in rows.items()}
    for one in given.pop("offers", ()):  # type: ignore[attr-defined]
        offers[one.catalog_id] = one
    made = CatalogFacts(tuple(offers.values()), told)
    return replace(made, **given)  # type: ignore[arg-type]


def _letters(text: str) -> str:
    ends = (line.split()[0] for line in text.replace(",", "\n").splitlines() if line.strip())
    return "".join(end[0] + end[2] for end in ends)


def catalog(text: str, **rows: Iterable[object]) -> Catalog:
    return from_facts(facts(text, **rows))


def from_facts(made: CatalogFacts) -> Catalog:
    digest = content_hash(made)
    return Catalog(made, version_id=digest[:12], content_hash=digest)


def with_plans(plans: Mapping[str, str]) -> dict[str, tuple[object, ...]]:
    """Return rows that give offers service plans: `{"A": "EXCHANGE TEAMS"}`."""
    offers, products = [], []
    for name, listed in plans.items():
        string_id = f"STRING_{name}_{'LEGACY' if name.isupper() else 'NEW'}"
        offers.append(replace(offer(name), provisioning_id=string_id, product_guid=guid(name)))
        ids = frozenset(map(pid, listed.split()))
        products.append(Product(guid(name), string_id, title_of(name), ids, "plan_table"))
    names = sorted({plan for listed in plans.values() for plan in listed.split()})
    service_plans = [ServicePlan(pid(name), name, name.title()) for name in names]
    return {
        "offers": tuple(offers),
        "products": tuple(products),
        "service_plans": tuple(service_plans),
    }


CONTESTED = (
    Window(
        TransitionKind.LEGACY_UPGRADE,
        None,
        None,
        date(2022, 3, 10),
        WindowState.OPEN,
        "before",
        ("note",),
    ),
    Window(
        TransitionKind.LEGACY_UPGRADE,
        None,
        date(2022, 3, 10),
        None,
        WindowState.CONTESTED,
        "three sources disagree",
        ("note",),
    ),
)


def subscription(
    offer_name: str,
    seats: int | None = 10,
    *,
    number: int = 0,
    seller: Seller = Seller.US,
    state: State = State.ACTIVE,
) -> Subscription:
    """Return a subscription of the offer: ours names the offer, another's its product GUID."""
    ours = seller is Seller.US
    return Subscription(
        f"{number:08x}-{ord(offer_name):04x}-4000-8000-{list(Seller).index(seller):012x}",
        seller,
        state,
        state.value.lower(),
        catalog_id=oid(offer_name) if ours else None,
        product_guid=None if ours else guid(offer_name),
        title=f"{seller.value} {offer_name}",
        seats=seats,
    )


def customer(
    *held: Subscription,
    market: str | None = "US",
    own_state: HoldingsState = COMPLETE,
    foreign_state: HoldingsState = COMPLETE,
) -> Customer:
    """Return a commercial customer whose holdings are known whole unless said otherwise."""
    return Customer(
        "0" * 8,
        "Contoso",
        market=market,
        segment=Segment.COMMERCIAL,
        holdings=Holdings(
            own=tuple(one for one in held if one.seller is Seller.US),
            own_state=own_state,
            own_as_of=NOW,
            foreign=tuple(one for one in held if one.seller is not Seller.US),
            foreign_state=foreign_state,
            foreign_as_of=NOW,
        ),
    )


def complete(held: Subscription) -> Subscription:
    """Return the subscription with all that is told of one of ours that nothing stops.

    Bought long ago, in the middle of a term of a year, out of its cancellation window.
    """
    return replace(
        held,
        is_trial=False,
        term="P1Y",
        billing_cycle="monthly",
        created=datetime(2020, 6, 1, tzinfo=UTC),
        starts=datetime(2026, 6, 1, tzinfo=UTC),
        last_day=date(2027, 5, 31),
        auto_renews=True,
        cancellable_until=datetime(2026, 6, 8, tzinfo=UTC),
        reducible=(),
        cancels_at_end=False,
        partner_of_record="4567890",
    )


def trusting(held: Customer) -> Customer:
    """Return the customer with its agreement accepted and administration delegated to us."""
    return replace(held, agreement=Known.YES, delegated_admin=Known.YES)


def sold_and_billed(made: CatalogFacts) -> CatalogFacts:
    """Return the facts with every offer sold in the US and billed as `complete` has it."""
    sold = sold_in_us(made)
    offers = tuple(replace(one, billing=_MONTHLY[one.commerce]) for one in sold.offers)
    return replace(sold, offers=offers)


_MONTHLY = {
    Commerce.LEGACY: ("annual", "monthly"),
    Commerce.NEW_COMMERCE: ("P1M/Monthly", "P1Y/Annual", "P1Y/Monthly"),
}


def sold_in_us(made: CatalogFacts) -> CatalogFacts:
    """Return the facts with every offer sold in the US."""
    offers = tuple(replace(one, markets=frozenset({"US"})) for one in made.offers)
    return replace(made, offers=offers)
