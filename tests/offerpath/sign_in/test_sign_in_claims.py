"""Roles come from app roles, else groups, else directory roles; the person from oid or sub."""

from typing import Any

import pytest

from offerpath.sign_in.claims import ClaimRules, principal_of_claims
from offerpath.sign_in.refusals import SignInRefused
from offerpath.sign_in.role_names import (
    BILLING_ADMINISTRATOR,
    DIRECTORY_ROLES,
    GLOBAL_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    role_named,
)
from planner.permissions import Role, role_title
from resolvers.records.principal import Actor, ActorKind

TENANT = "0ffe2a11-0000-4000-8000-0000000000a1"
ADMINS = "aaaaaaaa-0000-4000-8000-000000000001"
HELPDESK = "aaaaaaaa-0000-4000-8000-000000000002"
GROUPS = {ADMINS: Role.ADMIN_AGENT, HELPDESK: Role.HELPDESK_AGENT}
RULES = ClaimRules("tid", None, None, frozenset(), GROUPS, DIRECTORY_ROLES)
WITHOUT_GROUPS = ClaimRules("tid", None, None, frozenset(), {}, DIRECTORY_ROLES)
ELSEWHERE = {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "x"}}}


def roles(rules: ClaimRules = RULES, /, **claims: Any) -> set[Role]:
    return set(principal_of_claims({"tid": TENANT, "oid": "x", **claims}, rules).roles)


def refused(rules: ClaimRules = RULES, /, **claims: Any) -> str:
    with pytest.raises(SignInRefused) as caught:
        roles(rules, **claims)
    return caught.value.code


@pytest.mark.parametrize("role", Role)
def test_a_role_is_known_by_its_name_and_its_title_in_any_spelling(role: Role) -> None:
    title = role_title(role)
    spelt = (role, role.lower(), title, title.upper(), title.replace(" ", "-"))
    assert {role_named(text) for text in spelt} == {role}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("AdminAgents", Role.ADMIN_AGENT),
        ("SalesAgents", Role.SALES_AGENT),
        ("HelpdeskAgents", Role.HELPDESK_AGENT),
        ("GlobalAdmins", None),
        ("ADM\u0130N_AGENT", None),
        ("\u017fales agent", None),
        ("ADMIN\u200b_AGENT", None),
        ("admin", None),
        ("", None),
    ],
)
def test_the_groups_of_agents_are_known_by_name(name: str, role: Role | None) -> None:
    assert role_named(name) is role


def test_app_roles_go_before_groups_and_groups_before_directory_roles() -> None:
    of_groups = {"groups": [ADMINS.upper(), "x"]}
    of_directory = {"wids": [GLOBAL_ADMINISTRATOR]}
    assert roles(roles=["SALES_AGENT"], **of_groups, **of_directory) == {Role.SALES_AGENT}
    assert roles(roles=["Task.Read"], **of_groups, **of_directory) == {Role.ADMIN_AGENT}
    assert roles(groups=["x"], **of_directory) == {Role.GLOBAL_ADMIN}
    assert roles() == set()


def test_the_directory_roles_of_partner_center_are_known() -> None:
    wids = [GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR.upper(), BILLING_ADMINISTRATOR, "other"]
    told = {Role.GLOBAL_ADMIN, Role.USER_MANAGEMENT_ADMIN, Role.BILLING_ADMIN}
    assert roles(wids=wids) == told


@pytest.mark.parametrize("odd", [None, 1, {"a": 1}, [1, None, ["ADMIN_AGENT"]], ""])
def test_claims_of_another_form_give_no_role(odd: Any) -> None:
    assert roles(roles=odd, groups=odd, wids=odd) == set()


def test_one_role_may_stand_alone() -> None:
    assert roles(roles="ADMIN_AGENT", groups=HELPDESK) == {Role.ADMIN_AGENT}


@pytest.mark.parametrize("overage", [ELSEWHERE, {"hasgroups": True}, {"hasgroups": "true"}])
def test_an_overage_is_refused_unless_app_roles_tell(overage: dict[str, Any]) -> None:
    assert refused(**overage) == "GROUPS_OVERAGE"
    assert refused(wids=[GLOBAL_ADMINISTRATOR], **overage) == "GROUPS_OVERAGE"
    assert refused(roles=["Other"], **overage) == "GROUPS_OVERAGE"
    assert roles(roles=["ADMIN_AGENT"], **overage) == {Role.ADMIN_AGENT}


def test_an_overage_does_not_matter_where_groups_give_no_role_and_the_directory_does() -> None:
    told = roles(WITHOUT_GROUPS, wids=[GLOBAL_ADMINISTRATOR], **ELSEWHERE)
    assert told == {Role.GLOBAL_ADMIN}
    assert refused(WITHOUT_GROUPS, **ELSEWHERE) == "GROUPS_OVERAGE"


@pytest.mark.parametrize("other", [{"_claim_names": {"photo": "src1"}}, {"hasgroups": False}])
def test_what_else_is_elsewhere_does_not_matter(other: dict[str, Any]) -> None:
    assert roles(groups=[ADMINS], **other) == {Role.ADMIN_AGENT}


@pytest.mark.parametrize(
    ("claims", "actor_id", "label"),
    [
        ({"oid": TENANT.upper(), "sub": "y", "name": "A"}, TENANT, "A"),
        ({"sub": "auth0|7", "preferred_username": "a@b.example"}, "auth0|7", "a@b.example"),
        ({"oid": 7, "sub": "y"}, "y", ""),
        ({"oid": "y", "name": "A\x00\n\x1bB" + "x" * 300}, "y", "AB" + "x" * 198),
        ({"oid": "y", "name": "A\u202eB\u2028C\u2066D"}, "y", "ABCD"),
        ({"sub": "x" * 255}, "x" * 255, ""),
        ({"oid": "y", "app_displayname": "Nightly import"}, "y", "Nightly import"),
    ],
)
def test_the_person_is_named_without_what_could_break_a_line(
    claims: dict[str, Any], actor_id: str, label: str
) -> None:
    principal = principal_of_claims({"tid": TENANT, **claims}, RULES)
    assert principal.actor == Actor(ActorKind.TOKEN, actor_id, label)


@pytest.mark.parametrize("claims", [{"oid": "x" * 256}, {"oid": None, "sub": "x" * 256}])
def test_nobody_is_taken_for_another_whose_id_begins_alike(claims: dict[str, Any]) -> None:
    assert refused(RULES, **claims) == "TOKEN_NOT_ACCEPTED"
