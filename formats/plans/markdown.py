"""A plan as a document in Markdown: for the customer, or with everything for ourselves."""

from collections.abc import Iterable, Iterator

from formats.plans.commitments import SOURCE, commitments
from formats.plans.customer_voice import CustomerVoice
from formats.plans.internal_parts import internal_parts
from formats.plans.internal_voice import InternalVoice
from formats.plans.markdown_text import bullets, fence, heading, paragraph
from formats.plans.mermaid import plan_mermaid
from formats.plans.names import offer_title, without_ids
from formats.plans.services import services
from formats.plans.sources import in_words, sources_of
from formats.plans.timetable import side_by_side, timetable
from formats.plans.voice import Paper, Voice, day, listed
from planner.baselines.baseline import Baseline
from planner.blockers import Actor
from planner.catalog import Catalog
from planner.counting import counted
from planner.customers import Customer
from planner.plans.search.solution import Exactness, Status
from planner.plans.told.length import length_of
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
    yield from _common(paper, voice)
    yield heading(2, "What you commit to")
    yield bullets(committed) or paragraph("Nothing new.")
    yield heading(2, "What we need from you")
    consent = "Nothing but your consent." if paper.plan.steps else "Nothing."
    yield bullets(_wanted(paper, voice)) or paragraph(consent)
    yield from _questions(voice)
    yield heading(2, "Where this comes from")
    sources = (*sources_of(paper.plan, paper.baseline), *((SOURCE,) if committed else ()))
    yield bullets(in_words(paper.catalog, sources))


def _common(paper: Paper, voice: Voice) -> Iterator[str]:
    yield heading(1, f"Plan for {paper.customer.name.strip() or 'a customer'}")
    yield paragraph(summary(paper))
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
    until = f" to {day(step.latest.day)}" if step.latest else ""
    return f"{day(step.earliest.day)}{until}"


def summary(paper: Paper) -> str:
    """Return the whole plan in a few sentences without ids; the goal by its products' titles."""
    return " ".join(_sentences(paper))


def _sentences(paper: Paper) -> Iterator[str]:
    plan = paper.plan
    yield from _goals(paper)
    if plan.steps:
        yield f"It takes {length_of(plan.steps)}, {_span(plan)}."
        theirs = sum(step.actor is not Actor.US for step in plan.steps)
        if theirs:
            yield f"{counted(theirs, 'step is', 'steps are')} for others than us to take."
    else:
        yield "Nothing is to be done."
    if plan.valid_until is not None:
        yield f"After {day(plan.valid_until)} it no longer holds and must be made again."
    if plan.exactness is Exactness.BEST_FOUND:
        yield "It is the best plan found; a better one may exist."
    yield f"It was made for {plan.at:%Y-%m-%d}."


def _goals(paper: Paper) -> Iterator[str]:
    plan = paper.plan
    met = sum(one.status is Status.MET for one in plan.outcomes)
    goal = _reached(paper) if met else "the goal"
    stay = len(plan.outcomes) - met
    if not plan.outcomes:
        yield "No subscription is part of this plan."
    elif not stay:
        yield f"This plan brings {counted(met, 'subscription')} to {goal}."
    else:
        yield f"Of {counted(met + stay, 'subscription')} this plan brings {met} to {goal};"
        yield f"{stay} cannot be moved as things stand."


def _reached(paper: Paper) -> str:
    """Return what the subscriptions that get there become; those that join another come last."""
    ends = [one.reached for one in paper.plan.outcomes if one.status is Status.MET]
    titles = dict.fromkeys(offer_title(paper.catalog, each) for each in ends if each)
    return listed((*titles, *(("another subscription",) if None in ends else ())), most=3)


def _span(plan: Plan) -> str:
    first, last = plan.steps[0].earliest.day, plan.completes_on
    return f"on {day(first)}" if last in (None, first) else f"from {day(first)} to {day(last)}"


def _wanted(paper: Paper, voice: CustomerVoice) -> Iterator[str]:
    for place, step in enumerate(paper.plan.steps, start=1):
        if step.actor in (Actor.CUSTOMER, Actor.ANOTHER_PARTNER):
            until = f", until {day(step.latest.day)}" if step.latest else ""
            yield f"Step {place}: {voice.what(step)}{until}"
    yield from voice.wishes()


def _questions(voice: Voice) -> Iterator[str]:
    yield heading(2, "Open questions")
    yield bullets(dict.fromkeys(voice.questions())) or paragraph("None.")


def _fits() -> PlanWriter:
    """Let mypy hold the document to the port."""
    return plan_markdown
