"""How the settings of sign-in are written, and what is wrong with one that is not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import orjson
from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from offerpath.sign_in.addresses import secure_url
from offerpath.sign_in.role_names import role_named
from planner.ids import parse_guid
from planner.permissions import Role

TENANT_PLACE = "{tenantid}"
"""Where a multi-tenant issuer's template has the token's tenant; Entra writes it so."""
_MOST_BYTES = 256 * 1024


def _issuer(text: str) -> str:
    secure_url(text.replace(TENANT_PLACE, "tenant"))
    if text.count("{") != text.count(TENANT_PLACE) or text.count(TENANT_PLACE) > 1:
        raise ValueError(f"write the tenant's place as {TENANT_PLACE}, once")
    return text


def _words(value: object) -> object:
    """Return the words of a text between commas or spaces, or of a JSON array."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return tuple(orjson.loads(value))
        except orjson.JSONDecodeError:
            raise ValueError("it is no JSON array") from None
    return tuple(value.replace(",", " ").split())


def _roles(value: object) -> object:
    """Return the roles of a JSON object, or of a file that holds one."""
    if isinstance(value, str):
        value = _object(value)
    if not isinstance(value, Mapping):
        raise ValueError('write it as {"<GUID>": "ADMIN_AGENT"}, or name a file that holds that')
    return {_guid(str(key)): _role(name) for key, name in value.items()}


def _object(text: str) -> object:
    try:
        written = text if text.lstrip().startswith("{") else _read(Path(text))
        return orjson.loads(written)
    except orjson.JSONDecodeError:
        raise ValueError("it is no JSON object") from None


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ValueError("the file is too large")
        return file.read_bytes()
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from None


def _guid(text: str) -> str:
    try:
        return parse_guid(text)
    except ValueError:
        raise ValueError(f"{text[:60]!r} is not a GUID") from None


def _role(name: object) -> Role:
    role = role_named(name) if isinstance(name, str) else None
    if role is None:
        known = ", ".join(Role)
        raise ValueError(f"{str(name)[:60]!r} is no role; write one of {known}")
    return role


Issuer = Annotated[str, AfterValidator(_issuer)]
KeysUrl = Annotated[str, AfterValidator(secure_url)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
Guids = Annotated[
    tuple[Annotated[str, AfterValidator(_guid)], ...], NoDecode, BeforeValidator(_words)
]
RolesByGuid = Annotated[Mapping[str, Role], NoDecode, BeforeValidator(_roles)]
