"""One rule a module, each looking at one thing and answering clear, fails or unknown."""

from planner.rules.table import RULES, RULES_VERSION, Answers, Rule, ask_rules
from planner.rules.walk import NO_CHOICES, Choices, Mode, StepInHand

__all__ = [
    "NO_CHOICES",
    "RULES",
    "RULES_VERSION",
    "Answers",
    "Choices",
    "Mode",
    "Rule",
    "StepInHand",
    "ask_rules",
]
