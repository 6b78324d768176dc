"""Plans whose every text a test can choose, and a reader of the Markdown that they become."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from formats.plans.markdown import plan_markdown
from planner.baselines.baseline import Baseline, baseline
from planner.catalog import Catalog
from planner.customers import Customer, Seller
from planner.offers import Offer, Price, Segment
from planner.plans.plan import make_plan
from planner.plans.told.steps import Plan
from planner.plans.wanted import Wanted
from planner.scope import Scope
from resolvers.plan_writer import Audience
from tests.planner.builders import NOW, catalog, customer, oid, subscription, with_plans

CUSTOMER_ID = "7d0c1f8e-52a4-4d38-9f55-4f6b2f0f9a11"
PARTNER_TENANT = "0b7e5a39-6f7c-4c43-8d6e-2f1f0f5e77aa"
SERVICES = {"A": "MAIL", "a": "MAIL CHAT", "B": "PHONE FAX", "C": "PHONE", "c": "PHONE CHAT"}
MOVES = "B>C upgrade matrix, C>c migration derived, A>a migration documented"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a case, by who wrote them."""

    customer: str = "Contoso"
    friendly: str = "the big one"
    foreign: str = "POWER_BI"
    titles: Mapping[str, str] = field(default_factory=dict)
    """Offers' titles by letter."""
    price: Decimal = Decimal("4321.87")


@dataclass(frozen=True, slots=True)
class PlanCase:
    """A plan with everything that its document is made from."""

    catalog: Catalog
    customer: Customer
    plan: Plan
    baseline: Baseline

    def markdown(self, audience: Audience = Audience.CUSTOMER) -> str:
        return plan_markdown(
            self.catalog, self.customer, self.plan, self.baseline, audience=audience
        )


def case(texts: Texts = Texts()) -> PlanCase:
    """Return a customer with a young subscription, one of two moves, and one of another seller."""
    return planned(_catalog(texts), _customer(texts))


def planned(made: Catalog, owner: Customer) -> PlanCase:
    """Return the case of a customer's plan."""
    plan = make_plan(made, owner, Wanted(Scope(NOW)))
    return PlanCase(made, owner, plan, baseline(made, owner, at=NOW))


def _catalog(texts: Texts) -> Catalog:
    rows = with_plans(SERVICES)
    offers = [one for one in rows["offers"] if isinstance(one, Offer)]
    titled = [
        replace(one, title=texts.titles.get(letter, one.title))
        for letter, one in zip(SERVICES, offers, strict=True)
    ]
    prices = [_price(letter, texts.price) for letter in SERVICES]
    return catalog(MOVES, **{**rows, "offers": titled, "prices": prices})


def _price(letter: str, amount: Decimal) -> Price:
    segment = Segment.COMMERCIAL
    return Price(
        oid(letter), segment, "P1Y", "Monthly", "US", "USD", amount, None, None, "our_list"
    )


_TERM: dict[str, Any] = {"last_day": date(2027, 3, 9), "term": "P1Y", "auto_renews": True}


def _customer(texts: Texts) -> Customer:
    young = subscription("A", 20, number=1)
    other = subscription("B", 30, number=2)
    foreign = subscription("b", 5, number=3, seller=Seller.ANOTHER_PARTNER)
    held = (
        replace(young, created=NOW, friendly_name=texts.friendly, **_TERM),
        replace(other, partner_of_record="99887766", last_day=date(2027, 5, 1), term="P1Y"),
        replace(foreign, title=texts.foreign, seller_tenant_id=PARTNER_TENANT),
    )
    return replace(customer(*held), customer_id=CUSTOMER_ID, name=texts.customer)


class Read:
    """A document as a Markdown reader sees it."""

    def __init__(self, text: str) -> None:
        self.tokens = MarkdownIt("commonmark").enable("table").parse(text)

    @property
    def headings(self) -> list[str]:
        return [self._text(place + 1) for place in self._places("heading_open")]

    @property
    def tables(self) -> list[list[list[str]]]:
        """The tables in order, each as its rows of cells, the header first."""
        found: list[list[list[str]]] = []
        for place, token in enumerate(self.tokens):
            if token.type == "table_open":
                found.append([])
            elif token.type == "tr_open":
                found[-1].append([])
            elif token.type in ("th_open", "td_open"):
                found[-1][-1].append(self._text(place + 1))
        return found

    @property
    def kinds(self) -> set[str]:
        """The kinds of everything in it, what stands inside lines included."""
        inside = (child for token in self.tokens for child in token.children or ())
        return {token.type for token in (*self.tokens, *inside)}

    @property
    def fences(self) -> list[Token]:
        return [token for token in self.tokens if token.type == "fence"]

    def _places(self, kind: str) -> Iterator[int]:
        yield from (place for place, token in enumerate(self.tokens) if token.type == kind)

    def _text(self, place: int) -> str:
        return "".join(child.content for child in self.tokens[place].children or ())


_NODE = re.compile(r'  (\w+)\["([^"\[\]{}|<>]*(?:<br/>[^"\[\]{}|<>]*)*)"\](:::others)?')
_ARROW = re.compile(r"  (\w+) --> (\w+)")
_ENTITY = re.compile(r"#(\d+);")


def drawn(text: str) -> tuple[dict[str, list[str]], set[tuple[str, str]]]:
    """Return a drawing's nodes with their lines and its arrows; anything else fails."""
    first, *lines, last = text.strip("\n").split("\n")
    assert (first, last) == ("flowchart TD", "  classDef others stroke-dasharray:6 3")
    nodes: dict[str, list[str]] = {}
    arrows: set[tuple[str, str]] = set()
    for line in lines:
        if node := _NODE.fullmatch(line):
            nodes[node[1]] = [_decoded(part) for part in node[2].split("<br/>")]
        else:
            arrow = _ARROW.fullmatch(line)
            assert arrow is not None, line
            arrows.add((arrow[1], arrow[2]))
    return nodes, arrows


def _decoded(label: str) -> str:
    return _ENTITY.sub(lambda found: chr(int(found[1])), label)
