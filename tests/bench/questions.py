"""The questions that both servers are asked, and what of their answers has to be equal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_ORIGIN, _TARGET = "32B23C88-949F-4E5B-B500-A87EEC676B80", "CFQ7TTC0LF8S:0001"
_WIDEST = "35A36B80-270A-44BF-9290-00545D350866"

Rows = list[Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question in both schemas, and what of each answer has to be equal."""

    name: str
    ours: str
    theirs: str
    read_ours: Callable[[Any], Rows]
    read_theirs: Callable[[Any], Rows]
    is_kept: bool = True
    """Whether we keep the whole response."""


def _nodes(connection: Any) -> Rows:
    """Return the offers by their ids: we tell the best way first, a set has no order."""
    return sorted((edge["node"] for edge in connection["edges"]), key=lambda one: one["catalogId"])


def _customers(connection: Any) -> Rows:
    """Return customers with their subscriptions; bigint is a text in PostGraphile."""
    return [
        {
            **edge["node"],
            "subscriptions": [
                {**one["node"], "seats": str(one["node"]["seats"])}
                for one in edge["node"]["subscriptions"]["edges"]
            ],
        }
        for edge in connection["edges"]
    ]


QUESTIONS = (
    Question(
        "reachable first:100",
        f"""{{ offer(catalogId: "{_WIDEST}") {{ ... on Offer {{
          reachable(first: 100) {{ edges {{ node {{ catalogId title commerce }} }} }}
        }} }} }}""",
        f"""{{ catalogOfferByCatalogId(catalogId: "{_WIDEST}") {{
          reachable(first: 100) {{ edges {{ node {{ catalogId title commerce }} }} }}
        }} }}""",
        lambda data: _nodes(data["offer"]["reachable"]),
        lambda data: _nodes(data["catalogOfferByCatalogId"]["reachable"]),
    ),
    Question(
        "paths with steps",
        f"""{{ paths(from: "{_ORIGIN}", to: {{ offer: "{_TARGET}" }}) {{ ... on PathsFound {{
          paths {{ steps {{ kind from {{ title }} to {{ title catalogId }} }} }}
        }} }} }}""",
        f"""{{ shortestPath(fromOffer: "{_ORIGIN}", toOffer: "{_TARGET}") {{ nodes {{
          kind
          from: catalogOfferByOrigin {{ title }}
          to: catalogOfferByTarget {{ title catalogId }}
        }} }} }}""",
        lambda data: list(data["paths"]["paths"][0]["steps"]),
        lambda data: list(data["shortestPath"]["nodes"]),
    ),
    Question(
        "20 customers with subscriptions",
        """{ customers(first: 20) { edges { node { name market
          subscriptions(first: 50) { edges { node { title state seats autoRenews } } }
        } } } }""",
        """{ allCustomers(first: 20, orderBy: [NAME_ASC, CUSTOMER_ID_ASC]) { edges { node {
          name market
          subscriptions: holdingLinesByPartnerIdAndCustomerId(
            first: 50, condition: { isForeign: false }, orderBy: [TITLE_ASC, SUBSCRIPTION_ID_ASC]
          ) { edges { node { title state seats autoRenews } } }
        } } } }""",
        lambda data: _customers(data["customers"]),
        lambda data: _customers(data["allCustomers"]),
        is_kept=False,
    ),
)
