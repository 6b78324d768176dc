"""The sentences of a plan's steps, and where each kind of step comes from."""

from collections.abc import Callable, Mapping

from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Subscription
from planner.holdings import name_of
from planner.ids import CatalogId
from planner.plans.goals import GONE
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Done
from planner.rules import Mode
from planner.rules.term_end import is_over


def message_of(catalog: Catalog, done: Done) -> str:
    """Return what a step does, in one sentence for a consultant."""
    return _MESSAGES[done.act.kind](_Case(catalog, done))


class _Case:
    """The names that sentences are made of."""

    def __init__(self, catalog: Catalog, done: Done) -> None:
        self.catalog = catalog
        self.done = done
        self.act = done.act

    @property
    def held(self) -> str:
        return self._name(self.act.subscription_id)

    @property
    def into(self) -> str:
        return self._name(self.act.choices.into or "")

    @property
    def target(self) -> str:
        edge = self.act.transition
        return self._title(edge.target if edge else self.act.offer)

    @property
    def subscription(self) -> Subscription | None:
        return self.done.before.customer.holdings.held(self.act.subscription_id)

    def _name(self, subscription_id: str) -> str:
        held = self.done.before.customer.holdings.held(subscription_id)
        return "the subscription" if held is None else name_of(self.catalog, held)

    def _title(self, offer: CatalogId | None) -> str:
        known = None if offer is None else self.catalog.offers.get(offer)
        return known.title if known else str(offer)


def if_not_done(done: Done) -> str:
    """Return what comes if a step is not done; of what is over already it is not said to end."""
    kind = done.act.kind
    if kind is StepKind.CANCEL and done.act.clears:
        return _IF_NOT_DONE[StepKind.CANCEL_ELSEWHERE]
    held = done.before.customer.holdings.held(done.act.subscription_id)
    if held is not None and (held.state in GONE or is_over(held, done.before.at)):
        return _IF_OVER.get(kind, _IF_NOT_DONE[kind])
    return _IF_NOT_DONE[kind]


def _seats(case: _Case, verb: str) -> str:
    held = case.subscription
    before = held.seats if held else None
    when = f" at the renewal on {case.act.until}" if case.act.until else ""
    now = "" if before is None else f" from {before}"
    return f"{verb} the seats of {case.held}{now} to {case.act.seats}{when}"


def _with_seats(case: _Case) -> str:
    return "" if case.act.seats is None else f" with {counted(case.act.seats, 'seat')}"


def _wait(case: _Case) -> str:
    if case.act.until is None:
        return f"Wait until the order of {case.held} is provisioned"
    return f"Wait until {case.act.until}"


def _migrate(case: _Case) -> str:
    along = len(case.act.members)
    with_them = f" with {along} add-on{'s' if along > 1 else ''}" if along else ""
    anew = ", beginning a full new term" if case.act.choices.full_new_term else ""
    return f"Migrate {case.held}{with_them} to {case.target}{anew}"


def _upgrade(case: _Case) -> str:
    moved = case.act.choices.mode is Mode.WITH_LICENSE_TRANSFER
    how = "; the licences are reassigned with it" if moved else ""
    return f"Upgrade {case.held} to {case.target}{how}"


def _seats_of(case: _Case) -> str:
    held, part = case.subscription, case.act.part
    if part is None:
        return case.held
    of = "" if held is None or held.seats is None else f"the {held.seats} "
    return f"{part} of {of}seats of {case.held}"


def _number(case: _Case) -> str:
    return "the " if case.act.part is None else f"{case.act.part} "


def _permission(case: _Case) -> str:
    return case.act.remedy.message if case.act.remedy else "Get the permission that is missing"


_MESSAGES: Mapping[StepKind, Callable[[_Case], str]] = {
    StepKind.ADD_SEATS: lambda case: _seats(case, "Raise"),
    StepKind.REDUCE_SEATS: lambda case: _seats(case, "Reduce"),
    StepKind.REACTIVATE: lambda case: f"Reactivate {case.held}",
    StepKind.WAIT_UNTIL: _wait,
    StepKind.CANCEL: lambda case: f"Cancel {case.held}",
    StepKind.TURN_OFF_AUTO_RENEWAL: lambda case: (
        f"Turn off the renewal of {case.held} and schedule its cancellation at the term's end"
    ),
    StepKind.CANCEL_ELSEWHERE: lambda case: (
        f"Ask the customer to cancel {case.held} with whoever sold it"
    ),
    StepKind.TRANSFER_IN: lambda case: f"Have {case.held} transferred to us",
    StepKind.GET_AGREEMENT: lambda _: "Have the customer accept the Microsoft Customer Agreement",
    StepKind.GET_PERMISSION: _permission,
    StepKind.CORRECT_PARTNER_ID: lambda case: f"Correct the partner id on record of {case.held}",
    StepKind.CONVERT_TRIAL: lambda case: f"Convert the trial {case.held} to {case.target}",
    StepKind.MIGRATE: _migrate,
    StepKind.DETACH_ADDON: lambda case: (
        f"Migrate the add-on {case.held} to {case.target} by itself"
    ),
    StepKind.SCHEDULE_MIGRATION: lambda case: (
        f"Schedule the migration of {case.held} to {case.target} for its renewal"
    ),
    StepKind.UPGRADE: _upgrade,
    StepKind.CONVERT: lambda case: (
        f"Convert {_seats_of(case)} to {case.target}{'; the others stay' if case.act.part else ''}"
    ),
    StepKind.CONVERT_INTO_EXISTING: lambda case: (
        f"Convert {_seats_of(case)} into the existing {case.into}; "
        f"{'the others stay' if case.act.part else 'its seats are added there'}"
    ),
    StepKind.BUY_NEW: lambda case: f"Buy {case.target}{_with_seats(case)}",
    StepKind.BUY_PREREQUISITE: lambda case: (
        f"Buy {case.target}, without which the add-on cannot be had"
    ),
    StepKind.REASSIGN_LICENSES: lambda case: (
        f"Reassign {_number(case)}licences of {case.held} by hand"
    ),
}

_STAYS = "the subscription stays as it is, and what the baseline says of it happens"
_IF_NOT_DONE: Mapping[StepKind, str] = {
    StepKind.ADD_SEATS: "the customer has too few seats",
    StepKind.REDUCE_SEATS: "the customer pays for seats that nobody uses",
    StepKind.REACTIVATE: "it cannot be moved, and is deleted in the end",
    StepKind.WAIT_UNTIL: "the next step is refused",
    StepKind.CANCEL: "the customer pays for both",
    StepKind.TURN_OFF_AUTO_RENEWAL: "it renews and is in the way for another term",
    StepKind.CANCEL_ELSEWHERE: "the move is refused because of it",
    StepKind.TRANSFER_IN: "it stays with the other partner, and is in the way",
    StepKind.GET_AGREEMENT: "no order for the customer is accepted",
    StepKind.GET_PERMISSION: "the call is refused",
    StepKind.CORRECT_PARTNER_ID: "the migration is refused",
    StepKind.CONVERT_TRIAL: "the trial ends",
    StepKind.MIGRATE: _STAYS,
    StepKind.DETACH_ADDON: "it moves with its base or not at all",
    StepKind.SCHEDULE_MIGRATION: _STAYS,
    StepKind.UPGRADE: _STAYS,
    StepKind.CONVERT: _STAYS,
    StepKind.CONVERT_INTO_EXISTING: _STAYS,
    StepKind.BUY_NEW: "nothing takes its place when it ends, unless Microsoft moves it by itself",
    StepKind.BUY_PREREQUISITE: "the add-on cannot be ordered",
    StepKind.REASSIGN_LICENSES: "users keep the old licences and lose the service with them",
}
_IF_OVER: Mapping[StepKind, str] = {
    StepKind.CONVERT_TRIAL: "nothing follows the trial, which is over as far as the data tell",
    StepKind.BUY_NEW: "nothing takes its place, and it is over already as far as the data tell",
    StepKind.REASSIGN_LICENSES: "users get no licence of what takes its place",
}
"""Of a subscription that is gone, or whose term has ended; of other steps the same holds."""
SOURCES: Mapping[StepKind, str] = {
    StepKind.ADD_SEATS: "upgrade page (add licences); docs/sources.md 6",
    StepKind.REDUCE_SEATS: "docs/sources.md 6",
    StepKind.REACTIVATE: "docs/sources.md 6",
    StepKind.WAIT_UNTIL: "the rule whose blocker clears",
    StepKind.CANCEL: "docs/sources.md 6",
    StepKind.TURN_OFF_AUTO_RENEWAL: "docs/sources.md 0",
    StepKind.CANCEL_ELSEWHERE: "upgrade page, conditions 2 and 3",
    StepKind.TRANSFER_IN: "docs/sources.md 0",
    StepKind.GET_AGREEMENT: "docs/sources.md 3",
    StepKind.GET_PERMISSION: "docs/sources.md 1 and 2",
    StepKind.CORRECT_PARTNER_ID: "docs/sources.md 3",
    StepKind.CONVERT_TRIAL: "docs/sources.md 2",
    StepKind.MIGRATE: "docs/sources.md 3",
    StepKind.DETACH_ADDON: "docs/sources.md 3",
    StepKind.SCHEDULE_MIGRATION: "docs/sources.md 3",
    StepKind.UPGRADE: "docs/sources.md 1",
    StepKind.CONVERT: "docs/sources.md 2",
    StepKind.CONVERT_INTO_EXISTING: "docs/sources.md 2",
    StepKind.BUY_NEW: "docs/sources.md 3",
    StepKind.BUY_PREREQUISITE: "docs/sources.md 6",
    StepKind.REASSIGN_LICENSES: "docs/sources.md 2",
}
