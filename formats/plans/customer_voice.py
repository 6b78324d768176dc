"""A plan as it is told to the customer: our own sentences alone, made of titles, days and numbers.

No sentence of the planner is passed on: it may name ids, calls, roles or somebody else's tenant.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from formats.plans import words
from formats.plans.names import offer_title, subscription_names
from formats.plans.voice import Paper, day, listed
from planner.baselines.baseline import BaselineEvent
from planner.baselines.rules import BaselineCode
from planner.blockers import Blocker, Severity
from planner.counting import counted
from planner.ids import CatalogId, is_new_commerce
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.steps import Outcome, PlanStep
from planner.upsells import Upsell

_MOST_REASONS = 3
_ENDS = frozenset({StepKind.CANCEL, StepKind.TURN_OFF_AUTO_RENEWAL})


class CustomerVoice:
    """Fits formats.plans.voice.Voice."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._names: Mapping[str, str] = subscription_names(
            paper.catalog, paper.customer, paper.plan
        )

    def subscription(self, subscription_id: str) -> str:
        return self._names.get(subscription_id, "the subscription")

    def offer(self, offer: CatalogId | None) -> str:
        return offer_title(self._paper.catalog, offer)

    def what(self, step: PlanStep) -> str:
        seats = step.seats_after
        licences = "the licences" if step.part is None else counted(step.part, "licence")
        return words.WHAT[step.kind].format(
            held=self._as_it_is_then(step),
            target=self.offer(step.target),
            day=day(step.earliest.day),
            into=self.subscription(step.into or ""),
            along=self._along(step),
            anew=", beginning a full new term" if step.full_new_term else "",
            effect=f", on {day(step.takes_effect)}" if step.takes_effect else "",
            in_all="" if seats is None else f", {seats} in all",
            part="" if step.part is None else f"{licences} of ",
            licences=licences,
            seats="" if seats is None else f" with {counted(seats, 'licence')}",
        )

    def _as_it_is_then(self, step: PlanStep) -> str:
        """Name a subscription by what earlier steps have made of it."""
        named = self.subscription(step.subscription_id or "")
        was = self.offer(step.origin)
        if step.origin is None or was == self.offer(self._paper.origin(step.subscription_id or "")):
            return named
        return f"{was} (until then {named})"

    def _along(self, step: PlanStep) -> str:
        named = tuple(self.subscription(one.subscription_id) for one in step.members)
        return f" with {listed(named, most=5)}" if named else ""

    def who(self, step: PlanStep) -> str:
        return words.WHO[step.actor]

    def why_then(self, step: PlanStep) -> str:
        if step.kind is StepKind.WAIT_UNTIL or (step.clears and not step.needs):
            return _sentence(_reasons(step.clears))
        places = sorted(place for need in step.needs if (place := self._paper.place(need)))
        if places:
            return f"After step {listed(tuple(map(str, places)), most=5)}"
        is_now = step.earliest.day <= self._paper.plan.at.date()
        return f"It can be done from {'now' if is_now else 'that day'} on"

    def why_latest(self, step: PlanStep) -> str:
        if step.latest is None:
            return ""
        held = self._paper.held(step.subscription_id)
        ends = None if held is None else held.last_day
        window = None if held is None else held.cancellable_until
        if window is not None and window.date() == step.latest.day:
            return "Its cancellation period ends then"
        if ends == step.latest.day:
            return "Its term ends on that day"
        if ends is not None and ends == step.latest.day + timedelta(days=1):
            return f"Its term ends on {day(ends)}, and its last 24 hours are closed to changes"
        if ends is not None and ends < step.latest.day == self._paper.plan.at.date():
            return f"Its term ended on {day(ends)}, as far as we know, so it must not wait"
        if any(step.key in later.needs for later in self._paper.plan.steps):
            return "A later step depends on it"
        return "Later it could not be done like this"

    def if_not_done(self, step: PlanStep) -> str:
        moved = self._moved_by_microsoft(step) if step.kind is StepKind.BUY_NEW else None
        if moved is not None:
            when = f", from {day(moved.day)} on" if moved.day else ""
            return words.MOVED_BY_MICROSOFT.format(when=when)
        return words.IF_NOT_DONE.get(step.kind, words.STAYS)

    def _moved_by_microsoft(self, step: PlanStep) -> BaselineEvent | None:
        """Return the event that moves a replaced subscription, unless an earlier step ends it."""
        replaced = step.subscription_id or ""
        for other in self._paper.plan.steps:
            if other.key == step.key:
                break
            if other.subscription_id == replaced and other.kind in _ENDS:
                return None
        moves = BaselineCode.MICROSOFT_LED_MIGRATION
        return next((one for one in self._paper.events_of(replaced) if one.code is moves), None)

    def outcome(self, outcome: Outcome) -> str:
        if outcome.status is Status.MET:
            return self._met(outcome)
        reasons = tuple(dict.fromkeys(_reasons(one.code for one in _heaviest(outcome.blockers))))
        if reasons:
            return f"Stays as it is: {listed(reasons, most=_MOST_REASONS)}"
        if outcome.no_path is not None:
            return "Stays as it is: no way of moving it is known"
        return "Stays as it is: no way of moving it was found"

    def _met(self, outcome: Outcome) -> str:
        subscription_id = outcome.goal.subscription_id
        when = f", on {day(outcome.ends_on)}" if outcome.ends_on else ""
        if outcome.reached is None:
            return f"Becomes part of another subscription{when}"
        seats = "" if outcome.seats is None else f", {outcome.seats} licences"
        is_same = outcome.reached == self._paper.origin(subscription_id)
        if is_same:
            return f"Stays {self.offer(outcome.reached)}{seats}{when}"
        if self._is_part(outcome):
            told = counted(outcome.goal.part or 0, "licence")
            told = f"{told} of it become {self.offer(outcome.reached)}, the others stay{when}"
            return f"{told}{self._upsell(outcome.upsell)}"
        where = " in Microsoft's new commerce" if is_new_commerce(outcome.reached) else ""
        told = f"Becomes {self.offer(outcome.reached)}{where}{seats}{when}"
        return f"{told}{self._upsell(outcome.upsell)}"

    def _upsell(self, upsell: Upsell | None) -> str:
        """Say in fair words that the new product is a larger or a dearer one."""
        if upsell is None:
            return ""
        gained, lost = (len(plans or ()) for plans in (upsell.gained, upsell.lost))
        parts = [
            *((f"has {counted(gained, 'service')} more",) if gained else ()),
            *((f"does not have {counted(lost, 'service')} of the old one",) if lost else ()),
            *(("costs much more at Microsoft's list price",) if upsell.is_dearer else ()),
        ]
        size = "a larger" if upsell.is_larger else "another"
        return f". It is {size} product than you have today: it {listed(tuple(parts), most=3)}"

    def _is_part(self, outcome: Outcome) -> bool:
        held = self._paper.held(outcome.goal.subscription_id)
        part = outcome.goal.part
        return part is not None and held is not None and held.seats != part

    def event(self, event: BaselineEvent) -> str:
        after = event.after
        target = None if after is None else after.catalog_id
        ends = None if after is None else after.last_day
        told = words.HAPPENS[event.code].format(
            target=f", as {self.offer(target)}" if target else "",
            until=f" until {day(ends)}" if ends else "",
        )
        when = f"from {day(event.day)} on" if event.day else "on a day that is not known"
        return f"{when}: {told}"

    def questions(self) -> Iterator[str]:
        for step in self._paper.plan.steps:
            named = self._of(step)
            for question in step.unanswered:
                if question.rule in words.QUESTIONS:
                    yield f"{words.QUESTIONS[question.rule]}{named}"
            for blocker in _heaviest(step.blockers):
                if blocker.severity is not Severity.NOTES and blocker.code in words.REASONS:
                    yield f"{_sentence((words.REASONS[blocker.code],))}{named}"
        for event in self._paper.baseline.events:
            if event.code is BaselineCode.DATA_LOOKS_OLD and event.subscription_id in self._asked:
                named = self.subscription(event.subscription_id)
                yield f"What we know of {named} may be out of date: please compare it with yours"

    @property
    def _asked(self) -> frozenset[str]:
        return frozenset(goal.subscription_id for goal in self._paper.plan.goals)

    def _of(self, step: PlanStep) -> str:
        place = self._paper.place(step.key)
        return "" if place is None else f" (step {place})"

    def wishes(self) -> Iterator[str]:
        """Yield what the customer is asked to tell, beside the steps that are its own."""
        rules = {one.rule for step in self._paper.plan.steps for one in step.unanswered}
        if rules & words.ASKS_FOR_HOLDINGS:
            yield "Tell us which Microsoft subscriptions you have from other sellers, and how many"


def _heaviest(found: Iterable[Blocker]) -> list[Blocker]:
    return sorted(found, key=lambda one: tuple(Severity).index(one.severity))


def _reasons(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(words.REASONS.get(code, words.OUR_REASON) for code in codes)


def _sentence(reasons: tuple[str, ...]) -> str:
    told = listed(
        tuple(dict.fromkeys(reasons)) or ("it is not possible before",), most=_MOST_REASONS
    )
    return f"{told[0].upper()}{told[1:]}"
