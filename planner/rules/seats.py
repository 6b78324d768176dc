"""Do the seats fit the target's limit over all sellers, and the family's?"""

from collections.abc import Iterator

from planner.blocker_codes import BlockerCode
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
from planner.seats import SeatRoom, has_seat_limit, seat_room
from planner.transitions import TransitionKind

_RULE = "SEAT_CAP"


def seat_cap(step: StepInHand) -> Answer:
    """Over the offer's limit BLOCKS; over the Business family's WARNS, its enforcement unproven.

    Seats are those chosen, else those there are. Into an existing subscription they are added to
    that one's, which count as held; what a partial conversion leaves behind counts in the family.
    Source: docs/sources.md 6 (800088, pooled over partners) and section 0 (the family).
    """
    if not has_seat_limit(step.catalog, step.target):
        return ()
    chosen = step.choices.seats
    seats = step.subscription.seats if chosen is None else chosen
    room = seat_room(
        step.catalog,
        step.customer,
        step.subscription,
        step.target,
        staying=_staying(step),
        others=step.others,
    )
    if seats is None:
        return (_unanswered(step, ("subscription.quantity",)),)
    found = tuple(_exceeded(step, room, seats))
    if found or not room.unknown:
        return found
    return (_unanswered(step, room.unknown),)


def _staying(step: StepInHand) -> int:
    """Return the seats that a partial conversion leaves where they are [docs/sources.md 2]."""
    chosen, has = step.choices.seats, step.subscription.seats
    is_conversion = step.transition.kind is TransitionKind.CONVERSION
    if not is_conversion or not step.is_first or chosen is None or has is None:
        return 0
    return max(0, has - chosen)


def _exceeded(step: StepInHand, room: SeatRoom, seats: int) -> Iterator[Blocker]:
    if room.room is not None and seats > room.room:
        yield _blocker(
            step,
            Severity.BLOCKS,
            f"{seats} seats of {step.target_title} exceed the {room.room} that are left of "
            f"{room.limit} over all sellers",
            room,
            (
                ("seats", str(seats)),
                ("room", str(room.room)),
                ("limit", str(room.limit)),
                *_into(step),
            ),
            room.room,
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
            room.family_room,
        )


def _into(step: StepInHand) -> Iterator[tuple[str, str]]:
    if step.choices.into is not None and step.is_last:
        yield "into", step.choices.into


def _blocker(
    step: StepInHand,
    severity: Severity,
    message: str,
    room: SeatRoom,
    parameters: tuple[tuple[str, str], ...],
    left: int,
) -> Blocker:
    return Blocker(
        BlockerCode.SEAT_CAP_EXCEEDED,
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
                seats=left or None,
            ),
        ),
        partner_center=(PartnerCenterCode("REST", 800088, "seats exceed what is available"),),
    )


def _unanswered(step: StepInHand, fields: tuple[str, ...]) -> Unanswered:
    return Unanswered(_RULE, fields, "Seats of the same offer elsewhere count too", step=step.pair)
