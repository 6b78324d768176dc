"""What users write is read in one way, or refused with a code."""

from datetime import UTC, datetime

import pytest

from resolvers import inputs
from resolvers.problems import BadInput

GUID = "bd938f12-058f-4927-bba3-ae36b1d2501c"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        (" 2026-03-01\n", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T09:00:00Z", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        ("2026-03-01T09:00:00.5+00:00", datetime(2026, 3, 1, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-01T00:30:00+01:00", datetime(2026, 2, 28, 23, 30, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_instant_is_aware_and_utc(text: str, read: datetime) -> None:
    found = inputs.instant(text)
    assert (found, found.tzinfo) == (read, UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "tomorrow", "2026", "2026-13-01", "2026-02-30", "01.03.2026", "1/3/2026"),
        *("2026-03-01T25:00:00Z", "2026-03-01T09:00", "2026-03-01 09:00:00", "20260301T0900"),
        *(
            "0001-01-01",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2026-03-01" * 50,
        ),
    ],
)
def test_what_is_no_date_is_refused_in_a_short_sentence(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        inputs.instant(text, name="asOf")
    assert refused.value.code == "BAD_DATE"
    assert refused.value.message.startswith("`asOf`")
    assert len(refused.value.message) < 200


def test_a_date_of_an_argument_that_is_not_known_is_refused_without_a_name() -> None:
    with pytest.raises(BadInput) as refused:
        inputs.instant("soon", name=None)
    assert refused.value.message.startswith("'soon' is no date or instant")
    assert refused.value.parameters == {"given": "soon"}


@pytest.mark.parametrize("text", ["2026-03-01t09:00", "2026-03-01_09:00"])
def test_an_instant_without_zone_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(BadInput):
        inputs.instant(text)


@pytest.mark.parametrize(("text", "code"), [("US", "US"), (" de ", "DE"), ("In", "IN")])
def test_a_market_is_read_in_either_case(text: str, code: str) -> None:
    assert inputs.market(text) == code


def test_no_market_stays_no_market() -> None:
    assert inputs.market(None) is None


@pytest.mark.parametrize(
    "text", ["", " ", "U", "UK", "XX", "USA", "U1", "é1", "日本", "U S", "US\0", "**"]
)
def test_what_is_no_market_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        inputs.market(text)
    assert refused.value.code == "MALFORMED_MARKET"


@pytest.mark.parametrize("text", ["ß", "ﬁ"])
def test_a_letter_that_grows_in_upper_case_is_no_market(text: str) -> None:
    with pytest.raises(BadInput):
        inputs.market(text)


@pytest.mark.parametrize("text", [GUID, GUID.upper(), f" {GUID} "])
def test_a_guid_is_read_in_any_case(text: str) -> None:
    assert inputs.guid(text, what="customer") == GUID


NO_GUIDS = ["", "x", GUID[:-1], GUID + "0", "g" + GUID[1:], "\0", "x" * 9999]


@pytest.mark.parametrize("text", [*NO_GUIDS, "{%s}" % GUID, GUID.replace("-", "")])
def test_what_is_no_guid_is_refused_and_said_whose_it_is(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        inputs.guid(text, what="customer")
    assert refused.value.code == "MALFORMED_ID"
    assert "customer" in refused.value.message
    assert len(refused.value.message) < 400
    assert refused.value.remedy == "Copy the id from an answer of this API, a GUID"


@pytest.mark.parametrize(
    ("what", "named"),
    [("API key", "an API key"), ("offer", "an offer"), ("plan", "a plan"), ("job", "a job")],
)
def test_whose_it_is_has_the_right_article(what: str, named: str) -> None:
    with pytest.raises(BadInput, match=f"is not the id of {named}, which is a GUID"):
        inputs.guid("x", what=what)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (GUID, GUID.upper()),
        (" cfq7ttc0lh18:0001 ", "CFQ7TTC0LH18:0001"),
        ("CFQ7TTC0LH18/0001", "CFQ7TTC0LH18:0001"),
        ("CFQ7TTC0LH18:1", "CFQ7TTC0LH18:0001"),
        ("CFQ7TTC0LH18:0001:CFQ7TTC0K971", "CFQ7TTC0LH18:0001"),
    ],
)
def test_a_catalog_id_has_one_written_form(text: str, read: str) -> None:
    assert inputs.catalog_id(text) == read


@pytest.mark.parametrize("text", ["", "CFQ7TTC0LH18", "CFQ7TTC0LH18:00001", "%s:0001" % GUID])
def test_what_is_no_catalog_id_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        inputs.catalog_id(text)
    assert refused.value.code == "MALFORMED_ID"


def test_a_page_has_one_to_200_elements() -> None:
    assert [inputs.page_size(first) for first in (1, 200)] == [1, 200]
    assert inputs.page_size(50, maximum=50) == 50
    for first, maximum in ((0, 200), (-1, 200), (201, 200), (10_000, 200), (51, 50)):
        with pytest.raises(BadInput) as refused:
            inputs.page_size(first, maximum=maximum)
        assert refused.value.code == "FIRST_OUT_OF_RANGE"
        assert str(maximum) in refused.value.message


def test_steps_are_1_to_12_or_without_a_limit() -> None:
    assert [inputs.max_steps(steps) for steps in (None, 1, 12)] == [None, 1, 12]
    for steps in (0, -1, 13):
        with pytest.raises(BadInput) as refused:
            inputs.max_steps(steps)
        assert refused.value.code == "MAX_STEPS_OUT_OF_RANGE"
