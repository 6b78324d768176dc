"""Which goals of a customer hang together, and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from planner.bundles import bases_of, bundle_of, equivalent_by_api
from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.goals import members_of
from planner.holdings import is_of_offer, plans_of
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.paths import Path
from planner.plans.goals import SubscriptionGoal
from planner.plans.search.openings import opens_at_once
from planner.plans.search.routes import routes_to
from planner.plans.search.situation import Situation
from planner.plans.wanted import Wanted
from planner.seats import seat_limit
from planner.transitions import TransitionKind

_BY_SERVICES = frozenset({TransitionKind.LEGACY_UPGRADE, TransitionKind.CONVERSION})


@dataclass(frozen=True, slots=True)
class Together:
    """Goals that must be solved together, in order of their ids, and what ties them."""

    goals: tuple[SubscriptionGoal, ...]
    because: tuple[str, ...]


def components(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    goals: tuple[SubscriptionGoal, ...],
) -> tuple[Together, ...]:
    """Return the goals in groups that do not touch each other, in order of their first ids.

    A base and its add-ons hang together, and goals that may share a target, a seat limit, a
    prerequisite or a service.
    """
    # A goal whose best way is open needs no other, unless something ties it to other goals.
    reach = {
        goal.subscription_id: _Reach.of(catalog, wanted, situation, goal, first_open=True)
        for goal in goals
    }
    groups = _grouped(catalog, situation.customer, reach)
    tied: frozenset[str] = frozenset()
    while groups.tied - tied:
        tied = groups.tied
        for goal in goals:
            if goal.subscription_id in tied:
                reach[goal.subscription_id] = _Reach.of(catalog, wanted, situation, goal)
        groups = _grouped(catalog, situation.customer, reach)
    by_root: dict[str, list[SubscriptionGoal]] = defaultdict(list)
    for goal in goals:
        by_root[groups.root(goal.subscription_id)].append(goal)
    return tuple(Together(tuple(group), groups.ties(root)) for root, group in by_root.items())


def _grouped(catalog: Catalog, customer: Customer, reach: Mapping[str, "_Reach"]) -> "_Groups":
    groups = _Groups(tuple(reach))
    for tie, members in _ties(catalog, customer, reach):
        groups.join(members, tie)
    return groups


@dataclass(frozen=True, slots=True)
class _Reach:
    """Where a goal's subscription may come by, and what it would add on the way."""

    held: Subscription | None
    offers: frozenset[CatalogId]
    upgraded_to: frozenset[CatalogId]
    """Those that it would come to by an upgrade or a conversion."""
    added: frozenset[str]
    given: frozenset[str]
    """Service plans that it gives now or may give on the way."""
    along: frozenset[CatalogId]
    """What its add-ons would become with it."""

    @classmethod
    def of(
        cls,
        catalog: Catalog,
        wanted: Wanted,
        situation: Situation,
        goal: SubscriptionGoal,
        *,
        first_open: bool = False,
    ) -> "_Reach":
        held = situation.own(goal.subscription_id)
        if first_open and opens_at_once(catalog, wanted, situation, goal):
            routes = _routes_from(catalog, wanted, situation, held, goal, only_best=True)
        else:
            routes = tuple(_all_routes(catalog, wanted, situation, held, goal))
        offers = frozenset(offer for route in routes for offer in route.offers[1:])
        edges = [step.transition for route in routes for step in route.steps]
        upgraded_to = frozenset(edge.target for edge in edges if edge.kind in _BY_SERVICES)
        added = frozenset(plan for route in routes for plan in _added(catalog, route))
        given = frozenset(plan for offer in offers for plan in _plans(catalog, offer))
        now = frozenset() if held is None else plans_of(catalog, held) or frozenset()
        along = frozenset(() if held is None else _along(catalog, situation.customer, held))
        return cls(held, offers, upgraded_to, added, given | now, along)


def _along(catalog: Catalog, customer: Customer, held: Subscription) -> Iterator[CatalogId]:
    for addon in bundle_of(customer, held).addons if held.is_legacy else ():
        edge = addon.catalog_id and equivalent_by_api(catalog, addon.catalog_id)
        if edge:
            yield edge.target


def _routes_from(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription | None,
    goal: SubscriptionGoal,
    *,
    only_best: bool = False,
) -> tuple[Path, ...]:
    if held is None:
        return ()
    found = routes_to(catalog, wanted, situation, held, goal, only_best=only_best)
    return () if isinstance(found, NoPath) else found


def _all_routes(
    catalog: Catalog,
    wanted: Wanted,
    situation: Situation,
    held: Subscription | None,
    goal: SubscriptionGoal,
) -> Iterator[Path]:
    """Yield the best ways from where it is, and from wherever their first moves lead.

    A search takes the first move of a way, and then looks at all ways from there.
    """
    waiting, seen = [held], {held and held.catalog_id}
    for one in waiting:
        for route in _routes_from(catalog, wanted, situation, one, goal):
            yield route
            reached = route.offers[1]
            if one is not None and reached not in seen:
                seen.add(reached)
                if goal.goal is None or reached not in members_of(catalog, goal.goal):
                    waiting.append(replace(one, catalog_id=reached))


def _plans(catalog: Catalog, offer: CatalogId) -> frozenset[str]:
    known = catalog.plans.get(offer)
    return frozenset() if known is None else frozenset(known.plan_ids)


def _added(catalog: Catalog, route: Path) -> Iterator[str]:
    for step in route.steps:
        edge = step.transition
        before, after = catalog.plans.get(edge.origin), catalog.plans.get(edge.target)
        if edge.kind in _BY_SERVICES and before is not None and after is not None:
            yield from (after.plan_ids - before.plan_ids) - catalog.common_plans.keys()


def _ties(
    catalog: Catalog, customer: Customer, reach: Mapping[str, _Reach]
) -> Iterator[tuple[str, list[str]]]:
    """Yield what ties goals, with the ids of those that it ties."""
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subscription_id, one in reach.items():
        for word, name in _named(customer, one):
            shared[word, name].append(subscription_id)
    for (word, name), members in sorted(shared.items()):
        if len(members) > 1:
            yield f"{word} {name}", members
    yield from _ties_by_seats(catalog, customer, reach)
    yield from _ties_by_prerequisites(catalog, reach)
    yield from _ties_by_targets(reach)
    yield from _ties_by_services(reach)


def _named(customer: Customer, one: _Reach) -> Iterator[tuple[str, str]]:
    if one.held is None:
        return
    *_, base = (one.held, *bases_of(customer, one.held))
    yield "add-ons of", base.parent_id or base.subscription_id


def _ties_by_seats(
    catalog: Catalog, customer: Customer, reach: Mapping[str, _Reach]
) -> Iterator[tuple[str, list[str]]]:
    """Yield limits that the seats of those that may come by would exceed, or may: unknown seats."""
    coming: dict[CatalogId, list[str]] = defaultdict(list)
    for subscription_id, one in reach.items():
        for offer in one.offers:
            coming[offer].append(subscription_id)
    for offer, members in sorted(coming.items()):
        limit = seat_limit(catalog, offer)
        if limit is not None and len(members) > 1:
            held = (reach[member].held for member in members)
            seats = [one.seats for one in held if one is not None]
            there = (
                one.seats
                for one in customer.holdings.all
                if one.subscription_id not in reach and is_of_offer(catalog, one, offer)
            )
            if None in seats or sum(one or 0 for one in (*seats, *there)) > limit:
                yield f"seat limit of {offer}", members


def _ties_by_prerequisites(
    catalog: Catalog, reach: Mapping[str, _Reach]
) -> Iterator[tuple[str, list[str]]]:
    bases = {subscription_id: _bases(catalog, one) for subscription_id, one in reach.items()}
    for subscription_id, needed in bases.items():
        for other, theirs in reach.items() if needed else ():
            shared = theirs.offers | bases[other]
            if other != subscription_id and not needed.isdisjoint(shared):
                yield "prerequisite", [subscription_id, other]


def _bases(catalog: Catalog, one: _Reach) -> frozenset[CatalogId]:
    offers = one.offers | one.along
    return frozenset(base for offer in offers for base in catalog.bases.get(offer, ()))


def _ties_by_targets(reach: Mapping[str, _Reach]) -> Iterator[tuple[str, list[str]]]:
    """Yield goals of which one may be upgraded to what another is, or may become."""
    for subscription_id, one in reach.items():
        for other, theirs in reach.items() if one.upgraded_to else ():
            now = theirs.held.catalog_id if theirs.held else None
            if other != subscription_id and one.upgraded_to & (theirs.offers | {now}):
                yield "a target", [subscription_id, other]


def _ties_by_services(reach: Mapping[str, _Reach]) -> Iterator[tuple[str, list[str]]]:
    """Yield goals of which one may add services that another gives, or may give."""
    for subscription_id, one in reach.items():
        for other, theirs in reach.items() if one.added else ():
            if other != subscription_id and not one.added.isdisjoint(theirs.given):
                yield "services", [subscription_id, other]


class _Groups:
    """Disjoint sets of ids, each with the reasons for which it grew."""

    def __init__(self, members: tuple[str, ...]) -> None:
        self._parents = {member: member for member in members}
        self._ties: dict[str, list[str]] = defaultdict(list)

    def root(self, member: str) -> str:
        while self._parents[member] != member:
            self._parents[member] = self._parents[self._parents[member]]
            member = self._parents[member]
        return member

    def join(self, members: list[str], tie: str) -> None:
        roots = sorted({self.root(member) for member in members})
        for root in roots[1:]:
            self._parents[root] = roots[0]
            self._ties[roots[0]].extend(self._ties.pop(root, []))
            if tie not in self._ties[roots[0]]:
                self._ties[roots[0]].append(tie)

    @property
    def tied(self) -> frozenset[str]:
        """Members that are not alone."""
        sizes: dict[str, int] = defaultdict(int)
        for member in self._parents:
            sizes[self.root(member)] += 1
        return frozenset(member for member in self._parents if sizes[self.root(member)] > 1)

    def ties(self, root: str) -> tuple[str, ...]:
        return tuple(self._ties[root])
