"""A plan as it is told to the customer: our own sentences alone, made of titles, days and numbers.

No sentence of the planner is passed on: it may name ids, calls, roles or somebody else's tenant.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import takewhile

from formats.plans import words
from formats.plans.endings import ended_all_the_same, heavy_endings
from formats.plans.names import offer_title, subscription_names
from formats.plans.reasons import heaviest, in_a_row, reason, sentence, why_it_stays
from formats.plans.too_late import too_late
from formats.plans.voice import Paper, day, why_not_priced
from planner.baselines.baseline import BaselineEvent
from planner.baselines.rules import BaselineCode
from planner.blocker_codes import BlockerCode
from planner.blockers import Actor, Severity
from planner.counting import counted, phrase
from planner.customers import Seller
from planner.ids import CatalogId, is_new_commerce
from planner.offers import Known
from planner.plans.goals import GONE
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.steps import Outcome, PlanStep
from planner.rules.term_end import is_over
from planner.service_sets import FamilyMove
from planner.upsells import Upsell

_MOST_PLACES = 12
_LOST = frozenset({BlockerCode.SERVICES_NOT_REPLACED})
_YES = Known.YES
_SIZES = {FamilyMove.UPGRADED: "a larger", FamilyMove.DOWNGRADED: "a smaller"}
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

    def seller(self, subscription_id: str) -> str:
        """Return who sold a subscription that is not ours; no name is known of anybody."""
        held = self._paper.held(subscription_id)
        sellers = words.SELLERS
        return (
            words.UNKNOWN_SELLER if held is None else sellers.get(held.seller, words.UNKNOWN_SELLER)
        )

    def offer(self, offer: CatalogId | None) -> str:
        return offer_title(self._paper.catalog, offer)

    def what(self, step: PlanStep) -> str:
        seats = step.seats_after
        licences = "the licences" if step.part is None else counted(step.part, "licence")
        is_ahead = step.takes_effect and step.takes_effect > self._paper.plan.at.date()
        effect = step.takes_effect if is_ahead else None
        form = words.WHAT[step.kind]
        if step.kind is StepKind.WAIT_UNTIL and step.actor is Actor.MICROSOFT:
            form = words.WAIT_FOR_MICROSOFT
        return form.format(
            held=self._as_it_is_then(step),
            seller=self.seller(step.subscription_id or ""),
            target=self.offer(step.target),
            day=day(step.earliest.day),
            into=self.subscription(step.into or ""),
            along=self._along(step),
            anew=", beginning a full new term" if step.full_new_term else "",
            effect=f", on {day(effect)}" if effect else "",
            in_all="" if seats is None else f", {seats} in all",
            down_to="" if seats is None else f" to {seats}",
            then=f", with effect from {day(effect)}" if effect else "",
            part="" if step.part is None else f"{licences} of ",
            licences=licences,
            seats="" if seats is None else f" with {counted(seats, 'licence')}",
        )

    def _as_it_is_then(self, step: PlanStep) -> str:
        """Name a subscription by what earlier steps have made of it."""
        named = self.subscription(step.subscription_id or "")
        is_now = self._paper.origin(step.subscription_id or "")
        then = step.origin or self._made_before(step)
        if then is None or self.offer(then) == self.offer(is_now):
            return named
        return f"{self.offer(then)} (today {named})"

    def _made_before(self, step: PlanStep) -> CatalogId | None:
        """Return what the last earlier step makes of a step's subscription; None: nothing else.

        What is ordered in its place is another subscription.
        """
        made: CatalogId | None = None
        for other in takewhile(lambda one: one.key != step.key, self._paper.plan.steps):
            is_whole = other.transition_kind is not None and other.part is None
            is_kept = is_whole and other.kind is not StepKind.BUY_NEW
            if is_kept and other.subscription_id == step.subscription_id:
                made = other.target
        return made

    def _along(self, step: PlanStep) -> str:
        named = tuple(self.subscription(one.subscription_id) for one in step.members)
        return f" with {phrase(named, most=5)}" if named else ""

    def who(self, step: PlanStep) -> str:
        return words.WHO[step.actor]

    def why_then(self, step: PlanStep) -> str:
        if step.kind is StepKind.WAIT_UNTIL or (step.clears and not step.needs):
            return sentence(in_a_row(_reasons(step.clears)))
        places = sorted(place for need in step.needs if (place := self._paper.place(need)))
        if places:
            return f"After step {phrase(tuple(map(str, places)), most=5)}"
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
        told = words.IF_NOT_DONE.get(step.kind, words.STAYS)
        if step.kind is StepKind.CANCEL and step.clears:
            return words.IF_NOT_DONE[StepKind.CANCEL_ELSEWHERE]
        held = self._paper.held(step.subscription_id)
        is_gone = held is not None and (held.state in GONE or is_over(held, self._paper.plan.at))
        return words.IF_OVER.get(step.kind, told) if is_gone else told

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
        if ending := ended_all_the_same(self._paper, outcome):
            return self.ends(ending)
        return f"Stays as it is: {why_it_stays(self._paper, outcome)}"

    def ends(self, step: PlanStep) -> str:
        held = self._paper.held(step.subscription_id)
        last = None if held is None else held.last_day
        told = words.ENDS[step.kind].format(
            seller=self.seller(step.subscription_id or ""),
            by=f", by {day(step.latest.day)}" if step.latest else "",
            on=f" on {day(last)}" if last else "",
        )
        return f"{told} (step {self._paper.place(step.key)})"

    def _met(self, outcome: Outcome) -> str:
        subscription_id = outcome.goal.subscription_id
        when = f", on {day(outcome.ends_on)} at the earliest" if outcome.ends_on else ""
        if outcome.reached is None:
            return f"Becomes part of another subscription{when}"
        seats = "" if outcome.seats is None else f", {counted(outcome.seats, 'licence')}"
        is_same = outcome.reached == self._paper.origin(subscription_id)
        if is_same:
            since = f" from {day(outcome.ends_on)} on" if outcome.ends_on else ""
            return f"Stays {self.offer(outcome.reached)}{seats}{since}{self._end_of(outcome)}"
        if self._is_part(outcome):
            become = "becomes" if outcome.goal.part == 1 else "become"
            told = f"{counted(outcome.goal.part or 0, 'licence')} of it {become}"
            told = f"{told} {self.offer(outcome.reached)}, the others stay{when}"
            return f"{told}{self._upsell(outcome)}"
        where = " in Microsoft's new commerce" if is_new_commerce(outcome.reached) else ""
        told = f"Becomes {self.offer(outcome.reached)}{where}{seats}{when}"
        return f"{told}{self._upsell(outcome)}{self._end_of(outcome)}"

    def _end_of(self, outcome: Outcome) -> str:
        """Say what still happens to what stays legacy, with the plan as without it."""
        is_legacy = outcome.reached is not None and not is_new_commerce(outcome.reached)
        for event in self._paper.events_of(outcome.goal.subscription_id) if is_legacy else ():
            if event.code in words.STILL_HAPPENS and event.day:
                told = words.STILL_HAPPENS[event.code].format(day=day(event.day))
                return f". With this plan too, {told}"
        return ""

    def _upsell(self, outcome: Outcome) -> str:
        """Say in fair words that the new product is a larger or a dearer one."""
        upsell = outcome.upsell
        if upsell is None:
            return ""
        gained, lost = (len(plans or ()) for plans in (upsell.gained, upsell.lost))
        parts = (
            *((f"has {counted(gained, 'service')} more",) if gained else ()),
            *((f"does not have {counted(lost, 'service')} of the old one",) if lost else ()),
            *_other_plans(upsell),
            *(("costs much more at Microsoft's list price",) if upsell.is_dearer is _YES else ()),
        )
        size = "a larger" if upsell.is_larger else "another"
        told = f". It is {size} product than you have today: it {phrase(parts, most=len(parts))}"
        if upsell.is_dearer is not Known.UNKNOWN:
            return told
        return f"{told}; how much more it costs cannot be said, for {why_not_priced(outcome)}"

    def _is_part(self, outcome: Outcome) -> bool:
        held = self._paper.held(outcome.goal.subscription_id)
        part = outcome.goal.part
        return part is not None and held is not None and held.seats != part

    def event(self, event: BaselineEvent) -> str:
        after = event.after
        target = None if after is None else after.catalog_id
        ends = None if after is None else after.last_day
        if event.code is BaselineCode.NOT_KNOWN and event.day is None:
            held = self._paper.held(event.subscription_id)
            is_ours = held is None or held.seller is Seller.US
            return words.NOTHING_KNOWN if is_ours else words.NOT_OURS_TO_SEE
        return words.HAPPENS[event.code].format(
            target=f", as {self.offer(target)}" if target else "",
            until=f" until {day(ends)}" if ends else "",
            on_day=f"on {day(event.day)}" if event.day else words.UNKNOWN_DAY,
            from_day=f"from {day(event.day)} on" if event.day else words.UNKNOWN_DAY,
        )

    def questions(self) -> Iterator[str]:
        asked: dict[str, list[int]] = {}
        told_first = frozenset(one.step.key for one in heavy_endings(self._paper))
        for place, step in enumerate(self._paper.plan.steps, start=1):
            for question in dict.fromkeys(self._asked_of(step, told_first)):
                asked.setdefault(question, []).append(place)
        for question, places in asked.items():
            named = phrase(tuple(map(str, places)), most=_MOST_PLACES)
            yield f"{question} ({'step' if len(places) == 1 else 'steps'} {named})"
        yield from too_late(self._paper, self)
        if old := self._old():
            its = "its" if len(old) == 1 else "their"
            named = phrase(old, most=_MOST_PLACES)
            yield words.OLD_DATA.format(named=named, its=its)

    def _asked_of(self, step: PlanStep, told_first: frozenset[str]) -> Iterator[str]:
        for question in step.unanswered:
            if question.rule in words.QUESTIONS:
                yield words.QUESTIONS[question.rule]
        for found in heaviest(step.blockers):
            is_known = found.severity is not Severity.NOTES and found.code in words.REASONS
            if is_known and not (found.code in _LOST and step.key in told_first):
                yield sentence(reason(self._paper, found))

    def _old(self) -> tuple[str, ...]:
        asked = {goal.subscription_id for goal in self._paper.plan.goals}
        return tuple(
            dict.fromkeys(
                self.subscription(event.subscription_id)
                for event in self._paper.baseline.events
                if event.code is BaselineCode.DATA_LOOKS_OLD and event.subscription_id in asked
            )
        )

    def wishes(self) -> Iterator[str]:
        """Yield what the customer is asked to tell, beside the steps that are its own."""
        rules = {one.rule for step in self._paper.plan.steps for one in step.unanswered}
        if rules & words.ASKS_FOR_HOLDINGS:
            yield "Tell us which Microsoft subscriptions you have from other sellers, and how many"


def _other_plans(upsell: Upsell) -> Iterator[str]:
    """Yield how many services it has in another plan, the larger ones first."""
    for move, size in (*_SIZES.items(), (FamilyMove.SWAPPED, "another")):
        count = sum(len(one.before) for one in upsell.swapped if one.move is move)
        if count:
            yield f"has {counted(count, 'service')} in {size} plan"


def _reasons(codes: Iterable[str]) -> tuple[str, ...]:
    """Return what findings that a step clears have said, for which their codes are all there is."""
    told = dict.fromkeys(words.REASONS.get(code, words.OUR_REASON) for code in codes)
    return tuple(told) or ("it is not possible before",)
