"""What the subscriptions and offers of a plan are called, with ids and without."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Customer, Subscription
from planner.ids import CatalogId
from planner.plans.told.steps import Plan

_GUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_SKU = r"[0-9A-Za-z]{12}[:/][0-9A-Za-z]{4}(?:[:/][0-9A-Za-z]{12})?"
_IDS = re.compile(rf"{_GUID}|(?<![0-9A-Za-z]){_SKU}(?![0-9A-Za-z])")
_NO_NAME = "a subscription without a name"
_NO_OFFER = "a product that the catalog does not have"


def without_ids(text: str) -> str:
    """Return text in which every GUID and every ProductId:SkuId is left out."""
    return _IDS.sub("(id left out)", text)


def has_id(text: str) -> bool:
    return _IDS.search(text) is not None


def offer_title(catalog: Catalog, offer: CatalogId | None) -> str:
    """Return an offer's title, which names no id."""
    known = None if offer is None else catalog.offers.get(offer)
    return without_ids(known.title) if known and known.title.strip() else _NO_OFFER


def subscription_names(catalog: Catalog, customer: Customer, plan: Plan) -> Mapping[str, str]:
    """Return what to call each subscription that the plan or the customer has, without ids.

    By its product's title, never by a name that we gave it. Those of one title are told apart by
    their licences, else by the last day of their term, else by a number, in order of their ids.
    """
    titles = dict(_titles(catalog, customer, plan))
    held = {one.subscription_id: one for one in customer.holdings.all}
    seats = {each: _with_seats(title, held.get(each)) for each, title in titles.items()}
    days = {each: _with_day(name, held.get(each)) for each, name in seats.items()}
    names = _unlike(titles, seats)
    return _numbered(_unlike(names, days) if _repeats(names) else names)


def _titles(catalog: Catalog, customer: Customer, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield ids with titles in order of ids; a plan's own word is the last resort."""
    found: dict[str, str] = {}
    for outcome in plan.outcomes:
        found[outcome.goal.subscription_id] = outcome.title
    for step in plan.steps:
        if step.subscription_id:
            found.setdefault(step.subscription_id, step.title)
        for member in step.members:
            found.setdefault(member.subscription_id, member.title)
    for one in customer.holdings.all:
        found[one.subscription_id] = _title(catalog, one)
    for subscription_id, title in sorted(found.items()):
        yield subscription_id, without_ids(title).strip() if _is_name(title) else _NO_NAME


def _title(catalog: Catalog, held: Subscription) -> str:
    if held.catalog_id is not None and held.catalog_id in catalog.offers:
        return catalog.offers[held.catalog_id].title
    guid = held.product_guid
    return (None if guid is None else catalog.product_titles.get(guid)) or held.title


def _is_name(title: str) -> bool:
    return bool(title.strip()) and not _IDS.fullmatch(title.strip())


def _with_seats(title: str, held: Subscription | None) -> str:
    if held is None or held.seats is None:
        return title
    return f"{title} ({counted(held.seats, 'licence')})"


def _with_day(name: str, held: Subscription | None) -> str:
    return name if held is None or held.last_day is None else f"{name}, until {held.last_day}"


def _repeats(names: Mapping[str, str]) -> bool:
    return len(set(names.values())) < len(names)


def _unlike(names: Mapping[str, str], longer: Mapping[str, str]) -> dict[str, str]:
    """Return the names, those that several have replaced by their longer ones."""
    counts = Counter(names.values())
    return {each: longer[each] if counts[name] > 1 else name for each, name in names.items()}


def _numbered(names: Mapping[str, str]) -> Mapping[str, str]:
    counts, seen = Counter(names.values()), Counter[str]()
    told: dict[str, str] = {}
    for each, name in names.items():
        seen[name] += 1
        told[each] = f"{name}, no. {seen[name]}" if counts[name] > 1 else name
    return told
