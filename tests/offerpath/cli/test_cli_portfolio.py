"""`portfolio` sums up all customers, plans waves, and streams flat rows."""

import csv
import io
import subprocess
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.reports.portfolio import PORTFOLIO
from formats.sample.portfolio import sample_as_of, sample_customers
from offerpath.cli.customers.portfolio_rows import COLUMNS, FlatRows
from planner.customers import SubscriptionState
from planner.portfolios.portfolio import BestWay, Held, PortfolioRow, Standing
from tests.examples import checked
from tests.offerpath.command import PROGRAM, Cli

AT = ("--at", sample_as_of().date().isoformat())


def test_the_summary_tells_every_count_as_json(cli: Cli) -> None:
    done = cli.call("portfolio", *AT, "--json")
    assert (done.code, done.err) == (0, "")
    assert set(done.json) == {"catalog", "at", "portfolio"}
    told = done.json["portfolio"]
    # Two of the sample's customers hold nothing that we know of.
    assert told["customers"] == len(sample_customers()) - 2
    standings = {one["standing"]: one["tally"]["subscriptions"] for one in told["standings"]}
    assert sum(standings.values()) == told["total"]["subscriptions"]
    readiness = {one["readiness"]: one["tally"]["subscriptions"] for one in told["readiness"]}
    assert sum(readiness.values()) == standings["CAN_MOVE"]
    assert set(told["blockers"][0]) == {"code", "severity", "tally"}
    assert set(told["targets"][0]) == {"catalogId", "title", "tally"}
    assert set(told["money"][0]) == {"subscriptions", "now", "after"}
    assert isinstance(told["money"][0]["now"]["amount"], str)


def test_the_money_is_of_what_can_move_and_is_not_over(cli: Cli) -> None:
    rows = csv.DictReader(io.StringIO(cli.call("portfolio", "--rows", "csv", *AT).out, newline=""))
    moving = [line["state"] for line in rows if line["standing"] == "CAN_MOVE"]
    billed = [state for state in moving if state not in ("EXPIRED", "DISABLED", "DELETED")]
    assert 0 < len(billed) < len(moving)
    told = cli.call("portfolio", *AT, "--json").json["portfolio"]
    money = sum(one["subscriptions"] for one in told["money"])
    assert money + told["moneyUnknown"] == len(billed)


def test_the_summary_is_a_few_tables_where_no_json_is_asked_for(cli: Cli) -> None:
    done = cli.call("portfolio", *AT)
    assert done.code == 0
    for title in ("STANDING", "READINESS", "WHAT STOPS THEM", "BEST TARGET", "RETAIL A MONTH"):
        assert title in done.out
    assert "CAN_MOVE" in done.out


def test_a_filter_leaves_out_the_other_customers(cli: Cli) -> None:
    done = cli.call("portfolio", "--text", "oakline", *AT, "--json")
    assert done.json["portfolio"]["customers"] == 1
    one = cli.call("portfolio", "--text", "birchwood", *AT).out
    assert one.startswith("1 customer, 1 subscription, 35 seats\n")
    nobody = cli.call("portfolio", "--text", "nobody of this name", *AT)
    assert (nobody.code, nobody.out) == (0, "0 customers, 0 subscriptions, 0 seats\n")


def test_waves_are_planned_and_what_is_left_over_is_told(cli: Cli) -> None:
    done = cli.call("portfolio", "--waves", *AT, "--json")
    assert set(done.json) == {"catalog", "at", "waves", "leftOver", "minutes"}
    (wave, *_) = done.json["waves"]
    assert set(wave) == {
        *("number", "rows", "creations", "conditional", "notBefore", "minute", "due", "undated")
    }
    assert set(wave["rows"][0]) == {"customerId", "subscriptionId", "baseId"}
    reasons = [one["reason"] for one in done.json["leftOver"]]
    assert len(reasons) == len(set(reasons)) > 0
    shown = cli.call("portfolio", "--waves", *AT)
    assert "WAVE" in shown.out
    assert "LEFT OVER" in shown.out


def test_rows_are_one_csv_line_for_each_subscription(cli: Cli) -> None:
    done = cli.call("portfolio", "--rows", "csv", *AT)
    assert (done.code, done.err) == (0, "")
    header, *lines = csv.reader(io.StringIO(done.out, newline=""))
    assert tuple(header) == COLUMNS
    told = [dict(zip(header, line, strict=True)) for line in lines]
    summary = cli.call("portfolio", *AT, "--json").json["portfolio"]
    assert len(told) == summary["total"]["subscriptions"]
    assert Counter(line["standing"] for line in told) == {
        one["standing"]: one["tally"]["subscriptions"] for one in summary["standings"]
    }
    targets = Counter(line["target_id"] for line in told if line["target_id"])
    assert targets == {
        one["catalogId"]: one["tally"]["subscriptions"] for one in summary["targets"]
    }


def test_rows_that_nobody_reads_to_the_end_are_no_fault(cli: Cli) -> None:
    """As with `| head -1`."""
    process = subprocess.Popen(
        [PROGRAM, "portfolio", "--rows", "csv"],
        env=cli.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("BAD_OPTION", ("--rows", "csv", "--json")),
        ("BAD_OPTION", ("--rows", "csv", "--waves", "--json")),
        ("BAD_OPTION", ("--rows", "csv", "--readiness", "ready", "--json")),
        ("MALFORMED_MARKET", ("--market", "nowhere", "--json")),
        ("MALFORMED_ID", ("--target", "contoso", "--json")),
        ("USAGE", ("--rows", "xml", "--json")),
    ],
)
def test_a_question_that_is_wrong_is_bad_input(
    cli: Cli, code: str, options: tuple[str, ...]
) -> None:
    done = cli.call("portfolio", *options)
    assert (done.code, done.error["code"]) == (2, code)


def test_a_target_that_the_catalog_does_not_have_is_not_found(cli: Cli) -> None:
    done = cli.call("portfolio", "--target", "CFQ7TTC0ZZZZ:0001", "--json")
    assert (done.code, done.error["code"]) == (3, "OFFER_NOT_FOUND")


def _row(**changes: str) -> PortfolioRow:
    told = {"customer_name": "Contoso", "title": "A title", "catalog_id": None} | changes
    held = Held(
        "c",
        str(told["customer_name"]),
        "s",
        str(told["title"]),
        None,
        None,
        None,
        SubscriptionState.ACTIVE,
    )
    return PortfolioRow(held, BestWay(Standing.NO_OFFER))


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_name_that_looks_like_a_formula_is_written_as_text(first: str) -> None:
    name = f'{first}cmd|"x", y'
    (line,) = csv.reader(
        io.StringIO(FlatRows().lines([_row(customer_name=name, title=name)]), newline="")
    )
    assert line[COLUMNS.index("customer_name")] == f"'{name}"
    assert line[COLUMNS.index("subscription_title")] == f"'{name}"


@checked(200)
@given(
    st.text(alphabet=st.sampled_from("a ,\"'\r\n;=ß"), max_size=8),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8),
)
def test_any_name_and_title_are_read_back_as_they_were(name: str, title: str) -> None:
    text = FlatRows().lines([_row(customer_name=name, title=title)] * 2)
    first, second = csv.reader(io.StringIO(text, newline=""))
    assert first == second
    assert len(first) == len(COLUMNS)
    told = dict(zip(COLUMNS, first, strict=True))
    assert told["customer_name"] in (name, f"'{name}")
    assert told["subscription_title"] in (title, f"'{title}")


def test_what_is_not_known_is_empty() -> None:
    (line,) = csv.reader(io.StringIO(FlatRows().lines([_row()]), newline=""))
    told = dict(zip(COLUMNS, line, strict=True))
    empty = {"offer_id", "seats", "last_day", "target_id", "steps", "weakest_evidence"}
    assert {name for name, cell in told.items() if not cell} == {*empty, "path_readiness"}


def test_columns_are_named_as_in_the_report() -> None:
    assert set(COLUMNS) <= {column.name for column in PORTFOLIO.columns}
