"""What `explain` asks and shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from offerpath.cli import answers
from offerpath.cli.catalog import tables
from offerpath.cli.exits import Exit, Missing
from offerpath.cli.terminal import show, show_document, show_json
from offerpath.house import House
from planner.catalog import Catalog
from planner.edges import Pair
from planner.explaining.changes import Opening
from planner.explaining.explain import Explanation, Frontier
from planner.explaining.text import mermaid, text_lines
from planner.ids import CatalogId
from planner.paths import PathsFound
from planner.transitions import TransitionKind
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.catalog.explain import explain_paths
from resolvers.catalog.moves import GoalRequest, ScopeRequest
from resolvers.codes.code import Code
from resolvers.problems import BadInput, NotFound


class Shown(Enum):
    """The three forms of an answer."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """What `explain` was asked; every offer's id is well-formed."""

    origin: CatalogId
    goal: GoalRequest
    scope: ScopeRequest
    via: tuple[CatalogId, ...]


def shown_as(*, as_json: bool, as_mermaid: bool) -> Shown:
    """Raises: BadInput where both are asked for."""
    if as_json and as_mermaid:
        raise BadInput(
            Code.USAGE, "--json and --mermaid exclude each other; --json has the drawing"
        )
    if as_json:
        return Shown.JSON
    return Shown.MERMAID if as_mermaid else Shown.TEXT


def goal_of(target: str | None, product: str | None, services: Sequence[str]) -> GoalRequest:
    """Return the one goal that was named. Raises: BadInput GOAL_MISSING, MALFORMED_ID."""
    if sum((target is not None, product is not None, bool(services))) != 1:
        raise BadInput(Code.GOAL_MISSING, "name one goal: --to, --product or --services")
    if product is not None:
        return GoalRequest(product=product)
    if target is None:
        plans = tuple(inputs.guid(text, what="service plan") for text in services)
        return GoalRequest(service_plans=plans)
    if target.lower() == "any":
        return GoalRequest(any_new_commerce=True)
    return GoalRequest(offer=inputs.catalog_id(target))


def of_kinds(scope: ScopeRequest, kinds: Sequence[TransitionKind] | None) -> ScopeRequest:
    return replace(scope, kinds=tuple(kinds)) if kinds else scope


def explain_request(
    origin: str, goal: GoalRequest, scope: ScopeRequest, *, via: Iterable[str]
) -> ExplainRequest:
    """Check what needs no catalog, before anything is started. Raises: BadInput."""
    passed = tuple(inputs.catalog_id(text) for text in via)
    return ExplainRequest(inputs.catalog_id(origin), goal, scope, passed)


async def answer_explain(house: House, *, request: ExplainRequest, how: Shown) -> Exit:
    asked = await house.asked()
    found = explain_paths(asked, request.origin, request.goal, request.scope, via=request.via)
    if isinstance(found, NotFound):
        raise Missing(found)
    if how is Shown.JSON:
        show_json(_answer(asked, request, found))
    elif isinstance(found, PathsFound):
        show(*tables.paths(asked.catalog, found))
    elif how is Shown.MERMAID:
        # Not over the table printer: it wraps lines, and a drawing's lines are whole.
        show_document(mermaid(asked.catalog, found) + "\n")
    else:
        show(*text_lines(asked.catalog, found))
    return Exit.NO if isinstance(found, Explanation) else Exit.ANSWERED


def _answer(asked: Asked, request: ExplainRequest, found: Explanation | PathsFound) -> answers.Json:
    """Return paths or an explanation; exactly one of the two is not null."""
    told: answers.Json = {"from": request.origin, "found": None, "explanation": None}
    if isinstance(found, PathsFound):
        told["found"] = answers.paths_answer(asked.catalog, found)
    else:
        told["explanation"] = _explanation(asked.catalog, found)
    return answers.asked_of(asked, request.scope.at) | told


def _explanation(catalog: Catalog, told: Explanation) -> answers.Json:
    changes = told.changes
    return {
        "verdict": told.verdict,
        "message": told.no_path.message,
        "goalCount": len(told.goals),
        "nodes": [answers.plain(node) for node in told.nodes],
        "frontier": _frontier(catalog, told.frontier),
        "openings": [_opening(catalog, opening) for opening in changes.openings],
        "tried": changes.tried,
        "isExhaustive": changes.is_exhaustive,
        "text": list(text_lines(catalog, told)),
        "mermaid": mermaid(catalog, told),
    }


def _frontier(catalog: Catalog, frontier: Frontier) -> answers.Json:
    return {
        "reached": answers.references(catalog, frontier.reached),
        "ends": answers.references(catalog, frontier.ends),
        "entries": answers.references(catalog, frontier.entries),
        "entryCount": frontier.entry_count,
        "refused": [
            _ends(catalog, move.pair)
            | {"kind": move.transition.kind, "refusals": list(move.refusals)}
            for move in frontier.refused
        ],
        "denied": [_ends(catalog, pair) for pair in frontier.denied],
        "unknown": [
            _ends(catalog, (move.origin, move.target)) | {"kind": move.kind}
            for move in frontier.unknown
        ],
        "unknownCount": frontier.unknown_count,
    }


def _ends(catalog: Catalog, pair: Pair) -> answers.Json:
    origin, target = pair
    return {
        "from": answers.reference(catalog, origin),
        "to": answers.reference(catalog, target),
    }


def _opening(catalog: Catalog, opening: Opening) -> answers.Json:
    return {
        "exactness": opening.exactness,
        "changes": [answers.plain(change) for change in opening.changes],
        "assumed": None if opening.assumed is None else _ends(catalog, opening.assumed),
        "path": None if opening.path is None else answers.path_answer(catalog, opening.path),
    }
