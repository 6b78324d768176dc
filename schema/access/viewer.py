"""Who asks, as the sign-in knows them: the partner, the roles, and what these permit."""

import strawberry

from planner.permissions import PartnerType, Role
from resolvers.access.permits import Task, is_permitted
from resolvers.records.principal import ActorKind, Principal
from schema.context import Info

strawberry.enum(PartnerType, description="How a partner stands in the CSP programme.")
strawberry.enum(Task, name="Permission", description="What somebody may do with offerpath.")


@strawberry.type(description="The person, or the program, on whose behalf a question comes.")
class ViewerActor:
    kind: ActorKind
    actor_id: str = strawberry.field(
        description="The token's object id or subject; a key acts as its maker; empty for LOCAL."
    )
    label: str = strawberry.field(description="What people call it; may be empty.")
    key_id: str | None = strawberry.field(description="The API key that was shown.")


@strawberry.type(description="Who asks.")
class Viewer:
    partner_id: str = strawberry.field(description="The partner's tenant.")
    partner_type: PartnerType | None = strawberry.field(
        description="Null where neither the sign-in nor a setting tells."
    )
    roles: list[Role] = strawberry.field(description="In order of name.")
    permissions: list[Task] = strawberry.field(description="What the roles permit, in order.")
    actor: ViewerActor


@strawberry.type
class ViewerQuery:
    @strawberry.field(description="Who asks, and what they may do.")
    def viewer(self, info: Info) -> Viewer:
        return show_viewer(info.context.asked.principal)


def show_viewer(principal: Principal) -> Viewer:
    actor = principal.actor
    return Viewer(
        partner_id=principal.partner_id,
        partner_type=principal.partner_type,
        roles=sorted(principal.roles),
        permissions=[task for task in Task if is_permitted(principal, task)],
        actor=ViewerActor(
            kind=actor.kind, actor_id=actor.actor_id, label=actor.label, key_id=actor.key_id
        ),
    )
