"""Why there is no path to a goal, and which fewest changes of the question open one."""

from collections.abc import Callable, Sequence

from planner.catalog import UnknownOffer
from planner.explaining.explain import Explanation, explain
from planner.goals import UnknownProduct, UnknownServicePlan
from planner.paths import PathQuestion, PathsFound
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.catalog.moves import GoalRequest, ScopeRequest, goal_of, scope_of
from resolvers.codes.code import Code
from resolvers.problems import BadInput, NotFound, goal_not_found, limits, offer_not_found

MAX_VIA = 20
"""How many offers to pass a question may name: sets of changes grow with them."""
MAX_AVOIDED = 50


def explain_paths(
    asked: Asked,
    origin: str,
    goal: GoalRequest,
    request: ScopeRequest,
    *,
    first: int = 3,
    via: Sequence[str] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> Explanation | PathsFound | NotFound:
    """Return why there is no path, or the `first` best paths where there are some.

    Raises: BadInput, also TOO_MANY_OFFERS for more than 20 offers to pass or 50 to avoid.
    """
    _few(via, "pass", MAX_VIA)
    _few(request.avoid, "avoid", MAX_AVOIDED)
    question = PathQuestion(
        origin=inputs.catalog_id(origin),
        goal=goal_of(goal),
        scope=scope_of(asked, request),
        first=first,
        via=frozenset(inputs.catalog_id(text) for text in via),
    )
    try:
        return explain(asked.catalog, question, stopped=stopped)
    except UnknownOffer as error:
        return offer_not_found(error.catalog_id)
    except (UnknownProduct, UnknownServicePlan) as error:
        return goal_not_found(error)


def _few(offers: Sequence[str], what: str, most: int) -> None:
    if len(offers) > most:
        raise BadInput(
            Code.TOO_MANY_OFFERS,
            f"{len(offers)} offers to {what} are more than {most}",
            remedy="Name fewer offers",
            parameters=limits("via" if what == "pass" else what, len(offers), maximum=most),
        )
