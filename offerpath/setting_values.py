"""What the values of settings may be: how each is read, and what is refused of it."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from planner.ids import parse_guid


def _guid(text: str) -> str:
    try:
        return parse_guid(text)
    except ValueError:
        raise ValueError("it is not a GUID") from None


def _folder(path: Path) -> Path:
    return path.expanduser().absolute()


def _postgres_url(text: str | None) -> str | None:
    if text is None or urlsplit(text).scheme in ("postgresql", "postgres"):
        return text
    raise ValueError("write it as postgresql://user:password@host:port/database")


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _words(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


def _exact_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_exact_origin, origins))


def _exact_origin(origin: str) -> str:
    """Return an origin as browsers send it: a scheme, a host, a port that is not the usual one."""
    parts = urlsplit(origin)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if usual is None or not parts.hostname or origin.count("/") != 2 or "@" in origin:
        raise ValueError("write each origin as https://host or https://host:port, with no path")
    if not re.fullmatch(r"[a-z0-9.:_-]+", parts.hostname) or set(origin) & {"?", "#"}:
        raise ValueError("name each origin exactly; there are no patterns")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def _networks(networks: tuple[str, ...]) -> tuple[str, ...]:
    """Return them as they came, if uvicorn will take each for an address or a network."""
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            raise ValueError("write addresses or networks, as 10.0.0.0/8 or ::1") from None
    return networks


Lowered = BeforeValidator(_lower)
"""For a choice that may be written in capitals."""
Folder = Annotated[Path, AfterValidator(_folder)]
PostgresUrl = Annotated[str | None, AfterValidator(_postgres_url)]
Origins = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_exact_origins)
]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_networks)]
Guid = Annotated[str, AfterValidator(_guid)]
Claim = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,200}$")]
