"""Whether an offer could be bought for a customer, by the rules that hold for every purchase."""

from collections.abc import Sequence
from dataclasses import replace

from planner.catalog import Catalog
from planner.customers import Subscription, SubscriptionState
from planner.ids import CatalogId
from planner.plans.search.situation import Situation
from planner.rules import NO_CHOICES, RULES, Answers, Rule, ask_rules
from planner.transitions import Claim, EvidenceKind, Execution, Stance, Transition, TransitionKind

_ASKED = frozenset({"TARGET_OFFERED", "SEAT_CAP", "CUSTOMER_AGREEMENT", "PREREQUISITE", "ROLE"})


def try_purchase(
    catalog: Catalog,
    situation: Situation,
    held: Subscription,
    offer: CatalogId,
    seats: int | None,
    *,
    rules: Sequence[Rule] = RULES,
) -> Answers:
    """Ask what holds for an order of that many seats: market, seats, agreement, prerequisite, role.

    Only those of `rules` are asked: a relaxed search leaves some out.
    Source: docs/sources.md 3 (13605) and 6 (800070, 800088, 400041).
    """
    origin = held.catalog_id or offer
    claim = Claim(
        origin,
        offer,
        TransitionKind.MIGRATION,
        Stance.CLAIMS,
        EvidenceKind.PARTNER_CENTER,
        "purchase",
        None,
        Execution.MANUAL,
    )
    order = Transition(origin, offer, TransitionKind.MIGRATION, Execution.MANUAL, (claim,))
    # What is bought stands beside the subscription, and its seats count too.
    bought = replace(held, subscription_id="", state=SubscriptionState.ACTIVE, seats=seats)
    return ask_rules(
        catalog,
        situation.customer,
        bought,
        (order,),
        choices=NO_CHOICES,
        acting=situation.acting,
        at=situation.at,
        rules=tuple(rule for rule in rules if rule.name in _ASKED),
    )
