"""Files are refused by size, encoding and syntax before any row is looked at."""

import time

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.detect import ImportOptions, read_import
from formats.problems import FileRefused
from tests.formats.samples import AS_OF, CUSTOMER, OWN, collection, legacy, read, refusal


def test_a_file_of_200_mb_is_refused_at_once() -> None:
    content = bytes(200 * 1024 * 1024)
    began = time.monotonic()
    with pytest.raises(FileRefused) as caught:
        read_import(content, name="big.json", options=OWN)
    assert time.monotonic() - began < 0.5
    assert caught.value.code == "FILE_TOO_LARGE"
    assert "64.0 MiB" in caught.value.message
    assert "max_bytes" in caught.value.message
    assert "Split" in caught.value.message


def test_the_limit_is_an_argument_and_inclusive() -> None:
    content = b'{"totalCount": 0, "items": []}'
    assert read_import(content, name="f", options=OWN, max_bytes=len(content)).rows == 0
    with pytest.raises(FileRefused, match="the limit is"):
        read_import(content, name="f", options=OWN, max_bytes=len(content) - 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_and_utf_16_with_mark_are_read(encoding: str) -> None:
    text = f"customer_id,name\n{CUSTOMER},Çontoso Überse\n"
    parsed = read(text.encode(encoding), name="customers.csv")
    assert parsed.customer_import.customers[0].name == "Çontoso Überse"


def test_big_endian_utf_16_is_read() -> None:
    text = '\ufeff{"totalCount": 0, "items": []}'
    assert read(text.encode("utf-16-be")).rows == 0


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_latin_1_is_refused_with_the_offset_of_the_byte(mark: bytes) -> None:
    content = mark + "customer_id,name\nx,Zürich".encode("latin-1")
    refused = refusal(content, name="customers.csv")
    assert refused.code == "NOT_UTF8"
    assert f"offset {content.index(0xFC)} " in refused.message
    assert "0xFC" in refused.message


def test_half_a_utf_16_character_is_refused_with_its_offset() -> None:
    content = "[1]".encode("utf-16") + b"\x00"
    refused = refusal(content)
    assert (refused.code, "offset 8 " in refused.message) == ("NOT_UTF8", True)


@pytest.mark.parametrize("content", [b"", b"  \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal(content).code == "EMPTY_FILE"


@pytest.mark.parametrize(
    "text", ['{"items": [', '{"items": [NaN]}', '["\\ud800"]', "[" * 100_000, '{"a":' * 5_000]
)
def test_broken_or_bottomless_json_is_refused_with_line_and_column(text: str) -> None:
    refused = refusal(text)
    assert refused.code == "NOT_JSON"
    assert "line 1, column" in refused.message


def test_json_of_too_many_objects_is_refused_before_it_fills_the_memory() -> None:
    assert refusal('{"items":[' + "{}," * 4_000_000 + "{}]}").code == "TOO_MANY_ROWS"


def test_more_than_a_million_rows_are_refused() -> None:
    assert refusal('{"items":[' + "1," * 1_000_000 + "1]}").code == "TOO_MANY_ROWS"


def test_a_workbook_is_told_to_be_saved_as_csv() -> None:
    refused = refusal(b"PK\x03\x04rest", name="customers.xlsx")
    assert refused.code == "NOT_A_KNOWN_SHAPE"
    assert "CSV" in refused.message


@pytest.mark.parametrize("value", [1, "text", None, True, {}, {"a": 1}, [1], [{"a": 1}], [[]]])
def test_json_of_no_known_shape_is_refused(value: object) -> None:
    assert refusal(orjson.dumps(value), name="a.json").code == "NOT_A_KNOWN_SHAPE"


def test_text_of_no_known_shape_is_refused() -> None:
    assert refusal("hello", name="notes").code == "NOT_A_KNOWN_SHAPE"


def test_an_empty_list_of_nothing_in_particular_is_refused() -> None:
    assert refusal("[]").code == "EMPTY_FILE"
    assert refusal('{"value": []}').code == "EMPTY_FILE"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    codes = set()
    for name in ("a.json", "a.csv", "a"):
        try:
            read(content, name=name)
        except FileRefused as refused:
            codes.add(refused.code)
    assert all(codes)


def test_options_without_a_zone_or_with_a_wrong_id_are_misuse() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ImportOptions(None, AS_OF.replace(tzinfo=None))
    with pytest.raises(ValueError, match="GUID"):
        ImportOptions("contoso", AS_OF)


def test_customer_ids_compare_without_case() -> None:
    parsed = read(collection(legacy()), ImportOptions(CUSTOMER.upper(), AS_OF))
    assert parsed.customer_import.holdings[0].customer_id == CUSTOMER
