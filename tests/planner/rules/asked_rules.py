"""One step of a small catalog in the hands of one customer, and how a rule is asked about it."""

from datetime import datetime

from planner.blockers import Actor, Blocker, RemedyAction, Unanswered
from planner.customers import Customer, Seller, Subscription
from planner.facts import CommonPlan, ServiceFamily
from planner.permissions import ANYONE, Acting
from planner.rules import RULES, Choices, Mode, StepInHand
from planner.rules.walk import Answer
from tests.planner.builders import (
    NOW,
    customer,
    facts,
    from_facts,
    oid,
    pid,
    sold_and_billed,
    subscription,
    with_plans,
)

MOVES = """
    A>B upgrade documented, A>a migration documented, a>b conversion documented
    A>E upgrade documented
"""
PLANS = {"A": "MAIL COMMON", "B": "MAIL TEAMS COMMON", "a": "MAIL COMMON", "b": "MAIL TEAMS COMMON"}
OTHERS = {"C": "TEAMS", "D": "TEAMS_SMALL COMMON"}
FAMILY = ServiceFamily("TEAMS", frozenset({pid("TEAMS"), pid("TEAMS_SMALL")}), "families")
CATALOG = from_facts(
    sold_and_billed(
        facts(
            MOVES,
            service_families=[FAMILY],
            common_plans=[CommonPlan(pid("COMMON"), "table")],
            **with_plans(PLANS | OTHERS),
        )
    )
)
RULE = {rule.name: rule for rule in RULES}
OURS, PARTNER, CHANNEL = Seller.US, Seller.ANOTHER_PARTNER, Seller.ANOTHER_CHANNEL
TRANSFER, NO_TRANSFER = Mode.WITH_LICENSE_TRANSFER, Mode.WITHOUT_LICENSE_TRANSFER


def ask(
    rule: str,
    move: str,
    held: Customer | None = None,
    *,
    source: Subscription | None = None,
    mode: Mode = NO_TRANSFER,
    is_first: bool = True,
    is_last: bool = True,
    choices: Choices | None = None,
    acting: Acting = ANYONE,
    at: datetime = NOW,
) -> Answer:
    origin, target = map(oid, move)
    transition = CATALOG.transition(origin, target)
    assert transition is not None
    subject = source or subscription(move[0])
    step = StepInHand(
        CATALOG,
        held or customer(subject),
        subject,
        transition,
        is_first=is_first,
        is_last=is_last,
        choices=choices or Choices(mode),
        acting=acting,
        at=at,
    )
    return RULE[rule].ask(step)


def fails(answer: Answer) -> Blocker:
    (blocker,) = answer
    assert isinstance(blocker, Blocker)
    assert blocker.source
    return blocker


def unknown(answer: Answer) -> tuple[str, ...]:
    (question,) = answer
    assert isinstance(question, Unanswered)
    return question.fields


def actions(blocker: Blocker) -> list[tuple[RemedyAction, Actor]]:
    return [(remedy.action, remedy.actor) for remedy in blocker.remedies]
