"""What the parameters of GET /reports/... ask for; whatever is wrong with them is BadInput."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import QueryParams

from formats.writing.formats import ReportForm, ReportFormat
from offerpath.report_kinds import PathShape, form_of
from planner.offers import Segment
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.rules import Mode
from resolvers import inputs
from resolvers.catalog.moves import ScopeRequest
from resolvers.codes.code import Code
from resolvers.problems import BadInput
from resolvers.reports.about_customers import CustomersRequest

Choice = TypeVar("Choice", bound=StrEnum)

_OF_EVERY_REPORT = frozenset(
    {"format", "bom", "market", "segment", "at", "legacy_upgrades", "profile"}
)
OF_PATHS = _OF_EVERY_REPORT | {"shape", "max_steps", "with_no_path"}
OF_CUSTOMERS = _OF_EVERY_REPORT | {"text", "license_transfer"}
OF_PLANS = OF_CUSTOMERS | {"saved"}
OF_WHAT_IS_FOLLOWED = frozenset({"job"})
"""Of the report itself: nobody follows the making of a manifest."""


def check_names(query: QueryParams, known: frozenset[str]) -> None:
    """Raises: BadInput MALFORMED_REQUEST where one stands twice; UNKNOWN_PARAMETER."""
    names = [name for name, _ in query.multi_items()]
    if repeated := sorted(name for name in set(names) if names.count(name) > 1):
        raise BadInput(
            Code.MALFORMED_REQUEST,
            f"The URL has `{repeated[0][:40]}` more than once",
            remedy="Give each parameter once",
        )
    unknown = sorted(set(names) - known)
    if unknown:
        raise BadInput(
            Code.UNKNOWN_PARAMETER, f"{unknown[0][:40]!r} is not a parameter of this report"
        )


def form(query: QueryParams) -> ReportForm:
    """Raises: BadInput."""
    chosen = _choice(ReportFormat, query.get("format", "csv").lower(), "format")
    return form_of(chosen, bom=flag(query, "bom"), code=Code.BAD_PARAMETER, remedy=None)


def shape(query: QueryParams) -> PathShape:
    """Raises: BadInput."""
    return _choice(PathShape, query.get("shape", "paths").lower(), "shape")


def scope_of_paths(query: QueryParams) -> ScopeRequest:
    """Raises: BadInput."""
    max_steps = query.get("max_steps")
    return ScopeRequest(
        at=_at(query),
        market=query.get("market"),
        segment=_segment(query),
        legacy_upgrades=_policy(query),
        profile=_profile(query),
        max_steps=None if max_steps is None else _whole_number(max_steps),
    )


def customers(query: QueryParams) -> CustomersRequest:
    """Raises: BadInput."""
    with_transfer = flag(query, "license_transfer")
    return CustomersRequest(
        text=query.get("text"),
        market=query.get("market"),
        segment=_segment(query),
        scope=ScopeRequest(at=_at(query), legacy_upgrades=_policy(query), profile=_profile(query)),
        mode=Mode.WITH_LICENSE_TRANSFER if with_transfer else Mode.WITHOUT_LICENSE_TRANSFER,
        saved=flag(query, "saved"),
    )


def flag(query: QueryParams, name: str) -> bool:
    """Raises: BadInput."""
    text = query.get(name, "false").lower()
    if text not in ("true", "false"):
        raise BadInput(Code.BAD_PARAMETER, f"`{name}` is {text[:40]!r}; it must be true or false")
    return text == "true"


def _at(query: QueryParams) -> datetime | None:
    at = query.get("at")
    return None if at is None else inputs.instant(at)


def _segment(query: QueryParams) -> Segment | None:
    segment = query.get("segment")
    return None if segment is None else _choice(Segment, segment.upper(), "segment")


def _policy(query: QueryParams) -> LegacyUpgradePolicy:
    written = query.get("legacy_upgrades", "LAST").upper()
    return _choice(LegacyUpgradePolicy, written, "legacy_upgrades")


def _profile(query: QueryParams) -> Profile:
    return _choice(Profile, query.get("profile", "FEWEST_STEPS").upper(), "profile")


def _choice(choices: type[Choice], text: str, name: str) -> Choice:
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(choice.value for choice in choices)
        raise BadInput(
            Code.BAD_PARAMETER, f"`{name}` is {text[:40]!r}; it must be one of {known}"
        ) from None


def _whole_number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise BadInput(Code.BAD_PARAMETER, f"`max_steps` is {text[:40]!r}; it must be a number")
    return int(text[:4])
