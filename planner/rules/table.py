"""Which rules apply to which kind of move, and how they are asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from planner.blockers import Blocker, Unanswered
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.permissions import Acting
from planner.rules.offered import target_offered
from planner.rules.seats import seat_cap
from planner.rules.services import services_already_owned
from planner.rules.state import subscription_state
from planner.rules.target import target_already_owned
from planner.rules.walk import Answer, Choices, StepInHand
from planner.transitions import Transition, TransitionKind

RULES_VERSION = "1"
"""Rises whenever a rule's answer to the same facts can change; reports and plans carry it."""

_EVERY_KIND = frozenset(TransitionKind)
_UPGRADES = frozenset({TransitionKind.LEGACY_UPGRADE, TransitionKind.CONVERSION})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, the kinds of move it applies to, and where it comes from."""

    name: str
    kinds: frozenset[TransitionKind]
    ask: Callable[[StepInHand], Answer]
    source: str
    needs_holding: bool = False
    """True where a subscription that goes away may make it fail: it asks for one to be there."""


RULES: tuple[Rule, ...] = (
    Rule("SUBSCRIPTION_STATE", _EVERY_KIND, subscription_state, "upgrade page, condition 1"),
    Rule("TARGET_OFFERED", _EVERY_KIND, target_offered, "docs/sources.md 6 (Geo; 800070)"),
    Rule("SERVICES_ALREADY_OWNED", _UPGRADES, services_already_owned, "upgrade page, condition 2"),
    Rule("TARGET_ALREADY_OWNED", _UPGRADES, target_already_owned, "upgrade page, condition 3"),
    Rule("SEAT_CAP", _EVERY_KIND, seat_cap, "docs/sources.md 0 and 6 (300 seats)"),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the rules said of a whole walk, in the order of its steps."""

    ran: tuple[str, ...]
    """The rules that were asked, in the order of the table."""
    blockers: tuple[Blocker, ...]
    unanswered: tuple[Unanswered, ...]


def ask_rules(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    transitions: Sequence[Transition],
    *,
    choices: Choices,
    acting: Acting,
    at: datetime,
) -> Answers:
    """Ask every rule that applies to each step of a walk."""
    kinds = {transition.kind for transition in transitions}
    said: list[Blocker | Unanswered] = []
    for index, transition in enumerate(transitions):
        step = StepInHand(
            catalog,
            customer,
            subscription,
            transition,
            is_first=index == 0,
            is_last=index == len(transitions) - 1,
            choices=choices,
            acting=acting,
            at=at,
        )
        for rule in RULES:
            if transition.kind in rule.kinds:
                said.extend(rule.ask(step))
    return Answers(
        tuple(rule.name for rule in RULES if not kinds.isdisjoint(rule.kinds)),
        tuple(answer for answer in said if isinstance(answer, Blocker)),
        tuple(answer for answer in said if isinstance(answer, Unanswered)),
    )
