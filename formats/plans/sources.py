"""Where a plan's statements come from, in words for somebody without our pages and lists."""

import re
from collections.abc import Iterable, Iterator

from formats.plans.names import without_ids
from formats.plans.words import OWN_DERIVATION, SECTIONS, UPGRADE_PAGE
from planner.baselines.baseline import Baseline
from planner.catalog import Catalog
from planner.coverage import Source
from planner.plans.told.steps import Plan

_SECTION_LIST = re.compile(r"docs/sources\.md ((?:\d|, | and | to )+)")
_CALL = re.compile(r"\b(GET|POST|PATCH|PUT) /")
_RANGE = re.compile(r"(\d) to (\d)")


def sources_of(plan: Plan, baseline: Baseline) -> Iterator[str]:
    """Yield the written sources of the steps, of what was found and of the baseline's events."""
    for step in plan.steps:
        yield step.source
        yield from (blocker.source for blocker in step.blockers)
    for outcome in plan.outcomes:
        yield from (blocker.source for blocker in outcome.blockers)
    yield from (event.source for event in baseline.events)


def in_words(catalog: Catalog, sources: Iterable[str]) -> tuple[str, ...]:
    """Return each source once, in order: Microsoft's pages first, then lists by title."""
    written = tuple(dict.fromkeys(sources))
    sections = sorted({each for source in written for each in _sections(source)})
    told = [SECTIONS[each] for each in sections if each in SECTIONS]
    if any("upgrade page" in source for source in written):
        told.insert(0, UPGRADE_PAGE)
    return tuple(dict.fromkeys((*told, *_titles(catalog, written))))


def _sections(source: str) -> Iterator[int]:
    for match in _SECTION_LIST.finditer(source):
        yield from (int(each) for each in re.findall(r"\d", match[1]))
        for first, last in _RANGE.findall(match[1]):
            yield from range(int(first), int(last))


def _title(source: Source) -> str:
    """Return a source's title; a call of an API is no title for somebody who reads a plan."""
    if _CALL.search(source.title) is None:
        return without_ids(source.title)
    dated = f" on {source.dated.isoformat()}" if source.dated else ""
    return f"Partner Center's own answer on what it offers, recorded{dated}"


def _titles(catalog: Catalog, sources: Iterable[str]) -> Iterator[str]:
    """Yield the titles of catalog sources in order; how we derived something is told in one way."""
    named = {part for source in sources for part in source.split(", ")}
    known = {one.source_id: one for one in catalog.facts.sources if one.source_id in named}
    titles = {
        OWN_DERIVATION if source_id.startswith("derived:") else _title(one)
        for source_id, one in known.items()
    }
    yield from sorted(titles)
