"""`offerpath plan`: made, saved, decided on, followed and compared from a terminal."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from formats.sample.portfolio import sample_customers
from tests.offerpath.command import Cli, Done

ROWAN = next(one for one in sample_customers() if one.name.startswith("Rowan"))
NEW_APPS = "CFQ7TTC0LGZT:0001"
NOBODY = "11111111-1111-4111-8111-111111111111"
ANSWERED = {"catalog", "at", "customer", "fingerprint", "contentHash", "plan"}
LIFE = {"planId", "customerId", "createdAt", "createdBy", "status", "history", "marks"}


def plan(cli: Cli, *arguments: str) -> Done:
    return cli.call("plan", *arguments)


def kept(cli: Cli, *arguments: str) -> Any:
    """Save a plan and return the answer."""
    done = plan(cli, "Rowan", "--save", "--json", *arguments)
    assert (done.code, done.err) == (0, ""), done
    return done.json


def test_a_first_word_that_is_no_subcommand_is_the_customer_of_make(cli: Cli) -> None:
    short, long = plan(cli, "Rowan", "--json"), plan(cli, "make", "Rowan", "--json")
    assert (short.code, short.err) == (0, "")
    assert set(short.json) == ANSWERED
    assert short.json["plan"]["steps"] == long.json["plan"]["steps"]
    assert plan(cli, "--json", "Rowan").json["fingerprint"] == long.json["fingerprint"]


def test_the_help_of_the_group_and_of_make_say_so(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    told = " ".join(cli.run("plan", "--help", COLUMNS="300").out.split())
    assert "`offerpath plan CUSTOMER` is short for `offerpath plan make CUSTOMER`" in told
    for command in ("make", "show", "list", "approve", "reject", "mark", "diff"):
        assert f" {command} " in told
    assert "--goal" in cli.run("plan", "make", "--help", COLUMNS="300").out


def test_the_json_has_goals_steps_dates_and_the_merit_by_name(cli: Cli) -> None:
    told = plan(cli, ROWAN.customer_id, "--json").json["plan"]
    assert [step["kind"] for step in told["steps"]] == ["CANCEL_ELSEWHERE", "UPGRADE", "MIGRATE"]
    last = told["steps"][-1]
    assert last["to"] == {"catalogId": NEW_APPS, "title": "Microsoft 365 Apps for enterprise"}
    assert last["call"]["body"]["currentSubscriptionId"] == last["subscriptionId"]
    assert last["batchRows"][0]["cells"][0] == {"column": "PartnerTenantId", "value": ""}
    assert set(last) >= {"earliest", "latest", "needs", "blockers", "unanswered", "ifNotDone"}
    assert (told["merit"]["goalsUnmet"], told["merit"]["steps"]) == (0, 3)
    assert told["outcomes"][0]["priceThen"]["currency"] == "USD"
    assert told["validUntil"] == last["latest"]["day"]


def test_a_terminal_gets_the_steps_as_a_table_with_reasons(cli: Cli) -> None:
    done = cli.run("plan", "Rowan", COLUMNS="200")
    assert (done.code, done.err) == (0, "")
    assert "Ask the customer to cancel Microsoft 365 Business Standard" in done.out
    assert "UNKNOWN ROLE" in done.out
    assert "1 of 1 goals met in 3 steps" in done.out
    assert "\x1b" not in done.out


def test_a_goal_that_is_not_met_is_a_no(cli: Cli) -> None:
    done = plan(cli, "Hollyhock", "--json")
    assert (done.code, done.err) == (4, "")
    assert done.json["plan"]["outcomes"][0]["status"] == "UNMET"
    assert plan(cli, "Hollyhock").code == 4


def test_nothing_to_plan_is_a_no_that_says_so(cli: Cli) -> None:
    done = plan(cli, "Alder", "--json")
    assert (done.code, done.error["code"]) == (4, "NOTHING_TO_PLAN")


def test_goals_seats_and_kinds_to_do_without_shape_the_plan(cli: Cli) -> None:
    held = plan(cli, "Rowan", "--json").json["plan"]["goals"][0]["subscriptionId"]
    told = plan(cli, "Rowan", "--goal", f"{held}={NEW_APPS}", "--seats", f"{held}=345", "--json")
    assert told.json["plan"]["goals"] == [
        {
            "subscriptionId": held,
            "offerId": NEW_APPS,
            "productId": None,
            "anyNewCommerce": False,
            "servicePlans": None,
            "seats": 345,
            "part": None,
        }
    ]
    without = plan(cli, "Rowan", "--without", "upgrade", "--json").json["plan"]
    assert "UPGRADE" not in [step["kind"] for step in without["steps"]]


def test_the_document_is_for_the_customer_unless_it_is_asked_for_with_everything(cli: Cli) -> None:
    done = plan(cli, "Rowan", "--markdown")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("# Plan for Rowan Logistics")
    assert "```mermaid\nflowchart TD\n" in done.out
    assert ROWAN.customer_id not in done.out
    internal = plan(cli, "Rowan", "--markdown", "--internal")
    assert f"POST /v1/customers/{ROWAN.customer_id}/migrations/newcommerce" in internal.out


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("MALFORMED_PAIR", ("Rowan", "--goal", "nothing")),
        ("MALFORMED_ID", ("Rowan", "--goal", "abc=any")),
        ("MALFORMED_ID", ("Rowan", "--goal", f"{NOBODY}=business-premium")),
        ("SEATS_OUT_OF_RANGE", ("Rowan", "--seats", f"{NOBODY}=many")),
        ("SEATS_OUT_OF_RANGE", ("Rowan", "--part", f"{NOBODY}=-1")),
        ("STEP_KIND_NOT_KNOWN", ("Rowan", "--without", "flying")),
        ("USAGE", ("Rowan", "--json", "--markdown")),
        ("USAGE", ("Rowan", "--internal")),
        ("USAGE", ("mark", NOBODY, "1")),
        ("USAGE", ("approve", NOBODY)),
        ("USAGE", ()),
    ],
)
def test_bad_input_ends_with_2_before_anything_is_started(
    tmp_path: Path, code: str, arguments: tuple[str, ...]
) -> None:
    done = Cli(tmp_path / "data").call("plan", *arguments, *(("--json",) if arguments else ()))
    assert done.code == 2
    if arguments and "--markdown" not in arguments:
        assert done.error["code"] == code
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("CUSTOMER_NOT_FOUND", ("make", "nobody by this name")),
        ("OFFER_NOT_FOUND", ("Rowan", "--goal", "{held}=CFQ7TTC0ZZZZ:0001")),
        ("SUBSCRIPTION_NOT_FOUND", ("Rowan", "--goal", f"{NOBODY}=any")),
        ("PLAN_NOT_FOUND", ("show", NOBODY)),
        ("PLAN_NOT_FOUND", ("approve", NOBODY, "--fingerprint", "x")),
        ("PLAN_NOT_FOUND", ("reject", NOBODY)),
        ("PLAN_NOT_FOUND", ("mark", NOBODY, "1", "--done")),
        ("PLAN_NOT_FOUND", ("diff", NOBODY, NOBODY)),
    ],
)
def test_what_is_not_there_ends_with_3(cli: Cli, code: str, arguments: tuple[str, ...]) -> None:
    held = plan(cli, "Rowan", "--json").json["plan"]["goals"][0]["subscriptionId"]
    done = plan(cli, *(each.format(held=held) for each in arguments), "--json")
    assert (done.code, done.error["code"]) == (3, code)


def test_contradictory_goals_are_bad_input(cli: Cli) -> None:
    held = plan(cli, "Rowan", "--json").json["plan"]["goals"][0]["subscriptionId"]
    done = plan(cli, "Rowan", "--seats", f"{held}=3", "--seats", f"{held}=4", "--json")
    assert (done.code, done.error["code"]) == (2, "GOAL_CONTRADICTORY")
    goes = ("--goal", f"{held}={NEW_APPS}", "--json")
    for more in (("--part", f"{held}=3", "--part", f"{held}=4"), ("--seats", f"{held}=4")):
        done = plan(cli, "Rowan", "--part", f"{held}=3", *more, *goes)
        assert (done.code, done.error["code"]) == (2, "GOAL_CONTRADICTORY")


@pytest.mark.parametrize("option", ["--seats", "--part"])
@pytest.mark.parametrize("number", ["0", "10000001", "some"])
def test_a_number_out_of_range_says_which_numbers_are_taken(
    cli: Cli, option: str, number: str
) -> None:
    held = plan(cli, "Rowan", "--json").json["plan"]["goals"][0]["subscriptionId"]
    done = plan(cli, "Rowan", option, f"{held}={number}", "--json")
    assert (done.code, done.error["code"]) == (2, "SEATS_OUT_OF_RANGE")
    assert "1 to 10,000,000" in done.error["message"]
    assert "cancel" not in done.error["message"]


def test_steps_left_out_that_would_open_a_way_are_told(cli: Cli) -> None:
    done = plan(cli, "Birchwood", "--without", "CANCEL", "--json")
    assert [one["leftOut"] for one in done.json["plan"]["outcomes"]] == [[["CANCEL"]]]


def test_a_part_of_the_seats_goes_to_the_goal(cli: Cli) -> None:
    held = plan(cli, "Rowan", "--json").json["plan"]["goals"][0]["subscriptionId"]
    goes = ("Rowan", "--goal", f"{held}={NEW_APPS}", "--json", "--part")
    told = plan(cli, *goes, f"{held}=7").json["plan"]
    assert [goal["part"] for goal in told["goals"]] == [7]
    too_many = plan(cli, *goes, f"{held}=99999")
    assert (too_many.code, too_many.error["code"]) == (2, "PART_TOO_LARGE")
    nowhere = plan(cli, "Rowan", "--part", f"{held}=7", "--json")
    assert (nowhere.code, nowhere.error["code"]) == (2, "GOAL_CONTRADICTORY")


def test_a_plan_is_saved_approved_and_carried_out_step_by_step(cli: Cli) -> None:
    saved = kept(cli)
    assert set(saved) == ANSWERED | LIFE | {"freshness"}
    plan_id, print_ = saved["planId"], saved["fingerprint"]
    assert (saved["status"], saved["freshness"]["state"]) == ("PROPOSED", "CURRENT")
    wrong = plan(cli, "approve", plan_id, "--fingerprint", "abc", "--json")
    assert (wrong.code, wrong.error["code"]) == (4, "FINGERPRINT_MISMATCH")
    assert plan(cli, "mark", plan_id, "1", "--done", "--json").error["code"] == "PLAN_NOT_APPROVED"
    done = plan(cli, "approve", plan_id, "--fingerprint", print_, "--note", "go", "--json")
    assert (done.code, done.json["status"]) == (0, "APPROVED")
    assert done.json["history"][-1]["note"] == "go"
    early = plan(cli, "mark", plan_id, "2", "--done", "--json")
    assert (early.code, early.error["code"]) == (4, "STEP_NEEDS_OTHERS")
    assert plan(cli, "mark", plan_id, "9", "--done", "--json").error["code"] == "STEP_NOT_FOUND"
    both = plan(cli, "mark", plan_id, "1", "--done", "--failed", "--json")
    assert (both.code, both.error["code"]) == (2, "USAGE")
    key = saved["plan"]["steps"][0]["key"]
    marked = plan(cli, "mark", plan_id, key, "--failed", "--json").json
    assert (marked["status"], marked["marks"]) == ("FAILED", [{"stepKey": key, "mark": "FAILED"}])
    told = plan(cli, "mark", plan_id, "1", "--done")
    assert told.out.startswith(f"Plan {plan_id}: IN_PROGRESS\n")
    shown = plan(cli, "show", plan_id, "--json").json
    kinds = [event["kind"] for event in shown["history"]]
    assert kinds == ["SAVED", "APPROVED", "STEP_FAILED", "STEP_DONE"]
    assert shown["plan"] == saved["plan"]


def test_a_saved_plan_is_shown_with_its_state_and_as_a_document(cli: Cli) -> None:
    plan_id = kept(cli)["planId"]
    done = plan(cli, "show", plan_id)
    assert (done.code, done.err) == (0, "")
    assert f"Plan {plan_id}: PROPOSED, CURRENT" in done.out
    assert plan(cli, "show", plan_id, "--markdown").out == plan(cli, "Rowan", "--markdown").out


def test_without_sign_in_the_local_partner_saves_lists_and_decides(cli: Cli) -> None:
    plan_id = kept(cli)["planId"]
    assert " SAVED by the local partner\n" in plan(cli, "show", plan_id).out
    (listed,) = (
        one
        for one in plan(cli, "list", "Rowan", "--json").json["plans"]
        if one["planId"] == plan_id
    )
    assert listed["createdBy"] == listed["history"][0]["by"] == "the local partner"
    assert " REJECTED by the local partner\n" in plan(cli, "reject", plan_id).out


def test_saved_plans_are_listed_newest_first(cli: Cli) -> None:
    ids = [kept(cli)["planId"] for _ in range(3)]
    told = plan(cli, "list", "Rowan", "--first", "2", "--json").json
    assert [one["planId"] for one in told["plans"]] == ids[:0:-1]
    assert told["hasMore"]
    assert told["total"] >= 3
    table = plan(cli, "list", "Rowan").out
    assert [line.split()[0] for line in table.splitlines()[1:4]] == ids[::-1]
    assert "has no saved plan" in plan(cli, "list", "Elmstreet").out
    assert plan(cli, "list", "Rowan", "--first", "0").code == 2


def test_a_rejected_plan_is_not_approved(cli: Cli) -> None:
    saved = kept(cli)
    done = plan(cli, "reject", saved["planId"], "--note", "too late", "--json")
    assert (done.code, done.json["status"]) == (0, "REJECTED")
    print_ = saved["fingerprint"]
    refused = plan(cli, "approve", saved["planId"], "--fingerprint", print_, "--json")
    assert (refused.code, refused.error["code"]) == (4, "PLAN_REJECTED")


def test_two_plans_are_compared_step_by_step(cli: Cli) -> None:
    old = kept(cli)["planId"]
    second = plan(cli, "Rowan", "--save", "--without", "upgrade", "--json")
    assert second.code == 4
    new = second.json["planId"]
    told = plan(cli, "diff", old, new, "--json").json
    assert (told["oldPlanId"], told["newPlanId"]) == (old, new)
    changes = [step["change"] for step in told["difference"]["steps"]]
    assert changes == ["REMOVED"] * 3
    fields = [each["field"] for each in told["difference"]["outcomes"][0]["fields"]]
    assert "priceThen" in fields
    text = plan(cli, "diff", old, new).out
    assert "CHANGED goal" in text
    assert "0 of 3 steps are the same." in text
    assert plan(cli, "diff", old, old).out.startswith("Both plans do the same")
    assert plan(cli, "diff", old, str(uuid4())).code == 3


def test_one_seat_is_told_as_one(cli: Cli) -> None:
    elmstreet = "7a2f091c-97a5-531c-ae00-4c84196a4303"
    goal = ("--goal", f"{elmstreet}=any", "--seats", f"{elmstreet}=1")
    told = cli.call("plan", "make", "Elmstreet", *goal, "--at", "2026-11-23").out
    assert ", 1 seat, retail a month" in " ".join(told.split())
