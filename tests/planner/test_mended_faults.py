"""What once was wrong, each told as what holds."""

from dataclasses import replace
from datetime import date

from planner.catalog import Catalog
from planner.customers import Customer, HoldingsState, Seller, Subscription
from planner.facts import SeatCap
from planner.goals import Goal, OfferGoal, ServicesGoal
from planner.ids import MalformedId, parse_catalog_id
from planner.no_path import NoPath, Verdict
from planner.offers import Offer, Segment
from planner.options import more_licenses, options
from planner.paths import PathQuestion, PathsFound, paths
from planner.readiness import Readiness
from planner.seats import seat_room
from planner.transitions import TransitionKind, Window, WindowState
from planner.windows import kind_window_on
from tests.planner.builders import (
    ADMIN,
    SCOPE,
    catalog,
    complete,
    customer,
    facts,
    from_facts,
    guid,
    offer,
    oid,
    pid,
    sold_and_billed,
    subscription,
    trusting,
    with_plans,
)
from tests.planner.strategies import CLOSED_FOR_EDUCATION


def _no_path(origin: str, goal: Goal, text: str, **rows: tuple[object, ...]) -> NoPath:
    answer = paths(catalog(text, **rows), PathQuestion(oid(origin), goal, SCOPE))
    assert isinstance(answer, NoPath)
    return answer


def test_a_sku_that_is_its_own_goal_is_not_told_of_a_swapped_direction() -> None:
    answer = _no_path("a", OfferGoal(oid("a")), "a>b conversion documented")
    assert [cause.code for cause in answer.causes] == ["ORIGIN_IS_THE_GOAL"]


def test_services_that_no_sku_gives_are_not_called_the_origin_itself() -> None:
    rows = with_plans({"A": "MAIL", "B": "DESK"})
    goal = ServicesGoal(frozenset({pid("DESK")}))
    answer = _no_path("A", goal, "A>a migration documented", **rows)
    assert "ORIGIN_IS_THE_GOAL" not in [cause.code for cause in answer.causes]


def test_a_new_commerce_trial_never_leads_back_to_legacy() -> None:
    trial = replace(offer("b"), is_trial=True)
    answer = _no_path("b", OfferGoal(oid("A")), "A>a migration documented", offers=(trial,))
    assert answer.verdict is Verdict.IMPOSSIBLE


def test_claims_that_differ_only_in_execution_give_one_edge_in_any_order() -> None:
    made = facts("A>a migration matrix by:x, A>a migration matrix manual by:x")
    turned = replace(made, claims=made.claims[::-1])
    assert from_facts(made).transitions == from_facts(turned).transitions


def test_the_source_of_an_offers_plans_does_not_depend_on_the_order_of_rows() -> None:
    made = facts("A>a migration derived", **with_plans({"A": "MAIL"}))
    (product,) = made.products
    twin = replace(product, product_guid=guid("Z"), source="another_table")
    offers = tuple(replace(one, product_guid=None) for one in made.offers)
    made = replace(made, products=(product, twin), offers=offers)
    turned = replace(made, products=made.products[::-1])
    assert from_facts(made).plans == from_facts(turned).plans


def test_two_rules_that_agree_are_told_the_same_in_any_order() -> None:
    rules = [
        Window(TransitionKind.MIGRATION, None, None, None, WindowState.OPEN, source, (source,))
        for source in ("one", "two")
    ]
    day = date(2026, 1, 1)
    verdicts = [
        kind_window_on(order, TransitionKind.MIGRATION, None, day) for order in (rules, rules[::-1])
    ]
    assert verdicts[0] == verdicts[1]


def test_a_closed_window_opens_on_a_day_on_which_it_is_really_open() -> None:
    everyone = replace(
        CLOSED_FOR_EDUCATION,
        segment=None,
        starts=date(2023, 1, 1),
        ends=None,
        state=WindowState.OPEN,
    )
    rules = (CLOSED_FOR_EDUCATION, everyone)
    kind = TransitionKind.MIGRATION
    opens = kind_window_on(rules, kind, Segment.EDUCATION, date(2022, 6, 1)).opens
    assert opens == date(2024, 1, 1)


def test_a_closed_window_that_nothing_follows_opens_at_its_end() -> None:
    kind = TransitionKind.MIGRATION
    day = date(2022, 6, 1)
    verdict = kind_window_on((CLOSED_FOR_EDUCATION,), kind, Segment.EDUCATION, day)
    assert verdict.opens == date(2024, 1, 1)


def test_a_direct_move_that_is_claimed_and_denied_does_not_go_round_by_other_offers() -> None:
    text = "A>B upgrade documented 2023-01-01, A!B upgrade documented 2022-01-01"
    answer = paths(catalog(text), PathQuestion(oid("A"), OfferGoal(oid("B")), SCOPE))
    assert isinstance(answer, PathsFound)
    told = [finding.code for finding in answer.paths[0].conditions]
    assert told == ["DENIED_AND_CLAIMED"]


def _one_product() -> tuple[Offer, ...]:
    shared = {"product_guid": guid("A"), "provisioning_id": "STRING_A_LEGACY"}
    return tuple(replace(offer(name), **shared) for name in "Aa")  # type: ignore[arg-type]


LIMIT = SeatCap(oid("a"), 300, None, None, "limits")
SEATS = from_facts(
    sold_and_billed(
        replace(
            facts("A>a migration documented", seat_caps=[LIMIT], **with_plans({"A": "MAIL"})),
            offers=_one_product(),
        )
    )
)


def test_a_total_that_holds_our_own_seats_counts_only_what_is_beyond_them() -> None:
    source = subscription("A", 200)
    total = subscription("A", 250, number=1, seller=Seller.NOT_KNOWN)
    room = seat_room(SEATS, customer(source, total), source, oid("a"))
    assert (room.held_elsewhere, room.room) == (50, 250)


def _open(catalog: Catalog, held: Customer, source: Subscription) -> dict[str, tuple[str, ...]]:
    """Return the questions that a subscription's best way leaves open; one must be a deciding."""
    found = options(catalog, trusting(held), source, SCOPE, acting=ADMIN)
    assert isinstance(found, tuple)
    assert found[0].readiness is Readiness.UNKNOWN
    return {question.rule: question.fields for question in found[0].unanswered}


def test_own_holdings_that_are_not_loaded_whole_leave_the_cap_unknown() -> None:
    source = complete(subscription("A", 200))
    held = customer(source, own_state=HoldingsState.PARTIAL)
    assert _open(SEATS, held, source)["SEAT_CAP"] == ("holdings.own",)


def test_a_foreign_subscription_of_an_untold_product_leaves_the_cap_unknown() -> None:
    source = complete(subscription("A", 200))
    opaque = replace(subscription("A", 250, seller=Seller.ANOTHER_PARTNER), product_guid=None)
    assert _open(SEATS, customer(source, opaque), source) == {
        "SEAT_CAP": (f"product of subscription {opaque.subscription_id}",),
        "PROMOTION": ("subscription.promotion",),
    }


def test_more_licences_for_unknown_seats_are_not_counted_from_zero() -> None:
    source = subscription("A", None)
    answer = more_licenses(SEATS, customer(source), source, SCOPE, extra=5)
    assert getattr(answer, "seats_wanted", None) != 5


def test_a_target_of_another_segment_is_unknown_while_the_customers_segment_is() -> None:
    school = replace(offer("B"), segment=Segment.EDUCATION)
    one = from_facts(sold_and_billed(facts("A>B trial documented", offers=[school])))
    source = complete(subscription("A"))
    held = replace(customer(source), segment=None)
    assert _open(one, held, source) == {"TARGET_OFFERED": ("customer.segment",)}


def test_letters_outside_ascii_are_no_part_of_an_id() -> None:
    for text in ("CFQ7TTC0LH18:00\u212a1", "CFQ7TTC0LH1\u017f:0001"):
        read: str | None
        try:
            read = parse_catalog_id(text)
        except MalformedId:
            read = None
        assert read is None


def test_a_search_that_was_stopped_says_how_far_it_came() -> None:
    told = [f"{a}>{b} upgrade matrix" for a in "ABCDEFG" for b in "ABCDEFG" if a != b]
    question = PathQuestion(oid("A"), OfferGoal(oid("b")), SCOPE, via=frozenset({oid("a")}))
    one = catalog(", ".join([*told, "G>b migration matrix", "b>a conversion matrix"]))
    answer = paths(one, question, stopped=lambda: True)
    assert isinstance(answer, NoPath)
    assert answer.verdict is Verdict.GAVE_UP
    assert answer.states < 1000
