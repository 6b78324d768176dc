"""What whoever acts may do: every page's word on roles, signing in, and the customer's grant."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Actor, Blocker, RemedyAction, Severity, Unanswered
from planner.offers import Known
from planner.permissions import (
    ANYONE,
    PERMISSIONS,
    SHUT_TO_RESELLERS,
    Acting,
    Action,
    PartnerType,
    Role,
    SignIn,
    may,
    role_for,
    role_title,
    who_may,
)
from planner.readiness import Readiness, readiness
from planner.rules import Mode
from planner.rules.walk import Answer
from tests.examples import checked
from tests.planner.builders import customer
from tests.planner.rules.asked_rules import NO_TRANSFER, TRANSFER, actions, ask, fails
from tests.planner.rules.asked_rules import unknown as unknown_fields

UPGRADE, CONVERSION = "AB", "ab"
CERTAINTY = [Known.NO, Known.UNKNOWN, Known.YES]
any_action = st.sampled_from(Action)
role_sets = st.frozensets(st.sampled_from(Role))
NOT_A_RESELLER = (None, PartnerType.DIRECT_BILL, PartnerType.INDIRECT_PROVIDER)


def _with(*roles: Role) -> Acting:
    return Acting(frozenset(roles))


@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_page_and_every_row_a_source(action: Action) -> None:
    rows = who_may(action)
    assert rows
    assert all(row.action is action and row.roles and row.page and row.source for row in rows)


def test_no_page_speaks_twice_of_one_action() -> None:
    told = [(row.action, row.page) for row in PERMISSIONS]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("action", Action)
def test_the_role_that_a_step_names_is_admitted_by_every_page(action: Action) -> None:
    assert all(role_for(action) in row.roles for row in who_may(action))


@pytest.mark.parametrize(
    ("action", "role"),
    [
        (Action.LEGACY_UPGRADE, Role.ADMIN_AGENT),
        (Action.CONVERSION, Role.ADMIN_AGENT),
        (Action.MIGRATION, Role.ADMIN_AGENT),
        (Action.MULTICHANNEL, Role.SALES_AGENT),
    ],
)
def test_an_agents_role_is_named_before_a_tenant_administrators(action: Action, role: Role) -> None:
    assert role_for(action) is role


@pytest.mark.parametrize("role", ["USER_MANAGEMENT_ADMIN", "SALES_AGENT", "HELPDESK_AGENT"])
def test_the_upgrade_page_admits_roles_that_the_api_pages_do_not(role: str) -> None:
    assert may(_with(Role(role)), Action.LEGACY_UPGRADE) is Known.UNKNOWN
    assert may(_with(Role(role), Role.ADMIN_AGENT), Action.LEGACY_UPGRADE) is Known.YES


@pytest.mark.parametrize(
    ("role", "action", "answer"),
    [
        (Role.BILLING_ADMIN, Action.LEGACY_UPGRADE, Known.NO),
        (Role.HELPDESK_AGENT, Action.MIGRATION, Known.NO),
        (Role.SALES_AGENT, Action.MIGRATION, Known.YES),
        (Role.HELPDESK_AGENT, Action.CONVERSION, Known.UNKNOWN),
        (Role.GLOBAL_ADMIN, Action.MIGRATION, Known.YES),
        (Role.GLOBAL_ADMIN, Action.SCHEDULE_MIGRATION, Known.UNKNOWN),
        (Role.BILLING_ADMIN, Action.BILLING_FREQUENCY, Known.YES),
        (Role.SALES_AGENT, Action.BILLING_FREQUENCY, Known.NO),
        (Role.MPN_PARTNER_ADMIN, Action.VIEW_PRICES, Known.UNKNOWN),
        (Role.ADMIN_AGENT, Action.MULTICHANNEL, Known.NO),
        (Role.HELPDESK_AGENT, Action.ASSIGN_LICENSES, Known.YES),
    ],
)
def test_one_role_may_what_the_pages_say(role: Role, action: Action, answer: Known) -> None:
    assert may(_with(role), action) is answer


@pytest.mark.parametrize("action", Action)
def test_nobody_known_is_unknown_and_nobody_with_a_role_is_no(action: Action) -> None:
    assert may(ANYONE, action) is Known.UNKNOWN
    assert may(_with(), action) is Known.NO
    assert may(Acting(frozenset(Role)), action) is Known.YES


@pytest.mark.parametrize("roles", [None, frozenset(Role)])
@pytest.mark.parametrize("action", sorted(SHUT_TO_RESELLERS))
def test_an_indirect_reseller_acts_on_no_subscription(
    action: Action, roles: frozenset[Role] | None
) -> None:
    assert may(Acting(roles, PartnerType.INDIRECT_RESELLER), action) is Known.NO


@checked(300)
@given(role_sets, any_action, st.sampled_from(NOT_A_RESELLER))
def test_may_is_yes_where_all_pages_admit_one_role_and_no_where_none_admits_any(
    roles: frozenset[Role], action: Action, partner_type: PartnerType | None
) -> None:
    pages = [row.roles for row in PERMISSIONS if row.action is action]
    everywhere = [role for role in roles if all(role in page for page in pages)]
    somewhere = [role for role in roles if any(role in page for page in pages)]
    expected = Known.YES if everywhere else Known.UNKNOWN if somewhere else Known.NO
    assert may(Acting(roles, partner_type), action) is expected


@checked(200)
@given(role_sets, role_sets, any_action, st.sampled_from([*PartnerType, None]))
def test_one_more_role_never_takes_a_permission_away(
    roles: frozenset[Role], more: frozenset[Role], action: Action, kind: PartnerType | None
) -> None:
    before, after = may(Acting(roles, kind), action), may(Acting(roles | more, kind), action)
    assert CERTAINTY.index(after) >= CERTAINTY.index(before)


def test_roles_are_written_as_partner_center_writes_them() -> None:
    assert role_title(Role.USER_MANAGEMENT_ADMIN) == "User management admin"
    assert role_title(Role.MPN_PARTNER_ADMIN) == "MPN partner admin"
    assert len({role_title(role) for role in Role}) == len(Role)


def _codes(blocker: Blocker) -> list[tuple[str, int]]:
    return [(code.api, code.number) for code in blocker.partner_center]


@pytest.mark.parametrize("rule", ["SIGN_IN", "ADMIN_PERMISSION"])
def test_who_acts_does_not_decide(rule: str) -> None:
    assert readiness((), (Unanswered(rule, ("field",), "?"),)) is Readiness.READY


@pytest.mark.parametrize(("move", "api"), [(UPGRADE, "UPGRADE"), (CONVERSION, "TRANSITION")])
def test_an_application_alone_must_sign_in_as_a_user(move: str, api: str) -> None:
    blocker = fails(ask("SIGN_IN", move, acting=Acting(sign_in=SignIn.APP_ONLY)))
    assert (blocker.severity, _codes(blocker)) == (Severity.BLOCKS, [(api, 5)])
    assert actions(blocker) == [(RemedyAction.SIGN_IN_AS_USER, Actor.US)]
    assert "alone is supported" in blocker.evidence[0].message
    assert ask("SIGN_IN", move, acting=Acting(sign_in=SignIn.APP_AND_USER)) == ()
    assert unknown_fields(ask("SIGN_IN", move)) == ("acting.signIn",)


def _administered(
    delegated: Known, *granted: str, mode: Mode = NO_TRANSFER, move: str = UPGRADE
) -> Answer:
    held = replace(customer(), delegated_admin=delegated)
    acting = Acting(granular_roles=frozenset(granted))
    return ask("ADMIN_PERMISSION", move, held, mode=mode, acting=acting)


@pytest.mark.parametrize(
    ("mode", "role", "is_enough"),
    [
        (NO_TRANSFER, "Directory Readers", True),
        (NO_TRANSFER, "directory reader", True),
        (NO_TRANSFER, "Global Reader", True),
        (NO_TRANSFER, "Directory Writers", True),
        (NO_TRANSFER, "License Administrator", False),
        (TRANSFER, "Directory Writers", True),
        (TRANSFER, "Directory Readers", False),
        (TRANSFER, "Global Reader", False),
    ],
)
def test_the_mode_says_which_granular_role_is_enough(
    mode: Mode, role: str, is_enough: bool
) -> None:
    answer = _administered(Known.NO, role, mode=mode)
    assert (answer == ()) is is_enough


def test_without_any_administration_an_upgrade_blocks_and_the_customer_grants_it() -> None:
    blocker = fails(_administered(Known.NO))
    assert (blocker.code, blocker.severity) == ("ADMIN_PERMISSION_MISSING", Severity.BLOCKS)
    assert _codes(blocker) == [("UPGRADE", 1), ("UPGRADE", 11)]
    assert actions(blocker) == [(RemedyAction.GET_PERMISSION, Actor.CUSTOMER)]
    assert "Directory Readers or Global Reader" in blocker.remedies[0].message


def test_delegated_administration_is_enough_in_every_mode() -> None:
    assert _administered(Known.YES) == ()
    assert _administered(Known.YES, mode=TRANSFER) == ()


def test_a_conversion_only_notes_it_since_gdap_is_required_for_legacy_alone() -> None:
    blocker = fails(_administered(Known.NO, move=CONVERSION))
    assert blocker.severity is Severity.NOTES
    assert _codes(blocker) == [("TRANSITION", 1), ("TRANSITION", 13)]
    assert "only required for legacy" in blocker.evidence[-1].message


def test_administration_that_nobody_tells_is_unknown_by_name() -> None:
    delegated, granular = "customer.allowDelegatedAccess", "acting.granularRoles"
    refused = replace(customer(), delegated_admin=Known.NO)
    assert unknown_fields(ask("ADMIN_PERMISSION", UPGRADE)) == (delegated, granular)
    assert unknown_fields(ask("ADMIN_PERMISSION", UPGRADE, refused)) == (granular,)
    assert unknown_fields(_administered(Known.UNKNOWN, "User Administrator")) == (delegated,)
    assert _administered(Known.UNKNOWN, "Global Reader") == ()
