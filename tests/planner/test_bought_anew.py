"""What is bought anew instead of a way that is blocked is told to be dearer as an upgrade is."""

from dataclasses import replace

from planner.catalog import Catalog
from planner.customers import Customer
from planner.customers import SubscriptionState as State
from planner.goals import OfferGoal
from planner.ids import CatalogId, parse_catalog_id
from planner.instead import Instead, InsteadKind, instead_of
from planner.offers import Known
from planner.options import Option, blockers
from planner.permissions import ANYONE
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.told.steps import Outcome
from planner.plans.wanted import Wanted
from planner.pricing.cost_now import seat_price
from tests.formats.sample.test_sample_portfolio import NAMES, SCOPE, catalog, customers

KESTREL = next(name for name in NAMES if name.startswith("Kestrel"))
STANDARD = parse_catalog_id("CFQ7TTC0LDPB:0001")
PREMIUM = parse_catalog_id("CFQ7TTC0LCHC:0002")
E3 = parse_catalog_id("CFQ7TTC0LF8R:0001")
E1 = parse_catalog_id("CFQ7TTC0LF8Q:0001")


def _bought(held: Customer, target: CatalogId, priced: Catalog) -> tuple[Instead, Outcome]:
    """Return what is told of a target that is bought anew, and what a plan tells of it."""
    (one,) = held.holdings.own
    option = blockers(priced, held, one, SCOPE, target=target)
    assert isinstance(option, Option)
    found = instead_of(priced, held, one, SCOPE, option, named=True, acting=ANYONE)
    assert found is not None
    assert found.kind is InsteadKind.BUY_NEW
    goal = SubscriptionGoal(one.subscription_id, OfferGoal(target))
    (outcome,) = make_plan(priced, held, Wanted(SCOPE), goals=[goal]).outcomes
    return found, outcome


def test_what_is_bought_anew_is_told_to_be_much_dearer_as_an_upgrade_is() -> None:
    held = customers()[KESTREL]
    found, outcome = _bought(held, E3, catalog())
    assert found.upsell is not None
    assert found.upsell.is_dearer is Known.YES
    assert outcome.upsell == found.upsell
    cheaper, outcome = _bought(held, E1, catalog())
    assert cheaper.upsell is None
    assert outcome.upsell is None


def test_what_is_bought_anew_without_a_price_list_is_not_known_to_be_dearer() -> None:
    found, outcome = _bought(customers()[KESTREL], PREMIUM, catalog().without_prices())
    assert found.upsell is not None
    assert found.upsell.is_dearer is Known.UNKNOWN
    assert outcome.upsell == found.upsell


def test_a_list_of_another_term_or_currency_is_held_against_nothing() -> None:
    """What is paid today is the list's price of the subscription's own term and billing."""
    held = customers()[KESTREL]
    (one,) = held.holdings.own
    paid = replace(one, catalog_id=STANDARD, state=State.ACTIVE)
    assert seat_price(catalog(), held, paid, on=SCOPE.day) is not None
    never = replace(paid, term="P5Y")
    assert seat_price(catalog(), held, never, on=SCOPE.day) is None
    over = replace(paid, state=State.EXPIRED)
    assert seat_price(catalog(), held, over, on=SCOPE.day) is not None
