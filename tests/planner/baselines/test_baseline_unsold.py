"""Microsoft's migration to an equivalent that the customer's market does not have on sale."""

from dataclasses import replace

from planner.baselines.baseline import BaselineEvent, baseline_of
from planner.baselines.rules import BaselineCode
from planner.coverage import Coverage
from tests.planner.baselines.baseline_cases import day_at, held, only
from tests.planner.builders import customer, facts, from_facts, offer, oid


def test_what_is_not_sold_there_is_not_promised() -> None:
    found = _migrated(frozenset())
    assert found.after is not None
    assert found.after.catalog_id is None
    assert found.unknown == ("equivalent new-commerce SKU",)
    assert "the customer's market does not sell" in found.message


def test_what_is_sold_there_is_told() -> None:
    found = _migrated(frozenset({"US"}))
    assert found.after is not None
    assert found.after.catalog_id == oid("a")
    assert found.unknown == ()
    assert "does not sell" not in found.message


def _migrated(markets: frozenset[str]) -> BaselineEvent:
    """Return the migration of a customer in US, whose price list is loaded whole."""
    whole = Coverage("our_list", None, "US", None, None, None)
    sold = replace(offer("a"), markets=markets)
    made = from_facts(facts("A>a migration documented", offers=[sold], coverage=[whole]))
    one = held("A")
    owner = replace(customer(one), market="US")
    told = baseline_of(made, owner, one, at=day_at("2026-11-23"))
    return only(told, BaselineCode.MICROSOFT_LED_MIGRATION)
