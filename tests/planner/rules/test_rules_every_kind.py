"""Who acts, the agreement, the partner on record and the end of sale: asked of every kind."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Actor, Alternative, Blocker, RemedyAction, Severity, Unanswered
from planner.facts import SaleEnd
from planner.offers import Known
from planner.permissions import Acting, Action, PartnerType, Role, may
from planner.readiness import Readiness, readiness
from planner.rules import NO_CHOICES, Choices, StepInHand
from planner.rules.role import action_of
from planner.rules.walk import Answer
from planner.transitions import TransitionKind
from tests.examples import checked
from tests.planner.builders import NOW, customer, from_facts, oid, subscription
from tests.planner.rules.asked_rules import CATALOG, RULE, actions, ask, fails, unknown

AGENT = Acting(frozenset({Role.ADMIN_AGENT}), PartnerType.DIRECT_BILL)
KINDS = ("AB", "Aa", "ab")
UPGRADE, MIGRATION, CONVERSION = KINDS
AT_RENEWAL = Choices(at_renewal=True)


def _codes(blocker: Blocker) -> list[tuple[str, int]]:
    return [(code.api, code.number) for code in blocker.partner_center]


def _role(move: str, *roles: Role, choices: Choices = NO_CHOICES) -> Answer:
    acting = Acting(frozenset(roles), PartnerType.DIRECT_BILL)
    return ask("ROLE", move, choices=choices, acting=acting)


@pytest.mark.parametrize("rule", ["ROLE", "PARTNER_OF_RECORD", "TARGET_OFFERED"])
def test_rules_of_every_kind_are_in_the_table_for_every_kind(rule: str) -> None:
    assert RULE[rule].kinds == frozenset(TransitionKind)


@pytest.mark.parametrize("rule", ["ROLE", "CUSTOMER_AGREEMENT", "PARTNER_OF_RECORD"])
def test_what_is_not_known_of_partner_and_customer_decides_nothing(rule: str) -> None:
    answer = ask(rule, MIGRATION)
    assert all(isinstance(one, Unanswered) and one.rule == rule for one in answer)
    assert readiness((), (Unanswered(rule, ("field",), "?"),)) is Readiness.READY


@pytest.mark.parametrize("move", KINDS)
def test_an_admin_agent_may_carry_out_every_kind(move: str) -> None:
    assert ask("ROLE", move, acting=AGENT) == ()


@pytest.mark.parametrize("move", KINDS)
def test_who_acts_is_asked_for_by_name(move: str) -> None:
    assert unknown(ask("ROLE", move)) == ("acting.roles", "acting.partnerType")
    no_type = Acting(frozenset({Role.ADMIN_AGENT}))
    assert unknown(ask("ROLE", move, acting=no_type)) == ("acting.partnerType",)


def test_a_role_that_no_page_admits_blocks_and_names_the_one_that_all_admit() -> None:
    blocker = fails(_role(MIGRATION, Role.HELPDESK_AGENT))
    assert (blocker.code, blocker.severity) == ("ROLE_MISSING", Severity.BLOCKS)
    assert actions(blocker) == [(RemedyAction.GET_PERMISSION, Actor.US)]
    assert blocker.remedies[0].role == "ADMIN_AGENT"
    assert ("action", "MIGRATION") in blocker.parameters


def test_a_role_on_which_pages_disagree_warns_and_names_both() -> None:
    blocker = fails(_role(UPGRADE, Role.HELPDESK_AGENT))
    assert (blocker.code, blocker.severity) == ("ROLE_DISPUTED", Severity.WARNS)
    admits, _, refuses = blocker.message.partition(";")
    assert "the upgrade page" in admits
    assert "transition API" in refuses
    assert {one.source for one in blocker.evidence} >= {
        "upgrade page, roles",
        "docs/sources.md 0 (roles)",
    }


def test_no_role_at_all_blocks() -> None:
    assert fails(_role(CONVERSION)).severity is Severity.BLOCKS


def test_a_move_at_renewal_asks_for_the_roles_of_scheduling() -> None:
    assert _role(MIGRATION, Role.GLOBAL_ADMIN) == ()
    later = fails(_role(MIGRATION, Role.GLOBAL_ADMIN, choices=AT_RENEWAL))
    assert ("action", "SCHEDULE_MIGRATION") in later.parameters
    assert fails(_role(CONVERSION, Role.SALES_AGENT)).severity is Severity.WARNS
    assert _role(CONVERSION, Role.SALES_AGENT, choices=AT_RENEWAL) == ()


@pytest.mark.parametrize("move", KINDS)
def test_an_indirect_reseller_is_sent_to_its_provider(move: str) -> None:
    acting = Acting(frozenset(Role), PartnerType.INDIRECT_RESELLER)
    blocker = fails(ask("ROLE", move, acting=acting))
    assert (blocker.code, blocker.severity) == ("INDIRECT_RESELLER", Severity.BLOCKS)
    assert actions(blocker) == [(RemedyAction.GET_PERMISSION, Actor.ANOTHER_PARTNER)]


@checked(200)
@given(
    st.frozensets(st.sampled_from(Role)),
    st.sampled_from(PartnerType),
    st.sampled_from(KINDS),
    st.booleans(),
)
def test_the_rule_says_what_the_matrix_says(
    roles: frozenset[Role], partner_type: PartnerType, move: str, at_renewal: bool
) -> None:
    acting = Acting(roles, partner_type)
    kinds = {"AB": Action.LEGACY_UPGRADE, "Aa": Action.MIGRATION, "ab": Action.CONVERSION}
    later = {"Aa": Action.SCHEDULE_MIGRATION, "ab": Action.MANAGE_SUBSCRIPTION}
    action = later.get(move, kinds[move]) if at_renewal else kinds[move]
    answer = ask("ROLE", move, choices=Choices(at_renewal=at_renewal), acting=acting)
    said = {Known.YES: None, Known.UNKNOWN: Severity.WARNS, Known.NO: Severity.BLOCKS}
    found = answer[0] if answer else None
    assert (found.severity if isinstance(found, Blocker) else None) is said[may(acting, action)]


@pytest.mark.parametrize("kind", TransitionKind)
def test_every_kind_of_move_is_some_action(kind: TransitionKind) -> None:
    assert isinstance(action_of(kind), Action)
    assert isinstance(action_of(kind, at_renewal=True), Action)


@pytest.mark.parametrize("move", [MIGRATION, CONVERSION])
def test_new_commerce_needs_the_customers_agreement(move: str) -> None:
    refused = replace(customer(), agreement=Known.NO)
    blocker = fails(ask("CUSTOMER_AGREEMENT", move, refused))
    assert blocker.severity is Severity.BLOCKS
    assert blocker.subject == refused.customer_id
    assert _codes(blocker) == [("REST", 13605)]
    assert actions(blocker)[0] == (RemedyAction.GET_AGREEMENT, Actor.CUSTOMER)
    assert ask("CUSTOMER_AGREEMENT", move, replace(refused, agreement=Known.YES)) == ()
    assert unknown(ask("CUSTOMER_AGREEMENT", move, customer())) == ("customer.agreement",)


def test_the_agreement_is_asked_once_where_a_path_enters_new_commerce() -> None:
    refused = replace(customer(), agreement=Known.NO)
    assert ask("CUSTOMER_AGREEMENT", CONVERSION, refused, is_first=False) == ()
    assert fails(ask("CUSTOMER_AGREEMENT", MIGRATION, refused, is_first=False))


def test_a_legacy_upgrade_asks_for_no_agreement() -> None:
    assert TransitionKind.LEGACY_UPGRADE not in RULE["CUSTOMER_AGREEMENT"].kinds
    assert ask("CUSTOMER_AGREEMENT", UPGRADE, replace(customer(), agreement=Known.NO)) == ()


def _recorded(move: str, partner_id: str | None, *, is_first: bool = True) -> Answer:
    source = replace(subscription(move[0]), partner_of_record=partner_id)
    return ask("PARTNER_OF_RECORD", move, source=source, is_first=is_first)


@pytest.mark.parametrize("move", KINDS)
def test_a_partner_id_of_digits_is_clear_and_none_is_unknown(move: str) -> None:
    assert _recorded(move, "1234567") == ()
    assert unknown(_recorded(move, None)) == ("subscription.partnerId",)
    assert unknown(_recorded(move, " ")) == ("subscription.partnerId",)


@pytest.mark.parametrize("given_id", ["MPN-1234567", "12 34", "१२३", "1234567x"])
def test_a_malformed_partner_id_blocks_a_migration_with_its_code(given_id: str) -> None:
    blocker = fails(_recorded(MIGRATION, given_id, is_first=False))
    assert blocker.severity is Severity.BLOCKS
    assert _codes(blocker) == [("MIGRATION", 9), ("REST", 900247)]
    assert actions(blocker) == [(RemedyAction.CORRECT_PARTNER_ID, Actor.US)]
    assert blocker.parameters == (("partnerId", given_id),)


@pytest.mark.parametrize("move", [UPGRADE, CONVERSION])
def test_a_malformed_partner_id_warns_of_moves_for_which_no_page_names_it(move: str) -> None:
    blocker = fails(_recorded(move, "none"))
    assert (blocker.severity, _codes(blocker)) == (Severity.WARNS, [])
    assert _recorded(move, "none", is_first=False) == ()


STARTS = date(2026, 11, 1)


def _sale(
    *ends: tuple[str | None, date], move: str = MIGRATION, market: str | None = "US", at: date
) -> Answer:
    rows = tuple(
        SaleEnd(oid(move[1]), where, starts, f"ended in {where}", f"list_{where}")
        for where, starts in ends
    )
    made = from_facts(replace(CATALOG.facts, sale_ends=rows))
    edge = made.transition(oid(move[0]), oid(move[1]))
    assert edge is not None
    step = StepInHand(
        made,
        customer(market=market),
        subscription(move[0]),
        edge,
        is_first=True,
        is_last=True,
        choices=NO_CHOICES,
        acting=AGENT,
        at=datetime(at.year, at.month, at.day, tzinfo=UTC),
    )
    return RULE["TARGET_OFFERED"].ask(step)


@pytest.mark.parametrize("move", KINDS)
def test_an_ended_sale_warns_from_its_first_day_on(move: str) -> None:
    assert _sale((None, STARTS), move=move, at=STARTS - timedelta(1)) == ()
    blocker = fails(_sale((None, STARTS), move=move, at=STARTS))
    assert (blocker.code, blocker.severity) == ("TARGET_END_OF_SALE", Severity.WARNS)
    assert blocker.alternatives == (Alternative.ANOTHER_TARGET,)
    assert (blocker.clears_on, blocker.source) == (None, "list_None")
    assert "not published" in blocker.message
    assert ("starts", "2026-11-01") in blocker.parameters


def test_an_end_of_sale_holds_in_its_market_alone() -> None:
    assert _sale(("DE", STARTS), at=STARTS) == ()
    assert ("market", "US") in fails(_sale(("US", STARTS), at=STARTS)).parameters


def test_a_sale_that_ends_in_an_unknown_customers_market_stays_an_open_question() -> None:
    assert unknown(_sale(("US", STARTS), market=None, at=STARTS)) == ("customer.market",)
    everywhere = _sale((None, STARTS), market=None, at=STARTS)
    assert [type(one) for one in everywhere] == [Unanswered, Blocker]


def test_several_ends_make_one_finding_that_names_every_source() -> None:
    ends = (("US", STARTS), (None, STARTS - timedelta(30)))
    blocker = fails(_sale(*ends, at=NOW.date()))
    assert blocker == fails(_sale(*reversed(ends), at=NOW.date()))
    assert ("starts", "2026-10-02") in blocker.parameters
    assert [one.source for one in blocker.evidence] == ["list_None", "list_US"]


def test_a_conversion_to_an_ended_sale_tells_that_pages_disagree() -> None:
    told = fails(_sale((None, STARTS), move=CONVERSION, at=STARTS)).evidence
    assert told[-1].source == "docs/sources.md 2 (end of sale)"
    assert len(fails(_sale((None, STARTS), move=MIGRATION, at=STARTS)).evidence) == 1
