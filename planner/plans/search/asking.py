"""What one plan asks again and again: what the rules say of a move, and the ways to a goal."""

from datetime import datetime
from functools import cached_property

from planner.catalog import Catalog
from planner.customers import Subscription
from planner.goals import Goal
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.paths import Path
from planner.plans.search.situation import Situation
from planner.rules import RULES, Answers, Choices, Rule, ask_rules
from planner.transitions import Transition

_Move = tuple[str, CatalogId, CatalogId, Choices]
_Way = tuple[CatalogId, Goal, datetime, int]
_Routes = dict[_Way, tuple[Path, ...] | NoPath]


class Asking:
    """Asks rules and keeps what they said; it lives as long as one plan is made of one catalog, in
    one scope.

    A plan comes back to a situation: to tell which goals hang together, to solve them, to solve
    them once more without some kind of step, and to tell why a goal cannot be had.
    """

    def __init__(self, rules: tuple[Rule, ...] = RULES, routes: _Routes | None = None) -> None:
        self.rules = rules
        self.routes: _Routes = {} if routes is None else routes
        """The ways from an offer to a goal at an instant, the best so many, once looked for."""
        self._said: dict[Situation, dict[_Move, Answers]] = {}
        self._latest: tuple[Situation, dict[_Move, Answers]] | None = None

    @cached_property
    def whatever_is_held(self) -> "Asking":
        """The same without the rules that ask for a holding to be there, for a lower bound."""
        rules = tuple(rule for rule in self.rules if not rule.needs_holding)
        return Asking(rules, self.routes)

    def answers(
        self,
        catalog: Catalog,
        situation: Situation,
        held: Subscription,
        transition: Transition,
        choices: Choices,
    ) -> Answers:
        """Return what the rules say of a move of one of ours, as it is in the situation."""
        said = self._said_in(situation)
        move = held.subscription_id, transition.origin, transition.target, choices
        if move not in said:
            said[move] = ask_rules(
                catalog,
                situation.customer,
                held,
                (transition,),
                choices=choices,
                acting=situation.acting,
                at=situation.at,
                rules=self.rules,
            )
        return said[move]

    def _said_in(self, situation: Situation) -> dict[_Move, Answers]:
        # One situation is asked about many times in a row, and hashing it takes a while.
        if self._latest is None or self._latest[0] is not situation:
            self._latest = situation, self._said.setdefault(situation, {})
        return self._latest[1]
