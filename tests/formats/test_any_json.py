"""Whatever JSON is given, reading ends in a result or in FileRefused, never in anything else."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from formats.detect import read_import
from formats.problems import MAX_NOTICES, FileRefused
from tests.examples import checked
from tests.formats.samples import (
    ANY,
    WITH_PARTNER,
    answer,
    collection,
    customer,
    directory,
    legacy,
    new_commerce,
    read,
    sku,
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["", "9999-12-31", "0001-01-01T00:00:00Z", "P1Y", "Active", "x\x00y"])
)
FIELDS = [
    *legacy(),
    *new_commerce(),
    *customer(),
    *directory(),
    *sku(),
    *collection(),
    *answer(""),
    *["links", "customers", "subscriptions", "directorySubscriptions", "subscribedSkus", "country"],
    *["refundableQuantity", "details", "scheduledNextTermInstructions", "product", "productId"],
    *["scheduledActions", "actionType", "agreements", "dateAgreed", "promotionEnds", "partnerId"],
    *["qualifications", "segment", "model_config", "__class__", "@odata.nextLink", "uri", "self"],
]
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner, max_size=8)
    ),
    max_leaves=25,
)


def outcome(value: Any) -> None:
    """Read it with and without a customer named."""
    content = orjson.dumps(value)
    for options in (ANY, WITH_PARTNER):
        try:
            parsed = read_import(content, name="any.json", options=options)
        except FileRefused as refused:
            told = (refused.code, refused.message)
        else:
            told = (parsed.kind, str(parsed.rows))
        assert all(told)


@given(JSON)
def test_random_json_is_read_or_refused(value: Any) -> None:
    outcome(value)


@checked(300)
@given(
    st.sampled_from([legacy, new_commerce, customer, directory, sku]),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4),
    st.booleans(),
)
def test_good_rows_with_random_fields_are_read_or_refused(
    make: Any, fields: dict[str, Any], in_bundle: bool
) -> None:
    row = make() | fields
    outcome(collection(row))
    outcome(answer("x", row))
    outcome({"customers": [customer() | {"subscriptions": [row], "subscribedSkus": [row]}]})
    if in_bundle:
        outcome({"customers": [row]})


def test_notices_are_kept_up_to_a_limit_and_the_rest_counted() -> None:
    rows = [legacy(n, **{f"field{n}": 1}) for n in range(MAX_NOTICES + 50)]
    notices = read(collection(*rows)).notices
    assert len(notices) == MAX_NOTICES + 1
    assert (notices[-1].code, notices[-1].count) == ("MORE_NOTICES", 50)


def test_a_field_name_with_nul_is_reported_without_it() -> None:
    notices = read(collection(legacy(**{"a\x00b": 1}))).notices
    assert notices[0].path == "items[*].a\ufffdb"
