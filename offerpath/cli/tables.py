"""Answers about offers and paths as tables and sentences for a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from offerpath.cli.terminal import printable
from planner.blockers import Blocker, Severity, Unanswered
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.no_path import NoPath
from planner.paths import Path, PathsFound
from resolvers.moves import ReachPage, ReachRequest
from resolvers.offers import OfferPage

_SHOWN_OFFERS = 5
"""How many offers a cause names before it counts the rest."""

Parts = Iterator[RenderableType]


def table(*columns: str, rows: Iterable[Sequence[str]]) -> Table:
    """Return a plain table; ids and other columns in capitals stay whole."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        made.add_column(column, no_wrap=column.isupper(), overflow="fold")
    for row in rows:
        made.add_row(*(_plain(cell) for cell in row))
    return made


def _plain(cell: str) -> str:
    """Keep rich from reading a title's brackets as markup."""
    return escape(printable(cell))


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
    yield from _more(len(page.offers), page.total)


def _more(shown: int, total: int) -> Parts:
    if shown < total:
        yield f"{shown} of {total}; --first shows more (at most 200), other words fewer"


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
            (end, catalog.offers[end].title, str(path.cost.steps), path.readiness.value, _way(path))
            for end, path in zip(ends, page.paths, strict=True)
        ),
    )
    yield from _more(len(page.paths), page.total)


def _way(path: Path) -> str:
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


def path_line(catalog: Catalog, path: Path) -> str:
    """Return a path in one line: where it leads, how long it is, how ready."""
    steps = "1 step" if path.cost.steps == 1 else f"{path.cost.steps} steps"
    return f"{named(catalog, path.target)}: {steps}, {path.readiness.value}"


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
