"""The public keys in a JWKS document, each with the algorithms that it may verify."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

_RSA = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
ALGORITHMS = _RSA | frozenset(_CURVES.values()) | {"EdDSA"}
"""Asymmetric ones alone: with a secret that both sides know, whoever verifies could sign."""
_LEAST_RSA_BITS = 2048
_MOST_KEYS = 100


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """One public key of the issuer."""

    key: Any
    """As `cryptography` has it."""
    algorithms: frozenset[str]
    issuer: str | None
    """Whose tokens it verifies alone, where the document says; may be a template."""


Keys = Mapping[str, VerificationKey]
"""By key id."""


def keys_of(document: Mapping[str, Any]) -> Keys:
    """Return the keys that can verify signatures; what else is in the document is passed over."""
    listed = document.get("keys")
    given = listed[:_MOST_KEYS] if isinstance(listed, list) else []
    made = ((one.get("kid"), _key(one)) for one in given if isinstance(one, dict))
    return {kid: key for kid, key in made if isinstance(kid, str) and key is not None}


def _key(given: Mapping[str, Any]) -> VerificationKey | None:
    algorithms = _algorithms(given)
    if not algorithms or given.get("use", "sig") != "sig":
        return None
    try:
        key = PyJWK(dict(given), algorithm=min(algorithms)).key
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
        return None
    issuer = given.get("issuer")
    return VerificationKey(key, algorithms, issuer if isinstance(issuer, str) else None)


def _algorithms(given: Mapping[str, Any]) -> frozenset[str]:
    """Return what a key of this kind can verify, or the one algorithm that it names."""
    match given.get("kty"):
        case "RSA":
            able = _RSA
        case "EC":
            able = frozenset({_CURVES.get(str(given.get("crv")), "")}) & ALGORITHMS
        case "OKP":
            able = frozenset({"EdDSA"})
        case _:
            able = frozenset()
    named = given.get("alg")
    return able if named is None else able & {named}
