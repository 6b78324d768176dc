"""Whatever the planner's types can hold goes into the catalog's tables and comes back."""

import asyncio
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.bundled import bundled_facts
from db.catalog_rows import ROW_TYPES
from db.catalogs import PostgresCatalogStore
from db.pool import Database
from db.statements import SQL
from planner.customers import Subscription
from planner.facts import CatalogFacts, content_hash
from planner.transitions import EvidenceKind
from resolvers.records.principal import Principal
from tests.db.catalog_examples import EVERYTHING
from tests.examples import checked

# What Postgres' text cannot hold: NUL, and halves of a surrogate pair.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
PLAIN: dict[Any, Callable[[], st.SearchStrategy[Any]]] = {
    str: lambda: TEXT,
    bool: st.booleans,
    int: lambda: st.integers(-(2**63), 2**63 - 1),
    date: st.dates,
    Decimal: lambda: st.decimals(allow_nan=False, allow_infinity=False),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return what a field of this type can hold."""
    hint = getattr(hint, "__supertype__", hint)
    if NoneType in get_args(hint):
        return st.none() | values(get_args(hint)[0])
    if get_origin(hint) is frozenset:
        return st.frozensets(values(get_args(hint)[0]), max_size=3)
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return PLAIN[hint]() if hint in PLAIN else instances(hint)


def instances(row_type: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(row_type)
    return st.builds(
        row_type, **{field.name: values(hints[field.name]) for field in fields(row_type)}
    )


@settings(checked(40), suppress_health_check=list(HealthCheck))
@given(facts=instances(CatalogFacts))
async def test_any_facts_come_back_unchanged(
    database: Database, principal: Principal, facts: CatalogFacts
) -> None:
    catalogs = PostgresCatalogStore(database)
    version, _ = await catalogs.add_bundled(facts, label="any")
    found = await catalogs.facts(principal, version.version_id)
    assert content_hash(found) == version.content_hash
    # The order of rows has no meaning: the version may have been stored in another one before.
    assert all(set(getattr(found, name)) == set(getattr(facts, name)) for name in ROW_TYPES)


@pytest.mark.parametrize("name", ROW_TYPES)
async def test_a_query_returns_the_fields_in_their_order(database: Database, name: str) -> None:
    async with database.administration() as connection:
        statement = await connection.prepare(getattr(SQL, name).sql)
        columns = [column.name for column in statement.get_attributes()]
    assert columns == [field.name for field in fields(ROW_TYPES[name])]


async def test_subscriptions_come_as_their_fields_in_order(
    database: Database, principal: Principal
) -> None:
    async with database.transaction(principal) as connection:
        statement = await connection.prepare(SQL.subscriptions_of.sql)
        columns = [column.name for column in statement.get_attributes()]
    assert columns[:2] == ["customer_id", "is_foreign"]
    assert columns[2:] == [field.name for field in fields(Subscription)]


def test_the_numbers_of_evidence_are_stored_and_so_never_change() -> None:
    assert {kind.name: kind.value for kind in EvidenceKind} == {
        "INFERRED": 1,
        "DERIVED": 2,
        "OFFER_MATRIX": 3,
        "API_RECORDED": 4,
        "DOCUMENTED": 5,
        "PARTNER_CENTER": 6,
    }


async def test_facts_cost_one_statement_for_each_kind_of_row(
    database: Database, principal: Principal
) -> None:
    catalogs = PostgresCatalogStore(database)
    version, _ = await catalogs.add_bundled(EVERYTHING, label="everything")
    before = database.statements
    await catalogs.facts(principal, version.version_id)
    # And: BEGIN, whose rows, the version, COMMIT.
    assert database.statements - before == len(ROW_TYPES) + 4


async def test_the_bundled_catalog_comes_back_unchanged(
    database: Database, principal: Principal
) -> None:
    catalogs, facts = PostgresCatalogStore(database), bundled_facts()
    added = await asyncio.gather(*(catalogs.add_bundled(facts, label="bundled") for _ in range(2)))
    assert sorted(is_new for _, is_new in added) == [False, True]
    assert added[0][0] == added[1][0]
    assert await catalogs.facts(principal, added[0][0].version_id) == facts
