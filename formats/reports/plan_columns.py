"""What the report `plans` says of one line: what came of a goal, or one step of the plan."""

from dataclasses import dataclass

import orjson

from formats.reports.holding_columns import CUSTOMER, title_of
from formats.writing.columns import (
    Cell,
    Offers,
    Readers,
    day,
    distinct,
    flag,
    number,
    read_from,
    several,
    text,
)
from planner.customers import Customer
from planner.ids import CatalogId
from planner.plans.told.steps import Outcome, Plan, PlanStep


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An outcome or a step with the plan and customer that it belongs to."""

    customer: Customer
    plan: Plan
    offers: Offers
    told: Outcome | PlanStep
    number: int
    """Its place in the plan: outcomes first, then steps as they are done."""

    @property
    def step(self) -> PlanStep | None:
        return self.told if isinstance(self.told, PlanStep) else None

    @property
    def outcome(self) -> Outcome | None:
        return self.told if isinstance(self.told, Outcome) else None

    @property
    def target(self) -> CatalogId | None:
        return self.told.target if isinstance(self.told, PlanStep) else self.told.reached


def _subscription(line: PlanLine) -> Cell:
    told = line.told
    return told.goal.subscription_id if isinstance(told, Outcome) else told.subscription_id


def _seats_after(line: PlanLine) -> Cell:
    return line.told.seats if isinstance(line.told, Outcome) else line.told.seats_after


def _done_by(line: PlanLine) -> Cell:
    return line.told.ends_on if isinstance(line.told, Outcome) else line.told.takes_effect


def _candidates(outcome: Outcome) -> Cell:
    return distinct(outcome.candidates)


def _verdict(outcome: Outcome) -> Cell:
    return None if outcome.no_path is None else outcome.no_path.verdict.value


def _body(step: PlanStep) -> Cell:
    if step.call is None or step.call.body is None:
        return None
    return orjson.dumps(step.call.body, option=orjson.OPT_SORT_KEYS).decode()


def _call(step: PlanStep) -> Cell:
    return None if step.call is None else f"{step.call.method} {step.call.path}"


_WHAT: Readers[PlanLine] = (
    (
        number("number", "1, 2, ... in the plan: what came of its goals first, then its steps."),
        lambda line: line.number,
    ),
    (
        text("line", "OUTCOME (what came of a goal) or STEP."),
        lambda line: "STEP" if line.step else "OUTCOME",
    ),
    (
        text("subscription_id", "Which subscription; empty: the step is for the whole customer."),
        _subscription,
    ),
    (
        text("subscription_title", "It, as people call it."),
        lambda line: line.told.title or None,
    ),
    (
        text("message", "What is done, or what came of the goal, in words."),
        lambda line: line.told.message,
    ),
    (
        text("target_id", "The offer that it moves to or that is bought; where a goal ends."),
        lambda line: line.target,
    ),
    (text("target_title", "Its title."), lambda line: title_of(line.offers, line.target)),
    (number("seats_after", "The licences that there are afterwards."), _seats_after),
    (
        day(
            "done_on", "When the last step for a goal is done; when a step takes effect, if later."
        ),
        _done_by,
    ),
    (
        several("blockers", "Codes of what stops every way, or of what was found about a step."),
        lambda line: distinct(found.code for found in line.told.blockers),
    ),
)
_OUTCOME: Readers[Outcome] = (
    (text("status", "Of a goal: MET or UNMET."), lambda outcome: outcome.status.value),
    (
        text("verdict", "Why there is no path: IMPOSSIBLE, NOT_KNOWN or GAVE_UP."),
        _verdict,
    ),
    (several("candidates", "Equivalents among which somebody has to choose."), _candidates),
)
_STEP: Readers[PlanStep] = (
    (text("step_key", "What is done to what: the same step has the same key."), lambda s: s.key),
    (text("kind", "MIGRATE, UPGRADE, CONVERT, WAIT_UNTIL, BUY_NEW, ..."), lambda s: s.kind.value),
    (text("actor", "US, CUSTOMER, ANOTHER_PARTNER or MICROSOFT."), lambda s: s.actor.value),
    (text("role", "The Partner Center role that it needs, where it is ours."), lambda s: s.role),
    (day("earliest", "The first day on which it can be done."), lambda s: s.earliest.day),
    (text("earliest_because", "Why not before."), lambda s: s.earliest.because),
    (
        day("latest", "The last day on which it still does what is needed; empty: no day ends it."),
        lambda s: None if s.latest is None else s.latest.day,
    ),
    (
        text("latest_because", "Why not after."),
        lambda s: None if s.latest is None else s.latest.because,
    ),
    (text("if_not_done", "What comes of it if it is not done."), lambda s: s.if_not_done),
    (several("needs", "The keys of the steps that come first."), lambda s: s.needs),
    (text("origin_id", "The offer that it leaves."), lambda s: s.origin),
    (
        text("transition", "LEGACY_UPGRADE, MIGRATION, CONVERSION or TRIAL_CONVERSION."),
        lambda s: None if s.transition_kind is None else s.transition_kind.value,
    ),
    (
        text("evidence", "The move's strongest evidence, as in `paths`."),
        lambda s: None if s.evidence is None else s.evidence.name,
    ),
    (
        text("mode", "WITH_LICENSE_TRANSFER or WITHOUT_LICENSE_TRANSFER."),
        lambda s: None if s.mode is None else s.mode.value,
    ),
    (text("into", "The existing subscription that the licences go to."), lambda s: s.into),
    (number("seats_before", "The licences before."), lambda s: s.seats_before),
    (text("term", "The term chosen."), lambda s: s.term),
    (text("billing_cycle", "The billing chosen."), lambda s: s.billing_cycle),
    (flag("full_new_term", "Whether a full new term is bought."), lambda s: s.full_new_term),
    (day("custom_end", "The last day of the term, where it is chosen."), lambda s: s.custom_end),
    (
        several("members", "The add-ons that move along, by subscription id."),
        lambda s: tuple(member.subscription_id for member in s.members),
    ),
    (several("clears", "Codes of the blockers that it removes."), lambda s: distinct(s.clears)),
    (text("readiness", "READY, CONDITIONAL, UNKNOWN or BLOCKED."), lambda s: s.readiness.value),
    (
        several("unanswered", "The rules that cannot tell, each once."),
        lambda s: distinct(open_.rule for open_ in s.unanswered),
    ),
    (
        several("assumes", "Codes of what is taken for granted, each once."),
        lambda s: distinct(assumed.code for assumed in s.assumes),
    ),
    (text("api_call", "The call of Partner Center's API that does it."), _call),
    (text("api_body", "Its body, as JSON."), _body),
    (
        several("batch_files", "The batch tool's files that have a row for it, each once."),
        lambda s: distinct(row.file for row in s.batch_rows),
    ),
    (text("source", "Who says so."), lambda s: s.source or None),
)
_WHOLE: Readers[Plan] = (
    (
        text("exactness", "EXACT: the plan is proven the best; BEST_FOUND: within its limit."),
        lambda plan: plan.exactness.value,
    ),
    (day("completes_on", "The day of the plan's last step."), lambda plan: plan.completes_on),
    (
        day("valid_until", "The earliest latest day: afterwards the plan is made again."),
        lambda plan: plan.valid_until,
    ),
)
PLAN: Readers[PlanLine] = (
    *read_from(PlanLine, CUSTOMER, lambda line: line.customer),
    *_WHAT,
    *read_from(PlanLine, _OUTCOME, lambda line: line.outcome),
    *read_from(PlanLine, _STEP, lambda line: line.step),
    *read_from(PlanLine, _WHOLE, lambda line: line.plan),
)
