"""Whom a move concerns: what holds for every list of accounts, in whatever order."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from planner.accounts.accounts import Account, Accounts
from planner.accounts.affected import products_concerned
from planner.accounts.work import AccountWork
from planner.accounts.work import AccountWorkKind as Kind
from planner.customers import HoldingsState
from planner.rules import Choices
from tests.examples import checked
from tests.planner.accounts.account_builders import accounts, license_of, moved, without_names
from tests.planner.accounts.test_affected import CATALOG, OURS, TRANSFER
from tests.planner.builders import customer, guid, oid, subscription

LICENSES = ("A", "A group", "A -MAIL", "A count error", "A unsure", "B", "D", "E -TEAMS", "z")


@st.composite
def known_accounts(draw: st.DrawFn) -> Accounts:
    many = draw(st.lists(st.lists(st.sampled_from(LICENSES), max_size=3), max_size=6))
    state = draw(st.sampled_from([HoldingsState.COMPLETE, HoldingsState.PARTIAL]))
    location = draw(st.sampled_from(["US", "", None]))
    texts = [f"user{index}: {', '.join(held)}" for index, held in enumerate(many)]
    return accounts(*texts, state=state, location=location)


CHOICES = st.sampled_from([Choices(), TRANSFER])


@checked(150)
@given(known_accounts(), CHOICES, st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_changes_nothing(
    known: Accounts, choices: Choices, dice: random.Random
) -> None:
    shuffled = list(known.accounts)
    dice.shuffle(shuffled)
    mixed = replace(known, accounts=tuple(shuffled))
    expected = moved(CATALOG, customer(OURS), known, OURS, "B", choices)
    assert moved(CATALOG, customer(OURS), mixed, OURS, "B", choices) == expected
    order = [one.account.order for one in expected.accounts]
    assert order == sorted(order)


@checked(150)
@given(known_accounts(), CHOICES)
def test_only_holders_and_failed_assignments_of_the_product_are_affected(
    known: Accounts, choices: Choices
) -> None:
    found = moved(CATALOG, customer(OURS), known, OURS, "B", choices)
    for one in found.accounts:
        assert one.work
        assert any(held.product_guid == guid("A") for held in one.account.licenses)
        assert all(work.source.startswith("docs/sources.md") for work in one.work)
    having = [
        one
        for one in known.accounts
        if any(held.product_guid == guid("A") and held.is_granted for held in one.licenses)
    ]
    assert found.holders == len(having)


@checked(150)
@given(known_accounts(), CHOICES)
def test_an_account_is_judged_as_if_it_were_alone_and_by_its_licences_only(
    known: Accounts, choices: Choices
) -> None:
    together = moved(CATALOG, customer(OURS), known, OURS, "B", choices)
    alone: dict[str, tuple[AccountWork, ...]] = {}
    for one in without_names(known).accounts:
        found = moved(CATALOG, customer(OURS), replace(known, accounts=(one,)), OURS, "B", choices)
        alone |= {each.account.account_id: each.work for each in found.accounts}
    assert {one.account.account_id: one.work for one in together.accounts} == alone


@checked(150)
@given(known_accounts(), CHOICES)
def test_accounts_without_a_product_concerned_need_no_loading(
    known: Accounts, choices: Choices
) -> None:
    products = products_concerned(CATALOG, OURS, oid("B"))

    def concerned(one: Account) -> bool:
        return any(held.product_guid in products for held in one.licenses)

    fewer = replace(known, accounts=tuple(filter(concerned, known.accounts)))
    expected = moved(CATALOG, customer(OURS), known, OURS, "B", choices)
    assert moved(CATALOG, customer(OURS), fewer, OURS, "B", choices) == expected


@checked(100)
@given(known_accounts())
def test_a_further_licence_never_makes_a_user_lose_more(known: Accounts) -> None:
    own = subscription("B", 10)
    more = replace(
        known,
        accounts=tuple(
            replace(one, licenses=(*one.licenses, license_of("a"))) for one in known.accounts
        ),
    )

    def lost(given_accounts: Accounts) -> dict[str, set[str]]:
        found = moved(CATALOG, customer(own), given_accounts, own, "b")
        return {
            one.account.account_id: {
                plan.name
                for work in one.work
                if work.kind is Kind.SERVICES_LOST
                for plan in work.plans
            }
            for one in found.accounts
        }

    before, after = lost(known), lost(more)
    assert all(after.get(each, set()) <= before.get(each, set()) for each in after)
