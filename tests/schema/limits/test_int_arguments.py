"""Every number that a question may give says its limits and its default, and is held to them."""

import re
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
)

from schema.schema import make_schema
from tests.schema.api import BUSINESS_BASIC, NEW_E3, Api

_SCHEMA = make_schema()._schema
_SPAN = re.compile(r"1 to (?P<most>\d[\d,]*), (default (?P<usual>\d[\d,]*|\w[\w ]*)|no default)")
_HELD = """{ customers(text: "northgate") { edges { node {
    subscriptions { edges { node { subscriptionId %s } } } } } } }"""
_PLAN = """query { planFor(customerId: "%s", input: {%s}) { __typename } }"""
_GOAL = 'goals: [{subscriptionId: "%s", to: {offer: "%s"}, %s}]'
_SUPPOSED = 'whatIf: {seats: [{subscriptionId: "%s", seats: %%d}]}'
_OPTIONS = "options(%s) { __typename }"
_OFFER = '{ offer(catalogId: "%s") { ... on Offer { %s } } }'
_SERVICE = "57ff2da0-773e-42df-b2af-ffb7a2317929"
_PATHS = '{ paths(from: "%s", to: {anyNewCommerce: true}, %s) { __typename } }'
_KEY = 'mutation { createApiKey(input: {name: "n", days: %d}) { __typename } }'

DOCUMENTS = {
    "AffectedAccounts.accounts.first": _HELD
    % "affectedAccounts { ... on AffectedAccounts { accounts(first: %d) { totalCount } } }",
    "ChoicesInput.seats": _HELD % (_OPTIONS % "choices: {seats: %d}"),
    "CreateApiKeyInput.days": _KEY,
    "Customer.subscriptions.first": '{ customers(text: "northgate") { edges { node { '
    "subscriptions(first: %d) { totalCount } } } } }",
    "Offer.reachable.first": _OFFER % (BUSINESS_BASIC, "reachable(first: %d) { totalCount }"),
    "PlanInput.states": "states: %d",
    "Query.offers.first": "{ offers(first: %d) { totalCount } }",
    "Query.paths.first": _PATHS % (BUSINESS_BASIC, "first: %d"),
    "Query.customers.first": "{ customers(first: %d) { totalCount } }",
    "Query.offersWithServices.first": '{ offersWithServices(servicePlans: ["%s"], first: %%d) '
    "{ __typename } }" % _SERVICE,
    "Query.plans.first": '{ plans(customerId: "%s", first: %%d) { totalCount } }' % _SERVICE,
    "Query.apiKeys.first": "{ apiKeys(first: %d) { totalCount } }",
    "Query.auditEntries.first": "{ auditEntries(first: %d) { totalCount } }",
    "ScopeInput.maxSteps": _PATHS % (BUSINESS_BASIC, "scope: {maxSteps: %d}"),
    "Subscription.options.first": _HELD % (_OPTIONS % "first: %d"),
    "Subscription.moreLicenses.extra": _HELD % "moreLicenses(extra: %d) { __typename }",
    "SubscriptionGoalInput.seats": "goal seats: %d",
    "SubscriptionGoalInput.part": "goal part: %d",
    "SupposedSeatsInput.seats": "supposed",
}
"""A document that gives each number; those that need a customer are completed in `_document`."""


def _numbers() -> Iterator[tuple[str, str]]:
    """Yield every Int argument and input field with its description."""
    for kind in _SCHEMA.type_map.values():
        if kind.name.startswith("__"):
            continue
        if isinstance(kind, GraphQLInputObjectType):
            for name, field in kind.fields.items():
                if get_named_type(field.type).name in ("Int", "Float"):
                    yield f"{kind.name}.{name}", field.description or ""
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, asked in kind.fields.items():
                for given, argument in asked.args.items():
                    if get_named_type(argument.type).name in ("Int", "Float"):
                        yield f"{kind.name}.{name}.{given}", argument.description or ""


NUMBERS = dict(_numbers())


def test_every_number_of_the_schema_is_tried_here() -> None:
    assert set(DOCUMENTS) == set(NUMBERS)


@pytest.mark.parametrize("place", NUMBERS)
def test_a_number_says_its_limits_and_its_default(place: str) -> None:
    told = _SPAN.search(NUMBERS[place])
    assert told is not None, NUMBERS[place]
    usual = told["usual"]
    if usual is None or not usual[0].isdigit():
        assert _default_of(place) is None
    else:
        assert _default_of(place) == int(usual.replace(",", ""))


def _default_of(place: str) -> object:
    owner, name, *argument = place.split(".")
    field = _SCHEMA.type_map[owner].fields[name]  # type: ignore[attr-defined]
    given = field.args[argument[0]] if argument else field
    usual = given.default_value
    is_left_open = usual is None or not isinstance(usual, int)
    assert is_left_open or isinstance(get_nullable_type(given.type), object)
    return None if is_left_open else usual


@pytest.mark.parametrize("place", NUMBERS)
async def test_a_number_beyond_its_limits_is_refused_with_a_code(sample: Api, place: str) -> None:
    told = _SPAN.search(NUMBERS[place])
    assert told is not None
    most = int(told["most"].replace(",", ""))
    for number in (0, -1, most + 1, 2**31 - 1):
        document = await _document(sample, place, number)
        assert (await sample.refused(document)).endswith("_OUT_OF_RANGE"), (number, document)
    document = await _document(sample, place, 2**31)
    assert await sample.refused(document) == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("place", [one for one in NUMBERS if one != "CreateApiKeyInput.days"])
async def test_a_number_at_its_limits_is_taken(sample: Api, place: str) -> None:
    told = _SPAN.search(NUMBERS[place])
    assert told is not None
    for number in (1, int(told["most"].replace(",", ""))):
        answer = (await sample.post(await _document(sample, place, number))).json()
        assert "errors" not in answer, answer["errors"]


async def test_a_refused_number_is_told_with_its_limits(sample: Api) -> None:
    answer = (await sample.post("{ offers(first: 201) { totalCount } }")).json()
    assert answer["errors"][0]["extensions"]["parameters"] == {
        "argument": "first",
        "given": 201,
        "minimum": 1,
        "maximum": 200,
    }


async def _document(sample: Api, place: str, number: int) -> str:
    text = DOCUMENTS[place]
    customer_id, subscription_id = await _held(sample)
    if text == "supposed":
        text = _HELD % (_OPTIONS % (_SUPPOSED % subscription_id))
    elif text.startswith("goal "):
        goal = _GOAL % (subscription_id, NEW_E3, text.removeprefix("goal "))
        text = _PLAN % (customer_id, goal)
    elif text.startswith("states"):
        text = _PLAN % (customer_id, text)
    return text % number


async def _held(sample: Api) -> tuple[str, str]:
    """Return a customer and a subscription of it."""
    data = await sample.ask(
        """{ customers(text: "northgate") { edges { node { customerId
            subscriptions { edges { node { subscriptionId } } } } } } }"""
    )
    customer = data["customers"]["edges"][0]["node"]
    held = customer["subscriptions"]["edges"][0]["node"]
    return customer["customerId"], held["subscriptionId"]
