"""How an API key is written: whose it is, which it is, and 256 random bits.

`ofp_` and 86 characters of base64url: 16 bytes partner id, 16 bytes key id, 32 bytes secret. The
partner stands in the text so that a key is looked up as that partner, under row-level security
like everything else.
"""

import base64
import binascii
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from uuid import UUID

PREFIX = "ofp_"
_FORM = re.compile(r"ofp_([A-Za-z0-9_-]{86})")
_GUID_BYTES = 16
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as it is shown to its maker, once."""

    partner_id: str
    key_id: str
    secret: bytes = field(repr=False)

    @property
    def digest(self) -> bytes:
        """What is stored: the secret is random, so that a plain SHA-256 cannot be turned back."""
        return hashlib.sha256(self.secret).digest()

    def written(self) -> str:
        """Return the text that a script sends."""
        given = UUID(self.partner_id).bytes + UUID(self.key_id).bytes + self.secret
        return PREFIX + base64.urlsafe_b64encode(given).decode().rstrip("=")


def new_key_text(partner_id: str, key_id: str) -> KeyText:
    """Return a key with a fresh secret. Ids are GUIDs."""
    return KeyText(partner_id, key_id, secrets.token_bytes(_SECRET_BYTES))


def read_key_text(text: str) -> KeyText | None:
    """Return the parts of a key; None where the text is none, or not as we write it."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    try:
        given = base64.urlsafe_b64decode(found[1] + "==")
    except binascii.Error:
        return None
    partner, key = given[:_GUID_BYTES], given[_GUID_BYTES : 2 * _GUID_BYTES]
    secret = given[2 * _GUID_BYTES :]
    read = KeyText(str(UUID(bytes=partner)), str(UUID(bytes=key)), secret)
    # The last character has four bits to spare: only one of the sixteen spellings is ours.
    return read if read.written() == text else None
