"""The customer's document says fairly where a plan leads to a larger or a dearer product."""

from formats.plans.markdown import plan_markdown
from planner.baselines.baseline import baseline
from planner.plans.plan import make_plan
from planner.plans.told.unpriced import without_prices
from planner.plans.wanted import Wanted
from planner.profiles import Profile
from resolvers.plan_writer import Audience
from tests.formats.sample.test_sample_portfolio import NAMES, SCOPE, catalog, customers


def documents(begins: str, *, priced: bool = True) -> tuple[str, str]:
    """Return the documents for the customer and for ourselves."""
    name = next(one for one in NAMES if one.startswith(begins))
    plan = make_plan(catalog(), customers()[name], Wanted(SCOPE))
    if not priced:
        plan = without_prices(plan, Profile.FEWEST_STEPS)
    nothing = baseline(catalog(), customers()[name], at=SCOPE.at)
    ours, theirs = (
        plan_markdown(catalog(), customers()[name], plan, nothing, audience=audience)
        for audience in (Audience.INTERNAL, Audience.CUSTOMER)
    )
    return theirs, ours


def test_a_larger_product_is_told_with_what_it_has_more_and_less() -> None:
    theirs, ours = documents("Gulmohar")
    assert "It is a larger product than you have today: it has 54 services more" in theirs
    assert "does not have 1 service of the old one" in theirs
    assert "a larger product than SharePoint (Plan 2): 54 services more" in ours


def test_a_much_higher_list_price_is_told_without_an_amount() -> None:
    theirs, _ = documents("Rowan")
    assert "costs much more at Microsoft's list price" in theirs
    assert "USD" not in theirs
    assert "what ends gives services that no step of this plan gives you again" in theirs.lower()


def test_readers_without_prices_are_not_told_which_is_dearer() -> None:
    theirs, ours = documents("Rowan", priced=False)
    assert "a larger product" in theirs
    assert "list price" not in theirs
    assert "dearer" not in ours


def test_the_equivalent_is_not_called_larger() -> None:
    for begins in ("Elmstreet", "Kestrel"):
        theirs, ours = documents(begins)
        assert "product than" not in theirs + ours
