"""What a change of licences asks for at one account: each rule looks at one thing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from planner.accounts.accounts import Account, AssignedBy, License, granted, plans_on
from planner.accounts.change import LicenseChange, name_of_product
from planner.accounts.handling import LicenseHandling
from planner.accounts.work import WHAT_ERRORS_MEAN, AccountWork, AccountWorkKind
from planner.blockers import Severity
from planner.catalog import Catalog
from planner.counting import in_short
from planner.holdings import offer_product_guids
from planner.ids import ProductGuid, ServicePlanId
from planner.offers import ServicePlan
from planner.service_sets import in_order_of_title

_NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class _Case:
    """One account in the light of one change."""

    change: LicenseChange
    account: Account

    @property
    def moved(self) -> tuple[License, ...]:
        """The working assignments that the change is about."""
        return granted(self.account, self.change.before)

    @property
    def others(self) -> tuple[License, ...]:
        """The working assignments of other products."""
        before = self.change.before
        licenses = self.account.licenses
        return tuple(one for one in licenses if one.is_granted and one.product_guid not in before)

    @property
    def had(self) -> frozenset[ServicePlanId]:
        """Services that are on for this account through the subscription's product."""
        given = self.change.had or frozenset()
        plans_of = {one.product_guid: given for one in self.moved}
        return plans_on({**plans_of, **self._told}, self.moved)

    @property
    def _told(self) -> Mapping[ProductGuid, frozenset[ServicePlanId]]:
        plans_of = self.change.plans_of
        guids = (one.product_guid for one in self.moved)
        return {guid: plans_of[guid] for guid in guids if guid in plans_of}

    @property
    def beside(self) -> frozenset[ServicePlanId]:
        """Services that are on through other products."""
        return plans_on(self.change.plans_of, self.others)

    def titled(self, plans: Iterable[ServicePlanId]) -> tuple[ServicePlan, ...]:
        return in_order_of_title(self.change.catalog, plans)


def work_for(change: LicenseChange, account: Account) -> tuple[AccountWork, ...]:
    """Return what a change asks for at one account, in order of kind; empty where nothing.

    It depends on the account's licences and usage location alone.
    """
    case = _Case(change, account)
    if not case.moved:
        return tuple(_assignment_error(case))
    return tuple(work for rule in _RULES for work in rule(case))


_Rule = Callable[[_Case], Iterator[AccountWork]]


def _services_lost(case: _Case) -> Iterator[AccountWork]:
    """What is on now, and afterwards neither the target gives nor another licence."""
    change = case.change
    if change.handling is LicenseHandling.KEPT or change.gets is None:
        return
    gone = case.had - change.gets - case.beside - change.catalog.common_plans.keys()
    lost, resized = gone - change.larger - change.resized, gone & change.resized
    if lost:
        more = f"; {_named(case, resized)} in another size" if resized else ""
        ends = change.handling is LicenseHandling.TAKEN_AWAY
        severity = Severity.BLOCKS if ends else Severity.WARNS
        yield _work(case, severity, f"Loses {_named(case, lost)}{more}", lost | resized)
    elif resized:
        yield _work(case, Severity.NOTES, f"Gets {_named(case, resized)} in another size", resized)


def _work(
    case: _Case, severity: Severity, message: str, plans: frozenset[ServicePlanId]
) -> AccountWork:
    return AccountWork(
        AccountWorkKind.SERVICES_LOST,
        severity,
        message,
        "docs/sources.md 2 (services of a target) and 6 (users have products)",
        case.titled(plans),
    )


def _granted_twice(case: _Case) -> Iterator[AccountWork]:
    """What the target adds, and another licence of the account gives already.

    Source: docs/sources.md 2 (what counts as a conflict) and 6 (services that exclude each other).
    """
    change = case.change
    if change.handling is LicenseHandling.KEPT or change.gets is None:
        return
    added = change.gets - (change.had or frozenset()) - change.catalog.common_plans.keys()
    beside = case.beside
    twice = added & beside
    kin = _kin(change.catalog, added - twice, beside - twice - change.gets)
    if not twice and not kin:
        return
    givers = {one.product_guid for one in case.others if plans_on(change.plans_of, (one,)) & twice}
    by = ", ".join(sorted(name_of_product(change, giver) for giver in givers))
    parts = [
        f"Gets {_named(case, twice)} twice, also from {by}" if twice else "",
        f"has {_named(case, kin)}, of the same family as what comes" if kin else "",
    ]
    message = "; ".join(part for part in parts if part)
    yield AccountWork(
        AccountWorkKind.GRANTED_TWICE,
        Severity.WARNS,
        message[0].upper() + message[1:],
        "docs/sources.md 2 (conflicts) and 6 (services that exclude each other)",
        case.titled(twice | kin),
    )


def _kin(
    catalog: Catalog, added: frozenset[ServicePlanId], beside: frozenset[ServicePlanId]
) -> frozenset[ServicePlanId]:
    """Return services beside that are another size of one that comes."""
    wanted = {family.name for plan in added for family in catalog.families.get(plan, ())}
    return frozenset(
        plan
        for plan in beside
        if any(family.name in wanted for family in catalog.families.get(plan, ()))
    )


def _plans_switched_on(case: _Case) -> Iterator[AccountWork]:
    """An automatic change switches on all the target's services, also those switched off before.

    Source: docs/sources.md 6 (services switched off for a user).
    """
    change = case.change
    if change.handling is not LicenseHandling.AUTOMATIC:
        return
    again = _off(case) & (change.gets or frozenset())
    if again:
        yield AccountWork(
            AccountWorkKind.PLANS_SWITCHED_ON,
            Severity.WARNS,
            f"{_named(case, again)} was switched off and will be on again: note it before",
            "docs/sources.md 6 (services switched off for a user)",
            case.titled(again),
        )


def _off(case: _Case) -> frozenset[ServicePlanId]:
    """Return what is switched off for the account and no other licence of it gives."""
    off = frozenset(plan for one in case.moved for plan in one.disabled_plans or ())
    return off - case.had - case.beside


def _reassign_by_hand(case: _Case) -> Iterator[AccountWork]:
    change = case.change
    is_direct = any(one.assigned_by is not AssignedBy.GROUP for one in case.moved)
    if change.handling is not LicenseHandling.BY_HAND or not is_direct:
        return
    some = f"{change.moving} of {change.subscription.seats} seats move: choose the users, and "
    first = some if change.moving is not None else ""
    off = _off(case)
    keeping = f"; {_named(case, off)} is switched off and may stay so" if off else ""
    message = f"{first}assign the target and remove the old licence in one go{keeping}"
    yield AccountWork(
        AccountWorkKind.REASSIGN_BY_HAND,
        Severity.WARNS,
        message[0].upper() + message[1:],
        change.source,
        case.titled(off),
    )


def _group_assigned(case: _Case) -> Iterator[AccountWork]:
    """A licence that comes from a group is changed at the group.

    Source: docs/sources.md 6 (licences of a group).
    """
    change = case.change
    groups = {one.group_id or "" for one in case.moved if one.assigned_by is AssignedBy.GROUP}
    if change.handling is LicenseHandling.KEPT or not groups:
        return
    ends = change.handling is LicenseHandling.TAKEN_AWAY
    what = "take the product out of the group" if ends else "change the group's licences"
    yield AccountWork(
        AccountWorkKind.GROUP_ASSIGNED,
        Severity.WARNS,
        f"The licence comes from a group: {what}, not the user's own",
        "docs/sources.md 6 (licences of a group)",
        group_ids=tuple(sorted(filter(None, groups))),
    )


def _no_usage_location(case: _Case) -> Iterator[AccountWork]:
    """Nothing can be assigned to an account without one. Source: docs/sources.md 6."""
    if not case.change.reassigns or case.account.usage_location != "":
        return
    by_hand = case.change.handling is LicenseHandling.BY_HAND
    yield AccountWork(
        AccountWorkKind.NO_USAGE_LOCATION,
        Severity.BLOCKS if by_hand else Severity.WARNS,
        "Has no usage location, and no licence is assigned without one: set it first",
        "docs/sources.md 6 (usage location)",
    )


def _assignment_error(case: _Case) -> Iterator[AccountWork]:
    """Assignments of the subscription's product that are in error already.

    Source: docs/sources.md 6 (errors of an assignment).
    """
    before = case.change.before
    wrong = [one for one in case.account.licenses if one.product_guid in before and one.has_error]
    for error in sorted({one.error for one in wrong}):
        groups = {one.group_id for one in wrong if one.error is error and one.group_id}
        yield AccountWork(
            AccountWorkKind.ASSIGNMENT_ERROR,
            Severity.WARNS,
            f"An assignment is in error: {WHAT_ERRORS_MEAN[error]}",
            "docs/sources.md 6 (errors of an assignment)",
            group_ids=tuple(sorted(groups)),
        )


def _prerequisite_lost(case: _Case) -> Iterator[AccountWork]:
    """Another licence of the account is an add-on, and the target is none of its bases.

    Source: docs/sources.md 6 (errors of an assignment: dependencies; add-ons and their bases).
    """
    change = case.change
    if change.handling is LicenseHandling.KEPT or (change.target is not None and not change.after):
        return
    left = {one.product_guid for one in case.others}
    needs = _bases_of_products(change.catalog)
    for product in sorted(left):
        bases = needs.get(product, frozenset())
        if bases & change.before and not bases & (left | change.after):
            yield AccountWork(
                AccountWorkKind.PREREQUISITE_LOST,
                Severity.WARNS,
                f"{name_of_product(change, product)} needs a base that the user then has no more",
                "docs/sources.md 6 (add-ons and their bases; dependencies)",
            )


@lru_cache(maxsize=4)
def _bases_of_products(catalog: Catalog) -> Mapping[ProductGuid, frozenset[ProductGuid]]:
    """Return the bases of every product that is sold as an add-on only, where all are known."""
    plain: set[ProductGuid] = set()
    bases: dict[ProductGuid, set[ProductGuid]] = defaultdict(set)
    for offer in catalog.offers:
        products, needed = offer_product_guids(catalog, offer), catalog.bases.get(offer, ())
        known = [offer_product_guids(catalog, base) for base in needed]
        for product in products:
            bases[product].update(*known)
        if not needed or not all(known):
            plain |= products
    return {product: frozenset(found) for product, found in bases.items() if product not in plain}


_RULES: tuple[_Rule, ...] = (
    _services_lost,
    _granted_twice,
    _plans_switched_on,
    _reassign_by_hand,
    _group_assigned,
    _no_usage_location,
    _assignment_error,
    _prerequisite_lost,
)


def _named(case: _Case, plans: frozenset[ServicePlanId]) -> str:
    """Name a few services by title; the rest is counted."""
    titles = [plan.title or plan.name for plan in case.titled(plans)]
    return in_short(titles, most=_NAMED_AT_MOST)
