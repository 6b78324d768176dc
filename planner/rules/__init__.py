"""One rule a module, each looking at one thing and answering clear, fails or unknown."""

from planner.rules.table import RULES, RULES_VERSION, Answers, Rule, ask_rules
from planner.rules.walk import Mode, StepInHand

__all__ = ["RULES", "RULES_VERSION", "Answers", "Mode", "Rule", "StepInHand", "ask_rules"]
