"""An offer's id has one written form, however a list or a person wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ids import MalformedId, is_new_commerce, parse_catalog_id, parse_guid, product_id_of
from tests.examples import checked

BASIC = "BD938F12-058F-4927-BBA3-AE36B1D2501C"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("bd938f12-058f-4927-bba3-ae36b1d2501c", BASIC),
        (f"  {BASIC}\t", BASIC),
        ("CFQ7TTC0LH18:0001", "CFQ7TTC0LH18:0001"),
        ("cfq7ttc0lh18:000x", "CFQ7TTC0LH18:000X"),
        ("CFQ7TTC0LH18/0001", "CFQ7TTC0LH18:0001"),
        ("CFQ7TTC0LH18:1", "CFQ7TTC0LH18:0001"),
        ("CFQ7TTC0LH18/1Q", "CFQ7TTC0LH18:001Q"),
        ("CFQ7TTC0LH18:0001:CFQ7TTC0K971", "CFQ7TTC0LH18:0001"),
        ("CFQ7TTC0LH18/1/CFQ7TTC0K971", "CFQ7TTC0LH18:0001"),
    ],
)
def test_an_id_is_read_in_any_case_with_zeros_back_and_availability_dropped(
    text: str, written: str
) -> None:
    assert parse_catalog_id(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CFQ7TTC0LH18",
        "CFQ7TTC0LH18:",
        "CFQ7TTC0LH18:00001",
        "CFQ7TTC0LH1:0001",
        "CFQ7TTC0LH18:0001:",
        "CFQ7TTC0LH18:0001:SHORT",
        "CFQ7TTC0LH18 0001",
        "CFQ7TTC0LH18:00-1",
        BASIC.replace("-", ""),
        f"{{{BASIC}}}",
        BASIC[:-1] + "G",
        f"{BASIC}\n{BASIC}",
    ],
)
def test_a_malformed_id_is_refused_with_a_stable_code_and_a_short_message(text: str) -> None:
    with pytest.raises(MalformedId) as refused:
        parse_catalog_id(text)
    assert refused.value.code == "MALFORMED_ID"


def test_a_very_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(MalformedId) as refused:
        parse_catalog_id("x" * 10_000)
    assert len(str(refused.value)) < 250


@checked(100)
@given(st.from_regex(r"[0-9A-Z]{12}[:/][0-9A-Z]{1,4}", fullmatch=True))
def test_reading_a_written_id_again_changes_nothing(text: str) -> None:
    written = parse_catalog_id(text)
    assert parse_catalog_id(written) == written
    assert is_new_commerce(written)
    assert written.endswith(text[13:])
    assert product_id_of(written) == text[:12]


def test_a_legacy_id_is_its_own_product_and_no_new_commerce() -> None:
    offer = parse_catalog_id(BASIC)
    assert not is_new_commerce(offer)
    assert product_id_of(offer) == BASIC


def test_a_guid_is_written_in_lower_case_with_hyphens() -> None:
    assert parse_guid(f" {BASIC} ") == BASIC.lower()
    with pytest.raises(ValueError, match="badly formed"):
        parse_guid("no guid")


@pytest.mark.parametrize(
    "text",
    [f"{{{BASIC}}}", f"urn:uuid:{BASIC}", BASIC.replace("-", ""), BASIC[:-1], f"{BASIC}0", ""],
)
def test_what_no_offer_may_be_called_nothing_else_may(text: str) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        parse_guid(text)
    with pytest.raises(MalformedId):
        parse_catalog_id(text)
