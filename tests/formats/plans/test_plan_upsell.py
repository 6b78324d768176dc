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
    assert "It is a larger product than you have today: it has 53 services more" in theirs
    assert "a larger product than SharePoint (Plan 2): 53 services more" in ours


def test_a_service_in_another_plan_of_its_family_is_neither_gained_nor_lost() -> None:
    for text in documents("Gulmohar"):
        (row,) = (
            line for line in text.splitlines() if line.endswith("in place of SharePoint (Plan 2) |")
        )
        *_, lost, other, _ = (cell.strip() for cell in row.split("|"))
        assert (lost, other) == ("nothing", "SharePoint (Plan 1) in place of SharePoint (Plan 2)")
    theirs, ours = documents("Gulmohar")
    assert "and has 1 service in a smaller plan" in theirs
    assert "does not have" not in theirs
    assert "SharePoint (Plan 1) in place of SharePoint (Plan 2)" in ours
    assert "In another plan" not in documents("Elmstreet")[0]


def test_where_a_price_is_not_known_what_it_costs_more_cannot_be_said() -> None:
    for text in documents("Gulmohar"):
        assert "how much more it costs cannot be said, for the price today is not known" in text
    for text in documents("Gulmohar", priced=False):
        assert "for neither the price today nor the new one is known" in text
    for text in documents("Rowan"):
        assert "cannot be said" not in text
    assert ", much dearer at retail" in documents("Rowan")[1]


def test_a_way_with_fewer_seats_tells_us_what_it_costs_beside_the_plan() -> None:
    theirs, ours = documents("Rowan")
    assert "300 of 340 seats become Microsoft 365 Apps for business, 40 are given up" in ours
    assert "retail a month 2616.00 USD instead of 4284.00 USD" in ours
    assert "2616.00" not in theirs
    assert "2616.00" not in documents("Rowan", priced=False)[1]


def test_a_much_higher_list_price_is_told_without_an_amount() -> None:
    theirs, _ = documents("Rowan")
    assert "costs much more at Microsoft's list price" in theirs
    assert "USD" not in theirs
    assert "and no step of this plan gives them that again" in theirs


def test_readers_without_prices_are_not_told_which_is_dearer() -> None:
    theirs, ours = documents("Rowan", priced=False)
    assert "a larger product" in theirs
    assert "list price" not in theirs
    assert "dearer" not in ours


def test_the_equivalent_is_not_called_larger() -> None:
    for begins in ("Elmstreet", "Kestrel"):
        theirs, ours = documents(begins)
        assert "product than" not in theirs + ours
