"""Personal API keys: one's own or the partner's, made and revoked."""

from datetime import datetime
from typing import Annotated

import strawberry

from planner.permissions import Role
from resolvers.access import api_keys as use_cases
from resolvers.access.api_keys import KeyRefused, KeyState, KeyWish
from resolvers.problems import NotFound
from resolvers.records import keys as records
from resolvers.records.keys import ApiKeyMark
from schema.context import Info
from schema.errors.problems import Problem
from schema.limits.arguments import PAGE, First, span
from schema.relay.connections import Connection, connect
from schema.relay.cursors import decode_dated_cursor, encode_cursor
from schema.relay.node import Node, global_id
from schema.scalars import Instant, instant_or_none

_KEYS = "apiKeys"

strawberry.enum(
    KeyState, name="ApiKeyState", description="Whether a key is taken: only one that is LIVE."
)


@strawberry.type(description="A key with which a script acts as its maker. Its text is not kept.")
class ApiKey(Node):
    key_id: str
    name: str
    state: KeyState = strawberry.field(description="At the request's instant.")
    roles: list[Role] = strawberry.field(
        description="Those it was made with, in order of name; it keeps them until it ends."
    )
    owner_id: str = strawberry.field(description="Its maker, as the sign-in names people.")
    owner_label: str = strawberry.field(description="What the maker is called; may be empty.")
    created_at: Instant
    expires_at: Instant
    last_used_at: Instant | None = strawberry.field(
        description="To about a minute; null where it never was."
    )
    revoked_at: Instant | None


@strawberry.type(description="A key that was made, with its text, which is shown this once.")
class ApiKeyCreated:
    api_key: ApiKey
    token: str = strawberry.field(
        description="What scripts send as `Authorization: Bearer`; keep it like a password."
    )


@strawberry.type(description="No key was made, or none was revoked.")
class ApiKeyRefused(Problem):
    @classmethod
    def of(cls, refused: KeyRefused) -> "ApiKeyRefused":
        return cls(code=refused.code, message=refused.message, remedy=refused.remedy)


@strawberry.type(description="You have no such API key.")
class ApiKeyNotFound(Problem):
    key_id: str = strawberry.field(description="The id that was asked for.")

    @classmethod
    def of(cls, missing: NotFound) -> "ApiKeyNotFound":
        return cls(
            code=missing.code,
            message=missing.message,
            remedy=missing.remedy,
            key_id=missing.identifier,
        )


@strawberry.input(description="What a new key shall be.")
class CreateApiKeyInput:
    name: str = strawberry.field(description="What it is for; 1 to 100 characters.")
    roles: list[Role] | None = strawberry.field(
        default=None, description="Some of your own roles; all of them where it is left out."
    )
    days: int = strawberry.field(
        default=use_cases.DEFAULT_DAYS,
        description=f"How many days it lives: {span(use_cases.MAX_DAYS, use_cases.DEFAULT_DAYS)}.",
    )


ApiKeyConnection = Connection[ApiKey]
CreateApiKeyResult = Annotated[
    ApiKeyCreated | ApiKeyRefused,
    strawberry.union("CreateApiKeyResult", description="A new key, or why there is none."),
]
RevokeApiKeyResult = Annotated[
    ApiKey | ApiKeyNotFound | ApiKeyRefused,
    strawberry.union(
        "RevokeApiKeyResult", description="The key that ended, or why none was revoked."
    ),
]
Everybody = Annotated[
    bool,
    strawberry.argument(description="Those of all people of the partner; for admin agents."),
]


@strawberry.type
class ApiKeyQuery:
    @strawberry.field(description="Your API keys, the newest first.")
    async def api_keys(
        self,
        info: Info,
        first: First = PAGE,
        after: str | None = None,
        everybody: Everybody = False,
    ) -> ApiKeyConnection:
        asked = info.context.asked
        mark = None if after is None else ApiKeyMark(*decode_dated_cursor(_KEYS, after))
        page = await use_cases.keys(asked, first=first, after=mark, everybody=everybody)
        return connect(
            page.keys,
            cursor=lambda key: encode_cursor(_KEYS, key.created_at.isoformat(), key.key_id),
            node=lambda key: show_key(key, asked.now),
            has_next=page.has_next,
            total=page.total,
            after=after,
        )


@strawberry.type
class ApiKeyMutation:
    @strawberry.mutation(
        description="Make an API key. One that is signed in by a key cannot, and nobody can where "
        "sign-in is off (KEY_NEEDS_SIGN_IN)."
    )
    async def create_api_key(
        self,
        info: Info,
        input: CreateApiKeyInput,  # noqa: A002
    ) -> CreateApiKeyResult:
        asked = info.context.asked
        wish = KeyWish(input.name, input.roles, input.days)
        made = await use_cases.create_key(asked, wish)
        if isinstance(made, KeyRefused):
            return ApiKeyRefused.of(made)
        return ApiKeyCreated(api_key=show_key(made.key, asked.now), token=made.text.written())

    @strawberry.mutation(
        description="End an API key at once: one of your own, or any of the partner's for an "
        "admin agent. One that has been revoked stays as it is. One that is signed in by a key "
        "may revoke that key alone."
    )
    async def revoke_api_key(self, info: Info, key_id: str) -> RevokeApiKeyResult:
        asked = info.context.asked
        found = await use_cases.revoke_key(asked, key_id)
        if isinstance(found, NotFound):
            return ApiKeyNotFound.of(found)
        if isinstance(found, KeyRefused):
            return ApiKeyRefused.of(found)
        return show_key(found, asked.now)


def show_key(key: records.ApiKey, now: datetime) -> ApiKey:
    return ApiKey(
        id=global_id("ApiKey", key.key_id),
        key_id=key.key_id,
        name=key.name,
        state=use_cases.state_of(key, now),
        roles=sorted(key.roles),
        owner_id=key.owner_id,
        owner_label=key.owner_label,
        created_at=Instant(key.created_at),
        expires_at=Instant(key.expires_at),
        last_used_at=instant_or_none(key.last_used_at),
        revoked_at=instant_or_none(key.revoked_at),
    )
