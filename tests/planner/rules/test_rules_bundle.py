"""A base migrates with all its add-ons: one that cannot stops them all, and says until when."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from planner.blockers import Actor, Blocker, RemedyAction, Severity, Unanswered
from planner.coverage import Coverage
from planner.customers import HoldingsState, Subscription, SubscriptionState
from planner.readiness import DECIDING_RULES
from planner.rules import Choices
from planner.rules.walk import Answer
from planner.transitions import TransitionKind
from tests.examples import checked
from tests.planner.builders import (
    NOW,
    customer,
    oid,
)
from tests.planner.rules.asked_migration import (
    DAY,
    LONG_AGO,
    TODAY,
    asked,
    blocking,
    catalog_of,
    codes_of,
    owned,
)
from tests.planner.rules.asked_rules import actions, fails, unknown


def _bundle(source: Subscription, *others: Subscription, **more: Any) -> Answer:
    return asked("BUNDLE", source, *others, **more)


def test_a_base_without_add_ons_is_clear() -> None:
    assert _bundle(owned()) == ()


def test_eligible_add_ons_go_along_with_only_their_promotions_unknown() -> None:
    base = owned()
    addon = owned("B", 1, base)
    (question,) = _bundle(base, addon, owned("C", 2, addon, promotion_ends=date(2020, 1, 1)))
    assert isinstance(question, Unanswered)
    assert question.rule == "PROMOTION"
    assert question.fields == (f"promotion of subscription {addon.subscription_id}",)


def test_a_nested_add_on_bought_yesterday_stops_the_whole_bundle() -> None:
    base = owned()
    addon = owned("B", 1, base)
    fresh = owned("C", 2, addon, created=NOW - DAY)
    answer = _bundle(base, addon, fresh)
    (blocker,) = blocking(answer)
    assert blocker.code == "BUNDLE_MEMBER_INELIGIBLE"
    assert blocker.subject == fresh.subscription_id
    assert ("reason", "ACTIVE_FOR_A_MONTH_OR_LESS") in blocker.parameters
    assert blocker.clears_on == date(2026, 12, 23)
    assert codes_of(blocker) == [("MIGRATION", 7), ("REST", 900226)]
    assert [(one.action, one.subscription_id) for one in blocker.remedies] == [
        (RemedyAction.WAIT_UNTIL, fresh.subscription_id),
        (RemedyAction.REMOVE_ADDON, fresh.subscription_id),
    ]
    assert "Desk" in blocker.remedies[1].message
    assert "Mail" not in blocker.remedies[1].message


def test_going_first_is_noted_for_the_eligible_and_is_no_remedy_of_the_base() -> None:
    base = owned()
    free, fresh = owned("B", 1, base), owned("C", 2, base, created=NOW)
    (note,) = [b for b in _bundle(base, free, fresh) if getattr(b, "code", "").endswith("FIRST")]
    assert isinstance(note, Blocker)
    assert (note.severity, note.subject) == (Severity.NOTES, free.subscription_id)
    assert actions(note) == [(RemedyAction.MIGRATE_ADDON_FIRST, Actor.US)]


def test_a_member_clears_when_its_last_reason_does() -> None:
    base = owned()
    member = owned("B", 1, base, created=NOW, promotion_ends=date(2027, 3, 31))
    (blocker,) = blocking(_bundle(base, member))
    assert blocker.clears_on == date(2027, 4, 1)
    assert len(blocker.evidence) == 2
    for_good = replace(member, is_trial=True)
    (blocker,) = blocking(_bundle(base, for_good))
    assert blocker.clears_on is None
    assert actions(blocker) == [(RemedyAction.REMOVE_ADDON, Actor.US)]


def test_a_member_with_one_reason_has_that_reasons_ways_out_too() -> None:
    base = owned()
    member = owned("B", 1, base, last_day=TODAY)
    (blocker,) = blocking(_bundle(base, member, at=NOW + timedelta(hours=1)))
    assert [one.action for one in blocker.remedies] == [
        RemedyAction.START_NEW_TERM,
        RemedyAction.WAIT_UNTIL,
        RemedyAction.REMOVE_ADDON,
    ]
    assert {one.subscription_id for one in blocker.remedies} == {member.subscription_id}


def test_an_add_on_without_a_known_equivalent_is_unknown_unless_a_whole_list_omits_it() -> None:
    base = owned()
    member = owned("D", 1, base)
    assert unknown(_bundle(base, member)) == (f"equivalent of {oid('D')}",)
    whole = Coverage("list", TransitionKind.MIGRATION, None, None, None, None)
    (blocker,) = blocking(_bundle(base, member, catalog=catalog_of(coverage=(whole,))))
    assert codes_of(blocker) == [("MIGRATION", 5), ("REST", 900220)]
    assert blocker.clears_on is None
    stranger = replace(member, catalog_id=None)
    fields = (f"offer of subscription {member.subscription_id}",)
    assert unknown(_bundle(base, stranger)) == fields


def test_what_is_not_loaded_or_not_told_of_add_ons_is_unknown() -> None:
    base = owned()
    partial = customer(base, own_state=HoldingsState.PARTIAL)
    assert unknown(_bundle(base, held=partial)) == ("holdings.own",)
    silent = owned("B", 1, base, state=SubscriptionState.UNRECOGNIZED)
    fields = (f"status of subscription {silent.subscription_id}",)
    assert unknown(_bundle(base, silent)) == fields
    ageless = owned("B", 2, base, created=None, promotion_ends=date(2020, 1, 1))
    (question,) = _bundle(base, ageless)
    assert isinstance(question, Unanswered)
    assert question.fields == (f"creationDate of subscription {ageless.subscription_id}",)
    assert question.rule in DECIDING_RULES


def test_an_idle_add_on_stays_behind_and_stops_nothing() -> None:
    base = owned()
    idle = owned("B", 1, base, state=SubscriptionState.SUSPENDED, created=NOW)
    blocker = fails(_bundle(base, idle))
    assert (blocker.code, blocker.severity) == ("ADDON_STAYS_BEHIND", Severity.NOTES)


def test_an_add_on_alone_is_told_that_its_term_is_its_own_and_where_it_outlives_its_base() -> None:
    base = owned(last_day=date(2027, 1, 31), auto_renews=False)
    addon = owned("B", 1, base, last_day=date(2027, 1, 31))
    note = fails(_bundle(addon, base, move="Bb"))
    assert (note.code, note.severity) == ("ADDON_LEAVES_BASE", Severity.NOTES)
    assert [(one.action, one.subscription_id) for one in note.remedies] == [
        (RemedyAction.MIGRATE_AS_BUNDLE, base.subscription_id)
    ]
    _, longer = _bundle(addon, base, move="Bb", choices=Choices(full_new_term=True))
    assert isinstance(longer, Blocker)
    assert (longer.code, longer.severity) == ("ADDON_OUTLIVES_BASE", Severity.WARNS)
    assert dict(longer.parameters)["ends"] == "2027-11-22"
    renewing = replace(base, auto_renews=True)
    assert len(_bundle(addon, renewing, move="Bb", choices=Choices(full_new_term=True))) == 1


def test_in_a_bundle_an_add_on_that_ends_later_than_its_base_is_named() -> None:
    base = owned(last_day=date(2027, 1, 31), auto_renews=None)
    addon = owned("B", 1, base, last_day=date(2027, 2, 1), promotion_ends=date(2020, 1, 1))
    blocker = fails(_bundle(base, addon))
    assert (blocker.code, blocker.subject) == ("ADDON_OUTLIVES_BASE", addon.subscription_id)


def test_a_circle_of_parents_ends() -> None:
    one, other = owned("A", 1), owned("B", 2)
    one = replace(one, parent_id=other.subscription_id, created=NOW)
    other = replace(other, parent_id=one.subscription_id)
    (blocker,) = blocking(asked("BUNDLE", other, one, move="Bb"))
    assert blocker.subject == one.subscription_id


_members = st.lists(
    st.tuples(
        st.sampled_from("BCD"),
        st.sampled_from([NOW, LONG_AGO, None]),
        st.sampled_from([TODAY, date(2027, 5, 31), None]),
        st.booleans(),
    ),
    max_size=5,
)


@checked(150)
@given(_members, st.randoms(use_true_random=False))
def test_one_finding_per_ineligible_member_whatever_the_order_and_none_once_they_are_removed(
    told: list[tuple[str, datetime | None, date | None, bool]], shuffle: Random
) -> None:
    base, at = owned(), NOW + timedelta(hours=1)
    addons = [
        owned(name, number + 1, base, created=created, last_day=ends, is_trial=is_trial)
        for number, (name, created, ends, is_trial) in enumerate(told)
    ]
    stopped = {
        addon.subscription_id
        for addon, (name, created, ends, is_trial) in zip(addons, told, strict=True)
        if name != "D" and (created == NOW or ends == TODAY or is_trial)
    }
    answer = _bundle(base, *addons, at=at)
    assert {blocker.subject for blocker in blocking(answer)} == stopped
    assert len(blocking(answer)) == len(stopped)
    mixed = list(addons)
    shuffle.shuffle(mixed)
    assert _bundle(base, *mixed, at=at) == answer
    left = [addon for addon in addons if addon.subscription_id not in stopped]
    assert not blocking(_bundle(base, *left, at=at))
