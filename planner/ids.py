"""What an offer's id is, and how one is read from text."""

import re
from typing import NewType

CatalogId = NewType("CatalogId", str)
"""A legacy durable offer id (upper-case GUID) or a new-commerce `ProductId:SkuId`, upper case."""

ServicePlanId = NewType("ServicePlanId", str)
"""A service plan's GUID, lower case, as Microsoft Graph writes it."""

ProductGuid = NewType("ProductGuid", str)
"""The GUID that Microsoft Graph calls `skuId`, lower case; one product may back many offers."""

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I | re.A)
_NEW_COMMERCE = re.compile(r"([0-9A-Z]{12})[:/]([0-9A-Z]{1,4})(?:[:/][0-9A-Z]{12})?", re.I | re.A)
_SKU_ID_LENGTH = 4


class MalformedId(ValueError):
    """The text is neither a GUID nor `ProductId:SkuId`, such as `CFQ7TTC0LH18:0001`."""

    code = "MALFORMED_ID"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:60]!r} is neither a legacy offer id (a GUID with hyphens) nor a new-commerce "
            "id (ProductId:SkuId, such as CFQ7TTC0LH18:0001)"
        )


def parse_catalog_id(text: str) -> CatalogId:
    """Return the offer's id in its one written form.

    Case does not matter; `/` may stand for `:`; a third part, the availability, is dropped because
    it changes; a sku id that lost its leading zeros gets them back (Excel drops them).

    Raises: MalformedId.
    Source: docs/sources.md 5 (ids); Excel drops leading zeros, availability ids change.
    """
    stripped = text.strip()
    if _GUID.fullmatch(stripped):
        return CatalogId(stripped.upper())
    match = _NEW_COMMERCE.fullmatch(stripped)
    if match is None:
        raise MalformedId(text)
    product_id, sku_id = match.groups()
    return CatalogId(f"{product_id.upper()}:{sku_id.upper().rjust(_SKU_ID_LENGTH, '0')}")


def is_new_commerce(catalog_id: CatalogId) -> bool:
    return ":" in catalog_id


def product_id_of(catalog_id: CatalogId) -> str:
    """Return the ProductId of a new-commerce id; a legacy id is its own product."""
    return catalog_id.partition(":")[0]


def is_guid(text: str) -> bool:
    return _GUID.fullmatch(text) is not None


def parse_guid(text: str) -> str:
    """Return a GUID in lower case with hyphens, the form that it must have but for the case.

    Neither braces nor a form without hyphens is read, as for the ids of offers, so that an id that
    is taken for one thing is taken for all. Raises: ValueError.
    """
    stripped = text.strip()
    if not is_guid(stripped):
        raise ValueError("badly formed GUID: hyphens are needed, and no braces")
    return stripped.lower()
