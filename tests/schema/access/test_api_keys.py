"""API keys and the viewer, as front ends meet them."""

from typing import Any
from uuid import uuid4

import pytest

from planner.permissions import PartnerType, Role
from resolvers.access.key_text import read_key_text
from schema.relay.node import global_id
from tests.schema.api import Api

CREATE = """mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    ... on ApiKeyCreated { token apiKey { id keyId name state roles expiresAt lastUsedAt } }
    ... on ApiKeyRefused { code remedy } } }"""
REVOKE = """mutation($id: String!) { revokeApiKey(keyId: $id) {
    ... on ApiKey { keyId state revokedAt } ... on ApiKeyNotFound { code keyId } } }"""
LIST = """query($first: Int!, $after: String) { apiKeys(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { name } } } }"""


async def created(api: Api, **wish: Any) -> Any:
    told = await api.signed_in().ask(CREATE, input={"name": "Nightly", **wish})
    return told["createApiKey"]


async def test_without_sign_in_no_key_is_made(partner: Api) -> None:
    assert await partner.refused(CREATE, input={"name": "Nightly"}) == "KEY_NEEDS_SIGN_IN"
    assert await partner.ask("{ apiKeys(everybody: true) { totalCount } }") == {
        "apiKeys": {"totalCount": 0}
    }


async def test_the_viewer_is_told_partner_roles_and_what_they_permit(partner: Api) -> None:
    seller = partner.acting_as(
        Role.SALES_AGENT, Role.BILLING_ADMIN, partner_type=PartnerType.INDIRECT_RESELLER
    )
    told = await seller.ask(
        "{ viewer { partnerId partnerType roles permissions actor { kind actorId keyId } } }"
    )
    viewer = told["viewer"]
    assert viewer["partnerId"] == partner.partner_id
    assert viewer["partnerType"] == "INDIRECT_RESELLER"
    assert viewer["roles"] == ["BILLING_ADMIN", "SALES_AGENT"]
    assert {"READ_CUSTOMERS", "IMPORT", "OWN_KEYS"} <= set(viewer["permissions"])
    assert not {"DECIDE_PLAN", "MANAGE_KEYS", "READ_AUDIT"} & set(viewer["permissions"])
    assert viewer["actor"] == {"kind": "LOCAL", "actorId": "", "keyId": None}


async def test_the_text_of_a_key_is_told_once(partner: Api) -> None:
    made = await created(partner, roles=["SALES_AGENT"])
    shown = read_key_text(made["token"])
    assert shown is not None
    assert (shown.partner_id, shown.key_id) == (partner.partner_id, made["apiKey"]["keyId"])
    assert made["apiKey"]["state"] == "LIVE"
    assert made["apiKey"]["roles"] == ["SALES_AGENT"]
    assert made["apiKey"]["expiresAt"] == "2027-02-21T09:30:00Z"
    found = await partner.ask(
        "query($id: ID!) { node(id: $id) { ... on ApiKey { name keyId } } }",
        id=made["apiKey"]["id"],
    )
    assert found["node"] == {"name": "Nightly", "keyId": shown.key_id}


@pytest.mark.parametrize(
    ("wish", "code"),
    [({"name": ""}, "KEY_NAME_LENGTH"), ({"days": 0}, "DAYS_OUT_OF_RANGE")],
)
async def test_bad_input_is_an_error_with_its_code(
    partner: Api, wish: dict[str, Any], code: str
) -> None:
    assert await partner.refused(CREATE, input={"name": "x", **wish}) == code


async def test_a_role_that_one_has_not_is_refused(partner: Api) -> None:
    seller = partner.acting_as(Role.SALES_AGENT)
    refused = await created(seller, roles=["ADMIN_AGENT"])
    assert refused["code"] == "KEY_ROLE_NOT_HELD"
    assert refused["remedy"]


async def test_a_key_is_revoked_and_stays_so(partner: Api) -> None:
    key_id = (await created(partner))["apiKey"]["keyId"]
    for _ in range(2):
        told = await partner.ask(REVOKE, id=key_id)
        assert told["revokeApiKey"] == {
            "keyId": key_id,
            "state": "REVOKED",
            "revokedAt": "2026-11-23T09:30:00Z",
        }


async def test_a_key_of_another_partner_is_not_there(partner: Api, sample: Api) -> None:
    made = await created(partner)
    key_id = made["apiKey"]["keyId"]
    for missing in (key_id, str(uuid4())):
        told = await sample.ask(REVOKE, id=missing)
        assert told["revokeApiKey"] == {"code": "API_KEY_NOT_FOUND", "keyId": missing}
    for node in (made["apiKey"]["id"], global_id("ApiKey", "x"), global_id("ApiKey", "\0")):
        asked = "query($id: ID!) { node(id: $id) { __typename } }"
        assert await sample.ask(asked, id=node) == {"node": None}
    assert await partner.refused(REVOKE, id="x") == "MALFORMED_ID"


async def test_pages_make_up_the_whole(partner: Api) -> None:
    for number in range(5):
        await created(partner, name=str(number))
    found, after = [], None
    while True:
        page = (await partner.signed_in().ask(LIST, first=2, after=after))["apiKeys"]
        assert page["totalCount"] == 5
        found += [edge["node"]["name"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(found) == ["0", "1", "2", "3", "4"]
    assert await partner.refused(LIST, first=0) == "FIRST_OUT_OF_RANGE"
    assert await partner.refused(LIST, first=1, after="x") == "BAD_CURSOR"


async def test_the_keys_of_everybody_are_for_admin_agents(partner: Api) -> None:
    await created(partner)
    every = "{ apiKeys(everybody: true) { totalCount } }"
    assert await partner.ask(every) == {"apiKeys": {"totalCount": 1}}
    assert await partner.acting_as(Role.SALES_AGENT).refused(every) == "NOT_PERMITTED"
