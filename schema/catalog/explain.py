"""Why there is no path, as GraphQL shows it: numbered causes, the frontier, the fewest changes."""

from typing import Annotated

import strawberry

from planner.catalog import Catalog
from planner.edges import Pair
from planner.explaining import explain as planner
from planner.explaining.candidates import ChangeField
from planner.explaining.changes import Exactness
from planner.explaining.changes import Opening as PlannerOpening
from planner.explaining.gap import RefusedMove as PlannerRefusedMove
from planner.explaining.nodes import Node as PlannerNode
from planner.explaining.text import mermaid, text_lines
from planner.explaining.words import Change as PlannerChange
from planner.no_path import Verdict
from planner.paths import PathsFound as PlannerPathsFound
from planner.transitions import TransitionKind
from resolvers.catalog.explain import explain_paths
from resolvers.problems import NotFound
from schema.answer_codes import CauseCode, StatementCode
from schema.catalog.offer import Offer, offer_of
from schema.catalog.path import Path, PathsFound, show_path, show_paths
from schema.catalog.scope import GoalInput, ScopeInput, read_scope
from schema.catalog.transition import Transition, offers_of, show_transition
from schema.context import Info
from schema.errors.problems import OfferNotFound
from schema.scalars import Day, day_or_none

strawberry.enum(
    ChangeField,
    description=(
        "What a change touches: a part of the question, or what is known (IMPORT_LIST: a list that "
        "is not loaded would have to name the move; ASSUME_MOVE: it is taken for granted)."
    ),
)
strawberry.enum(
    Exactness,
    description=(
        "EXACT: the changes open the path. UPPER_BOUND: they do if a list that is not loaded names "
        "a move that no source claims."
    ),
)


@strawberry.type(description="A move from one offer to another, by its ends alone.")
class MoveEnds:
    value: strawberry.Private[Pair]

    @strawberry.field(name="from", description="Where it begins.")
    def origin(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value[0])

    @strawberry.field(name="to", description="Where it ends.")
    def target(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value[1])


@strawberry.type(description="A fact with its source, or a statement that follows from others.")
class ExplanationNode:
    number: int = strawberry.field(description="From 1; causes come before what follows.")
    code: StatementCode
    statement: str
    because: list[int] = strawberry.field(
        description="The numbers of its causes, all smaller; empty for a fact."
    )
    kind: TransitionKind | None = strawberry.field(
        description="For an absence: the kind of move that no source names."
    )
    sources: list[str]
    remedy: str | None
    opens: Day | None = strawberry.field(description="First day on which it no longer holds.")
    value: strawberry.Private[PlannerNode]

    @strawberry.field(description="The offers that it speaks of, by id.")
    def offers(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value.offers)

    @strawberry.field(description="The moves that it speaks of, by their ends.")
    def moves(self) -> list[MoveEnds]:
        return [MoveEnds(value=pair) for pair in self.value.moves]


@strawberry.type(description="A move that exists and that the question does not allow.")
class RefusedMove:
    refusals: list[CauseCode] = strawberry.field(
        description="Every reason as the code that its cause has; at least one."
    )
    value: strawberry.Private[PlannerRefusedMove]

    @strawberry.field(description="The move.")
    def transition(self) -> Transition:
        return show_transition(self.value.transition, self.value.window)


@strawberry.type(description="A move that no source claims or denies; a list may hold it.")
class UnknownMove:
    kind: TransitionKind
    ends: MoveEnds


@strawberry.type(description="How far the question gets, and from where a goal would be met.")
class Frontier:
    entry_count: int = strawberry.field(description="How many entries there are in all.")
    unknown_count: int = strawberry.field(description="How many unknown moves there are in all.")
    value: strawberry.Private[planner.Frontier]

    @strawberry.field(description="The origin and every offer that it reaches, by id.")
    def reached(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value.reached)

    @strawberry.field(description="Those of them from which nothing allowed leads on.")
    def ends(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value.ends)

    @strawberry.field(
        description="Offers from which a goal is met and that nothing allowed enters; at most 20."
    )
    def entries(self, info: Info) -> list[Offer]:
        return offers_of(info.context.asked.catalog, self.value.entries)

    @strawberry.field(description="Refused moves on any known way to a goal.")
    def refused(self) -> list[RefusedMove]:
        return [
            RefusedMove(refusals=[CauseCode(one.value) for one in move.refusals], value=move)
            for move in self.value.refused
        ]

    @strawberry.field(description="Moves between the two shores that a source denies.")
    def denied(self) -> list[MoveEnds]:
        return [MoveEnds(value=pair) for pair in self.value.denied]

    @strawberry.field(description="Moves between the two shores of which nothing is known.")
    def unknown(self) -> list[UnknownMove]:
        return [
            UnknownMove(kind=move.kind, ends=MoveEnds(value=(move.origin, move.target)))
            for move in self.value.unknown
        ]


@strawberry.type(description="One change of the question, or of what is known.")
class QuestionChange:
    field: ChangeField
    before: str | None = strawberry.field(description="The old value; null where there was none.")
    after: str | None = strawberry.field(description="The new value; null where there is none.")
    message: str = strawberry.field(description="What to do.")


@strawberry.type(description="Changes of which none can be left out, and the path they open.")
class Opening:
    exactness: Exactness
    changes: list[QuestionChange]
    assumed: MoveEnds | None = strawberry.field(
        description="For UPPER_BOUND: the move that no source claims; null where a list would "
        "have to name one of many goals."
    )
    path: Path | None = strawberry.field(description="Null where its end cannot be named.")


@strawberry.type(description="There is no path, and why.")
class Explanation:
    verdict: Verdict
    message: str
    goal_count: int = strawberry.field(description="How many offers meet the goal.")
    tried: int = strawberry.field(description="How many sets of changes were looked at.")
    is_exhaustive: bool = strawberry.field(
        description="Whether `openings` are all; False where the search ended at a limit."
    )
    value: strawberry.Private[planner.Explanation]
    catalog: strawberry.Private[Catalog]

    @strawberry.field(name="from", description="The offer that it was asked for.")
    def origin(self) -> Offer:
        return offer_of(self.catalog, self.value.origin)

    @strawberry.field(description="The tree of causes by number, the conclusion last.")
    def nodes(self) -> list[ExplanationNode]:
        return [_node(node) for node in self.value.nodes]

    @strawberry.field(description="How far it gets, and from where the goal would be met.")
    def frontier(self) -> Frontier:
        told = self.value.frontier
        return Frontier(entry_count=told.entry_count, unknown_count=told.unknown_count, value=told)

    @strawberry.field(description="The fewest changes that open a path, the smallest sets first.")
    def openings(self) -> list[Opening]:
        return [_opening(opening) for opening in self.value.changes.openings]

    @strawberry.field(description="All of it as lines for people, without line ends.")
    def text(self) -> list[str]:
        return list(text_lines(self.catalog, self.value))

    @strawberry.field(description="The frontier as a Mermaid flowchart of at most 30 offers.")
    def mermaid(self) -> str:
        return mermaid(self.catalog, self.value)


ExplainResult = Annotated[
    Explanation | PathsFound | OfferNotFound,
    strawberry.union("ExplainResult", description="Why there is no path, or the paths."),
]


def _node(node: PlannerNode) -> ExplanationNode:
    return ExplanationNode(
        number=node.number,
        code=StatementCode(node.code),
        statement=node.statement,
        because=list(node.because),
        kind=node.kind,
        sources=list(node.sources),
        remedy=node.remedy,
        opens=day_or_none(node.opens),
        value=node,
    )


def _opening(opening: PlannerOpening) -> Opening:
    return Opening(
        exactness=opening.exactness,
        changes=[_change(change) for change in opening.changes],
        assumed=None if opening.assumed is None else MoveEnds(value=opening.assumed),
        path=None if opening.path is None else show_path(opening.path),
    )


def _change(change: PlannerChange) -> QuestionChange:
    return QuestionChange(
        field=change.field, before=change.before, after=change.after, message=change.message
    )


@strawberry.type
class ExplainQuery:
    @strawberry.field(
        description="Why no path leads from an offer to a goal, and what would open one; the best "
        "paths where there are some. At most 20 offers to pass and 50 to avoid."
    )
    def explain(
        self,
        info: Info,
        origin: Annotated[
            str, strawberry.argument(name="from", description="The offer, by catalog id.")
        ],
        goal: Annotated[
            GoalInput, strawberry.argument(name="to", description="Where it shall end.")
        ],
        via: list[str] | None = None,
        scope: ScopeInput | None = None,
    ) -> ExplainResult:
        asked = info.context.asked
        answer = explain_paths(
            asked,
            origin,
            goal.read(),
            read_scope(scope),
            via=via or (),
            stopped=info.context.deadline.stopped,
        )
        match answer:
            case PlannerPathsFound():
                return show_paths(answer)
            case NotFound():
                return OfferNotFound.of(answer)
            case _:
                return Explanation(
                    verdict=answer.verdict,
                    message=answer.no_path.message,
                    goal_count=len(answer.goals),
                    tried=answer.changes.tried,
                    is_exhaustive=answer.changes.is_exhaustive,
                    value=answer,
                    catalog=asked.catalog,
                )
