"""The planner's enumerations that several modules show, by their GraphQL names."""

import strawberry

from planner.baselines.rules import BaselineCode
from planner.blocker_codes import BlockerCode
from planner.blockers import Actor, Alternative, RemedyAction, Severity, SubjectKind
from planner.customers import HoldingsState, Seller, SubscriptionState
from planner.instead import InsteadKind
from planner.no_path import Verdict
from planner.offers import Commerce, Known, LimitScope, Segment
from planner.permissions import Role
from planner.plans.search.acts import StepKind
from planner.profiles import LegacyUpgradePolicy, Profile
from planner.readiness import Readiness
from planner.rules import Mode
from planner.services import PlansOrigin
from planner.transitions import EvidenceKind, Execution, Stance, TransitionKind, WindowState
from resolvers.records.principal import ActorKind

strawberry.enum(Commerce, description="Which of Microsoft's two catalogs an offer belongs to.")
strawberry.enum(Segment, description="Whom an offer is for, as the price lists name it.")
strawberry.enum(Known, description="A yes, a no, or not known: a missing fact is never a no.")
strawberry.enum(LimitScope, description="How often a tenant may own a legacy offer.")
strawberry.enum(TransitionKind, description="The kinds of move between two offers.")
strawberry.enum(Execution, description="How a move is carried out: by API, or by hand.")
strawberry.enum(EvidenceKind, description="Who says that a move exists, weakest first.")
strawberry.enum(Stance, description="Whether a source claims a move or denies it.")
strawberry.enum(WindowState, description="What dated rules say of a kind of move on a day.")
strawberry.enum(PlansOrigin, description="How an offer's service plans came to be known.")
strawberry.enum(
    LegacyUpgradePolicy,
    description=(
        "What to think of legacy upgrades, which sources contest since March 2022: LAST puts paths "
        "with fewer of them first; INCLUDE treats them like any other; CONFIRMED takes those that "
        "Partner Center confirmed; EXCLUDE takes none."
    ),
)
strawberry.enum(Profile, description="What to prefer among paths; steps and ids break ties.")
strawberry.enum(
    Readiness,
    description=(
        "BLOCKED: something stops it that nothing remedies. UNKNOWN: a deciding rule lacks facts. "
        "CONDITIONAL: something must be done or confirmed first. READY: nothing stands in the way."
    ),
)
strawberry.enum(
    Verdict,
    description=(
        "IMPOSSIBLE: a source denies it or a complete list omits it. NOT_KNOWN: the list that "
        "would tell is not loaded. GAVE_UP: the search ended at its limit."
    ),
)
strawberry.enum(
    BlockerCode,
    description=(
        "What stands in the way of a move, or burdens it. Members are added, and none is renamed "
        "or removed before the next major version."
    ),
)
strawberry.enum(BaselineCode, description="What happens to a subscription if nobody acts.")
strawberry.enum(Severity, description="How much a finding weighs, heaviest first.")
strawberry.enum(SubjectKind, description="What a finding speaks about.")
strawberry.enum(Actor, description="Who has to act.")
strawberry.enum(RemedyAction, description="What opens a move for a subscription.")
strawberry.enum(Alternative, description="Another way, where the move stays shut.")
strawberry.enum(
    InsteadKind, description="How a goal is reached where the best way to it is blocked."
)
strawberry.enum(Mode, description="Whether the move shall reassign the licences itself.")
strawberry.enum(SubscriptionState, description="Partner Center's status of a subscription.")
strawberry.enum(StepKind, description="What a step of a plan does.")
strawberry.enum(Seller, description="Through whom the customer holds a subscription.")
strawberry.enum(HoldingsState, description="How much of a customer's subscriptions is loaded.")
strawberry.enum(Role, description="Roles of Partner Center.")
strawberry.enum(
    ActorKind,
    description="By what somebody was recognised: LOCAL, by nothing (sign-in is off); TOKEN, by an "
    "access token; KEY, by an API key.",
)
