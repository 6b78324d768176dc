"""A way for one subscription as GraphQL shows it, with every rule's answer."""

from typing import Annotated

import strawberry

from planner import instead as planner_instead
from planner import options as planner
from planner import seats as planner_seats
from planner.catalog import Catalog
from planner.ids import CatalogId
from planner.readiness import Readiness
from planner.rules import Mode
from resolvers.codes.code import Code
from resolvers.customers.customers import OptionPage
from resolvers.customers.judgements import Judgement
from resolvers.problems import NotFound
from schema.catalog.offer import Offer, offer_of
from schema.catalog.path import NoPath, Path, show_no_path, show_path
from schema.context import Info
from schema.customers.blocker import (
    Assumption,
    Blocker,
    Unanswered,
    show_assumptions,
    show_blockers,
    show_unanswered,
)
from schema.customers.choices import CannotSuppose, not_found
from schema.customers.instead import Instead, show_instead
from schema.errors.problems import OfferNotFound, Problem
from schema.relay.connections import Connection, connect
from schema.relay.cursors import decode_catalog_cursor, encode_catalog_cursor
from schema.scalars import SafeInt

_KIND = "option"


@strawberry.type(description="A way for one subscription, judged by every rule that exists.")
class Option:
    readiness: Readiness
    mode: Mode
    rules_ran: list[str] = strawberry.field(
        description="The rules it was tried by. A rule that is not listed was not looked at."
    )
    instead: Instead | None = strawberry.field(
        description="What is open instead, where `blockers` answers with a way that is BLOCKED; "
        "null where nothing is, and for every option of a list, which has the other ways itself."
    )
    value: strawberry.Private[planner.Option]

    @strawberry.field(description="Where it leads.")
    def target(self, info: Info) -> Offer:
        return offer_of(info.context.asked.catalog, self.value.target)

    @strawberry.field(description="The best way there.")
    def path(self) -> Path:
        return show_path(self.value.path)

    @strawberry.field(description="What the rules found.")
    def blockers(self) -> list[Blocker]:
        return show_blockers(self.value.blockers)

    @strawberry.field(description="Rules that could not be answered.")
    def unanswered(self) -> list[Unanswered]:
        return show_unanswered(self.value.unanswered)

    @strawberry.field(description="What is taken for granted.")
    def assumes(self) -> list[Assumption]:
        return show_assumptions(self.value.assumes)


@strawberry.type(description="The subscription names no offer that the catalog has.")
class NotInCatalog(Problem):
    subscription_id: str


@strawberry.type(description="How many seats the subscription has is not known.")
class SeatsNotKnown(Problem):
    subscription_id: str


@strawberry.type(description="Seats of one offer that one subscription may have.")
class SeatRoom:
    limit: int | None = strawberry.field(description="Per offer, over all sellers.")
    held_elsewhere: SafeInt
    room: int | None = strawberry.field(description="Seats it may have in all; null: no limit.")
    family: str | None
    family_limit: int | None
    family_held_elsewhere: SafeInt
    family_room: int | None
    unknown: list[str] = strawberry.field(
        description="Facts without which the room may be smaller than said."
    )
    sources: list[str]


@strawberry.type(description="A move to an offer that has room for all the seats wanted.")
class MoveWithRoom:
    option: Option
    room: SeatRoom


@strawberry.type(description="How a subscription gets more licences.")
class MoreLicenses:
    seats_now: int
    seats_wanted: SafeInt
    seats_added_here: int = strawberry.field(description="How many of them fit as it is.")
    shortfall: int
    here: SeatRoom
    moves: list[MoveWithRoom] = strawberry.field(description="Where the shortfall is not 0.")


OptionConnection = Connection[Option]
OptionsResult = Annotated[
    OptionConnection | NotInCatalog | CannotSuppose,
    strawberry.union("OptionsResult", description="A subscription's ways."),
]
OptionResult = Annotated[
    Option | NoPath | NotInCatalog | OfferNotFound | CannotSuppose,
    strawberry.union("OptionResult", description="The best way to a target, judged."),
]
MoreLicensesResult = Annotated[
    MoreLicenses | NotInCatalog | SeatsNotKnown,
    strawberry.union("MoreLicensesResult", description="How more licences are had."),
]


def show_option(value: planner.Option, instead: planner_instead.Instead | None = None) -> Option:
    return Option(
        instead=show_instead(instead),
        readiness=value.readiness,
        mode=value.choices.mode,
        rules_ran=list(value.rules_ran),
        value=value,
    )


def show_not_in_catalog(value: planner.NotInCatalog) -> NotInCatalog:
    return NotInCatalog(
        code=Code.OFFER_NOT_IN_CATALOG,
        message=value.message,
        remedy=value.remedy,
        subscription_id=value.subscription_id,
    )


def show_answer(
    judged: Judgement | NotFound,
) -> Option | NoPath | NotInCatalog | OfferNotFound | CannotSuppose:
    if isinstance(judged, NotFound):
        return not_found(judged)
    match judged.answer:
        case planner.Option() as option:
            return show_option(option, judged.instead)
        case planner.NotInCatalog() as answer:
            return show_not_in_catalog(answer)
        case answer:
            return show_no_path(answer)


def option_key(catalog: Catalog, after: str) -> CatalogId:
    """Return the target that a cursor stands for. Raises: BadInput."""
    return CatalogId(decode_catalog_cursor(_KIND, catalog, after))


def option_connection(catalog: Catalog, page: OptionPage, *, after: str | None) -> OptionConnection:
    """Return a page of judged ways; its cursors hold for this catalog alone."""
    return connect(
        page.options,
        cursor=lambda one: encode_catalog_cursor(_KIND, catalog, one.target),
        node=show_option,
        has_next=page.has_next,
        total=page.total,
        after=after,
    )


def show_more_licenses(
    value: planner.MoreLicenses | planner.NotInCatalog | planner.SeatsNotKnown,
) -> MoreLicenses | NotInCatalog | SeatsNotKnown:
    match value:
        case planner.NotInCatalog():
            return show_not_in_catalog(value)
        case planner.SeatsNotKnown(subscription_id):
            return SeatsNotKnown(
                code=Code.SEATS_NOT_KNOWN,
                message="How many seats the subscription has is not known",
                remedy="Import the customer's subscriptions with their quantity",
                subscription_id=subscription_id,
            )
        case _:
            return _more_licenses(value)


def _more_licenses(value: planner.MoreLicenses) -> MoreLicenses:
    return MoreLicenses(
        seats_now=value.seats_now,
        seats_wanted=SafeInt(value.seats_wanted),
        seats_added_here=value.seats_added_here,
        shortfall=value.shortfall,
        here=_room(value.here),
        moves=[
            MoveWithRoom(option=show_option(option), room=_room(room))
            for option, room in value.moves
        ],
    )


def _room(value: planner_seats.SeatRoom) -> SeatRoom:
    return SeatRoom(
        limit=value.limit,
        held_elsewhere=SafeInt(value.held_elsewhere),
        room=value.room,
        family=value.family,
        family_limit=value.family_limit,
        family_held_elsewhere=SafeInt(value.family_held_elsewhere),
        family_room=value.family_room,
        unknown=list(value.unknown),
        sources=list(value.sources),
    )
