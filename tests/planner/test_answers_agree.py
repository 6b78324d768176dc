"""Options, blockers, the portfolio and plans tell one story about what is not sold in a market."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from planner.blockers import Blocker, Severity
from planner.customers import Customer, Subscription
from planner.goals import OfferGoal
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.options import NotInCatalog, Option, blockers, options
from planner.paths import reachable
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.solution import Status
from planner.plans.wanted import Wanted
from planner.portfolios.portfolio import BestWays
from planner.readiness import Readiness
from planner.scope import Scope
from tests.formats.sample.test_sample_portfolio import NAMES, SCOPE, catalog, customers

PLANS_EACH = 2
"""Plans made for one subscription; each takes some tens of milliseconds."""


@cache
def _told(name: str) -> tuple[tuple[Customer, Subscription, tuple[Option, ...]], ...]:
    """Return a customer's subscriptions of offers that the catalog has, with their options."""
    customer = customers()[name]
    answers = ((held, options(catalog(), customer, held, SCOPE)) for held in customer.holdings.own)
    return tuple(
        (customer, held, found) for held, found in answers if not isinstance(found, NotInCatalog)
    )


def _not_sold(option: Option) -> Blocker | None:
    """Return the finding that an offer on the way is not sold in the customer's market."""
    named = (one for one in option.blockers if one.code == "TARGET_NOT_OFFERED")
    return next((one for one in named if one.parameters[0][0] == "market"), None)


@pytest.mark.parametrize("name", NAMES)
def test_options_name_every_target_within_reach_and_why_one_cannot_be_had(name: str) -> None:
    for customer, held, found in _told(name):
        origin = held.catalog_id
        assert origin is not None
        every = {path.target for path in reachable(catalog(), origin, SCOPE)}
        local = replace(SCOPE, market=customer.market)
        sold = [path.target for path in reachable(catalog(), origin, local)]
        assert {one.target for one in found} == every
        assert [one.target for one in found][: len(sold)] == sold, "what is sold comes first"
        assert all(_not_sold(one) is None for one in found[: len(sold)])
        for one in found[len(sold) :]:
            assert one.readiness is Readiness.BLOCKED
            stop = _not_sold(one)
            assert stop is not None
            assert (stop.severity, stop.parameters) == (
                Severity.BLOCKS,
                (("market", str(customer.market)),),
            )


@pytest.mark.parametrize("name", NAMES)
def test_the_blockers_of_a_named_target_are_those_of_its_option(name: str) -> None:
    for customer, held, found in _told(name):
        for option in found:
            assert blockers(catalog(), customer, held, SCOPE, target=option.target) == option


@pytest.mark.parametrize("name", NAMES)
def test_the_portfolios_way_is_that_of_the_blockers_and_among_the_options(name: str) -> None:
    best = BestWays(catalog(), SCOPE)
    for customer, held, found in _told(name):
        way, answer = best.of(held.catalog_id), blockers(catalog(), customer, held, SCOPE)
        if way.path is None:
            continue
        assert isinstance(answer, Option)
        assert way.path == answer.path
        assert way.target in {one.target for one in found}


def _unsold(found: tuple[Option, ...]) -> Iterator[CatalogId]:
    for option in found:
        stop = _not_sold(option)
        if stop is not None and stop.subject == option.target:
            yield option.target


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_for_a_target_that_is_not_sold_stays_unmet_for_that_reason(name: str) -> None:
    for customer, held, found in _told(name):
        for target, _ in zip(_unsold(found), range(PLANS_EACH), strict=False):
            goal = SubscriptionGoal(held.subscription_id, OfferGoal(target))
            plan = make_plan(catalog(), customer, Wanted(SCOPE), goals=[goal])
            (outcome,) = plan.outcomes
            assert outcome.status is Status.UNMET
            assert "TARGET_NOT_OFFERED" in {one.code for one in outcome.blockers}


@pytest.mark.parametrize("name", NAMES)
def test_a_market_that_is_asked_for_is_a_filter_in_all_of_them(name: str) -> None:
    scope: Scope = replace(SCOPE, market="IN")
    customer = customers()[name]
    for held in customer.holdings.own:
        found = options(catalog(), customer, held, scope)
        if isinstance(found, NotInCatalog):
            continue
        left_out = {one.target for one in options_of(customer, held)} - {
            one.target for one in found
        }
        for target in sorted(left_out)[:3]:
            assert isinstance(blockers(catalog(), customer, held, scope, target=target), NoPath)
            goal = SubscriptionGoal(held.subscription_id, OfferGoal(target))
            (outcome,) = make_plan(catalog(), customer, Wanted(scope), goals=[goal]).outcomes
            assert outcome.no_path is not None


def options_of(customer: Customer, held: Subscription) -> tuple[Option, ...]:
    found = options(catalog(), customer, held, SCOPE)
    return () if isinstance(found, NotInCatalog) else found
