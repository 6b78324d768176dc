"""What is written as one of our CSV files comes back the same."""

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from planner.customers import Customer, SubscriptionState
from planner.offers import Known, Segment
from tests.formats.own.csv_samples import line, text
from tests.formats.samples import ANY, read, subscriptions

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(
    lambda name: name.strip() != ""
)
FLAGS = {Known.YES: "yes", Known.NO: "false", Known.UNKNOWN: ""}
CUSTOMERS = st.lists(
    st.builds(
        Customer,
        st.uuids(version=4).map(str),
        NAMES.map(str.strip),
        st.none() | NAMES.map(str.strip),
        st.sampled_from([None, "US", "IN", "GB"]),
        st.none() | st.sampled_from(Segment),
        st.sampled_from(Known),
        st.sampled_from(Known),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda customer: customer.customer_id,
)


@given(CUSTOMERS, st.sampled_from([",", ";"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_customers_survive_the_way_through_a_file(
    customers: list[Customer], delimiter: str, encoding: str
) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    terms = ["agreement", "delegated_admin"]
    writer.writerow(["customer_id", "name", "domain", "market", "segment", *terms])
    for one in customers:
        segment = one.segment and one.segment.value.lower()
        answers = [FLAGS[one.agreement], FLAGS[one.delegated_admin]]
        row = [one.customer_id.upper(), one.name, one.domain, one.market, segment]
        writer.writerow([*row, *answers])
    parsed = read(file.getvalue().encode(encoding), ANY, name="customers.csv")
    assert list(parsed.customer_import.customers) == customers


LINES = st.builds(
    lambda seats, day, state, title, tranches: {
        "seats": seats,
        "last_day": day,
        "state": state.value.lower(),
        "title": title.strip(),
        "reducible": "|".join(f"{n} until {day}T00:00:00Z" for day, n in tranches) or "none",
    },
    st.integers(0, 10_000_000).map(str),
    st.dates(date(2000, 1, 1), date(8999, 12, 31)).map(str),
    st.sampled_from([state for state in SubscriptionState if state.value != "UNRECOGNIZED"]),
    NAMES,
    st.lists(
        st.tuples(st.dates(date(2000, 1, 1), date(8999, 12, 31)), st.integers(0, 99)), max_size=3
    ).map(sorted),
)


@given(st.lists(LINES, min_size=1, max_size=8), st.sampled_from([",", ";"]))
def test_subscriptions_survive_the_way_through_a_file(
    rows: list[dict[str, str]], delimiter: str
) -> None:
    lines = [line(number, **row) for number, row in enumerate(rows)]
    parsed = read(text(*lines, delimiter=delimiter), ANY)
    told = [
        {
            "seats": str(one.seats),
            "last_day": str(one.last_day),
            "state": one.state_as_given,
            "title": one.title,
            "reducible": "|".join(
                f"{each.seats} until {each.until.date()}T00:00:00Z" for each in one.reducible or ()
            )
            or "none",
        }
        for one in subscriptions(parsed)
    ]
    assert told == rows
