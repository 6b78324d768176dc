"""What stops a conversion: losing services, a shorter term, too many seats, or being a trial."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Actor, Alternative, Blocker, RemedyAction, Severity, Unanswered
from planner.customers import Subscription
from planner.facts import ServiceFamily
from planner.rules import Choices
from planner.transitions import TransitionKind
from tests.examples import checked
from tests.planner.builders import (
    from_facts,
    oid,
    pid,
)
from tests.planner.rules.asked_conversion import PLANS, asked, catalog_of, codes_of, owned
from tests.planner.rules.asked_rules import RULE, actions, fails, unknown

# Downgrade


def test_a_target_with_only_a_part_of_the_services_is_a_downgrade_for_good() -> None:
    blocker = fails(asked("DOWNGRADE", owned("b"), move="ba"))
    assert (blocker.code, blocker.severity) == ("DOWNGRADE", Severity.BLOCKS)
    assert codes_of(blocker) == [("TRANSITION", 7)]
    assert blocker.evidence[0].plan_ids == (pid("TEAMS"),)
    assert blocker.remedies == ()
    assert blocker.alternatives == (Alternative.ANOTHER_TARGET, Alternative.BUY_NEW)


def test_a_target_that_keeps_all_is_clear_whatever_becomes_of_common_plans() -> None:
    assert asked("DOWNGRADE", owned()) == ()
    same = catalog_of(PLANS | {"b": "MAIL"})
    assert asked("DOWNGRADE", owned(), catalog=same) == ()


def test_a_target_that_swaps_services_notes_what_is_lost() -> None:
    blocker = fails(asked("DOWNGRADE", owned("c"), move="cb"))
    assert (blocker.code, blocker.severity) == ("SERVICES_LOST", Severity.NOTES)
    assert "Desk" in blocker.message


@pytest.mark.parametrize(
    ("before", "after", "notes"),
    [
        ("Exchange Online (Plan 1)", "Exchange Online (Plan 2)", None),
        ("Exchange Online (Plan 2)", "Exchange Online (Plan 1)", "gives Exchange Online (Plan 1)"),
        ("Exchange Online Kiosk", "Exchange Online (Plan 1)", "in place of Exchange Online Kiosk"),
    ],
)
def test_a_plan_that_gives_way_to_another_of_its_family_is_not_lost(
    before: str, after: str, notes: str | None
) -> None:
    family = ServiceFamily("MAILS", frozenset({pid("MAIL"), pid("POST")}), "families")
    plain = catalog_of(PLANS | {"a": "MAIL TEAMS", "b": "POST TEAMS"}).facts
    titles = {pid("MAIL"): before, pid("POST"): after}
    plans = tuple(
        replace(one, title=titles.get(one.plan_id, one.title)) for one in plain.service_plans
    )
    made = from_facts(replace(plain, service_plans=plans, service_families=(family,)))
    answer = asked("DOWNGRADE", owned(), catalog=made)
    if notes is None:
        assert answer == ()
        return
    blocker = fails(answer)
    assert (blocker.code, blocker.severity) == ("SERVICES_LOST", Severity.NOTES)
    assert notes in blocker.message
    assert "does not have" not in blocker.message
    assert blocker.evidence[0].plan_ids == (pid("MAIL"),)


def test_a_downgrade_that_partner_center_itself_offers_only_warns() -> None:
    less = catalog_of(PLANS | {"b": "MAIL TEAMS DESK"})
    assert fails(asked("DOWNGRADE", owned("b"), move="bc", catalog=less)).severity is Severity.WARNS


def test_services_that_are_not_known_leave_it_unknown() -> None:
    assert unknown(asked("DOWNGRADE", owned(), move="ad")) == (f"service plans of {oid('d')}",)


_plans = st.sets(st.sampled_from(["MAIL", "TEAMS", "DESK", "COMMON"]), min_size=1)


@checked(100)
@given(_plans, _plans)
def test_the_downgrade_rule_follows_from_the_two_sets(before: set[str], after: set[str]) -> None:
    made = catalog_of({"a": " ".join(before), "b": " ".join(after)})
    answer = asked("DOWNGRADE", owned(), catalog=made)
    old, new = before - {"COMMON"}, after - {"COMMON"}
    if old <= new:
        assert answer == ()
    else:
        expected = Severity.BLOCKS if new < old else Severity.NOTES
        assert fails(answer).severity is expected


# Term and billing


def test_a_conversion_now_may_not_shorten_the_term() -> None:
    shorter = Choices(term="P1M")
    blocker = fails(asked("TERM_AND_BILLING", owned(), choices=shorter))
    assert blocker.code == "TERM_SHORTER_THAN_SOURCE"
    assert codes_of(blocker) == [("REST", 900267)]
    assert [one.action for one in blocker.remedies] == [
        RemedyAction.CHANGE_TERM_OR_BILLING,
        RemedyAction.SCHEDULE_FOR_RENEWAL,
    ]
    later = replace(shorter, at_renewal=True)
    assert asked("TERM_AND_BILLING", owned(), choices=later) == ()
    assert asked("TERM_AND_BILLING", owned(), choices=shorter, is_first=False) == ()
    unsure = asked("TERM_AND_BILLING", owned(term=None), choices=shorter)
    assert unknown(unsure) == ("subscription.termDuration",)


@pytest.mark.parametrize(
    ("choices", "codes"),
    [
        (Choices(term="P2Y"), [("REST", 900268)]),
        (Choices(billing_cycle="triennial"), [("REST", 900270)]),
        (Choices(term="P3Y", billing_cycle="triennial"), [("TRANSITION", 10), ("REST", 900269)]),
    ],
)
def test_partner_centers_code_says_what_is_wrong_with_term_and_billing(
    choices: Choices, codes: list[tuple[str, int]]
) -> None:
    assert codes_of(fails(asked("TERM_AND_BILLING", owned(), choices=choices))) == codes


def test_into_an_existing_subscription_its_term_and_billing_stay() -> None:
    choices = Choices(into=owned("b", 7).subscription_id)
    assert asked("TERM_AND_BILLING", owned(term=None), choices=choices) == ()


# Seats


def _seats(
    source: Subscription, *others: Subscription, move: str = "ab", **chosen: Any
) -> list[tuple[Severity, dict[str, str]]]:
    answer = asked("SEAT_CAP", source, *others, move=move, choices=Choices(**chosen))
    found = [one for one in answer if isinstance(one, Blocker)]
    assert len(found) == len(answer)
    return [(blocker.severity, dict(blocker.parameters)) for blocker in found]


def test_the_chosen_seats_count_and_what_stays_behind_counts_in_the_family() -> None:
    source = owned(seats=320)
    assert [severity for severity, _ in _seats(source)] == [Severity.BLOCKS, Severity.WARNS]
    ((severity, told),) = _seats(source, seats=100)
    assert (severity, told["room"], told["seats"]) == (Severity.WARNS, "80", "100")
    assert _seats(owned(seats=300), seats=100) == []


def test_into_an_existing_subscription_the_sum_counts() -> None:
    source, target = owned(seats=100), owned("b", 7, seats=201)
    told = _seats(source, target, into=target.subscription_id)
    assert told[0] == (
        Severity.BLOCKS,
        {"seats": "100", "room": "99", "limit": "300", "into": target.subscription_id},
    )
    assert _seats(source, target, into=target.subscription_id, seats=99)[0][0] is Severity.WARNS


def test_seats_that_are_chosen_need_no_seats_known() -> None:
    assert _seats(owned(seats=None), seats=30) == []


@checked(200)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 400))
def test_the_family_total_after_a_partial_conversion_is_what_there_was(
    has: int, share: int, elsewhere: int
) -> None:
    moved = min(share, has)
    other = [owned("b", 7, seats=elsewhere)] if elsewhere else []
    told = _seats(owned(seats=has), *other, seats=moved)
    warned = any(severity is Severity.WARNS for severity, _ in told)
    blocked = any(severity is Severity.BLOCKS for severity, _ in told)
    assert warned is (has + elsewhere > 300)
    assert blocked is (moved + elsewhere > 300)


# Trials


def test_a_trial_is_not_upgraded_as_a_paid_one() -> None:
    blocker = fails(asked("TRIAL", owned("t"), move="tb"))
    assert (blocker.code, blocker.severity) == ("SUBSCRIPTION_IS_TRIAL", Severity.BLOCKS)
    assert actions(blocker) == [(RemedyAction.CONVERT_TRIAL, Actor.US)]
    assert asked("TRIAL", owned()) == ()


def _trial(source: Subscription | None = None, **chosen: Any) -> list[Blocker | Unanswered]:
    """Return what stops or questions it, beside the note on promotions, which is always there."""
    answer = asked("TRIAL", source or owned("t", seats=25), move="ta", choices=Choices(**chosen))
    notes = [one for one in answer if isinstance(one, Blocker) and one.severity is Severity.NOTES]
    assert [note.code for note in notes] == ["NO_PROMOTION_FOR_TRIALS"]
    return [one for one in answer if one not in notes]


def test_before_its_end_a_trial_keeps_at_least_its_seats() -> None:
    assert _trial() == _trial(seats=25) == _trial(seats=40) == _trial(seats=10, at_renewal=True)
    assert _trial() == []
    (blocker,) = _trial(seats=24)
    assert isinstance(blocker, Blocker)
    assert (blocker.code, blocker.severity) == ("TRIAL_SEATS_FIXED", Severity.BLOCKS)
    assert [(one.action, one.seats) for one in blocker.remedies] == [
        (RemedyAction.CONVERT_TRIAL, 25),
        (RemedyAction.SCHEDULE_FOR_RENEWAL, 24),
    ]
    assert "its 25 seats" in blocker.message
    (one,) = _trial(owned("t", seats=1), seats=5, into=owned("a", 7).subscription_id)
    assert isinstance(one, Blocker)
    assert one.message.endswith("brings its 1 seat, not 5")
    (question,) = _trial(owned("t", seats=None), seats=24)
    assert isinstance(question, Unanswered)
    assert question.fields == ("subscription.quantity",)


def test_into_an_existing_subscription_a_trial_brings_exactly_its_seats() -> None:
    assert _trial(into="any", seats=25) == []
    (blocker,) = _trial(into="any", seats=40)
    assert isinstance(blocker, Blocker)
    assert [(one.action, one.seats) for one in blocker.remedies] == [
        (RemedyAction.CONVERT_TRIAL, 25)
    ]


def test_a_legacy_trials_conversion_may_change_its_seats() -> None:
    assert asked("TRIAL", owned("T", seats=25), move="TA", choices=Choices(seats=10)) == ()


def test_every_new_rule_names_its_source_and_applies_to_its_own_kinds() -> None:
    migration, conversion = TransitionKind.MIGRATION, TransitionKind.CONVERSION
    trials = TransitionKind.TRIAL_CONVERSION
    kinds = {
        "AGE": {migration},
        "TERM_END": {migration},
        "PROMOTION": {migration},
        "BUNDLE": {migration},
        "CUSTOM_END_DATE": {migration},
        "PREREQUISITE": {migration, conversion},
        "TERM_AND_BILLING": {migration, conversion},
        "DOWNGRADE": {conversion},
        "TARGET_SUBSCRIPTION": {conversion, trials},
        "SCHEDULED_CONVERSION": {conversion, trials},
        "TRIAL": set(TransitionKind),
    }
    assert {name: set(RULE[name].kinds) for name in kinds} == kinds
    assert all(RULE[name].source.startswith("docs/sources.md") for name in kinds)
