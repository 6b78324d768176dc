"""What a front end may choose for a move, and what it may suppose of the customer."""

import strawberry

from planner.customers import MAX_SEATS
from planner.offers import Known
from planner.rules import Choices, Mode
from resolvers import inputs
from resolvers.codes.code import Code
from resolvers.customers.suppositions import WhatIfRequest
from resolvers.problems import NotFound
from schema.errors.problems import OfferNotFound, Problem
from schema.limits.arguments import span
from schema.scalars import Day, Instant


@strawberry.input(description="What whoever moves a subscription chooses; null keeps what it has.")
class ChoicesInput:
    term: str | None = strawberry.field(default=None, description="P1M, P1Y or P3Y.")
    billing_cycle: str | None = strawberry.field(
        default=None, description="monthly, annual or triennial."
    )
    seats: int | None = strawberry.field(
        default=None,
        description=f"Seats after the move: {span(MAX_SEATS, 'those that there are')}.",
    )
    full_new_term: bool = strawberry.field(
        default=False, description="A migration begins a full new term at once."
    )
    custom_end: Day | None = strawberry.field(
        default=None, description="Last day of the first term, to end with others."
    )
    into: str | None = strawberry.field(
        default=None, description="The existing subscription that a conversion adds its seats to."
    )
    at_renewal: bool = strawberry.field(
        default=False, description="Carried out when the term ends, not now."
    )

    def read(self, mode: Mode) -> Choices:
        return Choices(
            mode,
            term=inputs.term(self.term),
            billing_cycle=inputs.billing_cycle(self.billing_cycle),
            seats=inputs.seats(self.seats),
            full_new_term=self.full_new_term,
            custom_end=self.custom_end,
            into=None if self.into is None else inputs.guid(self.into, what="subscription"),
            at_renewal=self.at_renewal,
        )


def read_choices(mode: Mode, choices: ChoicesInput | None) -> Choices:
    """Raises: BadInput."""
    return Choices(mode) if choices is None else choices.read(mode)


@strawberry.input(description="A subscription and the seats that it would have.")
class SupposedSeatsInput:
    subscription_id: str
    seats: int = strawberry.field(description=f"How many it would have: {span(MAX_SEATS, None)}.")


@strawberry.input(description="A move taken for granted, as if Partner Center had confirmed it.")
class AssumedMoveInput:
    origin: str = strawberry.field(name="from", description="The offer it begins at.")
    target: str = strawberry.field(name="to", description="The offer it leads to.")


@strawberry.input(
    description="Facts as they would be; what is left out stays as it is. Nothing is stored."
)
class WhatIfInput:
    at: Instant | None = strawberry.field(default=None, description="The instant asked for.")
    market: str | None = strawberry.field(
        default=None, description="The customer's country, ISO 3166 alpha-2."
    )
    agreement_accepted: bool | None = strawberry.field(
        default=None, description="Whether the Microsoft Customer Agreement is accepted."
    )
    cancelled: list[str] = strawberry.field(
        default_factory=list, description="Subscriptions that would be gone, ours or others'."
    )
    seats: list[SupposedSeatsInput] = strawberry.field(
        default_factory=list, description="Seats that subscriptions would have."
    )
    moves: list[AssumedMoveInput] = strawberry.field(
        default_factory=list, description="Moves that would exist; at most 20."
    )

    def read(self) -> WhatIfRequest:
        accepted = self.agreement_accepted
        return WhatIfRequest(
            at=self.at,
            market=self.market,
            agreement=None if accepted is None else (Known.YES if accepted else Known.NO),
            cancelled=tuple(self.cancelled),
            seats=tuple((one.subscription_id, one.seats) for one in self.seats),
            moves=tuple((one.origin, one.target) for one in self.moves),
        )


def not_found(missing: NotFound) -> "OfferNotFound | CannotSuppose":
    """Return what was asked for and is not there: the goal, or what was to be supposed."""
    if missing.code == Code.OFFER_NOT_FOUND:
        return OfferNotFound.of(missing)
    return CannotSuppose.of(missing)


def read_what_if(what_if: WhatIfInput | None) -> WhatIfRequest | None:
    return None if what_if is None else what_if.read()


@strawberry.type(description="What was to be supposed is not there, or contradicts itself.")
class CannotSuppose(Problem):
    identifier: str = strawberry.field(description="The id that it was about.")

    @classmethod
    def of(cls, refused: NotFound) -> "CannotSuppose":
        return cls(
            code=refused.code,
            message=refused.message,
            remedy=refused.remedy,
            identifier=refused.identifier,
        )
