"""A what-if changes what it says and nothing else, and refuses what cannot be supposed."""

from dataclasses import replace
from datetime import UTC, datetime

from planner.customers import Seller
from planner.offers import Known
from planner.options import Option, blockers, options
from planner.what_if import NOTHING, AssumedMove, CannotSuppose, Supposed, WhatIf, suppose
from tests.planner.builders import SCOPE, customer, oid, subscription
from tests.planner.rules.asked_rules import CATALOG

SOURCE = subscription("A")
OTHER = subscription("C", number=1, seller=Seller.ANOTHER_PARTNER)
HELD = customer(SOURCE, OTHER)


def _supposed(what_if: WhatIf) -> Supposed:
    answer = suppose(CATALOG, HELD, SCOPE, what_if)
    assert isinstance(answer, Supposed)
    return answer


def _refused(what_if: WhatIf) -> str:
    answer = suppose(CATALOG, HELD, SCOPE, what_if)
    assert isinstance(answer, CannotSuppose)
    assert answer.message
    assert answer.remedy
    return answer.code


def _to_b(supposed: Supposed) -> Option:
    source = supposed.now(SOURCE)
    assert source is not None
    answer = blockers(supposed.catalog, supposed.customer, source, supposed.scope, target=oid("B"))
    assert isinstance(answer, Option)
    return answer


def test_without_a_change_the_facts_are_the_very_same() -> None:
    same = _supposed(NOTHING)
    assert (same.catalog, same.scope) == (CATALOG, SCOPE)
    assert same.customer is HELD
    plain = options(CATALOG, HELD, SOURCE, SCOPE)
    assert options(same.catalog, same.customer, SOURCE, same.scope) == plain


def test_a_cancelled_subscription_no_longer_stands_in_the_way() -> None:
    assert "SERVICES_ALREADY_OWNED" in {one.code for one in _to_b(_supposed(NOTHING)).blockers}
    gone = _to_b(_supposed(WhatIf(cancelled=frozenset({OTHER.subscription_id}))))
    assert "SERVICES_ALREADY_OWNED" not in {one.code for one in gone.blockers}
    assert HELD.holdings.foreign == (OTHER,), "the stored customer is as before"


def test_seats_market_agreement_and_instant_are_what_is_supposed() -> None:
    then = datetime(2027, 3, 1, tzinfo=UTC)
    said = WhatIf(
        at=then,
        market="DE",
        agreement=Known.YES,
        seats=((SOURCE.subscription_id, 77),),
    )
    supposed = _supposed(said)
    assert supposed.now(SOURCE) == replace(SOURCE, seats=77)
    assert (supposed.customer.market, supposed.customer.agreement) == ("DE", Known.YES)
    assert (supposed.scope.at, supposed.scope.market) == (then, SCOPE.market)


def test_an_assumed_move_is_there_and_the_catalog_is_as_before() -> None:
    supposed = _supposed(WhatIf(moves=(AssumedMove(oid("B"), oid("b")),)))
    assert CATALOG.transition(oid("B"), oid("b")) is None
    edge = supposed.catalog.transition(oid("B"), oid("b"))
    assert edge is not None
    assert edge.claims[0].source == "assumed"


def test_what_is_not_there_or_against_itself_is_refused() -> None:
    nobody = "00000000-0000-4000-8000-000000000099"
    assert _refused(WhatIf(cancelled=frozenset({nobody}))) == "SUBSCRIPTION_NOT_FOUND"
    assert _refused(WhatIf(seats=((nobody, 5),))) == "SUBSCRIPTION_NOT_FOUND"
    ours = SOURCE.subscription_id
    both = WhatIf(cancelled=frozenset({ours}), seats=((ours, 5),))
    assert _refused(both) == "WHAT_IF_CONTRADICTORY"
    assert _refused(WhatIf(seats=((ours, 5), (ours, 6)))) == "WHAT_IF_CONTRADICTORY"
    missing = AssumedMove(oid("A"), oid("z"))
    assert _refused(WhatIf(moves=(missing,))) == "ASSUMED_OFFER_NOT_FOUND"
    assert _refused(WhatIf(moves=(AssumedMove(oid("b"), oid("A")),))) == "WHAT_IF_IMPOSSIBLE"
    assert _refused(WhatIf(moves=(AssumedMove(oid("b"), oid("b")),))) == "WHAT_IF_IMPOSSIBLE"


def test_a_market_that_was_asked_for_is_the_supposed_one() -> None:
    asked = replace(SCOPE, market="US")
    supposed = suppose(CATALOG, HELD, asked, WhatIf(market="DE"))
    assert isinstance(supposed, Supposed)
    assert supposed.scope.market == "DE"
