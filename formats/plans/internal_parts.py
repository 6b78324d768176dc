"""What a plan's internal document has on top: calls, batch rows, how it was found, sources."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping

from formats.plans.markdown_text import bullets, fence, heading, paragraph, table
from formats.plans.sources import sources_of
from formats.plans.voice import Paper
from planner.plans.search.money import MonthlyPrice
from planner.plans.told.steps import AlternativePlan, ApiCall, Json, PlanStep


def internal_parts(paper: Paper) -> Iterator[str]:
    """Yield the sections that are for ourselves alone."""
    yield heading(2, "Steps in detail")
    yield _details(paper) if paper.plan.steps else paragraph("None.")
    yield from _calls(paper)
    yield from _batches(paper)
    yield heading(2, "How it was found")
    yield bullets(_found(paper))
    yield heading(2, "Sources")
    yield bullets(_sources(paper))


_DETAILS = (
    "Step",
    "Kind",
    "Subscription",
    "From",
    "To",
    "Readiness",
    "Evidence",
    "Retail",
    "Source",
)


def _details(paper: Paper) -> str:
    columns = (
        "Step",
        "Kind",
        "Subscription",
        "From",
        "To",
        "Readiness",
        "Evidence",
        "Retail",
        "Source",
    )
    steps = enumerate(paper.plan.steps, start=1)
    return table(columns, (_detail(place, step) for place, step in steps))


def _detail(place: int, step: PlanStep) -> tuple[str, ...]:
    return (
        str(place),
        step.kind.value,
        step.subscription_id or "the customer",
        step.origin or "",
        step.target or "",
        step.readiness.value,
        step.evidence.name if step.evidence else "",
        _retail(step.price_before, step.price_after),
        step.source,
    )


def _retail(before: MonthlyPrice | None, after: MonthlyPrice | None) -> str:
    """Return retail for a month before and after; nothing where neither is known."""
    return "" if before is None and after is None else f"{_price(before)} -> {_price(after)}"


def _price(price: MonthlyPrice | None) -> str:
    return "not known" if price is None else f"{price.amount} {price.currency}"


def _calls(paper: Paper) -> Iterator[str]:
    calls = [(place, step.call) for place, step in enumerate(paper.plan.steps, 1) if step.call]
    if calls:
        yield heading(2, "Calls")
    for place, call in calls:
        yield paragraph(f"Step {place}. {call.note}".strip())
        yield fence("http", _request(call))


def _request(call: ApiCall) -> str:
    line = f"{call.method} {call.path}"
    return line if call.body is None else f"{line}\n\n{json.dumps(plain(call.body), indent=2)}"


def plain(value: Json) -> object:
    """Return a body as the json module writes it: mappings as dicts, tuples as lists."""
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    return [plain(member) for member in value] if isinstance(value, tuple) else value


def _batches(paper: Paper) -> Iterator[str]:
    """Yield the rows of Microsoft's batch tool, a table for each file."""
    files: dict[str, list[tuple[tuple[str, str], ...]]] = defaultdict(list)
    for step in paper.plan.steps:
        for row in step.batch_rows:
            files[row.file].append(row.columns)
    if files:
        yield heading(2, "Rows of the batch migration tool")
    for file, rows in sorted(files.items()):
        yield paragraph(file)
        names = [name for name, _ in rows[0]]
        yield table(names, ([value for _, value in row] for row in rows))


def _found(paper: Paper) -> Iterator[str]:
    plan = paper.plan
    yield f"Made at {plan.at.isoformat()}, {plan.exactness.value}, merit {_numbers(plan.merit)}"
    for one in plan.components:
        why = f" because of {', '.join(one.because)}" if one.because else ""
        yield (
            f"{', '.join(one.subscription_ids)}: {one.exactness.value} after {one.states} of at "
            f"most {one.bound} states{why}"
        )
    for other in plan.alternatives:
        kinds = ", ".join(step.kind.value for step in other.steps)
        told = f"Another way for {', '.join(other.subscription_ids)}: {other.trade_off} ({kinds})"
        yield f"{told}{_prices(other)}"


def _prices(other: AlternativePlan) -> str:
    """Say what a way that gives up seats costs beside the plan's; empty where neither is known."""
    if other.price_in_plan is None and other.price_then is None:
        return ""
    prices = (
        "not known" if one is None else f"{one.amount} {one.currency}"
        for one in (other.price_then, other.price_in_plan)
    )
    return f", retail a month {' instead of '.join(prices)}"


def _numbers(merit: tuple[int, ...]) -> str:
    return ", ".join(map(str, merit))


def _sources(paper: Paper) -> Iterator[str]:
    yield f"Catalog {paper.catalog.content_hash}"
    known = {one.source_id: one for one in paper.catalog.facts.sources}
    for source in sorted(set(sources_of(paper.plan, paper.baseline)) - {""}):
        one = known.get(source)
        yield f"{source}: {one.title}" if one else source
