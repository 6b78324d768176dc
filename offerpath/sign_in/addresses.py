"""Which addresses are this machine's own, and which URLs keys may be read from."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Return whether a host is 127.0.0.0/8, ::1 or localhost; any other name is not."""
    try:
        address = ip_address(host)
    except ValueError:
        return host.lower() == "localhost"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


@lru_cache(maxsize=1024)
def address_of(host: str) -> str | None:
    """Return a client's address as it is; None for a text of a proxy's that is none."""
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def secure_url(text: str) -> str:
    """Return an https URL, or an http one of this machine, as it is. Raises: ValueError."""
    parts = urlsplit(text)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise ValueError("write it as https://host/path")
    if parts.username is not None or parts.fragment or parts.query:
        raise ValueError("it has no user, query or fragment")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("http is for this machine alone; any other issuer needs https")
    return text
