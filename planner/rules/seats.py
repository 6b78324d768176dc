"""Do the seats fit the target's limit over all sellers, and the family's?"""

from collections.abc import Iterator

from planner.blockers import (
    Actor,
    Blocker,
    PartnerCenterCode,
    Remedy,
    RemedyAction,
    Severity,
    SubjectKind,
    Unanswered,
)
from planner.rules.walk import Answer, StepInHand
from planner.seats import SeatRoom, seat_room

_RULE = "SEAT_CAP"


def seat_cap(step: StepInHand) -> Answer:
    """Over the offer's limit BLOCKS; over the Business family's WARNS, its enforcement unproven.

    Source: docs/sources.md 6 (800088, pooled over partners) and section 0 (the family).
    """
    seats = step.subscription.seats
    room = seat_room(step.catalog, step.customer, step.subscription, step.target)
    if room.limit is None and room.family_limit is None:
        return ()
    if seats is None:
        return (_unanswered(step, ("subscription.quantity",)),)
    found = tuple(_exceeded(step, room, seats))
    if found or not room.unknown:
        return found
    return (_unanswered(step, room.unknown),)


def _exceeded(step: StepInHand, room: SeatRoom, seats: int) -> Iterator[Blocker]:
    if room.room is not None and seats > room.room:
        yield _blocker(
            step,
            Severity.BLOCKS,
            f"{seats} seats of {step.target_title} exceed the {room.room} that are left of "
            f"{room.limit} over all sellers",
            room,
            (("seats", str(seats)), ("room", str(room.room)), ("limit", str(room.limit))),
        )
    if room.family_room is not None and seats > room.family_room:
        yield _blocker(
            step,
            Severity.WARNS,
            f"{seats} seats exceed the {room.family_room} that are left of {room.family_limit} "
            f"over the family {room.family}; its enforcement is not documented",
            room,
            (
                ("seats", str(seats)),
                ("room", str(room.family_room)),
                ("limit", str(room.family_limit)),
                ("family", str(room.family)),
            ),
        )


def _blocker(
    step: StepInHand,
    severity: Severity,
    message: str,
    room: SeatRoom,
    parameters: tuple[tuple[str, str], ...],
) -> Blocker:
    return Blocker(
        "SEAT_CAP_EXCEEDED",
        severity,
        SubjectKind.SUBSCRIPTION,
        step.subscription.subscription_id,
        message,
        ", ".join(room.sources) or "docs/sources.md 6",
        step=step.pair,
        parameters=parameters,
        remedies=(
            Remedy(
                RemedyAction.REDUCE_SEATS,
                Actor.US,
                "Reduce the seats to what is left, here or in the other subscriptions",
                role="ADMIN_AGENT",
            ),
        ),
        partner_center=(PartnerCenterCode("REST", 800088, "seats exceed what is available"),),
    )


def _unanswered(step: StepInHand, fields: tuple[str, ...]) -> Unanswered:
    return Unanswered(_RULE, fields, "Seats of the same offer elsewhere count too", step=step.pair)
