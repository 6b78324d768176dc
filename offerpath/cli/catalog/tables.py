"""Answers about offers and paths as tables and sentences for a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from offerpath.cli.terminal import printable
from planner.blockers import Blocker, Severity, Unanswered
from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Customer, HoldingsState, Subscription
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.options import NotInCatalog
from planner.paths import Path, PathsFound
from planner.readiness import Readiness
from resolvers.catalog.moves import ReachPage, ReachRequest
from resolvers.catalog.offers import OfferPage

_SHOWN_OFFERS = 5
"""How many offers a cause names before it counts the rest."""

Parts = Iterator[RenderableType]


def table(*columns: str, rows: Iterable[Sequence[str]]) -> Table:
    """Return a plain table; columns in capitals, such as ids, stay whole where there is room."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        made.add_column(column, no_wrap=column.isupper(), overflow="fold")
    for row in rows:
        made.add_row(*(_cell(text) for text in row))
    return made


def _cell(text: str) -> Text:
    """Return text that is no markup, and that a table too wide for its place folds, not cuts."""
    return Text(printable(text), no_wrap=False, overflow="fold")


def named(catalog: Catalog, catalog_id: CatalogId) -> str:
    """Return an offer as title and id."""
    offer = catalog.offers.get(catalog_id)
    return f"{offer.title} ({catalog_id})" if offer else catalog_id


def offers(page: OfferPage) -> Parts:
    if not page.offers:
        yield "No offer matches."
        return
    yield table(
        "OFFER",
        "Title",
        "COMMERCE",
        "SEGMENT",
        "ADD-ON",
        rows=(
            (
                offer.catalog_id,
                offer.title,
                offer.commerce.value,
                offer.segment.value if offer.segment else "not known",
                offer.is_addon.value.lower(),
            )
            for offer in page.offers
        ),
    )
    yield from more(len(page.offers), page.total)


def more(shown: int, total: int) -> Parts:
    """Say where a list goes on."""
    if shown < total:
        yield f"{shown} of {total}; --first shows more (at most 200)"


def reachable(catalog: Catalog, request: ReachRequest, page: ReachPage) -> Parts:
    offer = named(catalog, request.offer)
    if not page.paths:
        yield f"Nothing reaches {offer}." if request.reverse else f"{offer} reaches nothing."
        return
    ends = [path.origin if request.reverse else path.target for path in page.paths]
    yield (
        f"{page.total} offers reach {offer}"
        if request.reverse
        else (f"{offer} reaches {page.total} offers")
    )
    yield table(
        "OFFER",
        "Title",
        "STEPS",
        "READINESS",
        "Way",
        rows=(
            (end, catalog.offers[end].title, str(path.cost.steps), path.readiness.value, way(path))
            for end, path in zip(ends, page.paths, strict=True)
        ),
    )
    yield from more(len(page.paths), page.total)


def way(path: Path) -> str:
    """Return the kinds of a path's moves in order."""
    return ", ".join(step.transition.kind.value for step in path.steps)


def paths(catalog: Catalog, answer: PathsFound | NoPath) -> Parts:
    if isinstance(answer, NoPath):
        yield from no_path(catalog, answer)
        return
    for rank, path in enumerate(answer.paths, start=1):
        yield f"{rank}. {path_line(catalog, path)}"
        yield path_table(catalog, path)
        yield from conditions(path.conditions)
        yield ""
    if answer.has_more:
        yield "There are more paths; --first shows them."


def path_line(catalog: Catalog, path: Path, readiness: Readiness | None = None) -> str:
    """Return a path in one line: where it leads, how long it is, how ready it or its way is."""
    steps = counted(path.cost.steps, "step")
    return f"{named(catalog, path.target)}: {steps}, {(readiness or path.readiness).value}"


def path_table(catalog: Catalog, path: Path) -> Table:
    rows = []
    for number, step in enumerate(path.steps, start=1):
        move = step.transition
        evidence = f"{move.evidence.name}, {move.claims[0].source}"
        how = f"{move.kind.value} ({move.execution.value})"
        rows.append((str(number), move.target, catalog.offers[move.target].title, how, evidence))
    return table(" #", "TO", "Title", "How", "Evidence", rows=rows)


def conditions(found: Sequence[Blocker]) -> Parts:
    """Yield findings heaviest first, each once, with their evidence and remedies."""
    heaviest_first = sorted(found, key=lambda one: tuple(Severity).index(one.severity))
    seen = dict.fromkeys(heaviest_first)
    for one in seen:
        when = f" Clears on {one.clears_on.isoformat()}." if one.clears_on else ""
        yield f"   {one.severity.value} {one.code}: {one.message}.{when}".replace("..", ".")
        for fact in one.evidence:
            yield f"      because: {fact.message}"
        for remedy in one.remedies:
            role = f", {remedy.role}" if remedy.role else ""
            yield f"      remedy ({remedy.actor.value}{role}): {remedy.message}"
        if one.alternatives:
            yield f"      instead: {', '.join(other.value for other in one.alternatives)}"


def unanswered(found: Sequence[Unanswered]) -> Parts:
    for one in found:
        yield f"   UNKNOWN {one.rule}: {one.message} (needs {', '.join(one.fields)})"
        for remedy in one.remedies:
            yield f"      remedy ({remedy.actor.value}): {remedy.message}"


def customer_lines(customer: Customer) -> Parts:
    """Yield who it is, how much of what it holds is loaded, and whether that is nothing of ours."""
    held = customer.holdings
    yield (
        f"{customer.name} ({customer.customer_id}), market {customer.market or 'not known'}; "
        f"own subscriptions {held.own_state.value}, others' {held.foreign_state.value}"
    )
    if held.own_state is HoldingsState.NOT_LOADED:
        yield "Nothing of what it holds with us is loaded: import its subscriptions."
    elif not held.own:
        yield "It holds nothing with us."


def subscription_line(held: Subscription) -> str:
    seats = "seats not known" if held.seats is None else counted(held.seats, "seat")
    return f"{held.title or 'Subscription'} ({held.subscription_id}), {held.state.value}, {seats}"


def of_subscriptions(customer: Customer, told: Iterable[tuple[Subscription, Parts]]) -> Parts:
    """Yield a customer and below it what is told of each subscription."""
    yield from customer_lines(customer)
    for held, parts in told:
        yield ""
        yield subscription_line(held)
        yield from parts


def not_in_catalog(found: NotInCatalog) -> Parts:
    yield f"   NOT_IN_CATALOG: {found.message}"
    yield f"      remedy: {found.remedy}"


def no_path(catalog: Catalog, answer: NoPath) -> Parts:
    yield f"{answer.verdict.value}: {answer.message}."
    for cause in answer.causes:
        yield f"   {cause.code}: {cause.message}"
        if cause.offers:
            shown = "; ".join(named(catalog, offer) for offer in cause.offers[:_SHOWN_OFFERS])
            rest = len(cause.offers) - _SHOWN_OFFERS
            yield f"      at: {shown}" + (f" and {rest} more" if rest > 0 else "")
        if cause.sources:
            yield f"      sources: {', '.join(cause.sources)}"
        if cause.remedy:
            yield f"      remedy: {cause.remedy}"
