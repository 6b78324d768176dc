"""Where the issuer's keys are read from: its own metadata, or an address that is set."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
import orjson

from offerpath.sign_in.addresses import is_loopback, secure_url
from offerpath.sign_in.key_set import Keys, keys_of
from offerpath.sign_in.setting_types import TENANT_PLACE

MAX_BYTES = 256 * 1024
PATIENCE_SECONDS = 5.0
METADATA = "/.well-known/openid-configuration"

ReadKeys = Callable[[], Awaitable[Keys]]
"""Reads the keys anew. Raises: CannotReadKeys."""


class CannotReadKeys(RuntimeError):
    """The issuer does not answer, or not as an issuer does; for the log, not for clients."""


def key_source(
    issuer: str, jwks_url: str | None, *, patience_seconds: float = PATIENCE_SECONDS
) -> ReadKeys:
    """Return what reads the keys of an issuer, within a deadline and a bound on its answers."""

    async def read() -> Keys:
        try:
            async with asyncio.timeout(patience_seconds):
                return keys_of(await _json(jwks_url or await _named_by(issuer)))
        except TimeoutError:
            raise CannotReadKeys(f"no answer within {patience_seconds:g} s") from None

    return read


async def _named_by(issuer: str) -> str:
    """Return where the issuer's metadata says that its keys are."""
    # Entra's metadata of all tenants stand under `common`, and name the template as their issuer.
    url = issuer.replace(TENANT_PLACE, "common").rstrip("/") + METADATA
    told = await _json(url)
    if told.get("issuer") != issuer:
        # OpenID Connect Discovery 1.0, section 4.3: it must be the very same.
        raise CannotReadKeys(f"{url} names another issuer than OFFERPATH_OIDC_ISSUER")
    try:
        return secure_url(str(told.get("jwks_uri")))
    except ValueError as error:
        raise CannotReadKeys(f"the jwks_uri in {url} cannot be used: {error}") from None


async def _json(url: str) -> Mapping[str, Any]:
    """Read a JSON object; redirects are not followed. Raises: CannotReadKeys."""
    # A proxy that the environment names is used, but never to reach this machine itself.
    is_near = is_loopback(urlsplit(url).hostname or "")
    try:
        async with httpx2.AsyncClient(trust_env=not is_near, timeout=None) as client:
            body = await _body(client, url)
        told = orjson.loads(body)
    except httpx2.HTTPError as error:
        raise CannotReadKeys(f"{url}: {type(error).__name__}") from None
    except orjson.JSONDecodeError:
        raise CannotReadKeys(f"{url} answers no JSON") from None
    if not isinstance(told, dict):
        raise CannotReadKeys(f"{url} answers no JSON object")
    return told


async def _body(client: httpx2.AsyncClient, url: str) -> bytes:
    # Unpacked, a small answer could be a large one.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    async with client.stream("GET", url, headers=headers) as answer:
        if answer.status_code != httpx2.codes.OK:
            raise CannotReadKeys(f"{url} answers {answer.status_code}")
        body = bytearray()
        async for part in answer.aiter_raw():
            body += part
            if len(body) > MAX_BYTES:
                raise CannotReadKeys(f"{url} answers more than {MAX_BYTES} bytes")
    return bytes(body)
