"""Sign-in end to end: `offerpath serve`, and oauth2-mock-server as the issuer of its tokens."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import HMACAlgorithm

from tests.bench.ports import free_port
from tests.external import node
from tools import node as any_node

AUDIENCE = "api://offerpath"
TENANT = "0ffe2a11-0000-4000-8000-0000000000a1"
OTHER_TENANT = "0ffe2a11-0000-4000-8000-0000000000b2"
_PATIENCE_SECONDS = 60.0
_AGAIN_SECONDS = 6.0
"""A little more than the server waits before it asks an issuer again that was away."""


class Issuer:
    """The issuer's process, told what to do one line at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(any_node.node()), "issuer.mjs"],
            cwd=node.FOLDER,
            env=any_node.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self.tell("start")

    def tell(self, command: str, **given: Any) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"command": command, **given}) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        assert "error" not in told, told
        return str(told["answer"])

    def token(self, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Return a token that the issuer signs, with these claims beside or over the usual ones."""
        usual = {"aud": AUDIENCE, "tid": TENANT, "roles": ["ADMIN_AGENT"], "oid": "somebody"}
        return self.tell("token", claims={**usual, **claims}, header=header or {})

    def key(self) -> dict[str, Any]:
        """Return the public key that it publishes."""
        with urllib.request.urlopen(f"{self.url}/jwks", timeout=5) as answer:
            (key,) = json.load(answer)["keys"]
            return dict(key)

    def close(self) -> None:
        with self._process:
            self._process.terminate()


@dataclass(frozen=True, slots=True)
class Server:
    """A started `offerpath serve`, and what it says of a token."""

    url: str

    def asked(self, token: str | None) -> tuple[int, str]:
        """Return the status and the partner's id, or the code of the refusal."""
        headers = {"content-type": "application/json", "accept": "application/json"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        body = json.dumps({"query": "{ viewer { partnerId } }"}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)["data"]["viewer"]["partnerId"]
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)["errors"][0]["extensions"]["code"]


@pytest.fixture(scope="module")
def issuer(packages: None) -> Iterator[Issuer]:
    del packages
    started = Issuer()
    yield started
    started.close()


@pytest.fixture(scope="module")
def server(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server that was started while its issuer was away."""
    token, address = issuer.token(), issuer.url
    issuer.tell("stop")
    folder, port = tmp_path_factory.mktemp("sign-in"), free_port()
    settings = {
        "OFFERPATH_DATA_DIR": str(folder / "data"),
        "OFFERPATH_PORT": str(port),
        # A network address, which it would not listen on without sign-in.
        "OFFERPATH_HOST": "0.0.0.0",  # noqa: S104
        "OFFERPATH_AUTH": "oidc",
        "OFFERPATH_OIDC_ISSUER": address,
        "OFFERPATH_OIDC_AUDIENCE": AUDIENCE,
        "OFFERPATH_OIDC_TENANTS": TENANT,
        "OFFERPATH_OIDC_CLOCK_SKEW_SECONDS": "30",
    }
    log = folder / "log.txt"
    with log.open("wb") as out:
        command = [str(Path(sys.executable).with_name("offerpath")), "serve"]
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=out, stderr=out)
        try:
            made = Server(f"http://127.0.0.1:{port}")
            _wait_for(made, process, log)
            assert made.asked(token) == (503, "SIGN_IN_UNAVAILABLE")
            issuer.tell("start")
            time.sleep(_AGAIN_SECONDS)
            yield made
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=_PATIENCE_SECONDS)
    assert "eyJ" not in log.read_text(encoding="utf-8"), "a token was logged"


def _wait_for(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")


def test_a_good_token_is_taken_and_without_one_nobody_gets_in(
    server: Server, issuer: Issuer
) -> None:
    assert server.asked(issuer.token()) == (200, TENANT)
    assert server.asked(None) == (401, "NOT_SIGNED_IN")


def _now() -> int:
    return int(time.time())


@pytest.mark.parametrize(
    ("claims", "status", "code"),
    [
        ({"exp": -60}, 401, "TOKEN_EXPIRED"),
        ({"nbf": 60}, 401, "TOKEN_NOT_YET_VALID"),
        ({"aud": "api://another"}, 401, "TOKEN_NOT_ACCEPTED"),
        ({"iss": "http://localhost:1"}, 401, "TOKEN_NOT_ACCEPTED"),
        ({"tid": OTHER_TENANT}, 403, "TENANT_NOT_ADMITTED"),
        ({"roles": None, "_claim_names": {"groups": "src1"}}, 403, "GROUPS_OVERAGE"),
        ({"padding": "x" * 9000}, 401, "TOKEN_TOO_LARGE"),
    ],
)
def test_a_token_that_is_wrong_is_refused_with_its_code(
    server: Server, issuer: Issuer, claims: dict[str, Any], status: int, code: str
) -> None:
    moved = {name: _now() + claims[name] for name in ("exp", "nbf") if name in claims}
    assert server.asked(issuer.token(**(claims | moved))) == (status, code)


def test_clocks_may_differ_by_the_skew(server: Server, issuer: Issuer) -> None:
    assert server.asked(issuer.token(exp=_now() - 20)) == (200, TENANT)
    assert server.asked(issuer.token(nbf=_now() + 20, iat=_now() + 20)) == (200, TENANT)


def _written(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def test_an_unsigned_token_is_refused(server: Server, issuer: Issuer) -> None:
    _, claims, signature = issuer.token().split(".")
    for alg in ("none", "None"):
        header = _written(json.dumps({"alg": alg, "kid": "first"}).encode())
        for signed in ("", signature):
            told = server.asked(f"{header}.{claims}.{signed}")
            assert told == (401, "TOKEN_NOT_ACCEPTED")


def test_hs256_with_the_published_key_as_its_secret_is_refused(
    server: Server, issuer: Issuer
) -> None:
    published = issuer.key()
    public = jwt.PyJWK(published).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = _written(json.dumps({"alg": "HS256", "kid": published["kid"]}).encode())
    unsigned = f"{header}.{issuer.token().split('.')[1]}"
    for secret in (public, json.dumps(published).encode()):
        signature = HMACAlgorithm(HMACAlgorithm.SHA256).sign(unsigned.encode(), secret)
        told = server.asked(f"{unsigned}.{_written(signature)}")
        assert told == (401, "TOKEN_NOT_ACCEPTED")


def test_an_unknown_key_id_is_refused(server: Server, issuer: Issuer) -> None:
    told = server.asked(issuer.token(header={"kid": "unheard"}))
    assert told == (401, "TOKEN_NOT_ACCEPTED")


def test_known_keys_serve_while_the_issuer_is_down(server: Server, issuer: Issuer) -> None:
    token = issuer.token()
    issuer.tell("stop")
    assert server.asked(token) == (200, TENANT)
    issuer.tell("start")


def test_a_rotated_key_is_taken_within_half_a_minute(server: Server, issuer: Issuer) -> None:
    old = issuer.token()
    issuer.tell("rotate", kid="second", alg="ES256")
    ends = time.monotonic() + 40
    while server.asked(issuer.token())[0] != 200 and time.monotonic() < ends:
        time.sleep(1)
    assert server.asked(issuer.token()) == (200, TENANT)
    assert server.asked(old) == (401, "TOKEN_NOT_ACCEPTED")
