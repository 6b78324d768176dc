"""What a store promises; the in-memory and the Postgres ones keep the same promises."""

from dataclasses import replace
from uuid import uuid4

import pytest

from planner.customers import Customer, Holdings, HoldingsState
from planner.facts import CatalogFacts, content_hash
from planner.offers import Known
from resolvers.ports import CatalogStore, CustomerStore, HeldByOthers, UnknownCustomer
from resolvers.records.customers import HeldElsewhere
from resolvers.records.imports import CustomerImport, ImportCounts
from resolvers.records.principal import Principal
from tests.db.catalog_examples import EVERYTHING, NOTHING
from tests.db.customer_examples import (
    ACME,
    BARE,
    BETA,
    FULL,
    MONDAY,
    NO_PLANS,
    TUESDAY,
    guid,
    holds,
    store,
)

# Catalogs


async def test_no_version_is_current_before_one_is_added(
    catalogs: CatalogStore, principal: Principal
) -> None:
    assert await catalogs.current(principal) is None


async def test_an_added_version_is_found_and_current(
    catalogs: CatalogStore, principal: Principal
) -> None:
    version, is_new = await catalogs.add_bundled(EVERYTHING, label="first")
    assert is_new
    assert await catalogs.current(principal) == version
    assert await catalogs.version(principal, version.version_id) == version
    assert (version.label, version.owner_partner_id) == ("first", None)
    assert version.content_hash == content_hash(EVERYTHING)
    assert version.counts["offers"] == 3
    assert set(version.counts) == set(CatalogFacts.__dataclass_fields__)
    assert version.created_at.utcoffset() is not None


@pytest.mark.parametrize("facts", [EVERYTHING, NOTHING], ids=["everything", "nothing"])
async def test_facts_come_back_as_they_were_added(
    catalogs: CatalogStore, principal: Principal, facts: CatalogFacts
) -> None:
    version, _ = await catalogs.add_bundled(facts, label="x")
    found = await catalogs.facts(principal, version.version_id)
    assert found == facts
    assert content_hash(found) == version.content_hash


async def test_the_same_content_is_stored_once(
    catalogs: CatalogStore, principal: Principal
) -> None:
    version, _ = await catalogs.add_bundled(EVERYTHING, label="first")
    shuffled = replace(EVERYTHING, offers=EVERYTHING.offers[::-1])
    assert await catalogs.add_bundled(shuffled, label="second") == (version, False)


async def test_the_newest_version_is_current(catalogs: CatalogStore, principal: Principal) -> None:
    await catalogs.add_bundled(EVERYTHING, label="old")
    newer, _ = await catalogs.add_bundled(NOTHING, label="new")
    assert await catalogs.current(principal) == newer


@pytest.mark.parametrize("version_id", [guid(999), "latest", "", "\0", guid(999).upper()])
async def test_an_unknown_version_is_none_and_has_no_facts(
    catalogs: CatalogStore, principal: Principal, version_id: str
) -> None:
    assert await catalogs.version(principal, version_id) is None
    with pytest.raises(KeyError):
        await catalogs.facts(principal, version_id)


# Customers


async def one(customers: CustomerStore, principal: Principal, customer_id: str) -> Customer:
    return (await customers.customers(principal, [customer_id]))[customer_id]


async def test_a_customer_comes_back_as_stored(
    customers: CustomerStore, principal: Principal
) -> None:
    await store(customers, principal, ACME, BETA)
    found = await customers.customers(principal, [BETA.customer_id, ACME.customer_id])
    assert found == {ACME.customer_id: ACME, BETA.customer_id: BETA}


async def test_a_customer_is_changed_where_only_its_agreement_or_administration_is(
    customers: CustomerStore, principal: Principal
) -> None:
    assert await store(customers, principal, ACME) == ImportCounts(1, 0, 0, 0, 0)
    for changed in (
        replace(ACME, agreement=Known.UNKNOWN),
        replace(ACME, agreement=Known.UNKNOWN, delegated_admin=Known.YES),
    ):
        assert await store(customers, principal, changed) == ImportCounts(0, 1, 0, 0, 0)
        assert await store(customers, principal, changed) == ImportCounts(0, 0, 1, 0, 0)
        assert await one(customers, principal, ACME.customer_id) == changed
        page = await customers.page(principal, first=9, after=None, text=None)
        assert page.customers == (changed,)


async def test_both_sides_of_holdings_come_back_whole(
    customers: CustomerStore, principal: Principal
) -> None:
    own = holds(ACME, NO_PLANS, FULL, BARE)
    foreign = holds(ACME, BARE, is_foreign=True, state=HoldingsState.PARTIAL, as_of=TUESDAY)
    await store(customers, principal, ACME, BETA, holdings=(own, foreign))
    assert (await one(customers, principal, ACME.customer_id)).holdings == Holdings(
        own=(BARE, FULL, NO_PLANS),
        own_state=HoldingsState.COMPLETE,
        own_as_of=MONDAY,
        foreign=(BARE,),
        foreign_state=HoldingsState.PARTIAL,
        foreign_as_of=TUESDAY,
    )
    assert (await one(customers, principal, BETA.customer_id)).holdings == Holdings()


async def test_loaded_and_empty_is_not_the_same_as_not_loaded(
    customers: CustomerStore, principal: Principal
) -> None:
    await store(customers, principal, ACME, holdings=(holds(ACME, is_foreign=True),))
    holdings = (await one(customers, principal, ACME.customer_id)).holdings
    assert holdings.foreign == ()
    assert holdings.foreign_state is HoldingsState.COMPLETE
    assert holdings.own_state is HoldingsState.NOT_LOADED


async def test_an_import_counts_what_it_changed(
    customers: CustomerStore, principal: Principal
) -> None:
    first = await store(customers, principal, ACME, BETA, holdings=(holds(ACME, BARE, FULL),))
    assert first == ImportCounts(2, 0, 0, 2, 0)
    again = await store(
        customers,
        principal,
        ACME,
        replace(BETA, market="DE"),
        replace(ACME, customer_id=guid(3)),
        holdings=(holds(ACME, FULL, NO_PLANS), holds(BETA, is_foreign=True)),
    )
    assert again == ImportCounts(1, 1, 1, 2, 1)
    assert await store(customers, principal) == ImportCounts(0, 0, 0, 0, 0)


async def test_a_customer_is_replaced_and_keeps_its_holdings(
    customers: CustomerStore, principal: Principal
) -> None:
    await store(customers, principal, ACME, holdings=(holds(ACME, FULL),))
    await store(customers, principal, Customer(ACME.customer_id, "Acme Ltd"))
    found = await one(customers, principal, ACME.customer_id)
    assert (found.name, found.domain, found.market, found.segment) == ("Acme Ltd", None, None, None)
    assert found.holdings.own == (FULL,)


async def test_a_change_replaces_its_side_and_leaves_the_other(
    customers: CustomerStore, principal: Principal
) -> None:
    both = (holds(ACME, BARE, FULL), holds(ACME, NO_PLANS, is_foreign=True))
    await store(customers, principal, ACME, holdings=both)
    changed = replace(FULL, seats=1, catalog_id=None)
    await store(customers, principal, holdings=(holds(ACME, changed, as_of=TUESDAY),))
    holdings = (await one(customers, principal, ACME.customer_id)).holdings
    assert (holdings.own, holdings.own_as_of) == ((changed,), TUESDAY)
    assert (holdings.foreign, holdings.foreign_as_of) == ((NO_PLANS,), MONDAY)


async def test_what_an_import_names_twice_counts_once_and_the_last_wins(
    customers: CustomerStore, principal: Principal
) -> None:
    renamed = replace(ACME, name="Acme 2")
    counts = await store(
        customers,
        principal,
        ACME,
        renamed,
        holdings=(holds(ACME, BARE), holds(ACME, FULL, replace(FULL, seats=2))),
    )
    assert counts == ImportCounts(1, 0, 0, 1, 0)
    found = await one(customers, principal, ACME.customer_id)
    assert (found.name, found.holdings.own) == ("Acme 2", (replace(FULL, seats=2),))


async def test_holdings_of_nobody_store_nothing(
    customers: CustomerStore, principal: Principal
) -> None:
    unknown = [replace(BETA, customer_id=guid(number)) for number in (9, 8)]
    with pytest.raises(UnknownCustomer) as caught:
        await store(customers, principal, ACME, holdings=tuple(map(holds, [ACME, *unknown])))
    assert caught.value.customer_id == guid(9)
    assert await customers.customers(principal, [ACME.customer_id]) == {}


async def test_an_import_for_a_partner_that_is_not_stored_is_refused(
    customers: CustomerStore, principal: Principal
) -> None:
    with pytest.raises(LookupError):
        await customers.store(principal, CustomerImport((ACME,)))


async def test_ids_that_nobody_has_find_nothing(
    customers: CustomerStore, principal: Principal
) -> None:
    await store(customers, principal, replace(ACME, customer_id="abcdef00" + guid(0)[8:]))
    for text in (guid(77), "nobody", "", "a\0b", "ABCDEF00" + guid(0)[8:]):
        assert await customers.customers(principal, [text]) == {}
        assert await customers.customer_of(principal, text) is None
    assert await customers.customers(principal, []) == {}


async def test_a_subscription_of_ours_names_its_customer(
    customers: CustomerStore, principal: Principal
) -> None:
    both = (holds(BETA, FULL), holds(ACME, FULL, BARE, is_foreign=True))
    await store(customers, principal, ACME, BETA, holdings=both)
    assert await customers.customer_of(principal, FULL.subscription_id) == BETA.customer_id
    assert await customers.customer_of(principal, BARE.subscription_id) is None


async def test_a_subscription_of_two_customers_belongs_to_the_one_imported_last(
    customers: CustomerStore, principal: Principal
) -> None:
    both = (holds(ACME, FULL), holds(BETA, FULL, as_of=TUESDAY))
    await store(customers, principal, ACME, BETA, holdings=both)
    assert await customers.customer_of(principal, FULL.subscription_id) == BETA.customer_id


async def test_a_subscription_that_another_customer_has_is_refused_and_nothing_is_stored(
    customers: CustomerStore, principal: Principal
) -> None:
    await store(customers, principal, ACME, BETA, holdings=(holds(ACME, FULL),))
    before = await customers.customers(principal, [ACME.customer_id, BETA.customer_id])
    with pytest.raises(HeldByOthers) as refused:
        await store(customers, principal, holdings=(holds(BETA, FULL, BARE, as_of=TUESDAY),))
    assert refused.value.held == (HeldElsewhere(FULL.subscription_id, ACME.customer_id, "Acme"),)
    assert await customers.customers(principal, list(before)) == before


async def test_a_subscription_moves_to_another_customer_with_both_lists_or_after_the_first(
    customers: CustomerStore, principal: Principal
) -> None:
    await store(customers, principal, ACME, BETA, holdings=(holds(ACME, FULL),))
    both = (holds(ACME, as_of=TUESDAY), holds(BETA, FULL, as_of=TUESDAY))
    await store(customers, principal, holdings=both)
    assert await customers.customer_of(principal, FULL.subscription_id) == BETA.customer_id
    await store(customers, principal, holdings=(holds(BETA, as_of=TUESDAY),))
    await store(customers, principal, holdings=(holds(ACME, FULL, as_of=TUESDAY),))
    assert await customers.customer_of(principal, FULL.subscription_id) == ACME.customer_id


async def test_what_others_sold_and_another_partner_has_is_in_nobodys_way(
    customers: CustomerStore, principal: Principal
) -> None:
    foreign = holds(ACME, FULL, is_foreign=True)
    await store(customers, principal, ACME, BETA, holdings=(foreign,))
    await store(customers, principal, holdings=(holds(BETA, FULL),))
    other = Principal(str(uuid4()), principal.roles)
    await store(customers, other, ACME, holdings=(holds(ACME, FULL),))
    assert await customers.customer_of(other, FULL.subscription_id) == ACME.customer_id


async def test_another_partner_sees_none_of_it(
    customers: CustomerStore, principal: Principal
) -> None:
    await store(customers, principal, ACME, holdings=(holds(ACME, FULL),))
    other = Principal(str(uuid4()), principal.roles)
    assert await store(customers, other, BETA) == ImportCounts(1, 0, 0, 0, 0)
    assert await customers.customers(other, [ACME.customer_id]) == {}
    assert await customers.customer_of(other, FULL.subscription_id) is None
    assert (await customers.page(other, first=9, after=None, text=None)).total == 1
    with pytest.raises(UnknownCustomer):
        await store(customers, other, holdings=(holds(ACME, FULL),))
