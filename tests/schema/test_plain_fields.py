"""Fields that are attributes are read in one call, and are still all the fields that were there."""

from graphql import GraphQLObjectType
from strawberry.resolvers import is_default_resolver

from schema.catalog.offer import offer_of
from schema.customers.customer import Customer
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
