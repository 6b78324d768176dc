"""Which rules apply to which kind of move, and how they are asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from planner.blockers import Blocker, Severity, Unanswered
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.permissions import Acting
from planner.rules.addons import addons_present
from planner.rules.admin_permission import admin_permission
from planner.rules.age import subscription_age
from planner.rules.agreement import customer_agreement
from planner.rules.billing_cycle import billing_cycle
from planner.rules.bundle import bundle
from planner.rules.custom_end import custom_end_date
from planner.rules.downgrade import downgrade
from planner.rules.limits import offer_limit
from planner.rules.offered import target_offered
from planner.rules.partner_of_record import partner_of_record
from planner.rules.prerequisite import prerequisite
from planner.rules.promotion import promotion
from planner.rules.role import role
from planner.rules.scheduled_conversion import scheduled_conversion
from planner.rules.seats import seat_cap
from planner.rules.services import services_already_owned
from planner.rules.sign_in import sign_in
from planner.rules.state import subscription_state
from planner.rules.target import target_already_owned
from planner.rules.target_subscription import target_subscription
from planner.rules.term_billing import term_and_billing
from planner.rules.term_end import term_end
from planner.rules.trial import trial
from planner.rules.walk import Answer, Choices, StepInHand
from planner.transitions import Execution, Transition, TransitionKind

RULES_VERSION = "3"
"""Rises whenever a rule's answer to the same facts can change; reports and plans carry it."""

_EVERY_KIND = frozenset(TransitionKind)
_UPGRADES = frozenset({TransitionKind.LEGACY_UPGRADE, TransitionKind.CONVERSION})
_LEGACY_UPGRADE = frozenset({TransitionKind.LEGACY_UPGRADE})
_MIGRATION = frozenset({TransitionKind.MIGRATION})
_CONVERSION = frozenset({TransitionKind.CONVERSION})
_ANY_CONVERSION = frozenset({TransitionKind.CONVERSION, TransitionKind.TRIAL_CONVERSION})
_INTO_NEW_COMMERCE = _EVERY_KIND - _LEGACY_UPGRADE


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule, the kinds of move it applies to, and where it comes from; each is one of a kind."""

    name: str
    kinds: frozenset[TransitionKind]
    ask: Callable[[StepInHand], Answer]
    source: str
    by_api: bool = False
    """True where it speaks of the migration call, and so not of a move by hand."""
    needs_holding: bool = False
    """True where a subscription that goes away may make it fail: it asks for one to be there."""


RULES: tuple[Rule, ...] = (
    Rule("SUBSCRIPTION_STATE", _EVERY_KIND, subscription_state, "upgrade page, condition 1"),
    Rule("TARGET_OFFERED", _EVERY_KIND, target_offered, "docs/sources.md 6 (Geo; 800070)"),
    Rule("SERVICES_ALREADY_OWNED", _UPGRADES, services_already_owned, "upgrade page, condition 2"),
    Rule("TARGET_ALREADY_OWNED", _UPGRADES, target_already_owned, "upgrade page, condition 3"),
    Rule("SEAT_CAP", _EVERY_KIND, seat_cap, "docs/sources.md 0 and 6 (300 seats)"),
    Rule("ROLE", _EVERY_KIND, role, "upgrade page, roles; docs/sources.md 0 to 3 and 5 (roles)"),
    Rule(
        "CUSTOMER_AGREEMENT",
        _INTO_NEW_COMMERCE,
        customer_agreement,
        "docs/sources.md 3 (REST 13605)",
    ),
    Rule("PARTNER_OF_RECORD", _EVERY_KIND, partner_of_record, "docs/sources.md 3 (code 9)"),
    Rule("ADDONS_PRESENT", _UPGRADES, addons_present, "docs/sources.md 1 and 2 (code 6)"),
    Rule("OFFER_LIMIT", _LEGACY_UPGRADE, offer_limit, "docs/sources.md 1 (code 4) and 6 (limits)"),
    Rule("BILLING_CYCLE", _LEGACY_UPGRADE, billing_cycle, "docs/sources.md 1 (code 10)"),
    Rule("SIGN_IN", _UPGRADES, sign_in, "docs/sources.md 1 and 2 (code 5)"),
    Rule(
        "ADMIN_PERMISSION",
        _UPGRADES,
        admin_permission,
        "docs/sources.md 1 and 2 (codes 1, 11 and 13)",
    ),
    Rule("AGE", _MIGRATION, subscription_age, "docs/sources.md 3 (code 7, 900226)", by_api=True),
    Rule(
        "TERM_END", _MIGRATION, term_end, "docs/sources.md 3 (codes 2 and 10, 900217)", by_api=True
    ),
    Rule("PROMOTION", _MIGRATION, promotion, "docs/sources.md 3 (code 3, 900218)", by_api=True),
    Rule("TRIAL", _EVERY_KIND, trial, "docs/sources.md 1 to 3 (trials)"),
    Rule("BUNDLE", _MIGRATION, bundle, "docs/sources.md 3 (bundles)", by_api=True),
    Rule(
        "PREREQUISITE",
        _MIGRATION | _CONVERSION,
        prerequisite,
        "docs/sources.md 6 (add-ons; 400041)",
        needs_holding=True,
    ),
    Rule(
        "CUSTOM_END_DATE",
        _MIGRATION,
        custom_end_date,
        "docs/sources.md 3 (codes 11 and 12)",
        needs_holding=True,
    ),
    Rule(
        "TERM_AND_BILLING",
        _MIGRATION | _CONVERSION,
        term_and_billing,
        "docs/sources.md 2 and 3 (code 6, 900222, 900267 to 900270)",
    ),
    Rule("DOWNGRADE", _CONVERSION, downgrade, "docs/sources.md 2 (no downgrades)"),
    Rule(
        "TARGET_SUBSCRIPTION",
        _ANY_CONVERSION,
        target_subscription,
        "docs/sources.md 2 (target subscription codes 1 to 4)",
        needs_holding=True,
    ),
    Rule(
        "SCHEDULED_CONVERSION",
        _ANY_CONVERSION,
        scheduled_conversion,
        "docs/sources.md 2 (scheduled changes)",
    ),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the rules said of a whole walk, in the order of its steps."""

    ran: tuple[str, ...]
    """The rules that were asked, in the order of the table."""
    blockers: tuple[Blocker, ...]
    unanswered: tuple[Unanswered, ...]

    @property
    def stops(self) -> tuple[Blocker, ...]:
        """What BLOCKS."""
        return tuple(one for one in self.blockers if one.severity is Severity.BLOCKS)


def ask_rules(
    catalog: Catalog,
    customer: Customer,
    subscription: Subscription,
    transitions: Sequence[Transition],
    *,
    choices: Choices,
    acting: Acting,
    at: datetime,
    rules: Sequence[Rule] = RULES,
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
        for rule in _rules_of(tuple(rules), transition.kind, transition.execution):
            said.extend(rule.ask(step))
    return Answers(
        _names_of(tuple(rules), frozenset(kinds)),
        tuple([answer for answer in said if isinstance(answer, Blocker)]),
        tuple([answer for answer in said if isinstance(answer, Unanswered)]),
    )


@lru_cache(maxsize=64)
def _rules_of(
    rules: tuple[Rule, ...], kind: TransitionKind, execution: Execution
) -> tuple[Rule, ...]:
    by_hand = execution is Execution.MANUAL
    return tuple(rule for rule in rules if kind in rule.kinds and not (by_hand and rule.by_api))


@lru_cache(maxsize=64)
def _names_of(rules: tuple[Rule, ...], kinds: frozenset[TransitionKind]) -> tuple[str, ...]:
    return tuple(rule.name for rule in rules if not kinds.isdisjoint(rule.kinds))
