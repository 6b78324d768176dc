"""What `plan make` asks and shows: the plan of a customer, saved or not."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from offerpath.cli import answers, options
from offerpath.cli.customers.whose import customer_named
from offerpath.cli.exits import CannotPlan, Exit, Missing
from offerpath.cli.plans import tables as plan_tables
from offerpath.cli.plans.plan_json import plan_answer
from offerpath.cli.terminal import show, show_document, show_json
from offerpath.house import House
from planner.customers import Customer
from planner.plans.plan import DEFAULT_STATES
from planner.plans.saved.content import content_hash
from planner.plans.search.acts import StepKind
from planner.plans.search.solution import Status
from planner.plans.told.steps import Plan
from planner.rules import Choices
from planner.scope import Scope
from resolvers import inputs
from resolvers.asked import Asked
from resolvers.catalog.moves import GoalRequest, ScopeRequest
from resolvers.codes.code import Code
from resolvers.customers.baseline import baseline_for
from resolvers.customers.suppositions import WhatIfRequest
from resolvers.plan_writer import Audience, told_as_supposed
from resolvers.plans.merit import Weighing
from resolvers.plans.plans import PlanMade, plan_for, save_plan
from resolvers.plans.refusals import PlanRefused, what_if_not_saved
from resolvers.plans.requests import NotSupposed, PlanGoalRequest, PlanRequest
from resolvers.problems import BadInput, NotFound
from resolvers.records.plans import SavedPlan

_PRODUCT = "product:"


class Form(Enum):
    """The forms of an answer about one plan."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    INTERNAL_MARKDOWN = "internal markdown"


def form_of(*, as_json: bool, as_markdown: bool, internal: bool) -> Form:
    """Raises: BadInput where the options do not go together."""
    if as_json and as_markdown:
        raise BadInput(Code.USAGE, "--json and --markdown exclude each other")
    if internal and not as_markdown:
        raise BadInput(Code.USAGE, "--internal says which document --markdown writes; give both")
    if as_json:
        return Form.JSON
    if as_markdown:
        return Form.INTERNAL_MARKDOWN if internal else Form.MARKDOWN
    return Form.TEXT


def plan_request(
    scope: ScopeRequest,
    goals: Sequence[str],
    seats: Sequence[str],
    *,
    parts: Sequence[str] = (),
    choices: Choices,
    without: Sequence[str] = (),
    states: int | None = None,
    what_if: WhatIfRequest | None = None,
    and_others: bool = False,
) -> PlanRequest:
    """Read `GUID=OFFER` and `GUID=SEATS`; both of one subscription are one goal. Raises: BadInput.

    The same subscription with two offers, or with two numbers, stays two goals, which are refused.
    """
    wanted = [*map(_goal, goals)]
    for one in (*map(_part, parts), *map(_seats, seats)):
        place = _place(wanted, one)
        if place is None:
            wanted.append(one)
        else:
            told = {"seats": one.seats} if one.part is None else {"part": one.part}
            wanted[place] = replace(wanted[place], **told)
    return PlanRequest(
        scope,
        tuple(wanted) or None,
        choices,
        tuple(map(_kind, without)),
        DEFAULT_STATES if states is None else states,
        what_if,
        and_others,
    )


def check_kept(request: PlanRequest, *, save: bool, note: str) -> None:
    """Refuse early to keep a plan that would be refused, or a note of none.

    Raises: BadInput WHAT_IF_NOT_SAVED, USAGE.
    """
    if note and not save:
        raise BadInput(Code.USAGE, "--note is kept with a saved plan: give --save too")
    if save and request.supposes:
        refused = what_if_not_saved()
        raise BadInput(refused.code, refused.message, remedy="Leave out --save or the --if options")


def _place(wanted: Sequence[PlanGoalRequest], given: PlanGoalRequest) -> int | None:
    """Return where the first goal of a subscription stands that has no such number yet."""
    for place, one in enumerate(wanted):
        has_it = one.seats is not None if given.part is None else one.part is not None
        if one.subscription_id == given.subscription_id and not has_it:
            return place
    return None


def _kind(text: str) -> StepKind:
    try:
        return StepKind(text.strip().upper().replace("-", "_"))
    except ValueError:
        known = ", ".join(kind.value for kind in StepKind)
        raise BadInput(
            Code.STEP_KIND_NOT_KNOWN, f"{text[:40]!r} is no kind of step; write one of {known}"
        ) from None


def _goal(text: str) -> PlanGoalRequest:
    subscription, end = options.pair(text, what="--goal", form="GUID=OFFER")
    return PlanGoalRequest(inputs.guid(subscription, what="subscription"), _end(end))


def _end(text: str) -> GoalRequest:
    word = text.lower()
    if word == "any":
        return GoalRequest(any_new_commerce=True)
    if word.startswith(_PRODUCT):
        return GoalRequest(product=text[len(_PRODUCT) :])
    return GoalRequest(offer=inputs.catalog_id(text))


def _seats(text: str) -> PlanGoalRequest:
    subscription, count = options.pair(text, what="--seats", form="GUID=SEATS")
    seats = options.whole_number(count, what="--seats")
    return PlanGoalRequest(inputs.guid(subscription, what="subscription"), None, seats)


def _part(text: str) -> PlanGoalRequest:
    subscription, count = options.pair(text, what="--part", form="GUID=SEATS")
    part = options.whole_number(count, what="--part")
    return PlanGoalRequest(inputs.guid(subscription, what="subscription"), part=part)


async def answer_make(
    house: House, *, customer: str, request: PlanRequest, save: bool, how: Form, note: str = ""
) -> Exit:
    asked = await house.asked()
    owner = await customer_named(asked, customer)
    if save:
        return await _saved(asked, owner, request, how, note)
    made = await plan_for(asked, owner, request)
    match made:
        case PlanMade():
            _show_made(asked, made, how)
            return exit_of(made.plan)
        case NotSupposed():
            raise Missing(made.missing)
        case NotFound():
            raise Missing(made)
        case PlanRefused():
            raise CannotPlan(made)


def _show_made(asked: Asked, made: PlanMade, how: Form) -> None:
    """Write a plan beside the facts that it was made from, and say where some are supposed."""
    owner, told_by = made.given.customer, replace(asked, catalog=made.given.catalog)
    told = told_plan(told_by, owner, made.plan, made.question.scope, made.fingerprint)
    if made.is_supposed and how is Form.TEXT:
        show("The facts are partly supposed; nothing of it is stored.")
    show_plan(told_by, owner, made.plan, told, how, is_supposed=made.is_supposed)


async def _saved(asked: Asked, owner: Customer, request: PlanRequest, how: Form, note: str) -> Exit:
    from offerpath.cli.plans.life_answers import show_saved

    saved = await save_plan(asked, owner, request, note=note)
    match saved:
        case SavedPlan():
            await show_saved(asked, owner, saved, how)
            return exit_of(saved.plan)
        case NotFound():
            raise Missing(saved)
        case PlanRefused():
            raise CannotPlan(saved)


def exit_of(plan: Plan) -> Exit:
    """A goal that is not met is a no."""
    met = all(outcome.status is Status.MET for outcome in plan.outcomes)
    return Exit.ANSWERED if met else Exit.NO


def told_plan(
    asked: Asked, owner: Customer, plan: Plan, scope: Scope, fingerprint: str
) -> answers.Json:
    """Return the JSON of a plan beside its customer and its fingerprint."""
    weighing = Weighing(scope.profile, scope.policy)
    return answers.asked_of(asked, plan.at) | {
        "customer": answers.customer_answer(owner),
        "fingerprint": fingerprint,
        "contentHash": content_hash(plan),
        "plan": plan_answer(asked.catalog, plan, weighing),
    }


def show_plan(
    asked: Asked,
    owner: Customer,
    plan: Plan,
    told: answers.Json,
    how: Form,
    *,
    is_supposed: bool = False,
) -> None:
    """Write a plan in one of its forms."""
    match how:
        case Form.JSON:
            show_json(told)
        case Form.TEXT:
            show(*plan_tables.plan(asked.catalog, owner, plan))
            show(f"fingerprint {told['fingerprint']}")
        case Form.MARKDOWN | Form.INTERNAL_MARKDOWN:
            write_document(asked, owner, plan, how, is_supposed=is_supposed)


def write_document(
    asked: Asked, owner: Customer, plan: Plan, how: Form, *, is_supposed: bool = False
) -> None:
    # Loaded where a document is asked for: other commands start faster.
    from formats.plans.markdown import plan_markdown

    internal = how is Form.INTERNAL_MARKDOWN
    told = baseline_for(asked, owner, at=plan.at)
    audience = Audience.INTERNAL if internal else Audience.CUSTOMER
    # Not over the table printer: it wraps lines, and a document's lines are whole.
    document = plan_markdown(asked.catalog, owner, plan, told, audience=audience)
    show_document(told_as_supposed(document) if is_supposed else document)
