"""On whose behalf a request or a socket asks, and from which network address."""

from dataclasses import replace
from functools import lru_cache

from offerpath.sign_in.addresses import address_of
from resolvers.records.principal import Principal


def asking_from(principal: Principal, host: str | None) -> Principal:
    """Return a principal with the address of its client, where the server knows one."""
    return _at(principal, None if host is None else address_of(host))


@lru_cache(maxsize=1024)
def _at(principal: Principal, address: str | None) -> Principal:
    return replace(principal, address=address)
