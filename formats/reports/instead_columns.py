"""What reports say of what is open where the best way of a subscription is blocked."""

from typing import Protocol, TypeVar

from formats.reports.holding_columns import title_of
from formats.writing.columns import Offers, Readers, several, text
from planner.ids import CatalogId
from planner.instead import Instead, InsteadKind
from planner.portfolios.portfolio import OpenInstead
from planner.readiness import Readiness


class _Open(Protocol):
    @property
    def kind(self) -> InsteadKind: ...

    @property
    def target(self) -> CatalogId: ...

    @property
    def readiness(self) -> Readiness: ...


_Found = TypeVar("_Found", bound=_Open)


def _in_short() -> Readers[tuple[_Found, Offers]]:
    return (
        (
            text(
                "instead",
                "What is open where the best way is BLOCKED: BUY_NEW (the same SKU anew), "
                "ANOTHER_WAY or ANOTHER_TARGET; empty: nothing is, or it is not BLOCKED.",
            ),
            lambda told: told[0].kind.value,
        ),
        (text("instead_target_id", "The SKU to which that leads."), lambda told: told[0].target),
        (
            text("instead_target_title", "Its title."),
            lambda told: title_of(told[1], told[0].target),
        ),
        (
            text("instead_readiness", "READY, CONDITIONAL or UNKNOWN."),
            lambda told: told[0].readiness.value,
        ),
    )


INSTEAD_IN_SHORT: Readers[tuple[OpenInstead, Offers]] = _in_short()
_WHOLE: Readers[tuple[Instead, Offers]] = _in_short()
INSTEAD: Readers[tuple[Instead, Offers]] = (
    *_WHOLE,
    (
        several("instead_path", "Every offer on that way; empty for BUY_NEW.", separator=" > "),
        lambda told: () if told[0].option is None else told[0].option.path.offers,
    ),
    (
        text("instead_trade_off", "What it saves and costs beside the blocked way, in words."),
        lambda told: told[0].trade_off or None,
    ),
)
