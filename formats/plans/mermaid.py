"""A plan's steps as a Mermaid flowchart: what comes first points to what needs it."""

import re
from collections.abc import Callable, Iterator, Sequence

from formats.plans.markdown_text import one_line
from planner.blockers import Actor
from planner.plans.told.steps import PlanStep

MOST_STEPS = 40
"""How many steps are drawn; Mermaid refuses drawings that are much larger."""
_PLAIN = frozenset(" ,()'/")


def plan_mermaid(steps: Sequence[PlanStep], label: Callable[[PlanStep], Sequence[str]]) -> str:
    """Return a flowchart with one node for each of the first steps, the rest counted.

    `label` gives a node's lines; they are escaped, so that no text can change the drawing. Steps
    that somebody else takes have a dashed border. A plan without steps is one node that says so.
    """
    return "\n".join(_lines(steps, label))


def _lines(steps: Sequence[PlanStep], label: Callable[[PlanStep], Sequence[str]]) -> Iterator[str]:
    yield "flowchart TD"
    if not steps:
        yield '  s0["No steps"]'
    names = {step.key: f"s{place}" for place, step in enumerate(steps[:MOST_STEPS], start=1)}
    for step in steps[:MOST_STEPS]:
        text = "<br/>".join(map(entities, label(step)))
        style = "" if step.actor is Actor.US else ":::others"
        yield f'  {names[step.key]}["{text}"]{style}'
    if len(steps) > len(names):
        yield f'  more["and {len(steps) - len(names)} more"]'
    for step in steps[:MOST_STEPS]:
        for need in step.needs:
            if need in names:
                yield f"  {names[need]} --> {names[step.key]}"
    yield "  classDef others stroke-dasharray:6 3"


def entities(text: str) -> str:
    """Return text as it may stand between a label's quotes.

    Everything but letters, digits and a few signs becomes an entity: quotes end a label, `%%{`
    begins a directive, and a number with a dot would make a list of it.
    """
    return _HYPHEN.sub("-", "".join(map(_entity, one_line(text))))


def _entity(sign: str) -> str:
    return sign if sign.isalnum() or sign in _PLAIN else f"#{ord(sign)};"


_HYPHEN = re.compile(r"(?<=[^\W_])#45;(?=[^\W_])")
"""One inside a word or a day, which may stand as it is; others may begin a list or an arrow."""
