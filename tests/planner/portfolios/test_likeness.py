"""What is judged once for many customers is what each of them would have been told alone."""

import random
import sys
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Severity
from planner.customers import Customer, Seller, Subscription, SubscriptionState
from planner.options import Option, blockers
from planner.portfolios.likeness import NEVER_READ, TOLD_ONLY
from planner.portfolios.portfolio import Judged
from planner.portfolios.verdicts import PortfolioQuestion, Verdicts, judged_alone
from planner.rules import RULES, RULES_VERSION, Mode
from planner.scope import Scope
from tests.examples import checked
from tests.planner.builders import ADMIN, NOW, complete, customer, guid, subscription, trusting
from tests.planner.portfolios.likeness_worlds import CATALOG, FIELDS, a_customer, a_twin

RULES_LOOKED_THROUGH = {
    *("SUBSCRIPTION_STATE", "TARGET_OFFERED", "SERVICES_ALREADY_OWNED", "TARGET_ALREADY_OWNED"),
    *("SEAT_CAP", "ROLE", "CUSTOMER_AGREEMENT", "PARTNER_OF_RECORD", "ADDONS_PRESENT"),
    *("OFFER_LIMIT", "BILLING_CYCLE", "SIGN_IN", "ADMIN_PERMISSION", "AGE", "TERM_END"),
    *("PROMOTION", "TRIAL", "BUNDLE", "PREREQUISITE", "CUSTOM_END_DATE", "TERM_AND_BILLING"),
    *("DOWNGRADE", "TARGET_SUBSCRIPTION", "SCHEDULED_CONVERSION"),
}
QUESTION = PortfolioQuestion(CATALOG, Scope(NOW), ADMIN)


def alone(question: PortfolioQuestion, held: Customer) -> list[Judged | None]:
    """Return what each own subscription is told by the one-by-one question of the API."""
    said = []
    for one in held.holdings.own:
        option = blockers(question.catalog, held, one, question.scope, acting=question.acting)
        new_or_none = one.catalog_id is None or ":" in one.catalog_id
        is_judged = isinstance(option, Option) and not new_or_none
        said.append(
            judged_alone(question, held, one, option.path)
            if is_judged and isinstance(option, Option)
            else None
        )
    return said


@checked(150)
@given(st.integers(0, 2**32), st.sampled_from([NOW, NOW + timedelta(hours=13, minutes=5)]))
def test_sharing_between_customers_changes_no_answer(seed: int, at: datetime) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    question = replace(QUESTION, scope=Scope(at))
    models = [a_customer(dice) for _ in range(2)]
    verdicts = Verdicts(question)
    for held in [*models, *(a_twin(dice, of) for of in models for _ in range(25))]:
        rows = verdicts.rows(held)
        assert [row.judged for row in rows] == alone(question, held)
        assert [row.held.subscription_id for row in rows] == [
            one.subscription_id for one in held.holdings.own
        ]


def test_twins_do_share() -> None:
    """Else the promise above would be kept by sharing nothing."""
    dice = random.Random(7)  # noqa: S311 - no secret
    verdicts = Verdicts(QUESTION)
    judged = 0
    for _ in range(100):
        model = a_customer(dice)
        for held in (model, *(a_twin(dice, model) for _ in range(3))):
            judged += sum(row.judged is not None for row in verdicts.rows(held))
    assert verdicts.shared > judged / 4


@pytest.mark.parametrize(
    "changed",
    [
        {"seats": 11},
        {"created": datetime(2021, 1, 1, tzinfo=NOW.tzinfo)},
        {"last_day": date(2027, 1, 31)},
        {"starts": NOW},
        {"title": "Another"},
    ],
)
def test_customers_that_differ_in_nothing_that_counts_are_judged_once(
    changed: dict[str, Any],
) -> None:
    verdicts = Verdicts(QUESTION)
    one = complete(subscription("A"))
    first = verdicts.rows(trusting(customer(one)))
    second = verdicts.rows(trusting(customer(replace(one, subscription_id="other", **changed))))
    assert verdicts.shared == 1
    assert first[0].judged == second[0].judged


@pytest.mark.parametrize(
    "changed",
    [
        {"seats": 31},
        {"created": NOW - timedelta(days=20)},
        {"last_day": NOW.date() - timedelta(days=1)},
        {"term": "odd"},
        {"promotion_id": "SUMMER"},
    ],
)
def test_what_counts_is_judged_anew(changed: dict[str, Any]) -> None:
    verdicts = Verdicts(QUESTION)
    one = complete(subscription("A"))
    first = verdicts.rows(trusting(customer(one)))
    second = verdicts.rows(trusting(customer(replace(one, **changed))))
    assert verdicts.shared == 0
    assert first[0].judged != second[0].judged


def _both(one: Customer, other: Customer, at: datetime = NOW) -> list[Judged]:
    """Judge two customers in one run; no position of theirs may be shared."""
    verdicts = Verdicts(replace(QUESTION, scope=Scope(at)))
    said = [row.judged for held in (one, other) for row in verdicts.rows(held) if row.judged]
    assert verdicts.shared == 0
    return said


def test_the_last_hours_of_a_term_are_told_apart_from_its_middle() -> None:
    middle = complete(subscription("A"))
    last = replace(middle, last_day=NOW.date())
    one, other = (trusting(customer(held)) for held in (middle, last))
    calm, hurried = _both(one, other, NOW + timedelta(hours=13))
    assert ("TOO_CLOSE_TO_TERM_END", Severity.BLOCKS) in hurried.findings
    assert ("TOO_CLOSE_TO_TERM_END", Severity.BLOCKS) not in calm.findings


def test_the_ends_of_a_bundle_are_compared_as_they_are() -> None:
    base = replace(complete(subscription("A", number=1)), auto_renews=False)
    addon = replace(complete(subscription("A", number=2)), parent_id=base.subscription_id)
    later = replace(addon, last_day=date(2027, 6, 30))
    one, other = (trusting(customer(base, held)) for held in (addon, later))
    together, _, outlived, _ = _both(one, other)
    assert ("ADDON_OUTLIVES_BASE", Severity.WARNS) in outlived.findings
    assert ("ADDON_OUTLIVES_BASE", Severity.WARNS) not in together.findings


def test_the_day_on_which_a_promotion_ends_is_told() -> None:
    sooner = replace(
        complete(subscription("A")), promotion_id="SUMMER", promotion_ends=date(2027, 1, 31)
    )
    later = replace(sooner, promotion_ends=date(2027, 2, 28))
    said = _both(trusting(customer(sooner)), trusting(customer(later)))
    assert [one.opens_on for one in said] == [date(2027, 2, 1), date(2027, 3, 1)]


def test_a_renewal_at_which_microsoft_moves_it_opens_nothing() -> None:
    sooner = replace(complete(subscription("A")), promotion_id="SUMMER")
    later = replace(sooner, last_day=date(2027, 6, 30))
    said = _both(trusting(customer(sooner)), trusting(customer(later)))
    assert [one.opens_on for one in said] == [None, None]


def test_a_total_over_all_sellers_counts_for_what_it_holds_beyond_ours() -> None:
    """Seats weigh then, though all of them together are below every limit."""
    own = complete(subscription("C", 5))
    ours = replace(complete(subscription("A", 5, number=1)), product_guid=guid("B"))
    total = subscription("B", 5, number=2, seller=Seller.NOT_KNOWN)
    one = trusting(customer(own, ours, total))
    other = trusting(customer(own, ours, replace(total, seats=8)))
    alone_ours, _, with_others, _ = _both(one, other)
    codes = {code for code, _ in with_others.findings}
    assert "SERVICES_ALREADY_OWNED" in codes
    assert "SERVICES_ALREADY_OWNED" not in {code for code, _ in alone_ours.findings}


@pytest.mark.parametrize(
    ("name", "beside"),
    [("C", "B"), ("E", "b"), ("F", "b")],
    ids=["an upgrade's target", "an add-on's base", "the base of a trial of an add-on"],
)
def test_what_else_a_customer_holds_is_told_where_rules_ask_for_it(name: str, beside: str) -> None:
    held = complete(subscription(name, 5))
    more = complete(subscription(beside, 5, number=1))
    one, other = _both(trusting(customer(held)), trusting(customer(held, more)))[:2]
    assert one.findings != other.findings


def test_the_seats_of_an_add_on_weigh_though_its_base_has_no_limit() -> None:
    base = complete(subscription("G", 5))
    addon = replace(complete(subscription("A", 5, number=1)), parent_id=base.subscription_id)
    verdicts = Verdicts(QUESTION)
    for seats in (5, 31, 41, 301, None):
        held = trusting(customer(base, replace(addon, seats=seats)))
        assert [row.judged for row in verdicts.rows(held)] == alone(QUESTION, held)


def test_a_product_that_nobody_tells_leaves_the_limit_of_seats_open() -> None:
    """All seats together are below the limit, and yet: of which offer are theirs?"""
    held = complete(subscription("A", 5))
    untold = replace(
        subscription("B", 5, number=1, seller=Seller.ANOTHER_PARTNER), product_guid=None
    )
    known, unclear = _both(trusting(customer(held)), trusting(customer(held, untold)))
    assert "SEAT_CAP" in unclear.unanswered
    assert "SEAT_CAP" not in known.unanswered


def test_an_add_on_and_its_base_are_not_judged_as_if_they_were_alone() -> None:
    held = complete(subscription("A", 5))
    addon = replace(complete(subscription("A", 5, number=1)), parent_id=held.subscription_id)
    other = replace(addon, state=SubscriptionState.SUSPENDED)
    with_active, _, with_idle, _ = _both(
        trusting(customer(held, addon)), trusting(customer(held, other))
    )
    assert with_active != with_idle


@pytest.mark.parametrize("mode", Mode)
def test_positions_of_another_mode_are_their_own(mode: Mode) -> None:
    held = trusting(customer(complete(subscription("A"))))
    question = replace(QUESTION, mode=mode)
    path = Verdicts(question).ways.of(held.holdings.own[0].catalog_id).path
    assert path is not None
    rows = Verdicts(question).rows(held)
    assert rows[0].judged == judged_alone(question, held, held.holdings.own[0], path)


def test_the_rules_are_those_whose_reads_were_looked_through() -> None:
    """A new rule, or a new version of them, asks for a new look at planner.portfolios.likeness."""
    assert {rule.name for rule in RULES} == RULES_LOOKED_THROUGH
    assert RULES_VERSION == "3"


READ: set[str] = set()


class Watched(Subscription):
    """A subscription that notes which of its fields are read."""

    def __getattribute__(self, name: str) -> Any:
        # A copy reads everything, and nothing comes of it.
        if name in FIELDS and sys._getframe(1).f_globals["__name__"] != "dataclasses":
            READ.add(name)
        return super().__getattribute__(name)


def _watched(held: Iterable[Subscription]) -> tuple[Subscription, ...]:
    return tuple(
        Watched(**{field.name: getattr(one, field.name) for field in fields(Subscription)})
        for one in held
    )


def test_no_rule_reads_a_field_that_is_said_to_be_never_read() -> None:
    dice = random.Random(11)  # noqa: S311 - no secret
    verdicts = Verdicts(QUESTION)
    READ.clear()
    for _ in range(400):
        model = a_customer(dice)
        own = _watched(model.holdings.own)
        holdings = replace(model.holdings, own=own, foreign=_watched(model.holdings.foreign))
        held = replace(model, holdings=holdings)
        for one, row in zip(own, verdicts.rows(model), strict=True):
            if row.way.path is not None:
                judged_alone(QUESTION, held, one, row.way.path)
    assert not READ & NEVER_READ
    told = {field.name for field in fields(Subscription)} - NEVER_READ - TOLD_ONLY
    assert told <= READ


def test_every_field_of_a_subscription_is_weighed_told_or_never_read() -> None:
    """A new field has to be put into the key, or into one of the two lists."""
    weighed = {name for name in FIELDS if name not in TOLD_ONLY | NEVER_READ}
    assert weighed | TOLD_ONLY | NEVER_READ == {field.name for field in fields(Subscription)}


def test_a_position_does_not_name_the_customer_and_does_name_its_market() -> None:
    held = trusting(customer(complete(subscription("A"))))
    verdicts = Verdicts(QUESTION)
    verdicts.rows(held)
    verdicts.rows(replace(held, customer_id="1" * 8, name="Fabrikam", domain="fabrikam.example"))
    assert verdicts.shared == 1
    verdicts.rows(replace(held, market=None))
    assert verdicts.shared == 1


def test_what_else_a_customer_holds_keeps_no_migration_from_being_shared() -> None:
    held = complete(subscription("G"))
    beside = complete(subscription("B", number=2))
    verdicts = Verdicts(QUESTION)
    verdicts.rows(trusting(customer(held)))
    verdicts.rows(trusting(customer(replace(held, subscription_id="other"), beside)))
    assert verdicts.shared == 1


def test_positions_that_came_up_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.portfolios.verdicts.POSITIONS_KEPT", 4)
    verdicts = Verdicts(QUESTION)
    often = trusting(customer(complete(subscription("A"))))
    rows = verdicts.rows(often)
    for number in range(20):
        seldom = replace(complete(subscription("A")), partner_of_record=str(number))
        verdicts.rows(trusting(customer(seldom)))
        assert verdicts.rows(often) == rows
    assert verdicts.shared == 20
