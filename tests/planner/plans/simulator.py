"""Does Partner Center do it, and what is there afterwards? A toy one, from its documentation alone.

Nothing of the planner's rules or plans is used here, so that neither proves itself. What nobody
knows is taken in the customer's favour: a plan says by itself which of its steps stand on that.
Source: docs/sources.md 0 to 3 and 6.
"""

from dataclasses import replace
from datetime import date

from planner.customers import Seller, Subscription, SubscriptionState
from planner.facts import CatalogFacts
from planner.ids import CatalogId
from planner.rules.walk import Mode
from planner.transitions import TransitionKind
from tests.planner.plans.changes import divided, migrated, of_offer, renewed
from tests.planner.plans.checks import (
    agreed,
    edge,
    has_base,
    is_active,
    is_sold_as,
    may_convert,
    may_have_one_more,
    may_migrate,
    within_caps,
)
from tests.planner.plans.tenant import (
    CANCEL_OLD,
    MONTHS,
    REASSIGN,
    WINDOW,
    Refused,
    Schedule,
    Tenant,
    due_first,
    end_of_term,
    is_new,
    midnight,
    renewal_of,
    seats_in,
)
from tests.planner.plans.world import World

ACTIVE = SubscriptionState.ACTIVE


class PartnerCenter:
    """The calls that a plan's steps make, each checked as documented; every one returns a tenant.

    Raises, everywhere: Refused.
    """

    def __init__(self, facts: CatalogFacts) -> None:
        self.world = World(facts)

    def wait(self, tenant: Tenant, until: date) -> Tenant:
        """Let days pass: terms end, renew, or carry out what was scheduled for them."""
        while (one := due_first(tenant, until)) is not None:
            day = renewal_of(one)
            assert day is not None
            tenant = renewed(
                self.world, replace(tenant, at=max(tenant.at, midnight(day))), one, day
            )
        return replace(tenant, at=max(tenant.at, midnight(until)))

    def migrate(
        self,
        tenant: Tenant,
        subscription_id: str,
        target: CatalogId,
        *,
        members: tuple[tuple[str, CatalogId], ...] = (),
        full_new_term: bool = False,
        term: str | None = None,
        billing_cycle: str | None = None,
        seats: int | None = None,
        custom_end: date | None = None,
    ) -> Tenant:
        held = tenant.get(subscription_id)
        may_migrate(self.world, tenant, held, target, members, full_new_term=full_new_term)
        after = migrated(
            tenant, held, target, members=members, full_new_term=full_new_term, term=term
        )
        moved = after.get(subscription_id)
        changed = replace(
            moved,
            seats=moved.seats if seats is None else seats,
            billing_cycle=billing_cycle or moved.billing_cycle,
            last_day=custom_end or moved.last_day,
        )
        after = after.put(changed)
        for new in (changed, *(after.get(member) for member, _ in members)):
            is_sold_as(self.world, new)
        return within_caps(self.world, tenant, after)

    def schedule_migration(
        self,
        tenant: Tenant,
        subscription_id: str,
        target: CatalogId,
        members: tuple[tuple[str, CatalogId], ...] = (),
        *,
        seats: int | None = None,
        term: str | None = None,
        billing_cycle: str | None = None,
    ) -> Tenant:
        """Have it migrate when its term ends, into a full new one."""
        held = tenant.get(subscription_id)
        renewal = renewal_of(held)
        if renewal is None or tenant.at >= midnight(renewal):
            raise Refused("schedule", "no renewal to come")
        then = replace(tenant, at=midnight(renewal))
        may_migrate(self.world, then, held, target, members, full_new_term=True)
        sized = held if seats is None else replace(held, seats=seats)
        after = migrated(then, sized, target, members=members, full_new_term=True, term=term)
        within_caps(self.world, then, after)
        schedule = Schedule(subscription_id, target, members, seats, term, billing_cycle)
        return replace(tenant, schedules=tenant.schedules | {schedule})

    def upgrade(
        self, tenant: Tenant, subscription_id: str, target: CatalogId, mode: Mode
    ) -> Tenant:
        """Change a legacy subscription's offer; without licence transfer users are left behind."""
        held = tenant.get(subscription_id)
        edge(self.world, held, target, TransitionKind.LEGACY_UPGRADE)
        is_active(held, "2")
        others = [one for one in tenant.held if one.subscription_id != subscription_id]
        added = self.world.added(held, target)
        if any(self.world.gives(one) & added for one in others):
            raise Refused("3", "the customer has the additional services already")
        if any(self.world.is_of(one, target) for one in others):
            raise Refused("4", "the customer has the target already")
        may_have_one_more(self.world, tenant, target, subscription_id)
        if any(one.state is ACTIVE for one in tenant.addons_below(subscription_id)):
            raise Refused("6", "it has add-ons")
        if held.billing_cycle not in {one.lower() for one in self.world.offers[target].billing}:
            raise Refused("10", "not billed like that")
        after = tenant.put(of_offer(held, target))
        if mode is Mode.WITHOUT_LICENSE_TRANSFER:
            after = replace(after, due=after.due | {(REASSIGN, subscription_id)})
        return within_caps(self.world, tenant, after)

    def convert(
        self,
        tenant: Tenant,
        subscription_id: str,
        target: CatalogId,
        mode: Mode,
        *,
        term: str | None = None,
        billing_cycle: str | None = None,
    ) -> Tenant:
        """Convert all seats in place; the term stays, or a longer one begins."""
        held = tenant.get(subscription_id)
        others = may_convert(self.world, tenant, held, target)
        same = [one for one in others if self.world.is_of(one, target)]
        added = self.world.added(held, target)
        with_transfer = mode is Mode.WITH_LICENSE_TRANSFER
        if with_transfer and any(self.world.gives(one) & added for one in others):
            raise Refused("3", "conflicting subscriptions for licence transfer exist")
        if term is not None and MONTHS[term] < MONTHS[held.term or "P1M"]:
            raise Refused("900267", "a shorter term")
        ends = held.last_day if term in (None, held.term) else end_of_term(tenant.today, term)
        kept = of_offer(held, target)
        cycle = billing_cycle or held.billing_cycle
        moved = replace(kept, term=term or held.term, billing_cycle=cycle, last_day=ends)
        is_sold_as(self.world, moved)
        after = replace(tenant.put(moved), schedules=tenant.unscheduled(subscription_id))
        # Reassigned by itself, but for what was bought from another seller.
        if any(one.seller is not Seller.US for one in same):
            after = replace(after, due=after.due | {(REASSIGN, subscription_id)})
        return within_caps(self.world, tenant, after)

    def convert_into(
        self,
        tenant: Tenant,
        subscription_id: str,
        target: CatalogId,
        into: str,
        part: int | None = None,
    ) -> Tenant:
        """Add all seats to an existing subscription, which keeps its term and billing, or a part.

        Of a part people reassign the licences, and the source keeps the rest.
        """
        held, existing = tenant.get(subscription_id), tenant.get(into)
        may_convert(self.world, tenant, held, target)
        if into == subscription_id:
            raise Refused("900259", "target is the source")
        if existing.catalog_id != target:
            raise Refused("900260", "target of another offer")
        if existing.state is not ACTIVE:
            raise Refused("target 1", "not active")
        if existing.cancellable_until is not None and tenant.at < existing.cancellable_until:
            raise Refused("target 2", "in its cancellation window")
        if MONTHS[existing.term or "P1M"] < MONTHS[held.term or "P1M"]:
            raise Refused("target 3", "shorter term")
        if (existing.last_day or date.max) < (held.last_day or date.min):
            raise Refused("target 4", "ends before the source")
        if part is None:
            seats = seats_in((held, existing))
            after = tenant.drop(subscription_id).put(replace(existing, seats=seats))
            after = after.gone_on(subscription_id, into)
        else:
            after = divided(tenant, held, part).parted(subscription_id, into)
            after = after.put(replace(existing, seats=(existing.seats or 0) + part))
        return within_caps(self.world, tenant, after)

    def convert_part(
        self, tenant: Tenant, subscription_id: str, target: CatalogId, part: int
    ) -> Tenant:
        """Convert some of the seats: a new subscription that ends with its source takes them.

        What was scheduled for the source is gone, and people reassign the licences.
        """
        held = tenant.get(subscription_id)
        may_convert(self.world, tenant, held, target)
        name = f"{subscription_id}>{target}"
        new = of_offer(replace(held, subscription_id=name, seats=part, created=tenant.at), target)
        is_sold_as(self.world, new)
        after = divided(tenant, held, part).put(new).parted(subscription_id, name)
        return within_caps(self.world, tenant, after)

    def convert_trial(self, tenant: Tenant, subscription_id: str, target: CatalogId) -> Tenant:
        """Begin the first paid term of a trial."""
        held = tenant.get(subscription_id)
        edge(self.world, held, target, TransitionKind.TRIAL_CONVERSION)
        is_active(held, "2")
        if is_new(target):
            agreed(tenant)
        moved = replace(
            of_offer(held, target),
            is_trial=False,
            term="P1Y",
            last_day=end_of_term(tenant.today, "P1Y"),
        )
        return within_caps(self.world, tenant, tenant.put(moved))

    def change_seats(
        self, tenant: Tenant, subscription_id: str, seats: int, *, at_renewal: bool = False
    ) -> Tenant:
        """Add seats, or give back those that may be given back; the rest at the renewal."""
        held = tenant.get(subscription_id)
        is_active(held, "seats")
        if self.world.is_trial(held):
            raise Refused("seats", "a trial's quantity does not change")
        if at_renewal:
            if held.auto_renews is False or tenant.at >= midnight(renewal_of(held) or date.max):
                raise Refused("schedule", "nothing can be scheduled without a renewal")
            schedule = Schedule(subscription_id, seats=seats)
            return replace(tenant, schedules=tenant.schedules | {schedule})
        less = (held.seats or 0) - seats
        tranches = held.reducible or ()
        free = sum(one.seats for one in tranches if tenant.at <= one.until)
        if is_new(held.catalog_id) and less > 0 and held.reducible is not None and less > free:
            raise Refused("800090", "these seats cannot be given back any more")
        return within_caps(self.world, tenant, tenant.put(replace(held, seats=seats)))

    def buy(
        self,
        tenant: Tenant,
        offer: CatalogId,
        seats: int | None,
        name: str,
        *,
        instead_of: str | None = None,
        by_hand: bool = False,
        term: str = "P1Y",
        billing_cycle: str = "monthly",
    ) -> Tenant:
        """Buy a new-commerce SKU; in place of another one, its users are moved by hand."""
        if not is_new(offer):
            raise Refused("buy", "legacy offers are not sold any more")
        agreed(tenant)
        has_base(self.world, tenant, offer, ())
        bought = Subscription(
            name,
            Seller.US,
            ACTIVE,
            "active",
            catalog_id=offer,
            seats=seats,
            is_trial=False,
            term=term,
            billing_cycle=billing_cycle,
            created=tenant.at,
            last_day=end_of_term(tenant.today, term),
            auto_renews=True,
            cancellable_until=tenant.at + WINDOW,
        )
        is_sold_as(self.world, bought)
        after = tenant.put(bought)
        if instead_of is not None:
            tenant.get(instead_of)
            owed = {(REASSIGN, instead_of)} | ({(CANCEL_OLD, instead_of)} if by_hand else set())
            after = replace(after.gone_on(instead_of, name), due=after.due | owed)
        return within_caps(self.world, tenant, after)
