"""What is open where the best way is blocked, and what a larger product trades, as shown."""

from collections.abc import Iterable

import strawberry

from planner import instead as planner
from planner import upsells
from planner.ids import ServicePlanId
from planner.instead import InsteadKind
from planner.offers import Known
from planner.readiness import Readiness
from schema.catalog.offer import Offer, ServicePlan, offer_of
from schema.catalog.path import Path, show_path
from schema.catalog.service_set import FamilyChange, show_family_changes
from schema.context import Info
from schema.customers.blocker import Blocker, Unanswered, show_blockers, show_unanswered


@strawberry.type(description="That a subscription becomes a larger product, or a much dearer one.")
class Upsell:
    is_dearer: Known = strawberry.field(
        description="Whether a seat costs half as much again at retail for a month, or more: in a "
        "plan on the term and billing that the plan chooses, else on the subscription's own. "
        "UNKNOWN where one of the two prices is not known, they are in different currencies, or "
        "your roles may not see prices."
    )
    value: strawberry.Private[upsells.Upsell]

    @strawberry.field(description="What it trades, in one clause for people.")
    def message(self, info: Info) -> str:
        return upsells.words_of(info.context.asked.catalog, self.value)

    @strawberry.field(
        description="The services that the users get; null where those of either are not known."
    )
    def gained(self, info: Info) -> list[ServicePlan] | None:
        return _services(info, self.value.gained)

    @strawberry.field(
        description="The services that they lose; null where those of either are not known."
    )
    def lost(self, info: Info) -> list[ServicePlan] | None:
        return _services(info, self.value.lost)

    @strawberry.field(
        description="Services of which another of the family takes the place, or one of the same "
        "name with another number. They are neither gained nor lost."
    )
    def swapped(self) -> list[FamilyChange]:
        return show_family_changes(self.value.swapped)


@strawberry.type(
    description="The best way to the same goal that is open where the best is blocked."
)
class Instead:
    kind: InsteadKind
    readiness: Readiness = strawberry.field(description="Never BLOCKED.")
    trade_off: str = strawberry.field(
        description="What it saves and costs beside the blocked way, in one line for people."
    )
    upsell: Upsell | None = strawberry.field(
        description="What its target is more than the offer held; null where it is not."
    )
    value: strawberry.Private[planner.Instead]

    @strawberry.field(description="Where it leads.")
    def target(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value.target)

    @strawberry.field(description="The way there; null for BUY_NEW, which walks none.")
    def path(self) -> Path | None:
        option = self.value.option
        return None if option is None else show_path(option.path)

    @strawberry.field(description="What the rules found on that way; empty for BUY_NEW.")
    def blockers(self) -> list[Blocker]:
        option = self.value.option
        return [] if option is None else show_blockers(option.blockers)

    @strawberry.field(description="Rules that could not be answered on it; empty for BUY_NEW.")
    def unanswered(self) -> list[Unanswered]:
        option = self.value.option
        return [] if option is None else show_unanswered(option.unanswered)


def show_instead(value: planner.Instead | None) -> Instead | None:
    if value is None:
        return None
    return Instead(
        kind=value.kind,
        readiness=value.readiness,
        trade_off=value.trade_off,
        upsell=show_upsell(value.upsell),
        value=value,
    )


def show_upsell(value: upsells.Upsell | None) -> Upsell | None:
    return None if value is None else Upsell(is_dearer=value.is_dearer, value=value)


def _services(info: Info, plan_ids: Iterable[ServicePlanId] | None) -> list[ServicePlan] | None:
    if plan_ids is None:
        return None
    known = info.context.asked.catalog.service_plans
    found = (known[plan] for plan in plan_ids if plan in known)
    return [ServicePlan(plan_id=plan.plan_id, name=plan.name, title=plan.title) for plan in found]
