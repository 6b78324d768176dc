"""The JSON of the command line's answers, with the names that schema.graphql has (docs/cli.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from planner.catalog import Catalog
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.instead import Instead
from planner.no_path import NoPath
from planner.offers import Offer
from planner.options import NotInCatalog, Option
from planner.paths import Path, PathsFound, Step
from planner.upsells import Upsell, words_of
from resolvers.asked import Asked

Json = dict[str, Any]


def asked_of(asked: Asked, at: datetime | None) -> Json:
    """Return what every answer names: its catalog and the instant it holds for."""
    version = asked.version
    return {
        "catalog": {
            "versionId": version.version_id,
            "contentHash": version.content_hash,
            "label": version.label,
        },
        "at": instant(at or asked.now),
    }


def instant(at: datetime) -> str:
    """Return an instant to the second, as 2026-03-01T09:00:00Z."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def plain(value: object) -> Any:
    """Return a value of the planner as JSON: fields in camelCase, sets sorted, enums by name."""
    match value:
        case IntEnum():
            return value.name
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case tuple() | list():
            return [plain(member) for member in value]
    if is_dataclass(value):
        return {camel(field.name): plain(getattr(value, field.name)) for field in fields(value)}
    return value


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def reference(catalog: Catalog, catalog_id: CatalogId) -> Json:
    """Return an offer as others name it: id and title."""
    offer = catalog.offers.get(catalog_id)
    return {"catalogId": catalog_id, "title": None if offer is None else offer.title}


def references(catalog: Catalog, offers: Iterable[CatalogId]) -> list[Json]:
    return [reference(catalog, offer) for offer in offers]


def offer_answer(offer: Offer) -> Json:
    """Return what `offers` tells of an offer; markets as how many, null where not known."""
    return {
        "catalogId": offer.catalog_id,
        "title": offer.title,
        "commerce": offer.commerce,
        "segment": offer.segment,
        "isAddon": offer.is_addon,
        "isTrial": offer.is_trial,
        "marketCount": None if offer.markets is None else len(offer.markets),
    }


def path_answer(catalog: Catalog, path: Path) -> Json:
    """Return a path with every step and what weakens it."""
    return {
        "from": reference(catalog, path.origin),
        "to": reference(catalog, path.target),
        "readiness": path.readiness,
        "cost": plain(path.cost),
        "steps": [_step_answer(catalog, step) for step in path.steps],
        "conditions": findings(path.conditions),
        "assumes": plain(path.assumes),
    }


def _step_answer(catalog: Catalog, step: Step) -> Json:
    move = step.transition
    return {
        "from": reference(catalog, move.origin),
        "to": reference(catalog, move.target),
        "kind": move.kind,
        "execution": move.execution,
        "evidence": move.evidence.name,
        "sources": list(dict.fromkeys(claim.source for claim in move.claims)),
        "window": plain(step.window),
        "candidates": references(catalog, move.candidates),
    }


def findings(found: Sequence[object]) -> list[Json]:
    """Return blockers or open questions, a step as {from, to} and parameters as an object."""
    told: list[Json] = plain(tuple(found))
    for one in told:
        if one["step"] is not None:
            one["step"] = dict(zip(("from", "to"), one["step"], strict=True))
        if "parameters" in one:
            one["parameters"] = dict(one["parameters"])
    return told


def paths_answer(catalog: Catalog, answer: PathsFound | NoPath) -> Json:
    """Return paths, or none and why: `noPath` is null where there is one."""
    if isinstance(answer, NoPath):
        told = no_path_answer(catalog, answer)
        return {"paths": [], "hasMore": False, "isExhaustive": True, "noPath": told}
    return {
        "paths": [path_answer(catalog, path) for path in answer.paths],
        "hasMore": answer.has_more,
        "isExhaustive": answer.is_exhaustive,
        "noPath": None,
    }


def no_path_answer(catalog: Catalog, answer: NoPath) -> Json:
    causes = [
        plain(cause) | {"offers": references(catalog, cause.offers)} for cause in answer.causes
    ]
    return {
        "verdict": answer.verdict,
        "message": answer.message,
        "causes": causes,
        "frontier": references(catalog, answer.frontier),
        "states": answer.states,
    }


def subscription_answer(subscription: Subscription) -> Json:
    return {
        "subscriptionId": subscription.subscription_id,
        "catalogId": subscription.catalog_id,
        "title": subscription.title,
        "state": subscription.state,
        "seats": subscription.seats,
        "lastDay": plain(subscription.last_day),
    }


def judgement_answer(
    catalog: Catalog,
    subscription: Subscription,
    answer: Option | NoPath | NotInCatalog,
    instead: Instead | None = None,
) -> Json:
    """Return one subscription's verdict; exactly one of the last three is not null."""
    told: Json = {"option": None, "noPath": None, "notInCatalog": None}
    match answer:
        case Option():
            other = None if instead is None else instead_answer(catalog, instead)
            told["option"] = option_answer(catalog, answer) | {"instead": other}
        case NoPath():
            told["noPath"] = no_path_answer(catalog, answer)
        case NotInCatalog():
            told["notInCatalog"] = not_in_catalog(answer)
    return {"subscription": subscription_answer(subscription), **told}


def instead_answer(catalog: Catalog, found: Instead) -> Json:
    """Return what is open where the best way is blocked, named as in GraphQL."""
    return {
        "kind": found.kind,
        "readiness": found.readiness,
        "target": reference(catalog, found.target),
        "tradeOff": found.trade_off,
        "upsell": None if found.upsell is None else upsell_answer(catalog, found.upsell),
        "path": None if found.option is None else path_answer(catalog, found.option.path),
        "blockers": findings(found.option.blockers if found.option else ()),
        "unanswered": findings(found.option.unanswered if found.option else ()),
    }


def upsell_answer(catalog: Catalog, upsell: Upsell) -> Json:
    """Return what a larger product trades, its services by id."""
    return {
        "message": words_of(catalog, upsell),
        "gained": plain(upsell.gained),
        "lost": plain(upsell.lost),
        "swapped": plain(upsell.swapped),
        "isDearer": upsell.is_dearer,
    }


def not_in_catalog(found: NotInCatalog) -> Json:
    return {"message": found.message, "remedy": found.remedy}


def option_answer(catalog: Catalog, option: Option) -> Json:
    """Return a way of a subscription with every rule's answer."""
    return {
        "readiness": option.readiness,
        "mode": option.choices.mode,
        "path": path_answer(catalog, option.path),
        "rulesRan": list(option.rules_ran),
        "blockers": findings(option.blockers),
        "unanswered": findings(option.unanswered),
        "assumes": plain(option.assumes),
    }


def customer_answer(customer: Customer) -> Json:
    """Return a customer and how much of what it holds is loaded."""
    held = customer.holdings
    sides: Mapping[str, Any] = {
        "ownHoldings": (held.own_state, held.own_as_of, held.own),
        "foreignHoldings": (held.foreign_state, held.foreign_as_of, held.foreign),
    }
    return {
        "customerId": customer.customer_id,
        "name": customer.name,
        "domain": customer.domain,
        "market": customer.market,
        "segment": customer.segment,
        **{
            name: {"state": state, "asOf": plain(as_of), "count": len(subscriptions)}
            for name, (state, as_of, subscriptions) in sides.items()
        },
    }
