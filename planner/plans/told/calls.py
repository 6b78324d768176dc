"""The call of Partner Center's API, or the row of the batch tool, that performs an act.

Source: docs/sources.md 1 to 3, 5 and 6. Names in braces stand for what is known only later.
"""

from collections.abc import Callable, Mapping
from datetime import date

from planner.customers import Subscription
from planner.ids import CatalogId, is_new_commerce
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Done
from planner.plans.told.steps import ApiCall, BatchRow, Json
from planner.rules import Choices, Mode

_AVAILABILITY = "The availability id comes from transitionEligibilities: it changes"


def call_of(done: Done) -> ApiCall | None:
    """Return the call; None for what people do, such as waiting or asking the customer."""
    make = _CALLS.get(done.act.kind)
    return None if make is None else make(done)


def _base(done: Done) -> str:
    return f"/v1/customers/{done.before.customer.customer_id}"


def _subscription_path(done: Done) -> str:
    return f"{_base(done)}/subscriptions/{_id_now(done)}"


def _id_now(done: Done) -> str:
    """Return the id under which Partner Center knows it then: migrated ones get a new one."""
    held = done.before.own(done.act.subscription_id)
    if held is not None and held.migrated_from == held.subscription_id:
        return f"{{new commerce subscription of {held.subscription_id}}}"
    return _named_later(done.act.subscription_id)


def _named_later(subscription_id: str) -> str:
    """Return an id, or for what a plan itself has made of another one how it will be found."""
    origin, made, offer = subscription_id.partition(">")
    return f"{{new subscription of {offer} made of {origin}}}" if made else subscription_id


def _patch(done: Done, **changed: Json) -> ApiCall:
    note = "Send the whole subscription as read, with these fields changed"
    return ApiCall("PATCH", _subscription_path(done), changed, note)


def _seats(done: Done) -> ApiCall:
    if done.act.until is None:
        return _patch(done, quantity=done.act.seats)
    told = {"scheduledNextTermInstructions": {"quantity": done.act.seats}}
    return _patch(done, **told)


def _cancel(done: Done) -> ApiCall:
    held = done.before.own(done.act.subscription_id)
    offer = None if held is None else held.catalog_id
    # A legacy subscription is suspended and removed after 90 days; a new one is deleted at once.
    return _patch(done, status="deleted" if offer and is_new_commerce(offer) else "suspended")


def _turn_off(done: Done) -> ApiCall:
    """Without the cancel action it would go into an extended service term (docs/sources.md 0)."""
    cancel = {"scheduleType": "endOfTerm", "actionType": "cancel"}
    changed: dict[str, Json] = {"autoRenewEnabled": False, "scheduledActions": (cancel,)}
    note = "The shape of scheduledActions is read from third parties; check it before sending"
    return ApiCall("PATCH", _subscription_path(done), changed, note)


def _migration(done: Done) -> dict[str, Json]:
    act = done.act
    body = _body(act.subscription_id, act.choices)
    if act.members:
        body["addOnMigrations"] = tuple(
            _body(member.subscription_id, member.choices) for member in act.members
        )
    return body


def _body(subscription_id: str, chosen: Choices) -> dict[str, Json]:
    body: dict[str, Json] = {"currentSubscriptionId": subscription_id}
    told: Mapping[str, Json] = {
        "termDuration": chosen.term,
        "billingCycle": chosen.billing_cycle,
        "quantity": chosen.seats,
        "purchaseFullTerm": chosen.full_new_term or None,
        "customTermEndDate": _day(chosen.custom_end),
    }
    return body | {name: value for name, value in told.items() if value is not None}


def _migrate(done: Done) -> ApiCall:
    path = f"{_base(done)}/migrations/newcommerce"
    return ApiCall("POST", path, _migration(done), f"Ask POST {path}/validate first")


def _schedule(done: Done) -> ApiCall:
    path = f"{_base(done)}/migrations/newcommerce/schedules"
    body = _migration(done) | {"migrateOnRenewal": True}
    if "addOnMigrations" in body:
        body["addOnMigrationSchedules"] = body.pop("addOnMigrations")
    return ApiCall("POST", path, body)


_UPGRADE_TYPES = {
    Mode.WITH_LICENSE_TRANSFER: "upgrade_with_license_transfer",
    Mode.WITHOUT_LICENSE_TRANSFER: "upgrade_only",
}
_TRANSITION_TYPES = {
    Mode.WITH_LICENSE_TRANSFER: "transition_with_license_transfer",
    Mode.WITHOUT_LICENSE_TRANSFER: "transition_only",
}


def _upgrade(done: Done) -> ApiCall:
    body: dict[str, Json] = {
        "targetOffer": {"id": done.act.edge.target},
        "upgradeType": _UPGRADE_TYPES[done.act.choices.mode],
        "quantity": done.act.seats,
        "isEligible": True,
    }
    return ApiCall(
        "POST", f"{_subscription_path(done)}/upgrades", body, "GET the same path first: it names it"
    )


def _transition(done: Done) -> ApiCall:
    act = done.act
    body: dict[str, Json] = {
        "fromSubscriptionId": _id_now(done),
        "fromCatalogItemId": f"{act.edge.origin}:{{availability}}",
        "toCatalogItemId": f"{act.edge.target}:{{availability}}",
        "quantity": act.seats,
        "transitionType": _TRANSITION_TYPES[act.choices.mode],
    }
    if act.choices.into is not None:
        body["toSubscriptionId"] = _named_later(act.choices.into)
    return ApiCall("POST", f"{_subscription_path(done)}/transitions", body, _AVAILABILITY)


def _trial(done: Done) -> ApiCall:
    if is_new_commerce(done.act.edge.origin):
        return _transition(done)
    body: dict[str, Json] = {
        "offerId": done.act.edge.origin,
        "targetOfferId": done.act.edge.target,
        "quantity": done.act.seats,
    }
    return ApiCall("POST", f"{_subscription_path(done)}/conversions", body)


def _buy(done: Done) -> ApiCall:
    act = done.act
    line: dict[str, Json] = {
        "id": 0,
        "catalogItemId": f"{act.offer}:{{availability}}",
        "quantity": act.seats,
        "termDuration": act.choices.term or "P1Y",
        "billingCycle": act.choices.billing_cycle or "monthly",
    }
    note = "Then POST .../carts/{cart}/checkout; the availability id comes from the catalog"
    return ApiCall("POST", f"{_base(done)}/carts", {"lineItems": (line,)}, note)


_CALLS: Mapping[StepKind, Callable[[Done], ApiCall]] = {
    StepKind.ADD_SEATS: _seats,
    StepKind.REDUCE_SEATS: _seats,
    StepKind.REACTIVATE: lambda done: _patch(done, status="active"),
    StepKind.CANCEL: _cancel,
    StepKind.TURN_OFF_AUTO_RENEWAL: _turn_off,
    StepKind.MIGRATE: _migrate,
    StepKind.DETACH_ADDON: _migrate,
    StepKind.SCHEDULE_MIGRATION: _schedule,
    StepKind.UPGRADE: _upgrade,
    StepKind.CONVERT: _transition,
    StepKind.CONVERT_INTO_EXISTING: _transition,
    StepKind.CONVERT_TRIAL: _trial,
    StepKind.BUY_NEW: _buy,
    StepKind.BUY_PREREQUISITE: _buy,
}


_BY_TOOL = (StepKind.MIGRATE, StepKind.DETACH_ADDON, StepKind.SCHEDULE_MIGRATION)


def batch_rows_of(done: Done) -> tuple[BatchRow, ...]:
    """Return the rows of Microsoft's batch migration tool for a migration; none for other acts.

    One for the subscription, then one for each add-on that moves along. Columns that the tool
    fills by itself stay empty. Source: docs/sources.md 3 (the tool's record).
    """
    act = done.act
    if act.kind not in _BY_TOOL:
        return ()
    scheduled = act.kind is StepKind.SCHEDULE_MIGRATION
    file = "subscriptionsforschedule.csv" if scheduled else "subscriptions.csv"
    moved = [(act.subscription_id, act.edge.target, act.choices)]
    moved += [(one.subscription_id, one.transition.target, one.choices) for one in act.members]
    return tuple(
        BatchRow(file, tuple(_columns(done, held, target, chosen, scheduled=scheduled)))
        for subscription_id, target, chosen in moved
        if (held := done.before.own(subscription_id)) is not None
    )


def _columns(
    done: Done, held: Subscription, target: CatalogId, chosen: Choices, *, scheduled: bool
) -> list[tuple[str, str]]:
    customer = done.before.customer
    term, cycle = chosen.term or held.term, chosen.billing_cycle or held.billing_cycle
    seats = held.seats if chosen.seats is None else chosen.seats
    start = [
        ("PartnerTenantId", ""),
        ("IndirectResellerMpnId", ""),
        ("CustomerName", customer.name),
        ("CustomerTenantId", customer.customer_id),
        ("LegacySubscriptionId", held.subscription_id),
        ("LegacySubscriptionName", held.friendly_name),
        ("LegacyProductName", held.title),
        ("ExpirationDate", _tool_date(held.last_day)),
        ("AutoRenewEnabled", _flag(held.auto_renews)),
    ]
    addon = [
        ("AddOn", _flag(held.parent_id is not None)),
        ("BaseSubscriptionId", held.parent_id or ""),
    ]
    eligible = [("MigrationEligible", "True"), ("NcePsa", target)]
    now = [
        ("CurrentTerm", held.term or ""),
        ("CurrentBillingPlan", _plan(held.billing_cycle)),
        ("CurrentSeatCount", _number(held.seats)),
    ]
    wanted = [
        ("StartNewTermInNce", _flag(chosen.full_new_term)),
        ("Term", term or ""),
        ("BillingPlan", _plan(cycle)),
        ("SeatCount", _number(seats)),
        ("CustomTermEndDate", _tool_date(chosen.custom_end)),
    ]
    end = [("MigrationIneligibilityReason", "")]
    if scheduled:
        dates = [("TargetDate", ""), ("MigrateOnRenewal", "True")]
        return [*start, *addon, *eligible, *now, *wanted, *dates, *end]
    return [*start, *eligible, *now, *wanted, *addon, *end]


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _plan(cycle: str | None) -> str:
    return (cycle or "").capitalize()


def _tool_date(day: date | None) -> str:
    return "" if day is None else f"{day:%m/%d/%Y} 00:00:00"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
