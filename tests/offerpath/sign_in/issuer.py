"""An OpenID Connect issuer on a loopback port: keys of its own, and tokens as it is told."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import Any

import jwt
import orjson
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

AUDIENCE = "api://offerpath"
TENANT = "0ffe2a11-0000-4000-8000-0000000000a1"
OTHER_TENANT = "0ffe2a11-0000-4000-8000-0000000000b2"
PERSON = "6a1e5b0c-0000-4000-8000-000000000007"
_PATIENCE_SECONDS = 10


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return the key of a name, made once."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    """Return the key of a name, made once."""
    del name
    return ec.generate_private_key(ec.SECP256R1())


def jwk(name: str, **more: Any) -> dict[str, Any]:
    """Return the public half of an RSA key as an issuer publishes it."""
    told = RSAAlgorithm.to_jwk(rsa_key(name).public_key(), as_dict=True)
    return {**told, "kid": name, "use": "sig", **more}


def ec_jwk(name: str) -> dict[str, Any]:
    told = ECAlgorithm.to_jwk(ec_key(name).public_key(), as_dict=True)
    return {**told, "kid": name, "use": "sig"}


def signed(
    payload: bytes,
    *,
    key: Any = None,
    kid: str | None = "first",
    alg: str = "RS256",
    typ: str = "JWT",
) -> str:
    """Return a token of any payload, whatever it holds."""
    headers = {"typ": typ} if kid is None else {"typ": typ, "kid": kid}
    signing = rsa_key("first") if key is None else key
    return jwt.PyJWS().encode(payload, signing, algorithm=alg, headers=headers)


class Issuer:
    """Answers with its metadata and keys while it is up; counts how often it is asked."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.keys: list[Mapping[str, Any]] = [jwk("first")]
        self.metadata: dict[str, Any] = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        self.asked: list[str] = []
        self.status = 200
        self.padding = b""
        self.seconds = 0.0

    def claims(self, **more: Any) -> dict[str, Any]:
        """Return the claims of a token that is good for ten minutes; None leaves one out."""
        now = int(time.time())
        usual = {
            "iss": self.url,
            "aud": AUDIENCE,
            "iat": now,
            "nbf": now,
            "exp": now + 600,
            "tid": TENANT,
            "oid": PERSON,
            "name": "An Analyst",
            "roles": ["ADMIN_AGENT"],
        }
        return {name: value for name, value in (usual | more).items() if value is not None}

    def token(
        self, *, key: Any = None, kid: str | None = "first", alg: str = "RS256", **more: Any
    ) -> str:
        """Return a token with other claims, or signed otherwise."""
        return signed(orjson.dumps(self.claims(**more)), key=key, kid=kid, alg=alg)

    @asynccontextmanager
    async def up(self) -> AsyncIterator["Issuer"]:
        """Answer as long as the block; it can be entered again, on the same port."""
        if self._listening.fileno() == -1:
            port = int(self.url.rpartition(":")[2])
            self._listening = socket.create_server(("127.0.0.1", port))
        app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._told),
                Route("/common/.well-known/openid-configuration", self._told),
                Route("/keys", self._told),
            ]
        )
        server = _Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        serving = asyncio.create_task(server.serve(sockets=[self._listening]))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not server.started:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        try:
            yield self
        finally:
            server.should_exit = server.force_exit = True
            await serving
            self._listening.close()

    def close(self) -> None:
        """Answer nobody any more: a connection is refused."""
        self._listening.close()

    async def _told(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        await asyncio.sleep(self.seconds)
        told = {"keys": self.keys} if request.url.path == "/keys" else self.metadata
        return Response(orjson.dumps(told) + self.padding, status_code=self.status)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the tests."""
        with contextlib.nullcontext():
            yield
