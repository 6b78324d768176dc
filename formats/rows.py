"""What one row of a file says, checked against a model; or every problem that it has."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from formats.problems import Findings, Place
from planner.customers import SubscriptionState

_CODES = {"missing": "MISSING"}
_TERMS = frozenset({"P1M", "P1Y", "P3Y"})
_BILLING_CYCLES = frozenset({"monthly", "annual", "none", "one_time", "triennial", "biennial"})
"""Documented values: docs/sources.md 5."""


def names(text: str) -> frozenset[str]:
    """Return the field names in a text, parted by spaces."""
    return frozenset(text.split())


class Row(BaseModel):
    """A row whose unknown fields are kept, so that they can be reported.

    Fields are declared where they are used; `ignored` names those that are known and not used.
    """

    model_config = ConfigDict(
        extra="allow", strict=True, frozen=True, alias_generator=to_camel, protected_namespaces=()
    )
    ignored: ClassVar[frozenset[str]] = frozenset()


R = TypeVar("R", bound=Row)


def read_row(model: type[R], value: object, place: Place, findings: Findings) -> R | None:
    """Return the row, its unknown fields noted; None where it has problems, all reported."""
    if not isinstance(value, dict):
        findings.problem("NOT_AN_OBJECT", place, "an object {...} is needed here")
        return None
    try:
        row = model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            _report(detail, place, findings)
        return None
    _note_unknown_fields(row, place, findings)
    return row


def _report(detail: ErrorDetails, place: Place, findings: Findings) -> None:
    context: Mapping[str, Any] = detail.get("ctx", {})
    code = context.get("code") or _CODES.get(detail["type"], "WRONG_TYPE")
    findings.problem(str(code), place.at(*detail["loc"]), detail["msg"])


def _note_unknown_fields(row: Row, place: Place, findings: Findings) -> None:
    for name in row.model_extra or ():
        if name not in row.ignored:
            findings.notice("UNKNOWN_FIELD", place.at(name[:80]))
    for name, child in _children(row):
        _note_unknown_fields(child, place.at(name), findings)


def _children(row: Row) -> Iterator[tuple[str, Row]]:
    for name, info in type(row).model_fields.items():
        value = getattr(row, name)
        alias = info.alias or name
        if isinstance(value, Row):
            yield alias, value
        elif isinstance(value, list):
            yield from ((f"{alias}[*]", item) for item in value if isinstance(item, Row))


def read_state(
    given: str | None,
    states: Mapping[str, SubscriptionState],
    place: Place,
    findings: Findings,
) -> SubscriptionState:
    """Return the state of a status; one nobody knows is UNRECOGNIZED and noted, never an error.

    Other tools crash on new values such as `expired` and `disabled` (docs/sources.md 4).
    """
    state = states.get((given or "").lower())
    if state is None:
        code = "UNKNOWN_VALUE" if given else "MISSING_VALUE"
        findings.notice(code, place, given or "")
        return SubscriptionState.UNRECOGNIZED
    return state


def read_term(given: str | None, place: Place, findings: Findings) -> str | None:
    """Return the term in upper case; one that is not documented is kept and noted."""
    return _known(given and given.upper(), _TERMS, place, findings)


def read_billing_cycle(given: str | None, place: Place, findings: Findings) -> str | None:
    """Return Partner Center's word in lower case; `unknown` is not known, others are noted."""
    cycle = given and given.lower()
    return None if cycle == "unknown" else _known(cycle, _BILLING_CYCLES, place, findings)


def _known(
    given: str | None, known: frozenset[str], place: Place, findings: Findings
) -> str | None:
    if given is not None and given not in known:
        findings.notice("UNKNOWN_VALUE", place, given)
    return given
