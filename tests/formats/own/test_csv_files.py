"""Our CSV files are read whole, or refused with every bad line."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from formats.detect import ImportOptions
from formats.problems import Notice
from planner.customers import (
    HoldingsState,
    Reducible,
    RenewalInstructions,
    Seller,
    SubscriptionState,
)
from planner.ids import CatalogId
from planner.offers import Known
from tests.formats.own.csv_samples import HEADER, OFFER, line, text
from tests.formats.samples import (
    ANY,
    AS_OF,
    CUSTOMER,
    OTHER_CUSTOMER,
    OWN,
    PRODUCT,
    found,
    read,
    refusal,
    subscription_id,
    subscriptions,
)

CUSTOMER_HEADER = (
    *("customer_id", "name", "domain", "market", "segment"),
    *("agreement", "delegated_admin"),
)
TEMPLATES = Path(__file__).parents[3] / "docs" / "templates"


def test_the_templates_are_read() -> None:
    customers = read((TEMPLATES / "customers.csv").read_bytes(), ANY, name="customers.csv")
    assert (customers.rows, customers.notices) == (2, ())
    holdings = read((TEMPLATES / "subscriptions.csv").read_bytes(), ANY, name="subscriptions.csv")
    assert holdings.notices == ()
    sides = [
        (one.customer_id, one.is_foreign, one.state, len(one.subscriptions))
        for one in holdings.customer_import.holdings
    ]
    assert sides == [
        (CUSTOMER, False, HoldingsState.COMPLETE, 2),
        (CUSTOMER, True, HoldingsState.PARTIAL, 1),
        (OTHER_CUSTOMER, False, HoldingsState.COMPLETE, 0),
    ]


def test_the_templates_name_every_column() -> None:
    header = (TEMPLATES / "subscriptions.csv").read_text().splitlines()[0]
    assert header.split(",") == HEADER
    header = (TEMPLATES / "customers.csv").read_text().splitlines()[0]
    assert header.split(",") == [*CUSTOMER_HEADER]


def test_a_full_line_is_read_whole() -> None:
    row = line(
        offer_id="cfq7ttc0lh18:1:CFQ7TTC0K18P",
        title=" Business Basic ",
        state="Active",
        seats="42",
        term="p1y",
        billing_cycle="Monthly",
        start_date="2026-05-04",
        last_day="2027-05-03",
        auto_renew="TRUE",
        is_trial="no",
        parent_subscription_id=subscription_id(2).upper(),
        holdings="Complete",
    )
    (one,) = subscriptions(read(text(row), ANY))
    assert (one.catalog_id, one.title, one.seats) == (OFFER, "Business Basic", 42)
    assert (one.state, one.state_as_given) == (SubscriptionState.ACTIVE, "Active")
    assert (one.term, one.billing_cycle) == ("P1Y", "monthly")
    assert one.starts == datetime(2026, 5, 4, tzinfo=UTC)
    assert one.last_day == date(2027, 5, 3)
    assert (one.auto_renews, one.is_trial) == (True, False)
    assert one.parent_id == subscription_id(2)


def test_the_terms_of_a_line_are_read_whole() -> None:
    row = line(
        created_date="2024-05-04",
        promotion_id="39NFJQT1XXXX:0001:39NF",
        promotion_ends="2027-03-31",
        cancellable_until="2026-11-08T10:00:00+01:00",
        reducible="5 until 2026-11-12 | 20 until 2026-11-08T10:00:00Z",
        renewal_offer_id="cfq7ttc0ldpb:1",
        renewal_term="p1y",
        renewal_billing_cycle="Annual",
        renewal_seats="40",
        renewal_last_day="2028-03-31",
        cancels_at_end="no",
        partner_id="1234567",
        migrated_from=subscription_id(7).upper(),
    )
    (one,) = subscriptions(read(text(row), ANY))
    assert one.created == datetime(2024, 5, 4, tzinfo=UTC)
    assert (one.promotion_id, one.promotion_ends) == ("39NFJQT1XXXX:0001:39NF", date(2027, 3, 31))
    assert one.cancellable_until == datetime(2026, 11, 8, 9, tzinfo=UTC)
    assert one.reducible == (
        Reducible(20, datetime(2026, 11, 8, 10, tzinfo=UTC)),
        Reducible(5, datetime(2026, 11, 12, tzinfo=UTC)),
    )
    assert one.renewal == RenewalInstructions(
        CatalogId("CFQ7TTC0LDPB:0001"), "P1Y", "annual", 40, date(2028, 3, 31)
    )
    assert (one.cancels_at_end, one.partner_of_record) == (False, "1234567")
    assert one.migrated_from == subscription_id(7)


def test_no_seats_to_give_back_is_said_by_a_word_and_never_by_a_blank() -> None:
    none, blank = subscriptions(read(text(line(1, reducible="None"), line(2)), ANY))
    assert (none.reducible, blank.reducible) == ((), None)


def test_a_renewal_to_no_licence_offer_is_not_known_and_noted() -> None:
    parsed = read(text(line(renewal_offer_id="MS-AZR-0145P", renewal_seats="3")), ANY)
    assert subscriptions(parsed)[0].renewal is None
    assert parsed.notices == (Notice("NOT_A_LICENCE_OFFER", "renewal_offer_id", "MS-AZR-0145P", 1),)


@pytest.mark.parametrize(
    ("agreement", "delegated_admin", "told"),
    [
        ("yes", "FALSE", (Known.YES, Known.NO)),
        ("no", "true", (Known.NO, Known.YES)),
        ("", "", (Known.UNKNOWN, Known.UNKNOWN)),
    ],
)
def test_a_customers_agreement_and_administration_are_columns_of_their_own(
    agreement: str, delegated_admin: str, told: tuple[Known, Known]
) -> None:
    row = f"{CUSTOMER},Contoso,{agreement},{delegated_admin}"
    parsed = read(f"customer_id,name,agreement,delegated_admin\n{row}\n", ANY)
    (one,) = parsed.customer_import.customers
    assert (one.agreement, one.delegated_admin) == told


def test_blank_fields_are_not_known() -> None:
    (one,) = subscriptions(read(text(line()), ANY))
    told = (one.seats, one.term, one.last_day, one.starts, one.auto_renews, one.is_trial)
    assert told == (None,) * 6
    told_of_terms = (one.created, one.promotion_id, one.promotion_ends, one.cancellable_until)
    assert told_of_terms == (None,) * 4
    assert (one.reducible, one.renewal, one.cancels_at_end) == (None,) * 3
    assert (one.partner_of_record, one.migrated_from) == (None, None)


def test_the_last_day_is_inclusive_for_a_legacy_offer_too() -> None:
    row = line(offer_id="AAAAAAAA-0000-4000-8000-000000000001", last_day="2027-05-03")
    assert subscriptions(read(text(row), ANY))[0].last_day == date(2027, 5, 3)


def test_a_far_future_last_day_is_no_end() -> None:
    assert subscriptions(read(text(line(last_day="9999-12-31")), ANY))[0].last_day is None


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends(delimiter: str, encoding: str, end: str) -> None:
    content = text(line(1), line(2), delimiter=delimiter).replace("\r\n", end).encode(encoding)
    assert read(content, ANY, name="subscriptions.csv").rows == 2


def test_excels_first_line_and_trailing_blank_lines_are_understood() -> None:
    content = "sep=;\r\n" + text(line(), delimiter=";") + ";" * (len(HEADER) - 1) + "\r\n\r\n"
    assert read(content, ANY).rows == 1
    bad = "sep=;\r\n" + text(line(seats="x"), delimiter=";")
    assert [problem.line for problem in refusal(bad, ANY).problems] == [3]


def test_columns_may_be_absent_reordered_or_unknown() -> None:
    header = ["state", "Subscription_ID", "HELD_BY", "customer_id", "offer_id", "colour"]
    row = {name: line().get(name.lower(), "red") for name in header}
    parsed = read(text(row, header=header), ANY)
    assert parsed.rows == 1
    assert parsed.notices == (Notice("UNKNOWN_COLUMN", "colour", "", 1),)


@pytest.mark.parametrize(
    "header", ["customer_id", "customer_id,name,name", "subscription_id,customer_id", "a,b", '"a']
)
def test_a_wrong_header_is_refused(header: str) -> None:
    assert refusal(f"{header}\nx,y", ANY, name="a.csv").code == "WRONG_HEADER"


def test_a_header_alone_is_refused() -> None:
    assert refusal("customer_id,name\n", ANY).code == "EMPTY_FILE"


def test_an_unknown_state_is_kept_and_reported() -> None:
    parsed = read(text(line(1, state="frozen"), line(2, state="frozen")), ANY)
    assert subscriptions(parsed)[0].state is SubscriptionState.UNRECOGNIZED
    assert parsed.notices == (Notice("UNKNOWN_VALUE", "state", "frozen", 2),)


def test_unknown_terms_and_billing_cycles_are_kept_and_reported() -> None:
    parsed = read(text(line(term="P5Y", billing_cycle="weekly")), ANY)
    assert {(one.path, one.value) for one in parsed.notices} == {
        ("term", "P5Y"),
        ("billing_cycle", "weekly"),
    }


def test_one_bad_row_in_a_thousand_refuses_all_and_names_every_bad_line() -> None:
    rows = [line(n) for n in range(1, 2001)]
    rows[499]["seats"] = "-3"
    rows[1499]["last_day"] = "31.12.2026"
    refused = refusal(text(*rows), ANY)
    assert refused.code == "BAD_ROWS"
    told = [(problem.line, problem.path, problem.code) for problem in refused.problems]
    assert told == [(501, "seats", "OUT_OF_RANGE"), (1501, "last_day", "BAD_DATE")]


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"customer_id": ""}, "MISSING", "customer_id"),
        ({"customer_id": "contoso"}, "BAD_ID", "customer_id"),
        ({"held_by": "them"}, "BAD_HELD_BY", "held_by"),
        ({"held_by": ""}, "MISSING", "held_by"),
        ({"subscription_id": ""}, "MISSING", "subscription_id"),
        ({"subscription_id": subscription_id(9)}, "DUPLICATE_ID", "subscription_id"),
        ({"offer_id": ""}, "MISSING", "offer_id"),
        ({"state": ""}, "MISSING", "state"),
        ({"seats": "1.5"}, "OUT_OF_RANGE", "seats"),
        ({"seats": "1000000000000"}, "OUT_OF_RANGE", "seats"),
        ({"start_date": "2026-02-30"}, "BAD_DATE", "start_date"),
        ({"start_date": "2026-02-02", "last_day": "2026-02-01"}, "BAD_DATE", "last_day"),
        ({"auto_renew": "maybe"}, "BAD_FLAG", "auto_renew"),
        ({"cancels_at_end": "soon"}, "BAD_FLAG", "cancels_at_end"),
        ({"cancellable_until": "soon"}, "BAD_DATE", "cancellable_until"),
        ({"promotion_ends": "March"}, "BAD_DATE", "promotion_ends"),
        ({"reducible": "10"}, "BAD_TRANCHE", "reducible"),
        ({"reducible": "10 until "}, "BAD_TRANCHE", "reducible"),
        ({"reducible": "10 until 0001-01-01"}, "BAD_TRANCHE", "reducible"),
        ({"reducible": "10 until then"}, "BAD_DATE", "reducible"),
        ({"reducible": "x until 2026-11-08|"}, "OUT_OF_RANGE", "reducible"),
        ({"renewal_seats": "-1"}, "OUT_OF_RANGE", "renewal_seats"),
        ({"migrated_from": "abc"}, "BAD_ID", "migrated_from"),
        ({"holdings": "all"}, "BAD_HOLDINGS", "holdings"),
        ({"holdings": "complete"}, "HOLDINGS_DISAGREE", "holdings"),
        ({"parent_subscription_id": subscription_id(1)}, "BAD_PARENT", "parent_subscription_id"),
        ({"held_by": "another_partner", "offer_id": ""}, "MISSING", "offer_id"),
        ({"title": "a\x00b"}, "BAD_TEXT", "title"),
    ],
)
def test_a_bad_field_is_a_problem_with_its_line(
    fields: dict[str, str], code: str, path: str
) -> None:
    refused = refusal(text(line(9), line() | fields), ANY)
    assert found(refused) == {(code, path)}
    assert refused.problems[0].line == 3


def test_a_duplicate_names_both_lines() -> None:
    (problem,) = refusal(text(line(1), line(2), line(1)), ANY).problems
    assert (problem.line, "line 2" in problem.message) == (4, True)


def test_a_line_is_counted_where_it_begins() -> None:
    refused = refusal(text(line(1, title="a\nb\nc"), line(2, seats="x")), ANY)
    assert [problem.line for problem in refused.problems] == [5]


def test_lines_with_too_few_or_many_fields_and_open_quotes_are_problems() -> None:
    content = f'customer_id,name\n{CUSTOMER}\n{CUSTOMER},a,b\n{CUSTOMER},"a'
    told = [(one.line, one.code) for one in refusal(content, ANY).problems]
    assert told == [(2, "WRONG_FIELD_COUNT"), (3, "WRONG_FIELD_COUNT"), (4, "NOT_CSV")]


def test_a_million_lines_of_junk_are_not_waited_for() -> None:
    assert refusal("customer_id,name\n" + "a\n" * 1_000_100, ANY).code == "TOO_MANY_ROWS"


def test_sides_are_told_apart_by_who_holds() -> None:
    rows = [
        line(1, holdings="complete"),
        line(2, held_by="another_partner", offer_id="", product_guid=PRODUCT),
        line(3, held_by="not_known"),
    ]
    own, foreign = read(text(*rows), ANY).customer_import.holdings
    assert (own.is_foreign, own.state) == (False, HoldingsState.COMPLETE)
    assert (foreign.is_foreign, foreign.state) == (True, HoldingsState.PARTIAL)
    sellers = [one.seller for one in foreign.subscriptions]
    assert sellers == [Seller.ANOTHER_PARTNER, Seller.NOT_KNOWN]


def test_no_word_on_holdings_is_partial() -> None:
    (change,) = read(text(line(1), line(2, holdings="partial")), ANY).customer_import.holdings
    assert change.state is HoldingsState.PARTIAL


def test_an_empty_side_is_said_by_one_line_alone() -> None:
    none = {"customer_id": CUSTOMER, "held_by": "another_channel", "holdings": "complete"}
    (change,) = read(text(none), ANY).customer_import.holdings
    assert (change.subscriptions, change.state) == ((), HoldingsState.COMPLETE)
    again = line(held_by="another_partner", holdings="complete")
    for rows in ((none, again), (again, none)):
        assert ("NOT_EMPTY", "subscription_id") in found(refusal(text(*rows), ANY))


def test_the_importer_may_overrule_completeness() -> None:
    options = ImportOptions(None, AS_OF, is_complete=True)
    (change,) = read(text(line()), options).customer_import.holdings
    assert change.state is HoldingsState.COMPLETE


def test_lines_of_another_customer_than_said_are_refused() -> None:
    assert refusal(text(line(customer_id=OTHER_CUSTOMER)), OWN).code == "OTHER_CUSTOMER"


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ("Contoso,,UK,", "BAD_MARKET", "market"),
        ("Contoso,,,wizards", "BAD_SEGMENT", "segment"),
        (",,,", "MISSING", "name"),
    ],
)
def test_a_bad_customer_is_a_problem(fields: str, code: str, path: str) -> None:
    refused = refusal(f"customer_id,name,domain,market,segment\n{CUSTOMER},{fields}", ANY)
    assert found(refused) == {(code, path)}
