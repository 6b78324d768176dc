"""A sign-in with the issuer of the tests, and what it says of a token."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from offerpath.settings import Settings, load_settings
from offerpath.sign_in.recognition import SignIn
from offerpath.sign_in.refusals import SignInRefused
from resolvers.records.principal import Principal
from tests.memory_stores import MemoryApiKeyStore
from tests.offerpath.sign_in.issuer import AUDIENCE, Issuer


def settings_of(issuer: Issuer, **more: Any) -> Settings:
    """Return the settings of an installation that trusts the issuer."""
    usual: Mapping[str, Any] = {
        "auth": "oidc",
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "data_dir": Path("/nowhere"),
    }
    return load_settings(**(dict(usual) | more))


class Door:
    """Asks a sign-in, over a memory store of keys, whom a header names."""

    def __init__(self, issuer: Issuer, **more: Any) -> None:
        self.keys = MemoryApiKeyStore()
        self.greeted: list[str] = []
        self.sign_in = SignIn.of(settings_of(issuer, **more), self.keys, self._greet)

    async def _greet(self, principal: Principal) -> None:
        self.greeted.append(principal.partner_id)

    async def principal(self, token: str) -> Principal:
        return await self.sign_in.principal_of(f"Bearer {token}")

    async def refusal(self, token: str) -> tuple[str, int]:
        """Return code and status with which a token is refused; its text is nowhere in it."""
        with pytest.raises(SignInRefused) as caught:
            await self.principal(token)
        problem = caught.value.problem
        said = f"{problem.message} {problem.remedy}"
        assert not any(len(part) > 8 and part in said for part in token.split("."))
        return problem.code, problem.status
