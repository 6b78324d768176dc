"""API keys: who may make, see and revoke which, and whom a key that is shown acts for."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.permissions import PartnerType, Role
from resolvers.access import api_keys
from resolvers.access.api_keys import (
    KeyRefused,
    KeyState,
    KeyWish,
    NewKey,
    principal_of_key,
    state_of,
)
from resolvers.access.key_text import KeyText, new_key_text, read_key_text
from resolvers.access.permits import NotPermitted
from resolvers.asked import Asked
from resolvers.problems import BadInput, NotFound
from resolvers.records.audit import AuditAction
from resolvers.records.keys import Adding, ApiKey, HashedKey
from resolvers.records.principal import Actor, ActorKind, Principal
from tests.memory_stores import MemoryApiKeyStore, memory_stores

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PARTNER = "0ffe2a11-0000-4000-8000-0000000000a1"
SALES = frozenset({Role.SALES_AGENT, Role.HELPDESK_AGENT})


def person(name: str, roles: frozenset[Role] = SALES) -> Principal:
    actor = Actor(ActorKind.TOKEN, name, name.title())
    return Principal(PARTNER, roles, PartnerType.DIRECT_BILL, actor)


ANNE, BERT = person("anne"), person("bert")
BOSS = person("boss", frozenset({Role.ADMIN_AGENT}))


@pytest.fixture
def asked(bundled: Asked) -> Asked:
    """Give Anne's question, to stores of its own."""
    return replace(bundled, principal=ANNE, stores=memory_stores(), now=NOW)


async def create(
    asked: Asked, wish: KeyWish | None = None, *, by: Principal | None = None
) -> NewKey:
    asking = replace(asked, principal=by or asked.principal)
    made = await api_keys.create_key(asking, wish or KeyWish("Nightly"))
    assert isinstance(made, NewKey), made
    return made


async def test_a_key_has_its_makers_roles_and_ninety_days(asked: Asked) -> None:
    made = await create(asked, KeyWish("  Nightly import "))
    assert made.key == ApiKey(
        made.text.key_id,
        "anne",
        "Anne",
        "Nightly import",
        SALES,
        PartnerType.DIRECT_BILL,
        NOW,
        NOW + timedelta(days=90),
    )


async def test_a_key_that_is_shown_acts_as_its_maker_with_its_roles(asked: Asked) -> None:
    made = await create(asked, KeyWish("Nightly", (Role.SALES_AGENT,), 7))
    found = await principal_of_key(asked.stores.keys, made.text.written(), now=NOW)
    assert isinstance(found, tuple)
    principal, key = found
    assert principal == Principal(
        PARTNER,
        frozenset({Role.SALES_AGENT}),
        PartnerType.DIRECT_BILL,
        Actor(ActorKind.KEY, "anne", "Nightly", made.key.key_id),
    )
    assert key.expires_at == NOW + timedelta(days=7)


async def test_only_the_hash_is_stored(asked: Asked) -> None:
    made = await create(asked)
    stored = await asked.stores.keys.key(ANNE, made.key.key_id)
    assert stored is not None
    assert stored.digest == hashlib.sha256(made.text.secret).digest()
    assert made.text.secret.hex() not in repr(made)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (KeyWish("x", (Role.ADMIN_AGENT,)), "KEY_ROLE_NOT_HELD"),
        (KeyWish("x", (Role.SALES_AGENT, Role.GLOBAL_ADMIN)), "KEY_ROLE_NOT_HELD"),
        (KeyWish("x", ()), "KEY_WITHOUT_ROLES"),
    ],
)
async def test_a_key_never_has_more_than_its_maker(asked: Asked, wish: KeyWish, code: str) -> None:
    refused = await api_keys.create_key(asked, wish)
    assert isinstance(refused, KeyRefused)
    assert refused.code == code
    assert (await api_keys.keys(asked, first=5)).total == 0


async def test_a_key_makes_no_keys(asked: Asked) -> None:
    made = await create(asked)
    found = await principal_of_key(asked.stores.keys, made.text.written(), now=NOW)
    assert isinstance(found, tuple)
    refused = await api_keys.create_key(replace(asked, principal=found[0]), KeyWish("x"))
    assert isinstance(refused, KeyRefused)
    assert refused.code == "KEY_MAKES_NO_KEYS"


async def test_without_sign_in_no_key_is_made_and_that_it_was_asked_for_is_written_down(
    asked: Asked,
) -> None:
    local = replace(asked, principal=Principal(PARTNER, frozenset(Role)))
    with pytest.raises(BadInput) as refused:
        await api_keys.create_key(local, KeyWish("Nightly"))
    assert refused.value.code == "KEY_NEEDS_SIGN_IN"
    assert (await api_keys.keys(local, first=5, everybody=True)).total == 0
    page = await asked.stores.audit.page(local.principal, action=None, first=5, after=None)
    assert [entry.action for entry in page.entries] == [AuditAction.CREATE_KEY]


async def test_a_key_of_nobody_is_unknown_and_yet_listed_and_revoked(asked: Asked) -> None:
    """Earlier versions made keys without sign-in: with every role, and no maker to narrow them."""
    local = replace(asked, principal=Principal(PARTNER, frozenset(Role)))
    text = await older_key_of_nobody(local)
    refused = await principal_of_key(asked.stores.keys, text.written(), now=NOW)
    unknown = await principal_of_key(
        asked.stores.keys, new_key_text(PARTNER, str(uuid4())).written(), now=NOW
    )
    assert isinstance(refused, KeyRefused)
    assert refused == unknown
    (listed,) = (await api_keys.keys(local, first=5)).keys
    assert (listed.key_id, listed.last_used_at) == (text.key_id, None)
    revoked = await api_keys.revoke_key(local, text.key_id)
    assert isinstance(revoked, ApiKey)
    assert revoked.revoked_at == NOW


async def older_key_of_nobody(local: Asked) -> KeyText:
    text = new_key_text(PARTNER, str(uuid4()))
    key = ApiKey(text.key_id, "", "", "Off", frozenset(Role), None, NOW, NOW + timedelta(days=90))
    added = await local.stores.keys.add(local.principal, HashedKey(key, text.digest), limit=50)
    assert added is Adding.ADDED
    return text


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (KeyWish(""), "KEY_NAME_LENGTH"),
        (KeyWish(" " * 5), "KEY_NAME_LENGTH"),
        (KeyWish("x" * 101), "KEY_NAME_LENGTH"),
        (KeyWish("a\nb"), "KEY_NAME_MALFORMED"),
        (KeyWish("a\0"), "KEY_NAME_MALFORMED"),
        (KeyWish("a\u202eb"), "KEY_NAME_MALFORMED"),
        (KeyWish("a\u2028b"), "KEY_NAME_MALFORMED"),
        (KeyWish("\ud800"), "KEY_NAME_MALFORMED"),
        (KeyWish("x", days=0), "DAYS_OUT_OF_RANGE"),
        (KeyWish("x", days=366), "DAYS_OUT_OF_RANGE"),
    ],
)
async def test_a_wish_that_cannot_be_is_bad_input(asked: Asked, wish: KeyWish, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        await api_keys.create_key(asked, wish)
    assert caught.value.code == code


async def test_nobody_has_more_live_keys_than_the_limit(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MAX_KEYS", 2)
    first, _ = await create(asked), await create(asked)
    refused = await api_keys.create_key(asked, KeyWish("x"))
    assert isinstance(refused, KeyRefused)
    assert refused.code == "TOO_MANY_KEYS"
    await create(asked, by=BERT)
    await api_keys.revoke_key(asked, first.key.key_id)
    await create(asked)


async def test_one_sees_ones_own_keys_and_an_admin_agent_all(asked: Asked) -> None:
    annes, berts = await create(asked), await create(asked, by=BERT)
    assert (await api_keys.keys(asked, first=5)).keys == (annes.key,)
    with pytest.raises(NotPermitted):
        await api_keys.keys(asked, first=5, everybody=True)
    seen = await api_keys.keys(replace(asked, principal=BOSS), first=5, everybody=True)
    assert {key.key_id for key in seen.keys} == {annes.key.key_id, berts.key.key_id}
    assert (await api_keys.keys(replace(asked, principal=BOSS), first=5)).total == 0
    assert isinstance(await api_keys.key_by_id(asked, berts.key.key_id), NotFound)
    assert await api_keys.key_by_id(replace(asked, principal=BOSS), annes.key.key_id) == annes.key


async def test_a_revoked_key_is_not_taken_and_stays_as_it_was_revoked(asked: Asked) -> None:
    made = await create(asked)
    by_bert = await api_keys.revoke_key(replace(asked, principal=BERT), made.key.key_id)
    assert isinstance(by_bert, NotFound)
    later = replace(asked, principal=BOSS, now=NOW + timedelta(hours=1))
    revoked = await api_keys.revoke_key(later, made.key.key_id.upper())
    assert revoked == replace(made.key, revoked_at=later.now, revoked_by="boss")
    refused = await principal_of_key(asked.stores.keys, made.text.written(), now=later.now)
    assert isinstance(refused, KeyRefused)
    assert refused.code == "KEY_REVOKED"
    assert await api_keys.revoke_key(asked, made.key.key_id) == revoked


async def test_a_key_revokes_itself_and_no_other(asked: Asked) -> None:
    own, other, berts = await create(asked), await create(asked), await create(asked, by=BERT)
    bosses = await create(asked, by=BOSS)

    async def ending(key: NewKey, by: NewKey) -> object:
        found = await principal_of_key(asked.stores.keys, by.text.written(), now=NOW)
        assert isinstance(found, tuple)
        return await api_keys.revoke_key(replace(asked, principal=found[0]), key.key.key_id)

    for key, by in ((other, own), (own, bosses), (berts, bosses)):
        refused = await ending(key, by)
        assert isinstance(refused, KeyRefused)
        assert refused.code == "KEY_REVOKES_NO_OTHERS"
    assert isinstance(await ending(berts, own), NotFound)
    ended = await ending(own, own)
    assert isinstance(ended, ApiKey)
    assert (ended.key_id, ended.revoked_by) == (own.key.key_id, "anne")
    everybodys = await api_keys.keys(replace(asked, principal=BOSS), first=9, everybody=True)
    revoked = [key.key_id for key in everybodys.keys if key.revoked_at is not None]
    assert revoked == [own.key.key_id]


async def test_the_audit_tells_whether_somebody_might_revoke_that_key(asked: Asked) -> None:
    annes, berts = (await create(asked)).key.key_id, (await create(asked, by=BERT)).key.key_id
    missing = str(uuid4())
    for by, key_id in ((ANNE, berts), (ANNE, missing), (BOSS, berts), (ANNE, annes)):
        await api_keys.revoke_key(replace(asked, principal=by), key_id)
    with pytest.raises(BadInput, match="GUID"):
        await api_keys.revoke_key(asked, "no\nkey")
    page = await asked.audit.page(BOSS, action=AuditAction.REVOKE_KEY, first=9, after=None)
    assert {(one.actor_id, one.subject, one.is_permitted) for one in page.entries} == {
        ("anne", berts, False),
        ("anne", missing, True),
        ("boss", berts, True),
        ("anne", annes, True),
        ("anne", "no key", True),
    }


async def test_a_key_ends_on_its_day(asked: Asked) -> None:
    made = await create(asked, KeyWish("x", days=1))
    text, end = made.text.written(), made.key.expires_at
    before = end - timedelta(microseconds=1)
    assert isinstance(await principal_of_key(asked.stores.keys, text, now=before), tuple)
    refused = await principal_of_key(asked.stores.keys, text, now=end)
    assert isinstance(refused, KeyRefused)
    assert refused.code == "KEY_EXPIRED"
    assert (state_of(made.key, before), state_of(made.key, end)) == (
        KeyState.LIVE,
        KeyState.EXPIRED,
    )


async def test_what_is_wrong_with_a_key_is_told_to_its_holder_alone(asked: Asked) -> None:
    made = await create(asked)
    await api_keys.revoke_key(asked, made.key.key_id)
    for text in (
        KeyText(PARTNER, made.key.key_id, bytes(32)).written(),
        new_key_text(PARTNER, str(uuid4())).written(),
        new_key_text(str(uuid4()), made.key.key_id).written(),
        made.text.written()[:-1],
        made.text.written() + "A",
        made.text.written().replace("ofp_", "OFP_"),
    ):
        refused = await principal_of_key(asked.stores.keys, text, now=NOW)
        assert isinstance(refused, KeyRefused)
        assert refused.code == "KEY_NOT_ACCEPTED"


async def test_use_is_noted_once_a_minute(asked: Asked) -> None:
    made, text = await create(asked), ""
    text = made.text.written()
    writes: list[datetime] = []

    class Counting(MemoryApiKeyStore):
        async def touch(self, principal: Principal, key_id: str, *, now: datetime) -> None:
            writes.append(now)
            await super().touch(principal, key_id, now=now)

    store = Counting()
    stored = await asked.stores.keys.key(ANNE, made.key.key_id)
    assert stored is not None
    await store.add(ANNE, stored, limit=1)
    for seconds in (0, 1, 59, 60, 61):
        await principal_of_key(store, text, now=NOW + timedelta(seconds=seconds))
    assert writes == [NOW, NOW + timedelta(seconds=60)]


def test_two_keys_are_never_alike() -> None:
    made = {new_key_text(PARTNER, PARTNER).written() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"ofp_[A-Za-z0-9_-]{86}", text) for text in made)


@given(partner=st.uuids(), key=st.uuids(), secret=st.binary(min_size=32, max_size=32))
def test_a_key_is_read_as_it_was_written_and_in_no_other_spelling(
    partner: object, key: object, secret: bytes
) -> None:
    written = KeyText(str(partner), str(key), secret)
    text = written.written()
    assert read_key_text(text) == written
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    read = [one for one in last if read_key_text(text[:-1] + one) == written]
    assert read == [text[-1]]


@given(st.text(max_size=100))
def test_any_other_text_is_no_key(text: str) -> None:
    assert read_key_text(text) is None
    assert read_key_text(f"ofp_{text}") is None
