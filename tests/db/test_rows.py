"""Rows become the dataclasses that calling them would make."""

from dataclasses import dataclass, field, fields
from typing import Any

import pytest

from db.rows import rows_from_records
from planner.customers import RenewalInstructions, Seller, Subscription, SubscriptionState
from tests.db.customer_examples import BARE


def test_a_row_is_what_calling_the_dataclass_makes() -> None:
    plain = {"seller": "NOT_KNOWN", "state": "UNRECOGNIZED"}
    record = [plain.get(one.name, getattr(BARE, one.name)) for one in fields(Subscription)]
    several = [tuple(record), ("other", *record[1:])]
    made = rows_from_records(Subscription, several)
    expected = [
        Subscription(row[0], Seller.NOT_KNOWN, SubscriptionState.UNRECOGNIZED, *row[3:])
        for row in several
    ]
    assert made == expected
    assert list(map(hash, made)) == list(map(hash, expected))
    assert list(map(repr, made)) == list(map(repr, expected))


def test_columns_before_the_row_are_passed_over() -> None:
    (made,) = rows_from_records(
        RenewalInstructions, [("x", None, "P1Y", "annual", 5, None)], skip=1
    )
    assert made == RenewalInstructions(None, "P1Y", "annual", 5, None)


def test_no_records_are_no_rows() -> None:
    assert rows_from_records(Subscription, []) == []


@dataclass(slots=True)
class _Checked:
    name: str

    def __post_init__(self) -> None:
        self.name = self.name.upper()


@dataclass
class _Open:
    name: str
    seen: list[Any] = field(default_factory=list)


@pytest.mark.parametrize("row_type", [_Checked, _Open])
def test_what_is_more_than_its_slots_is_refused(row_type: type) -> None:
    with pytest.raises(TypeError, match=row_type.__name__):
        rows_from_records(row_type, [("a",)])
