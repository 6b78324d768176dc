"""What becomes of services, as GraphQL shows it: effects, conflicts, versions with more."""

from collections.abc import Iterable
from typing import Annotated

import strawberry

from planner import offers as planner_offers
from planner import service_offers as planner_versions
from planner import service_sets as planner
from planner.customers import Customer, Seller, Subscription
from planner.ids import CatalogId
from planner.service_sets import FamilyMove
from planner.transitions import EvidenceKind
from resolvers.catalog import compare as use_cases
from resolvers.codes.code import Code
from resolvers.problems import NotFound
from schema.catalog.offer import Offer, ServicePlan
from schema.catalog.path import Path, show_path
from schema.catalog.scope import ScopeInput, read_scope
from schema.catalog.transition import offers_of
from schema.context import Info
from schema.customers.blocker import Remedy
from schema.errors.problems import OfferNotFound, Problem

strawberry.enum(
    FamilyMove,
    description=(
        "UPGRADED: the same plan by name with a higher number. SWAPPED: another plan of the "
        "family, and the names do not say which is larger."
    ),
)


@strawberry.type(description="A family of which the target gives another plan.")
class FamilyChange:
    family: str = strawberry.field(description="Its name; # stands for a plan's number.")
    move: FamilyMove = strawberry.field(description="How one replaces the other.")
    before: list[ServicePlan] = strawberry.field(description="What the origin gives of it.")
    after: list[ServicePlan] = strawberry.field(description="What the target gives of it.")
    source: str = strawberry.field(description="Who says that they are one family.")


@strawberry.type(description="Plans that nearly every product carries, told apart.")
class CommonServices:
    added: list[ServicePlan] = strawberry.field(description="What only the target has.")
    kept: list[ServicePlan] = strawberry.field(description="What both have.")
    lost: list[ServicePlan] = strawberry.field(description="What only the origin has.")


@strawberry.type(description="What a move does to the services. Plans in order of title.")
class ServiceEffect:
    added: list[ServicePlan] = strawberry.field(
        description="What only the target gives, and takes no other's place."
    )
    kept: list[ServicePlan] = strawberry.field(description="What both give.")
    lost: list[ServicePlan] = strawberry.field(
        description="What only the origin gives, and nothing takes the place of."
    )
    families: list[FamilyChange] = strawberry.field(
        description="Plans that another of their family replaces, or one of the same name with "
        "another number; they are in none of the lists above."
    )
    common: CommonServices = strawberry.field(
        description="Plans that say nothing by their coming and going."
    )
    keeps_everything: bool = strawberry.field(
        description="Whether nothing is lost, and only larger plans take the place of others."
    )
    evidence: EvidenceKind = strawberry.field(description="Of the less known end.")
    sources: list[str] = strawberry.field(description="Who tells the services.")


@strawberry.type(description="Nobody tells the services. Its code is SERVICES_NOT_KNOWN.")
class ServicesNotKnown(Problem):
    value: strawberry.Private[tuple[CatalogId, ...]]

    @strawberry.field(description="The offers whose services are not known.")
    def offers(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value)


@strawberry.type(description="A service or family that another subscription gives already.")
class ServiceConflict:
    subscription_id: str = strawberry.field(description="The other subscription.")
    seller: Seller = strawberry.field(description="Through whom it is held.")
    holder: str = strawberry.field(description="What people call the other subscription.")
    family: str | None = strawberry.field(description="Null where it is the very same service.")
    adds: list[ServicePlan] = strawberry.field(description="What the target would add.")
    holds: list[ServicePlan] = strawberry.field(description="What the other gives already.")
    remedies: list[Remedy] = strawberry.field(description="Each frees the way by itself.")


@strawberry.type(description="What a move would give a second time.")
class ServiceConflicts:
    conflicts: list[ServiceConflict] = strawberry.field(
        description="In the order of the holdings, services before families."
    )
    unknown: list[str] = strawberry.field(description="Facts without which there may be more.")


@strawberry.type(description="A version with more services and the best way there.")
class BetterVersion:
    path: Path = strawberry.field(description="The best way there.")
    effect: ServiceEffect = strawberry.field(description="What becomes of the services.")


@strawberry.type(description="Versions with more services, best way first.")
class BetterVersions:
    versions: list[BetterVersion] = strawberry.field(description="They keep everything.")
    with_losses: list[BetterVersion] = strawberry.field(description="They lose something too.")
    value: strawberry.Private[tuple[CatalogId, ...]]

    @strawberry.field(description="Targets within reach whose services are not known.")
    def not_known(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value)


ServiceEffectResult = Annotated[
    ServiceEffect | ServicesNotKnown,
    strawberry.union("ServiceEffectResult", description="An effect, or why it is not known."),
]
ServiceConflictsResult = Annotated[
    ServiceConflicts | ServicesNotKnown | OfferNotFound,
    strawberry.union("ServiceConflictsResult", description="What would be given twice."),
]


def better_versions(
    info: Info, offer: CatalogId, scope: ScopeInput | None
) -> BetterVersions | ServicesNotKnown:
    """Answer `betterVersions` for an offer that the catalog has."""
    found = use_cases.better_versions_of(info.context.asked, offer, read_scope(scope))
    if isinstance(found, planner.ServicesNotKnown):
        return show_services_not_known(found)
    return BetterVersions(
        versions=[_version(one) for one in found.versions],
        with_losses=[_version(one) for one in found.with_losses],
        value=found.not_known,
    )


def service_conflicts(
    info: Info, customer: Customer, subscription: Subscription, target: str
) -> ServiceConflicts | ServicesNotKnown | OfferNotFound:
    """Answer `Subscription.serviceConflicts`."""
    found = use_cases.service_conflicts(info.context.asked, customer, subscription, target)
    match found:
        case NotFound():
            return OfferNotFound.of(found)
        case planner.ServicesNotKnown():
            return show_services_not_known(found)
        case _:
            shown = [_conflict(one) for one in found.found]
            return ServiceConflicts(conflicts=shown, unknown=list(found.unknown))


def show_effect(
    value: planner.ServiceEffect | planner.ServicesNotKnown,
) -> ServiceEffect | ServicesNotKnown:
    if isinstance(value, planner.ServicesNotKnown):
        return show_services_not_known(value)
    return _effect(value)


def show_services_not_known(value: planner.ServicesNotKnown) -> ServicesNotKnown:
    return ServicesNotKnown(
        code=Code(value.code), message=value.message, remedy=value.remedy, value=value.offers
    )


def show_plans(plans: Iterable[planner_offers.ServicePlan]) -> list[ServicePlan]:
    """Return service plans in the order given."""
    return [ServicePlan(plan_id=plan.plan_id, name=plan.name, title=plan.title) for plan in plans]


def show_family_changes(changes: Iterable[planner.FamilyChange]) -> list[FamilyChange]:
    """Return replaced services in the order given."""
    return [
        FamilyChange(
            family=change.family,
            move=change.move,
            before=show_plans(change.before),
            after=show_plans(change.after),
            source=change.source,
        )
        for change in changes
    ]


def _effect(value: planner.ServiceEffect) -> ServiceEffect:
    return ServiceEffect(
        added=show_plans(value.added),
        kept=show_plans(value.kept),
        lost=show_plans(value.lost),
        families=show_family_changes(value.families),
        common=CommonServices(
            added=show_plans(value.common_added),
            kept=show_plans(value.common_kept),
            lost=show_plans(value.common_lost),
        ),
        keeps_everything=value.keeps_everything,
        evidence=value.evidence,
        sources=list(value.sources),
    )


def _version(value: planner_versions.BetterVersion) -> BetterVersion:
    return BetterVersion(path=show_path(value.path), effect=_effect(value.effect))


def _conflict(value: planner.ServiceConflict) -> ServiceConflict:
    return ServiceConflict(
        subscription_id=value.subscription_id,
        seller=value.seller,
        holder=value.holder,
        family=value.family,
        adds=show_plans(value.adds),
        holds=show_plans(value.holds),
        remedies=[
            Remedy(action=one.action, actor=one.actor, message=one.message, role=one.role)
            for one in value.remedies
        ],
    )
