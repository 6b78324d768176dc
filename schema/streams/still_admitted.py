"""How long whoever holds a socket or an event stream open stays admitted, and why no longer."""

import asyncio
import logging
from datetime import UTC, datetime

from resolvers.codes.code import Code
from schema.http.refusal import Refused
from schema.streams.live import Admit, Admitted

log = logging.getLogger("offerpath.sockets")

CHECK_SECONDS = 60.0
"""Until it is found out anew whether a token or key still holds."""


async def end_of_admission(
    admit: Admit,
    authorization: str | None,
    host: str | None,
    admitted: Admitted,
    *,
    check_seconds: float,
) -> Refused:
    """Return why a token or key does not admit as it did, once that is so.

    It has ended, is not taken any more, or has other roles.
    """
    try:
        async with asyncio.timeout(_seconds_left(admitted)):
            while True:
                await asyncio.sleep(check_seconds)
                refused = await _refused(admit, authorization, host, admitted)
                if refused is not None:
                    return refused
    except TimeoutError:
        return _expired()


async def _refused(
    admit: Admit, authorization: str | None, host: str | None, admitted: Admitted
) -> Refused | None:
    try:
        again = await admit(authorization, host)
    except Refused as refused:
        return refused if refused.status < 500 else None
    except Exception as error:
        # What cannot be asked now is asked again; the token's own end holds all the same.
        log.warning("a stream's token could not be checked again: %s", error)
        return None
    return None if again.may_as_much_as(admitted) else _other_roles()


def _seconds_left(admitted: Admitted) -> float | None:
    if admitted.until is None:
        return None
    return max(0.0, (admitted.until - datetime.now(UTC)).total_seconds())


def _expired() -> Refused:
    return Refused(
        401,
        Code.TOKEN_EXPIRED,
        "The access token has expired",
        remedy="Sign in again, and send the new access token",
    )


def _other_roles() -> Refused:
    return Refused(
        403,
        Code.NOT_PERMITTED,
        "The roles of the token or key are others than when the stream began",
        remedy="Open the stream again",
    )
