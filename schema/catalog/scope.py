"""How a question is narrowed, and where a path shall end."""

from datetime import datetime

import strawberry
from strawberry import UNSET

from planner.offers import Segment
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.transitions import TransitionKind
from resolvers.catalog.moves import GoalRequest, ScopeRequest
from resolvers.codes.code import Code
from resolvers.inputs import MAX_STEPS
from resolvers.problems import BadInput
from schema.limits.arguments import span
from schema.scalars import Instant


@strawberry.input(description="What holds for every step of an answer.")
class ScopeInput:
    at: Instant | None = strawberry.field(
        default=None, description="The day or instant that the answer is for; now by default."
    )
    market: str | None = strawberry.field(
        default=None, description="ISO 3166 alpha-2 code: leave out targets not sold there."
    )
    segment: Segment | None = strawberry.field(
        default=None, description="Leave out targets of other segments."
    )
    legacy_upgrades: LegacyUpgradePolicy = strawberry.field(
        default=LegacyUpgradePolicy.LAST, description="What to think of legacy upgrades."
    )
    profile: Profile = strawberry.field(
        default=Profile.FEWEST_STEPS, description="What to prefer among paths."
    )
    kinds: list[TransitionKind] | None = strawberry.field(
        default=None, description="Use moves of these kinds only."
    )
    avoid: list[str] = strawberry.field(
        default_factory=list, description="Catalog ids of offers that no path may pass."
    )
    max_steps: int | None = strawberry.field(
        default=None,
        description=f"At most this many steps: {span(MAX_STEPS, 'as many as it takes')}.",
    )

    def read(self) -> ScopeRequest:
        at: datetime | None = self.at
        return ScopeRequest(
            at=at,
            market=self.market,
            segment=self.segment,
            legacy_upgrades=self.legacy_upgrades,
            profile=self.profile,
            kinds=None if self.kinds is None else tuple(self.kinds),
            avoid=tuple(self.avoid),
            max_steps=self.max_steps,
        )


def read_scope(scope: ScopeInput | None) -> ScopeRequest:
    return _EVERYTHING if scope is None else scope.read()


_EVERYTHING = ScopeRequest()


@strawberry.input(one_of=True, description="Where a path shall end: exactly one of these.")
class GoalInput:
    offer: str | None = strawberry.field(default=UNSET, description="This offer, by catalog id.")
    product: str | None = strawberry.field(
        default=UNSET, description="Any SKU of this new-commerce product, such as CFQ7TTC0LH18."
    )
    any_new_commerce: bool | None = strawberry.field(
        default=UNSET, description="Any new-commerce SKU; write true."
    )
    service_plans: list[str] | None = strawberry.field(
        default=UNSET,
        description="Any new-commerce SKU known to give at least these service plans (GUIDs).",
    )

    def read(self) -> GoalRequest:
        if self.any_new_commerce is False:
            raise BadInput(Code.GOAL_MISSING, "`anyNewCommerce` is either true or left out")
        return GoalRequest(
            offer=self.offer or None,
            product=self.product or None,
            any_new_commerce=bool(self.any_new_commerce),
            service_plans=tuple(self.service_plans or ()),
        )
