"""A token is taken only where the issuer signed it, for us, for now."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import orjson
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from offerpath.sign_in.access_tokens import MAX_BYTES
from planner.permissions import PartnerType, Role
from resolvers.access.key_text import new_key_text
from resolvers.records.keys import ApiKey, HashedKey
from resolvers.records.principal import Actor, ActorKind, Principal
from tests.offerpath.sign_in.issuer import (
    AUDIENCE,
    OTHER_TENANT,
    PERSON,
    TENANT,
    Issuer,
    ec_jwk,
    ec_key,
    jwk,
    rsa_key,
    signed,
)
from tests.offerpath.sign_in.signing_in import Door

REFUSED = ("TOKEN_NOT_ACCEPTED", 401)
UNAVAILABLE = ("SIGN_IN_UNAVAILABLE", 503)


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with Issuer().up() as answering:
        yield answering


@pytest_asyncio.fixture
async def door(issuer: Issuer) -> AsyncIterator[Door]:
    made = Door(issuer)
    yield made
    await made.sign_in.close()


async def test_a_good_token_names_partner_roles_and_person(issuer: Issuer, door: Door) -> None:
    principal = await door.principal(issuer.token(roles=["ADMIN_AGENT", "Sales agent", "Other"]))
    assert principal.partner_id == TENANT
    assert principal.roles == {Role.ADMIN_AGENT, Role.SALES_AGENT}
    assert principal.actor == Actor(ActorKind.TOKEN, PERSON, "An Analyst")
    assert principal.partner_type is None


async def test_it_says_until_when_the_token_holds(issuer: Issuer, door: Door) -> None:
    until = int(time.time()) + 300
    signed_in = await door.sign_in.signed_in(f"bearer  {issuer.token(exp=until)} ")
    assert signed_in.until == datetime.fromtimestamp(until, UTC)


async def test_a_partner_gets_its_row_once_and_one_without_roles_gets_none(
    issuer: Issuer, door: Door
) -> None:
    for _ in range(3):
        await door.principal(issuer.token())
    nobody = await door.principal(issuer.token(tid=OTHER_TENANT, roles=None))
    assert (nobody.partner_id, nobody.roles) == (OTHER_TENANT, frozenset())
    assert door.greeted == [TENANT]


@pytest.mark.parametrize("claim", ["nonce", "at_hash", "c_hash"])
async def test_an_id_token_opens_nothing(issuer: Issuer, door: Door, claim: str) -> None:
    assert await door.refusal(issuer.token(**{claim: "n-0S6_WzA2Mj"})) == REFUSED


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "AT+JWT"])
async def test_what_calls_itself_an_access_token_may_have_a_nonce(
    issuer: Issuer, door: Door, typ: str
) -> None:
    claims = issuer.claims(nonce="n-0S6_WzA2Mj", at_hash="77QmUPtjPfzWtF2AnpK9RQ")
    token = signed(orjson.dumps(claims), typ=typ)
    assert (await door.principal(token)).partner_id == TENANT
    # The header is signed as well: nobody makes an access token of an ID token.
    _, payload, signature = signed(orjson.dumps(claims)).split(".")
    assert await door.refusal(f"{token.split('.')[0]}.{payload}.{signature}") == REFUSED


async def test_a_key_loses_the_roles_that_its_makers_token_no_longer_has(
    issuer: Issuer, door: Door
) -> None:
    both = frozenset({Role.ADMIN_AGENT, Role.SALES_AGENT})
    maker = await door.principal(issuer.token(roles=sorted(both)))
    text = new_key_text(TENANT, str(uuid4()))
    now = datetime.now(UTC)
    made = ApiKey(text.key_id, PERSON, "", "Nightly", both, None, now, now + timedelta(days=1))
    await door.keys.add(maker, HashedKey(made, text.digest), limit=9)
    assert (await door.principal(text.written())).roles == both
    await door.principal(issuer.token(roles=["SALES_AGENT"]))
    assert (await door.principal(text.written())).roles == {Role.SALES_AGENT}
    # A role that comes back, as in a token that was made before, opens the key no further.
    await door.principal(issuer.token(roles=sorted(both)))
    assert (await door.principal(text.written())).roles == {Role.SALES_AGENT}
    await door.principal(issuer.token(roles=None))
    assert (await door.principal(text.written())).roles == frozenset()


async def test_a_key_that_was_made_without_sign_in_opens_nothing(
    issuer: Issuer, door: Door
) -> None:
    """An earlier version made such keys: with every role, and of nobody whom a token could name."""
    await door.principal(issuer.token())
    text, now = new_key_text(TENANT, str(uuid4())), datetime.now(UTC)
    made = ApiKey(text.key_id, "", "", "Off", frozenset(Role), None, now, now + timedelta(days=1))
    local = Principal(TENANT, frozenset(Role))
    await door.keys.add(local, HashedKey(made, text.digest), limit=9)
    assert await door.refusal(text.written()) == ("KEY_NOT_ACCEPTED", 401)
    stored = await door.keys.key(local, text.key_id)
    assert stored is not None
    assert stored.key.last_used_at is None


@pytest.mark.parametrize("alg", ["RS256", "RS512", "PS256"])
async def test_rsa_signatures_are_checked(issuer: Issuer, door: Door, alg: str) -> None:
    assert (await door.principal(issuer.token(alg=alg))).partner_id == TENANT
    assert await door.refusal(issuer.token(alg=alg, key=rsa_key("stranger"))) == REFUSED


async def test_signatures_over_curves_are_checked(issuer: Issuer, door: Door) -> None:
    issuer.keys.append(ec_jwk("curve"))
    good = issuer.token(alg="ES256", kid="curve", key=ec_key("curve"))
    assert (await door.principal(good)).partner_id == TENANT
    assert (
        await door.refusal(issuer.token(alg="ES256", kid="first", key=ec_key("curve"))) == REFUSED
    )


async def test_a_key_verifies_the_algorithm_that_it_names_alone(issuer: Issuer, door: Door) -> None:
    issuer.keys = [jwk("first", alg="RS256")]
    assert await door.refusal(issuer.token(alg="PS256")) == REFUSED
    assert (await door.principal(issuer.token())).partner_id == TENANT


def _forged(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    parts = (orjson.dumps(header), orjson.dumps(claims), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None])
async def test_an_unsigned_token_is_refused(issuer: Issuer, door: Door, alg: str | None) -> None:
    header = {"alg": alg, "typ": "JWT", "kid": "first"}
    assert await door.refusal(_forged(header, issuer.claims())) == REFUSED
    assert issuer.asked == []


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
async def test_hs256_with_the_public_key_as_secret_is_refused(
    issuer: Issuer, door: Door, encoding: Encoding
) -> None:
    secret = rsa_key("first").public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    header = {"alg": "HS256", "typ": "JWT", "kid": "first"}
    unsigned = _forged(header, issuer.claims()).rpartition(".")[0]
    signature = algorithm.sign(unsigned.encode(), secret)
    token = f"{unsigned}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
    assert await door.refusal(token) == REFUSED


async def test_a_symmetric_or_weak_or_encrypting_key_of_the_issuer_is_passed_over(
    issuer: Issuer, door: Door
) -> None:
    weak = jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key("weak", 1024).public_key(), as_dict=True)
    issuer.keys = [
        {"kty": "oct", "kid": "secret", "k": "c2VjcmV0" * 8, "alg": "HS256"},
        {**weak, "kid": "weak"},
        jwk("closed", use="enc"),
        {"kty": "RSA", "kid": "broken", "n": "!", "e": 1},
        {"kty": "EC", "kid": "odd", "crv": "P-999"},
        jwk("first"),
    ]
    assert (await door.principal(issuer.token())).partner_id == TENANT
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        small = issuer.token(kid="weak", key=rsa_key("weak", 1024))
    assert await door.refusal(small) == REFUSED
    assert await door.refusal(issuer.token(kid="closed", key=rsa_key("closed"))) == REFUSED


@pytest.mark.parametrize(
    ("claims", "refused"),
    [
        ({"aud": "api://another"}, REFUSED),
        ({"aud": []}, REFUSED),
        ({"aud": {"a": 1}}, REFUSED),
        ({"iss": "https://issuer.example"}, REFUSED),
        ({"iss": ["x"]}, REFUSED),
        ({"exp": "soon"}, REFUSED),
        *(({name: None}, REFUSED) for name in ("exp", "nbf", "iat", "iss", "aud")),
        ({"tid": None}, ("PARTNER_NOT_NAMED", 403)),
        ({"tid": "contoso"}, ("PARTNER_NOT_NAMED", 403)),
        ({"tid": [TENANT]}, ("PARTNER_NOT_NAMED", 403)),
    ],
)
async def test_a_claim_that_is_wrong_or_missing_is_refused(
    issuer: Issuer, door: Door, claims: dict[str, Any], refused: tuple[str, int]
) -> None:
    assert await door.refusal(issuer.token(**claims)) == refused


@pytest.mark.parametrize("exp", [b"1e400", b"NaN", b"[1]", b"true", b"null"])
async def test_an_end_that_is_no_time_is_refused(issuer: Issuer, door: Door, exp: bytes) -> None:
    payload = orjson.dumps(issuer.claims(exp=0)).replace(b'"exp":0', b'"exp":' + exp)
    code, status = await door.refusal(signed(payload))
    assert (code in ("TOKEN_NOT_ACCEPTED", "TOKEN_EXPIRED"), status) == (True, 401)


async def test_an_end_beyond_the_calendar_is_its_end(issuer: Issuer, door: Door) -> None:
    signed_in = await door.sign_in.signed_in(f"Bearer {issuer.token(exp=10**15)}")
    assert signed_in.until == datetime(9999, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claim", "before", "after", "code"),
    [
        ("exp", -50, -70, "TOKEN_EXPIRED"),
        ("nbf", 50, 70, "TOKEN_NOT_YET_VALID"),
        ("iat", 50, 70, "TOKEN_NOT_YET_VALID"),
    ],
)
async def test_clocks_may_differ_by_the_skew_and_no_more(
    issuer: Issuer, door: Door, claim: str, before: int, after: int, code: str
) -> None:
    def token(seconds: int) -> str:
        moved: dict[str, Any] = {claim: int(time.time()) + seconds}
        return issuer.token(**moved)

    assert await door.principal(token(before))
    assert await door.refusal(token(after)) == (code, 401)
    strict = Door(issuer, oidc_clock_skew_seconds=0)
    assert (await strict.refusal(token(before)))[0] == code


async def test_any_of_several_audiences_will_do(issuer: Issuer) -> None:
    door = Door(issuer, oidc_audience=f"{AUDIENCE}, 7d1c")
    assert await door.principal(issuer.token(aud="7d1c"))
    assert await door.principal(issuer.token(aud=["else", AUDIENCE]))
    assert await door.refusal(issuer.token(aud=f"{AUDIENCE}, 7d1c")) == REFUSED


@pytest.mark.parametrize("kid", ["unheard", None])
async def test_an_unknown_key_id_is_refused(issuer: Issuer, door: Door, kid: str | None) -> None:
    assert await door.principal(issuer.token())
    assert await door.refusal(issuer.token(kid=kid)) == REFUSED


@pytest.mark.parametrize(
    "text", ["x", "a.b", "a.b.c", "....", "é.é.é", "ofp_", "ofp_x", "a" * 86, "\x00"]
)
async def test_what_is_no_token_is_refused(issuer: Issuer, door: Door, text: str) -> None:
    code, status = await door.refusal(text)
    assert code == ("KEY_NOT_ACCEPTED" if text.startswith("ofp_") else "TOKEN_NOT_ACCEPTED")
    assert status == 401


async def test_a_token_that_is_too_large_is_not_looked_at(issuer: Issuer, door: Door) -> None:
    large = issuer.token(padding="x" * MAX_BYTES)
    assert await door.refusal(large) == ("TOKEN_TOO_LARGE", 401)
    assert issuer.asked == []


async def test_critical_extensions_that_we_do_not_know_are_refused(
    issuer: Issuer, door: Door
) -> None:
    headers = {"kid": "first", "crit": ["exp2"], "exp2": 1}
    token = jwt.encode(issuer.claims(), rsa_key("first"), algorithm="RS256", headers=headers)
    assert await door.refusal(token) == REFUSED


# Rotation, and an issuer that is away.


@pytest.mark.parametrize("typ", ["jwt", "at+jwt", "application/AT+JWT"])
async def test_an_access_token_may_say_what_it_is(issuer: Issuer, door: Door, typ: str) -> None:
    token = signed(orjson.dumps(issuer.claims()), typ=typ)
    assert (await door.principal(token)).partner_id == TENANT


@pytest.mark.parametrize("typ", ["logout+jwt", "secevent+jwt", "id+jwt", "dpop+jwt"])
async def test_a_token_of_another_kind_is_refused(issuer: Issuer, door: Door, typ: str) -> None:
    assert await door.refusal(signed(orjson.dumps(issuer.claims()), typ=typ)) == REFUSED


@pytest.mark.parametrize("nobody", [None, "", "\u202e", 7])
async def test_a_token_that_names_nobody_is_refused(
    issuer: Issuer, door: Door, nobody: object
) -> None:
    assert await door.refusal(issuer.token(oid=nobody)) == REFUSED


async def test_a_rotated_key_is_found_and_the_old_one_ends(issuer: Issuer, door: Door) -> None:
    assert await door.principal(issuer.token())
    issuer.keys = [jwk("second")]
    door.sign_in.tokens.keys._tried_at = None  # as if half a minute had passed
    assert await door.principal(issuer.token(kid="second", key=rsa_key("second")))
    assert await door.refusal(issuer.token()) == REFUSED


async def test_the_metadata_and_the_keys_are_read_once_for_all_who_come_at_once(
    issuer: Issuer, door: Door
) -> None:
    issuer.seconds = 0.05
    tokens = [issuer.token(kid="first" if one % 2 else "unheard") for one in range(20)]
    told = await asyncio.gather(*map(door.principal, tokens), return_exceptions=True)
    assert sum(isinstance(one, Exception) for one in told) == 10
    assert sorted(issuer.asked) == ["/.well-known/openid-configuration", "/keys"]


async def test_keys_may_be_read_from_an_address_that_is_set(issuer: Issuer) -> None:
    door = Door(issuer, oidc_jwks_url=f"{issuer.url}/keys")
    assert await door.principal(issuer.token())
    assert issuer.asked == ["/keys"]


async def test_an_issuer_that_is_down_at_the_start_is_asked_again_once_it_is_up() -> None:
    issuer = Issuer()
    issuer.close()
    door = Door(issuer)
    assert await door.refusal(issuer.token()) == UNAVAILABLE
    async with issuer.up():
        assert await door.refusal(issuer.token()) == UNAVAILABLE
        assert issuer.asked == []
        door.sign_in.tokens.keys._tried_at = None  # as if some seconds had passed
        assert await door.principal(issuer.token())


async def test_known_keys_serve_while_the_issuer_is_down() -> None:
    issuer = Issuer()
    door = Door(issuer)
    async with issuer.up():
        assert await door.principal(issuer.token())
    assert await door.principal(issuer.token())
    door.sign_in.tokens.keys._tried_at = None
    # It may be a key that is newer than what we know: nobody can tell now.
    assert await door.refusal(issuer.token(kid="newer")) == UNAVAILABLE
    assert await door.principal(issuer.token())


@pytest.mark.parametrize("fault", ["status", "large", "json", "issuer", "jwks_uri", "no keys"])
async def test_what_an_issuer_would_not_answer_is_no_answer(issuer: Issuer, fault: str) -> None:
    match fault:
        case "status":
            issuer.status = 500
        case "large":
            issuer.padding = b" " * 300_000
        case "json":
            issuer.padding = b"<html>"
        case "issuer":
            issuer.metadata["issuer"] = "https://another.example"
        case "jwks_uri":
            issuer.metadata["jwks_uri"] = "http://keys.example/keys"
        case _:
            issuer.keys = []
    refused = await Door(issuer).refusal(issuer.token())
    assert refused == (REFUSED if fault == "no keys" else UNAVAILABLE)


# Several tenants of one issuer.


async def test_a_template_takes_each_tenant_as_its_own_issuer(issuer: Issuer) -> None:
    template = f"{issuer.url}/{{tenantid}}"
    issuer.metadata["issuer"] = template
    door = Door(issuer, oidc_issuer=template)
    for tenant in (TENANT, OTHER_TENANT):
        token = issuer.token(iss=f"{issuer.url}/{tenant}", tid=tenant)
        assert (await door.principal(token)).partner_id == tenant
    assert issuer.asked[0] == "/common/.well-known/openid-configuration"
    for wrong in (
        {"iss": f"{issuer.url}/{OTHER_TENANT}"},
        {"iss": template, "tid": "{tenantid}"},
        {"iss": f"{issuer.url}/x", "tid": "x"},
        {"iss": f"{issuer.url}/"},
        {"iss": issuer.url},
    ):
        assert await door.refusal(issuer.token(**wrong)) == REFUSED


async def test_a_key_of_one_tenant_signs_no_token_of_another(issuer: Issuer) -> None:
    template = f"{issuer.url}/{{tenantid}}"
    issuer.metadata["issuer"] = template
    issuer.keys = [
        jwk("first", issuer=f"{issuer.url}/{OTHER_TENANT}"),
        jwk("second", issuer=template),
    ]
    door = Door(issuer, oidc_issuer=template)
    ours: dict[str, Any] = {"iss": f"{issuer.url}/{TENANT}"}
    assert await door.refusal(issuer.token(**ours)) == REFUSED
    assert await door.principal(issuer.token(kid="second", key=rsa_key("second"), **ours))


async def test_only_tenants_of_the_list_are_served(issuer: Issuer) -> None:
    door = Door(issuer, oidc_tenants=TENANT.upper())
    assert await door.principal(issuer.token())
    assert await door.refusal(issuer.token(tid=OTHER_TENANT)) == ("TENANT_NOT_ADMITTED", 403)


@pytest.mark.parametrize("claim", [None, "kind"])
async def test_a_key_has_the_type_of_the_settings_unless_a_claim_told_it(
    issuer: Issuer, claim: str | None
) -> None:
    door = Door(issuer, partner_type="INDIRECT_RESELLER", partner_type_claim=claim)
    text, now = new_key_text(TENANT, str(uuid4())), datetime.now(UTC)
    key = ApiKey(
        text.key_id,
        PERSON,
        "An Analyst",
        "made before",
        frozenset({Role.ADMIN_AGENT}),
        PartnerType.DIRECT_BILL,
        now,
        now + timedelta(days=1),
    )
    await door.keys.add(Principal(TENANT, frozenset()), HashedKey(key, text.digest), limit=1)
    expected = PartnerType.INDIRECT_RESELLER if claim is None else PartnerType.DIRECT_BILL
    assert (await door.principal(text.written())).partner_type is expected


async def test_partner_and_type_come_from_the_claims_that_are_set(issuer: Issuer) -> None:
    door = Door(
        issuer,
        partner_claim="https://claims.example/partner",
        partner_type_claim="kind",
        partner_type="DIRECT_BILL",
    )
    named: dict[str, Any] = {"https://claims.example/partner": OTHER_TENANT}
    told = await door.principal(issuer.token(**named, kind="indirect_reseller"))
    assert (told.partner_id, told.partner_type) == (OTHER_TENANT, PartnerType.INDIRECT_RESELLER)
    silent = await door.principal(issuer.token(**named))
    assert silent.partner_type is PartnerType.DIRECT_BILL
    refused = await door.refusal(issuer.token(**named, kind="reseller"))
    assert refused == ("PARTNER_TYPE_NOT_KNOWN", 403)
