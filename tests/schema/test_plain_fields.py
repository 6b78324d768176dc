"""Attributes are read and methods called at once, and are still all the fields that were there."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Annotated

import pytest
import strawberry
from graphql import GraphQLError, GraphQLObjectType
from strawberry.resolvers import is_default_resolver
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from planner import customers as planner
from planner.customers import Seller, SubscriptionState
from schema.catalog.offer import offer_of
from schema.customers.customer import Customer
from schema.customers.subscription import show_subscription
from schema.plain_fields import read_plainly
from schema.relay.node import parse_global_id
from schema.schema import make_schema
from tests.planner.builders import catalog


def test_no_field_is_read_by_strawberry_s_own_detour() -> None:
    kinds = make_schema()._schema.type_map.values()
    detours = [
        f"{kind.name}.{name}"
        for kind in kinds
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if field.resolve is not None and is_default_resolver(field.resolve)
    ]
    assert detours == []


def test_a_field_that_has_another_name_in_python_is_read_by_that() -> None:
    kind = make_schema()._schema.type_map["Customer"]
    assert isinstance(kind, GraphQLObjectType)
    read = kind.fields["customerId"].resolve
    assert read is not None
    customer = object.__new__(Customer)
    customer.customer_id = "x"
    assert read(customer, None) == "x"


def test_an_offer_is_shown_once_for_each_catalog() -> None:
    one, other = catalog("A>B upgrade matrix"), catalog("A>B upgrade matrix")
    offer_id = min(one.offers)
    assert offer_of(one, offer_id) is offer_of(one, offer_id)
    assert offer_of(one, offer_id) is not offer_of(other, offer_id)


def test_what_a_subscription_shows_is_what_the_planner_holds() -> None:
    held = planner.Subscription("s", Seller.US, SubscriptionState.ACTIVE, "active", seats=7)
    shown = show_subscription(planner.Customer("c", "Contoso"), held)
    kind = make_schema()._schema.type_map["Subscription"]
    assert isinstance(kind, GraphQLObjectType)
    read = {
        name: field.resolve(shown, None)
        for name, field in kind.fields.items()
        if field.resolve and not field.args and name not in ("offer", "id")
    }
    of_planner = {one.name.replace("_", ""): getattr(held, one.name) for one in fields(held)}
    assert len(read) > 20
    assert read["seats"] == 7
    assert {name.lower(): value for name, value in read.items()}.items() <= of_planner.items()
    made = kind.fields["id"].resolve
    assert made is not None
    assert parse_global_id(made(shown, None)) == ("Subscription", "c/s")


def test_every_member_of_an_enumeration_is_written_by_its_name_and_nothing_else_is() -> None:
    kinds = make_schema()._schema.type_map.values()
    found = [kind for kind in kinds if isinstance(kind, CustomGraphQLEnumType)]
    assert found
    for kind in found:
        by_value = {one.value: name for name, one in kind.values.items()}
        members: Iterable[Enum] = kind.wrapped_cls
        for member in members:
            if member.value in by_value:
                assert kind.coerce_output_value(member) == by_value[member.value]
        with pytest.raises(GraphQLError):
            kind.coerce_output_value("no such member")


@strawberry.enum
class _Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.input
class _Inside:
    of_day: date | None = None
    colours: list[_Colour] | None = None


@strawberry.input
class _Asked:
    a_name: str
    inside: _Inside | None = None
    maybe: strawberry.Maybe[int] = None


@strawberry.type
class _Query:
    @strawberry.field
    def given(
        self,
        info: strawberry.Info,
        at_first: int = 7,
        colour: _Colour = _Colour.RED,
        day: date | None = None,
        some: list[str] | None = None,
        one: _Asked | None = None,
        several: list[_Asked] | None = None,
        maybe: strawberry.Maybe[int] = None,
        named: Annotated[str, strawberry.argument(name="from")] = "",
    ) -> str:
        told = (at_first, colour, day, some, one, several, maybe, named)
        return f"{info.field_name} {info.path.key} {told!r}"

    @strawberry.field
    async def later(self, at_first: int, some: list[_Colour]) -> str:
        return repr((at_first, some))

    @strawberry.field
    async def last(self) -> str:
        return "last"


DOCUMENT = """query Q($day: Date, $one: Asked) {
  given
  a: given(atFirst: 1, colour: BLUE, day: $day, some: ["x"], one: $one, maybe: 3, from: "here")
  b: given(some: null, day: null, several: [{aName: "n", inside: {colours: [RED, BLUE]}}])
  c: given(one: {aName: "n", maybe: 5, inside: {ofDay: "2026-11-23"}}, several: [], some: "x")
  later(atFirst: 2, some: BLUE)
  last
}"""
VARIABLES = {"day": "2026-11-24", "one": {"aName": "v", "maybe": 0}}


async def test_a_method_is_given_what_strawberry_would_give_it() -> None:
    schema, plain = strawberry.Schema(_Query), strawberry.Schema(_Query)
    read_plainly(plain._schema, plain.schema_converter)
    expected = await schema.execute(DOCUMENT, variable_values=VARIABLES, root_value=_Query())
    told = await plain.execute(DOCUMENT, variable_values=VARIABLES, root_value=_Query())
    assert expected.errors is None
    assert told.errors is None
    assert told.data == expected.data
    assert expected.data is not None
    assert len(set(expected.data.values())) == len(expected.data)
