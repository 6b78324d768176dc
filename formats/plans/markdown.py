"""A plan as a document in Markdown: for the customer, or with everything for ourselves."""

from collections.abc import Iterable, Iterator

from formats.plans.asked import asked, warning
from formats.plans.commitments import SOURCE, commitments
from formats.plans.customer_voice import CustomerVoice
from formats.plans.internal_parts import internal_parts
from formats.plans.internal_voice import InternalVoice
from formats.plans.markdown_text import bullets, fence, heading, paragraph
from formats.plans.mermaid import plan_mermaid
from formats.plans.names import without_ids
from formats.plans.services import services
from formats.plans.sources import in_words, sources_of
from formats.plans.summary import summary
from formats.plans.timetable import not_a_wait, side_by_side, timetable
from formats.plans.voice import Paper, Voice, day
from planner.baselines.baseline import Baseline
from planner.catalog import Catalog
from planner.customers import Customer
from planner.plans.told.steps import Plan
from resolvers.plan_writer import Audience, PlanWriter


def plan_markdown(
    catalog: Catalog,
    customer: Customer,
    plan: Plan,
    baseline: Baseline,
    *,
    audience: Audience = Audience.CUSTOMER,
) -> str:
    """Return the document, its last line ended.

    For CUSTOMER it holds titles, days and numbers, and no id, call, price, role of ours or name
    that we gave something. For INTERNAL ids, roles, calls, batch rows, findings and sources come
    on top. The same plan gives the same document.
    """
    paper = Paper(catalog, customer, plan, baseline)
    if audience is Audience.INTERNAL:
        return _joined((*_common(paper, InternalVoice(paper)), *internal_parts(paper)))
    # The voice names no ids; what a name itself contains is left out here once more.
    return without_ids(_joined(_for_customer(paper, CustomerVoice(paper))))


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _for_customer(paper: Paper, voice: CustomerVoice) -> Iterator[str]:
    committed = tuple(commitments(paper, voice))
    yield from _common(paper, voice, warning(paper, voice))
    yield heading(2, "What you commit to")
    yield bullets(committed) or paragraph("Nothing new.")
    yield heading(2, "What we need from you")
    yield bullets(asked(paper, voice)) or paragraph(_little(paper, voice))
    yield from _questions(voice)
    yield heading(2, "Where this comes from")
    sources = (*sources_of(paper.plan, paper.baseline), *((SOURCE,) if committed else ()))
    yield bullets(in_words(paper.catalog, sources))


def _little(paper: Paper, voice: Voice) -> str:
    """Return what is needed of whoever has no step to take: consent, and what it can answer."""
    told = "Nothing but your consent" if paper.plan.steps else "Nothing"
    if not any(voice.questions()):
        return f"{told}."
    joined = ", and" if paper.plan.steps else " but"
    return f"{told}{joined} what you can tell us about the open questions below."


def _common(paper: Paper, voice: Voice, first: str = "") -> Iterator[str]:
    """Yield what both audiences read; `first` is what has to be said before all."""
    yield heading(1, f"Plan for {paper.customer.name.strip() or 'a customer'}")
    if first:
        yield paragraph(first)
    yield paragraph(summary(paper, to_customer=isinstance(voice, CustomerVoice)))
    yield heading(2, "The steps")
    drawn = plan_mermaid(paper.plan.steps, lambda step: _label(paper, voice, step.key))
    yield fence("mermaid", drawn)
    if paper.plan.steps:
        yield timetable(paper, voice)
    yield heading(2, "With the plan, and without it")
    yield side_by_side(paper, voice) if paper.plan.outcomes else paragraph("None is part of it.")
    yield from services(paper, voice)
    if isinstance(voice, InternalVoice):
        yield from _questions(voice)


def _label(paper: Paper, voice: Voice, key: str) -> tuple[str, ...]:
    step = next(step for step in paper.plan.steps if step.key == key)
    return (f"Step {paper.place(key)}", voice.what(step), f"{voice.who(step)}, {_when(paper, key)}")


def _when(paper: Paper, key: str) -> str:
    step = next(step for step in paper.plan.steps if step.key == key)
    until = f" to {day(step.latest.day)}" if step.latest and not_a_wait(step) else ""
    return f"{day(step.earliest.day)}{until}"


def _questions(voice: Voice) -> Iterator[str]:
    yield heading(2, "Open questions")
    yield bullets(dict.fromkeys(voice.questions())) or paragraph("None.")


def _fits() -> PlanWriter:
    """Let mypy hold the document to the port."""
    return plan_markdown
