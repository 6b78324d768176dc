"""Scalars are written as their specification has them."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strawberry.types.scalar import ScalarDefinition

from schema.scalars import SCALARS, SafeInt

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@pytest.fixture(scope="module")
def decimal() -> ScalarDefinition:
    return SCALARS[Decimal]


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_has_no_exponent_and_is_read_as_the_same_number(value: Decimal) -> None:
    told = SCALARS[Decimal]
    assert told.serialize is not None
    assert told.parse_value is not None
    written = told.serialize(value)
    assert _DECIMAL.fullmatch(written), written
    assert told.parse_value(written) == value


@pytest.mark.parametrize(
    ("value", "written"), [("1E+2", "100"), ("19.90", "19.90"), ("0E-7", "0.0000000")]
)
def test_a_decimal_keeps_its_digits(decimal: ScalarDefinition, value: str, written: str) -> None:
    assert decimal.serialize is not None
    assert decimal.serialize(Decimal(value)) == written


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_a_safe_number_is_written_as_it_is(value: int) -> None:
    told = SCALARS[SafeInt]
    assert told.serialize is not None
    assert told.serialize(value) == value


@pytest.mark.parametrize("value", [2**53, -(2**53), 2**63, 2**64])
def test_a_number_that_a_reader_might_round_is_not_written(value: int) -> None:
    told = SCALARS[SafeInt]
    assert told.serialize is not None
    with pytest.raises(ValueError, match="SafeInt"):
        told.serialize(value)
