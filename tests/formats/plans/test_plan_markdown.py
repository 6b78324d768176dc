"""Documents of a plan: what the customer is told, what never, and that no text breaks them."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from formats.plans.markdown import plan_markdown
from formats.plans.markdown_text import one_line
from formats.plans.mermaid import MOST_STEPS, plan_mermaid
from formats.plans.names import subscription_names
from formats.plans.sources import in_words
from formats.plans.words import HAPPENS, SECTIONS, WHAT
from planner.baselines.baseline import baseline
from planner.baselines.rules import BaselineCode
from planner.blockers import Actor
from planner.customers import Seller
from planner.goals import OfferGoal
from planner.permissions import Role, role_title
from planner.plans.goals import SubscriptionGoal
from planner.plans.plan import make_plan
from planner.plans.search.acts import StepKind
from planner.plans.told.steps import Plan, PlanStep
from planner.plans.wanted import Wanted
from planner.scope import Scope
from resolvers.plan_writer import Audience
from tests.examples import checked
from tests.formats.plans.plan_cases import (
    CUSTOMER_ID,
    PARTNER_TENANT,
    PlanCase,
    Read,
    Texts,
    case,
    drawn,
    planned,
)
from tests.planner.builders import (
    complete,
    customer,
    facts,
    from_facts,
    oid,
    sold_in_us,
    subscription,
    with_plans,
)

CASE = case()
FEW = checked(40)
SIGNS = st.sampled_from(
    ["|", "*", "`", "```", "<b>", "\n", "]]", "%%{init}%%", "-->", "1. ", "&lt;"]
)
TEXTS = st.lists(st.one_of(SIGNS, st.text(max_size=6)), min_size=1, max_size=6).map("".join)


# ------------------------------------------------------------------------- what the customer reads


def test_the_document_has_its_sections_in_order() -> None:
    assert Read(CASE.markdown()).headings == [
        "Plan for Contoso",
        "The steps",
        "With the plan, and without it",
        "Services gained and lost",
        "What you commit to",
        "What we need from you",
        "Open questions",
        "Where this comes from",
    ]


def test_the_timetable_tells_day_what_who_why_and_what_if_not() -> None:
    header, *rows = Read(CASE.markdown()).tables[0]
    assert header == ["Step", "From", "By", "What", "Who", "Why then", "If it is not done"]
    assert len(rows) == len(CASE.plan.steps)
    waits = next(row for row in rows if row[3].startswith("Wait with Offer A until "))
    # It comes by itself on its day: nobody has a time to do it in.
    assert (waits[1], waits[2]) == ("2026-12-24", "2026-12-24")
    assert waits[5] == "Microsoft moves no subscription in its first month"
    moves = [row for row in rows if row[3] == "Move Offer A to Sku a in Microsoft's new commerce"]
    assert [(row[4], row[2]) for row in moves] == [("We", "2027-03-08")]
    assert moves[0][5].endswith(
        "Its term ends on 2027-03-09, and its last 24 hours are closed to changes"
    )


def test_a_second_move_names_what_the_first_has_made_of_it() -> None:
    told = [row[3] for row in Read(CASE.markdown()).tables[0]]
    assert "Upgrade Offer B to Offer C" in told
    assert "Move Offer C (today Offer B) to Sku c in Microsoft's new commerce" in told


def test_each_subscription_stands_beside_what_happens_if_nobody_acts() -> None:
    _, first, second = Read(CASE.markdown()).tables[1]
    assert first[0] == "Offer A"
    assert (
        first[1]
        == "Becomes Sku a in Microsoft's new commerce, 20 licences, on 2026-12-24 at the earliest"
    )
    assert first[2].startswith("From 2027-03-10 on, Microsoft moves it to new commerce by itself")
    assert (second[0], second[2] != "") == ("Offer B", True)


def test_services_gained_and_lost_are_named() -> None:
    _, first, second = Read(CASE.markdown()).tables[2]
    assert first == ["Offer A", "Chat", "nothing"]
    assert second == ["Offer B", "Chat", "Fax"]


def test_services_that_nobody_knows_are_not_told_as_none() -> None:
    plans = {key: value for key, value in CASE.catalog.plans.items() if key != oid("c")}
    catalog = type(CASE.catalog)(CASE.catalog.facts, version_id="x", content_hash="y")
    catalog.plans = plans
    told = replace(CASE, catalog=catalog)
    assert Read(told.markdown()).tables[2][2] == ["Offer B", "not known", "not known"]


def test_what_the_customer_has_to_do_is_asked_for_with_its_last_day() -> None:
    ask = replace(_first(), kind=StepKind.GET_AGREEMENT, actor=Actor.CUSTOMER)
    text = _with_steps(ask).markdown()
    assert "- Step 1, by 2027-04-30: Accept the Microsoft Customer Agreement\n" in text


def test_a_plan_without_steps_says_so_and_stays_a_document() -> None:
    nothing = replace(CASE.plan, steps=(), completes_on=None, valid_until=None)
    read = Read(replace(CASE, plan=nothing).markdown())
    nodes, arrows = drawn(read.fences[0].content)
    assert (nodes, arrows) == ({"s0": ["No steps"]}, set())
    assert "This plan brings 2 subscriptions" in (told := replace(CASE, plan=nothing).markdown())
    assert "Nothing is to be done for that." in told


def test_every_step_kind_and_every_event_has_words_for_customers() -> None:
    assert set(WHAT) == set(StepKind)
    assert set(HAPPENS) == set(BaselineCode)
    for kind in StepKind:
        assert "{" not in _with_steps(replace(_first(), kind=kind)).markdown()


def test_the_same_plan_gives_the_same_document() -> None:
    for audience in Audience:
        assert case().markdown(audience) == CASE.markdown(audience)


def test_subscriptions_of_one_title_are_told_apart() -> None:
    held = [subscription("A", seats, number=place) for place, seats in enumerate((5, 7, 7, 7))]
    held[3] = replace(held[3], last_day=date(2027, 1, 1))
    owner = customer(*held)
    names = subscription_names(CASE.catalog, owner, replace(CASE.plan, steps=(), outcomes=()))
    assert [names[one.subscription_id] for one in held] == [
        "Offer A (5 licences)",
        "Offer A (7 licences), no. 1",
        "Offer A (7 licences), no. 2",
        "Offer A (7 licences), until 2027-01-01",
    ]


def test_sources_are_told_in_words() -> None:
    told = in_words(CASE.catalog, ("docs/sources.md 0 to 2 and 5 (roles)", "upgrade page, roles"))
    assert told == (
        "Microsoft's page on adding licences or services to a subscription",
        *(SECTIONS[each] for each in (0, 1, 2, 5)),
    )


# --------------------------------------------------------------------- what the customer never sees


def test_no_sentence_of_the_planner_reaches_the_customer() -> None:
    """Whatever ids, calls and names a sentence may come to hold, none is passed on."""
    steps = tuple(_marked(step) for step in CASE.plan.steps)
    outcomes = tuple(_marked(one) for one in CASE.plan.outcomes)
    events = tuple(_marked(one) for one in CASE.baseline.events)
    marked = replace(
        CASE,
        plan=replace(CASE.plan, steps=steps, outcomes=outcomes),
        baseline=replace(CASE.baseline, events=events),
    )
    assert "Zqx" not in marked.markdown()
    assert "Zqx" in marked.markdown(Audience.INTERNAL)


_KEPT = {"key", "needs", "kind", "subscription_id", "goal", "rule", "code", "day", "source", "step"}


def _marked(value: Any) -> Any:
    """Return a value whose every text but keys, codes and ids is a marker."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return "Zqx"
    if isinstance(value, tuple):
        return tuple(map(_marked, value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {one.name: _marked(getattr(value, one.name)) for one in _open(value)}
        return replace(value, **changed)
    return value


def _open(value: Any) -> Iterator[Any]:
    kept = _KEPT | {"origin", "target", "reached", "catalog_id", "call", "batch_rows", "into"}
    return (one for one in fields(value) if one.name not in kept)


@FEW
@given(st.uuids(), st.uuids(), st.uuids(), st.decimals("1111", "9999", places=2))
def test_no_id_price_or_other_customers_name_is_in_the_customers_document(
    one: UUID, two: UUID, tenant: UUID, price: Decimal
) -> None:
    others = f"Fabrikam {two}"
    titles = {"A": f"Suite {one}", "c": "Suite CFQ7TTC0LF8R:0001 / CFQ7TTC0LF8R/0001"}
    made = case(Texts(f"Contoso {tenant}", others, str(two), titles, price))
    renamed = {held.subscription_id: str(UUID(int=one.int ^ place)) for place, held in
               enumerate(made.customer.holdings.own)}  # fmt: skip
    text = _renamed(made, renamed, str(tenant)).markdown()
    secrets = (str(one), str(two), str(tenant), "Fabrikam", str(price), "CFQ7TTC0", PARTNER_TENANT)
    assert [secret for secret in (*secrets, *renamed.values(), "/v1/") if secret in text] == []
    roles = {role.value for role in Role} | {role_title(role) for role in Role}
    assert [role for role in sorted(roles) if role in text] == []


def _renamed(made: PlanCase, ids: dict[str, str], tenant: str) -> PlanCase:
    """Return the case as it is where the customer and its subscriptions have other ids."""
    held = made.customer.holdings
    own = tuple(replace(one, subscription_id=ids[one.subscription_id]) for one in held.own)
    owner = replace(made.customer, customer_id=tenant, holdings=replace(held, own=own))
    return planned(made.catalog, owner)


# ------------------------------------------------------------------------------- no text breaks it


@FEW
@given(TEXTS, TEXTS, TEXTS, st.sampled_from(Audience))
def test_no_text_breaks_tables_headings_lists_or_the_drawing(
    name: str, title: str, friendly: str, audience: Audience
) -> None:
    plain, odd = CASE, case(Texts(name, friendly, title, {"A": title, "c": name}))
    usual, read = Read(plain.markdown(audience)), Read(odd.markdown(audience))
    assert len(read.headings) == len(usual.headings)
    assert [[len(row) for row in rows] for rows in read.tables] == [
        [len(row) for row in rows] for rows in usual.tables
    ]
    assert read.kinds <= usual.kinds | {"text_special", "hardbreak"} - {"html_inline", "html_block"}
    assert len(read.fences) == len(usual.fences)
    assert drawn(read.fences[0].content)[1] == drawn(usual.fences[0].content)[1]


@FEW
@given(TEXTS)
def test_a_name_is_shown_as_it_is_written(name: str) -> None:
    read = Read(case(Texts(customer=f"x{name}")).markdown(Audience.INTERNAL))
    assert read.headings[0] == one_line(f"Plan for x{name}")


@FEW
@given(TEXTS)
def test_a_title_is_drawn_as_it_is_written(title: str) -> None:
    step = _first()
    nodes, _ = drawn(plan_mermaid((step,), lambda _: (title,)))
    assert nodes == {"s1": [one_line(title)]}


def test_a_drawing_ends_after_forty_steps_and_counts_the_rest() -> None:
    step = _first()
    many = tuple(
        replace(step, key=str(place), needs=(str(place - 1),) if place else ())
        for place in range(MOST_STEPS + 5)
    )
    nodes, arrows = drawn(plan_mermaid(many, lambda one: (one.key,)))
    assert nodes["more"] == ["and 5 more"]
    assert len(arrows) == MOST_STEPS - 1


# ----------------------------------------------------------------------------------- for ourselves


def test_the_internal_document_has_ids_calls_rows_and_sources() -> None:
    text = CASE.markdown(Audience.INTERNAL)
    headings = Read(text).headings
    assert headings[4:] == [
        "Open questions",
        "Steps in detail",
        "Calls",
        "Rows of the batch migration tool",
        "How it was found",
        "Sources",
    ]
    assert f"POST /v1/customers/{CUSTOMER_ID}/migrations/newcommerce" in text
    for step in CASE.plan.steps:
        assert step.message in text
    assert "UNCONFIRMED_EQUIVALENT" in text
    assert str(CASE.plan.steps[0].subscription_id) in text


def _first() -> PlanStep:
    return next(step for step in CASE.plan.steps if step.kind is StepKind.MIGRATE)


def _with_steps(*steps: PlanStep) -> PlanCase:
    plan: Plan = replace(CASE.plan, steps=tuple(replace(one, needs=()) for one in steps))
    return replace(CASE, plan=plan)


def test_what_is_given_up_elsewhere_stands_with_the_services_that_go_with_it() -> None:
    made = from_facts(
        sold_in_us(
            facts(
                "A>B upgrade documented",
                **with_plans({"A": "MAIL", "B": "MAIL TEAMS", "C": "TEAMS FAX"}),
            )
        )
    )
    theirs = subscription("C", number=9, seller=Seller.ANOTHER_PARTNER)
    owner = customer(complete(subscription("A")), theirs)
    at = datetime(2021, 12, 1, tzinfo=UTC)
    goal = SubscriptionGoal(subscription("A").subscription_id, OfferGoal(oid("B")))
    plan = make_plan(made, owner, Wanted(Scope(at)), goals=[goal])
    assert StepKind.CANCEL_ELSEWHERE in [step.kind for step in plan.steps]
    told = plan_markdown(made, owner, plan, baseline(made, owner, at=at))
    rows = [row for table in Read(told).tables for row in table if "nothing, it ends" in row]
    # TEAMS comes back with the target; FAX is gone.
    assert [row[2] for row in rows] == ["Fax"]
