"""What makes one plan better than another, by name, as GraphQL shows it."""

from decimal import Decimal

import strawberry

from planner.profiles import Profile
from planner.transitions import EvidenceKind
from resolvers.plans.merit import Merit
from schema.scalars import SafeInt


@strawberry.type(description="How many moves have this as their strongest evidence.")
class MovesByEvidence:
    evidence: EvidenceKind
    moves: int


@strawberry.type(
    description="What a plan is weighed by, most important first; less is better. A part that the "
    "profile does not weigh is null."
)
class PlanMerit:
    profile: Profile
    goals_unmet: int
    subscriptions_given_up: int = strawberry.field(
        description="Those of ours that end without anything bought in their place, and those of "
        "other sellers that are cancelled although the customer is left without a service of them."
    )
    unknown_steps: int = strawberry.field(
        description="Steps that stand on a deciding question that is not answered."
    )
    legacy_upgrades: int | None
    seats_to_reassign: SafeInt | None = strawberry.field(
        description="Licences to reassign by hand."
    )
    steps_of_others: int | None = strawberry.field(
        description="Steps that the customer or another seller has to take."
    )
    services_lost: int | None
    days: int | None = strawberry.field(
        description="Days until the last move, summed over the components."
    )
    prices_not_known: int | None = strawberry.field(
        description="Subscriptions whose price at the goal no loaded list tells."
    )
    monthly_price: Decimal | None = strawberry.field(
        description="Retail for a month of all goals that are met and priced, in the market's "
        "currency."
    )
    moves: int | None = strawberry.field(description="Moves from one offer to another.")
    manual_moves: int | None
    moves_by_evidence: list[MovesByEvidence] | None = strawberry.field(
        description="Weakest evidence first."
    )
    steps: int = strawberry.field(description="Waiting is none.")
    days_to_goals: int = strawberry.field(
        description="Days until each goal is reached, summed over the goals."
    )


def show_merit(value: Merit) -> PlanMerit:
    found = value.moves_by_evidence
    return PlanMerit(
        profile=value.profile,
        goals_unmet=value.goals_unmet,
        days_to_goals=value.days_to_goals,
        subscriptions_given_up=value.subscriptions_given_up,
        unknown_steps=value.unknown_steps,
        legacy_upgrades=value.legacy_upgrades,
        seats_to_reassign=(
            None if value.seats_to_reassign is None else SafeInt(value.seats_to_reassign)
        ),
        steps_of_others=value.steps_of_others,
        services_lost=value.services_lost,
        days=value.days,
        prices_not_known=value.prices_not_known,
        monthly_price=value.monthly_price,
        moves=value.moves,
        manual_moves=value.manual_moves,
        moves_by_evidence=(
            None
            if found is None
            else [MovesByEvidence(evidence=kind, moves=moves) for kind, moves in found]
        ),
        steps=value.steps,
    )
