"""What the planner says, in the words of the scenario files and no more than a file speaks of."""

import re
from collections.abc import Iterable, Iterator

from planner.baselines.baseline import BaselineEvent
from planner.blockers import Blocker
from planner.catalog import Catalog
from planner.no_path import NoPath
from planner.paths import Path, PathsFound
from planner.plans.told.steps import Outcome, PlanStep
from tests.scenarios.expected import Ending, Event, Finding, Part, Step, Way
from tests.scenarios.given_catalog import id_of


def place_of(subscription_id: str) -> int | None:
    """Return a subscription's place in the file; None for what is not one of the file's."""
    head, _, tail = subscription_id.partition("-")
    return int(head, 16) if tail == "0000-4000-8000-000000000000" else None


def way(found: Path, wanted: Way) -> Way:
    steps = tuple(Step(kind=one.transition.kind, to=one.transition.target) for one in found.steps)
    claims = found.steps[0].transition.claims
    return Way(
        steps=steps,
        readiness=found.readiness if wanted.readiness else None,
        conditions=tuple(one.code for one in found.conditions)
        if wanted.conditions is not None
        else None,
        sources=tuple(claim.source for claim in claims) if wanted.sources is not None else None,
    )


def finding(catalog: Catalog, blocker: Blocker, wanted: Finding | None) -> Finding:
    plans = (plan for evidence in blocker.evidence for plan in evidence.plan_ids)
    sellers = [evidence.seller for evidence in blocker.evidence if evidence.seller]
    said: dict[str, object] = {
        "of": place_of(blocker.subject),
        "seller": sellers[0] if sellers else None,
        "services": tuple(sorted(catalog.service_plans[plan].name for plan in plans)),
        "parameters": dict(blocker.parameters),
        "remedies": tuple(f"{one.action.value} by {one.actor.value}" for one in blocker.remedies),
        "clears_on": blocker.clears_on,
        "alternatives": blocker.alternatives,
        "partner_center": tuple(f"{code.api} {code.number}" for code in blocker.partner_center),
    }
    told = {"code": blocker.code, "severity": blocker.severity}
    return Finding.model_validate(told | _spoken_of(said, wanted))


def event(happens: BaselineEvent, wanted: Event | None) -> Event:
    after, to_act = happens.after, happens.last_day_to_act
    said: dict[str, object] = {
        "severity": happens.severity,
        "of": place_of(happens.subscription_id),
        "certainty": happens.certainty,
        "last_day_to_act": to_act.day if to_act else None,
        "surcharge": happens.surcharge,
        "becomes": after.catalog_id if after else None,
        "unknown": happens.unknown,
    }
    told = {"code": happens.code, "day": happens.day}
    return Event.model_validate(told | _spoken_of(said, wanted))


def ending(outcome: Outcome, wanted: Ending | None) -> Ending:
    said: dict[str, object] = {
        "reached": outcome.reached,
        "seats": outcome.seats,
        "ends_on": outcome.ends_on,
        "stopped_by": tuple(dict.fromkeys(one.code for one in outcome.blockers)),
        "verdict": outcome.no_path.verdict if outcome.no_path else None,
    }
    place = place_of(outcome.goal.subscription_id)
    told = {"of": place, "status": outcome.status}
    return Ending.model_validate(told | _spoken_of(said, wanted))


def _spoken_of(said: dict[str, object], wanted: Part | None) -> dict[str, object]:
    """Return the parts that the file speaks of; all where it does not expect it at all."""
    given = said.keys() if wanted is None else wanted.model_fields_set
    return {name: value for name, value in said.items() if name in given}


# --- steps of a plan, each a line of words

_STEP = re.compile(
    r"(?P<kind>[A-Z_]+)(?: of (?P<of>\S+))?(?: to (?P<to>\S+))?(?: into (?P<into>\d+))?"
    r"(?: seats (?P<seats>\d+))?(?: on (?P<on>\S+))?(?: effect (?P<effect>\S+))?"
    r"(?: until (?P<until>\S+))?"
)


def steps(done: Iterable[PlanStep], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the plan's steps, each with the parts that the line in its place speaks of."""
    lines = iter(wanted)
    return tuple(_step(one, next(lines, None)) for one in done)


def as_written(line: str) -> str:
    """Return a step of a file with its ids as the catalog has them."""
    found = _parts(line)
    if found.get("to"):
        found["to"] = id_of(found["to"])
    return _line(found)


def _step(step: PlanStep, line: str | None) -> str:
    said = {
        "kind": step.kind.value,
        "of": None if step.subscription_id is None else _name_of(step.subscription_id),
        "to": step.target,
        "into": None if step.into is None else str(place_of(step.into)),
        "seats": None if step.seats_after is None else str(step.seats_after),
        "on": step.earliest.day.isoformat(),
        "effect": None if step.takes_effect is None else step.takes_effect.isoformat(),
        "until": None if step.latest is None else step.latest.day.isoformat(),
    }
    given = said if line is None else {"kind": "", **_parts(line)}
    return _line({name: value for name, value in said.items() if value and name in given})


def _name_of(subscription_id: str) -> str:
    place = place_of(subscription_id)
    return "new" if place is None else str(place)


def _parts(line: str) -> dict[str, str]:
    found = _STEP.fullmatch(line)
    assert found, f"a step reads KIND of N to OFFER into N seats N on DAY until DAY, not {line!r}"
    return {name: value for name, value in found.groupdict().items() if value is not None}


def _line(parts: dict[str, str]) -> str:
    return " ".join(_words(parts))


def _words(parts: dict[str, str]) -> Iterator[str]:
    for name, value in parts.items():
        yield value if name == "kind" else f"{name} {value}"


# --- words that must be said


def words_of(answer: PathsFound | NoPath) -> str:
    if isinstance(answer, NoPath):
        return " ".join(f"{cause.message} {cause.remedy}" for cause in answer.causes)
    return " ".join(
        f"{found.message} {found.source}" for path in answer.paths for found in path.conditions
    )


def words_of_blocker(blocker: Blocker) -> str:
    """Return all that a finding says: its own words, its evidence and its remedies."""
    evidence = (f"{one.message} {one.source or ''}" for one in blocker.evidence)
    remedies = (one.message for one in blocker.remedies)
    return " ".join((blocker.message, blocker.source, *evidence, *remedies))
