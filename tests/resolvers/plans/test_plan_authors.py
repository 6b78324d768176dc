"""Who a plan's history says has acted."""

from uuid import uuid4

import pytest

from planner.permissions import Role
from resolvers.plans.decisions import author_of
from resolvers.records.principal import Actor, ActorKind, Principal


@pytest.mark.parametrize("roles", [frozenset(), frozenset({Role.SALES_AGENT}), frozenset(Role)])
def test_without_sign_in_it_is_the_local_partner_whatever_the_roles(
    roles: frozenset[Role],
) -> None:
    assert author_of(Principal(str(uuid4()), roles)) == "the local partner"


@pytest.mark.parametrize("kind", [ActorKind.TOKEN, ActorKind.KEY])
def test_with_sign_in_it_is_a_name_with_the_roles_in_order(kind: ActorKind) -> None:
    roles = frozenset({Role.SALES_AGENT, Role.ADMIN_AGENT})
    named = Principal(str(uuid4()), roles, actor=Actor(kind, "an-id", "Ann"))
    assert author_of(named) == "Ann (ADMIN_AGENT, SALES_AGENT)"
    nameless = Principal(str(uuid4()), frozenset(), actor=Actor(kind, "an-id"))
    assert author_of(nameless) == "an-id (no role)"
