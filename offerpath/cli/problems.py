"""One sentence with its code and remedy for all that can go wrong in a command."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from db.embedded import EmbeddedServerError
from db.errors import (
    DatabaseFromNewerVersion,
    DatabaseNotMigrated,
    DatabaseUrlMalformed,
    DirectUnreachable,
    MigrationFailed,
    NotTheOwner,
    OneRoleForBoth,
    OtherDatabase,
    OtherRole,
    OwnerTooStrong,
    OwnerUnreachable,
    RoleOwnsTables,
    RoleTooStrong,
    ServerTooOld,
)
from offerpath.cli.exits import CannotListen, CannotPlan, Exit, Missing, NotWritten
from offerpath.import_files import Unreadable
from offerpath.settings import BadSetting
from offerpath.sign_in.refusals import SignInRefused
from resolvers.asked import NoCatalog
from resolvers.codes.code import Code
from resolvers.ports import StorageUnavailable
from resolvers.problems import BadInput


@dataclass(frozen=True, slots=True)
class Problem:
    """What is said of an answer that could not be given."""

    code: str
    message: str
    remedy: str | None
    exit: Exit


_FAULTS: Final[dict[type[Exception], str | None]] = {
    # Those before StorageUnavailable are kinds of it.
    OwnerUnreachable: "Check OFFERPATH_MIGRATIONS_URL: that its server runs, has the database, and "
    "takes the role and its password",
    DirectUnreachable: "Check OFFERPATH_DIRECT_URL: that its server runs, has the database, and "
    "takes the role and its password",
    StorageUnavailable: "Check that the server of OFFERPATH_DATABASE_URL runs, has the database, "
    "and takes the role and its password; without this variable offerpath runs a server of its own",
    OtherDatabase: "Let OFFERPATH_MIGRATIONS_URL and OFFERPATH_DIRECT_URL lead to the database of "
    "OFFERPATH_DATABASE_URL",
    OtherRole: "Let OFFERPATH_DIRECT_URL name the role of OFFERPATH_DATABASE_URL",
    OneRoleForBoth: "Let OFFERPATH_DATABASE_URL name another role (docs/running.md, Two roles), or "
    "unset OFFERPATH_MIGRATIONS_URL, and the one role does it all",
    OwnerTooStrong: "Let OFFERPATH_MIGRATIONS_URL name the plain role that owns the database; "
    "docs/running.md, Two roles, says how it gets tables that a superuser made",
    NotTheOwner: "Let OFFERPATH_MIGRATIONS_URL name the role that owns the database and its "
    "tables; docs/running.md, Two roles, says how it gets them",
    RoleTooStrong: None,
    RoleOwnsTables: "docs/running.md, Two roles, says how to make both from the one that there is",
    DatabaseNotMigrated: "Run `offerpath init` with OFFERPATH_MIGRATIONS_URL, the role that owns "
    "the tables",
    ServerTooOld: "Use a newer server, or unset OFFERPATH_DATABASE_URL",
    DatabaseFromNewerVersion: None,
    MigrationFailed: "The database is as it was; report this with what `offerpath doctor` says",
    NoCatalog: "Run `offerpath init`",
    CannotListen: "Choose another port with --port or OFFERPATH_PORT, or stop what uses it",
    NotWritten: "Choose another file with --out, in a folder that this account may write",
}
_BAD_INPUT: Final[dict[type[Exception], str | None]] = {
    BadSetting: None,
    DatabaseUrlMalformed: "Correct OFFERPATH_DATABASE_URL, OFFERPATH_MIGRATIONS_URL or "
    "OFFERPATH_DIRECT_URL",
    Unreadable: "Check the name and that this account may read the file",
}
_BY_CODE: Final[Mapping[str, Exit]] = {Code.OFFER_NOT_FOUND: Exit.NOT_FOUND, Code.GAVE_UP: Exit.NO}
"""Codes of BadInput that are no misuse of the command line."""

_OF_SUPPOSITIONS: Final = {
    Code.WHAT_IF_CONTRADICTORY: Exit.BAD_INPUT,
    Code.WHAT_IF_IMPOSSIBLE: Exit.BAD_INPUT,
}
"""What is there, and yet cannot be supposed."""
_OF_PLANS: Final = {
    Code.GOAL_CONTRADICTORY: Exit.BAD_INPUT,
    Code.PART_TOO_LARGE: Exit.BAD_INPUT,
    Code.PLANS_OF_DIFFERENT_CUSTOMERS: Exit.BAD_INPUT,
    Code.SUBSCRIPTION_NOT_FOUND: Exit.NOT_FOUND,
    Code.STEP_NOT_FOUND: Exit.NOT_FOUND,
}
"""Refusals of plans that are no answer; the others are a no."""

_CLI_WORDS: Final[Mapping[str, str]] = {
    "`offers(text:)`": "`offerpath offers TEXT`",
    "Look the customer up with `customers(text:)`": "Give a part of the customer's name",
    "Copy the id from an answer of this API": "Copy the id from an answer of offerpath",
    "Give `first` within the limits that the message names; fields with `after` give the rest": (
        "Give --first within the limits that the message names"
    ),
    "Look its id up with `offer(catalogId:)`, in `servicePlans` of an offer that has it": (
        "`offerpath compare FROM TO --json` tells the ids of two offers' service plans"
    ),
    "Look at the customer's plans": "`offerpath plan list CUSTOMER` has the customer's plans",
    "Name the key of one of its steps": (
        "Name the key or the number of one of its steps; `offerpath plan show ID` has them"
    ),
}
"""What an API's remedy says, and what to say of it here."""


def problem_of(error: Exception) -> Problem:
    """Return what to say of an error, whatever it is."""
    match error:
        case BadInput():
            where = _BY_CODE.get(error.code, Exit.BAD_INPUT)
            return Problem(error.code, error.message, _in_cli_words(error.remedy), where)
        case Missing(found=found):
            where = _OF_SUPPOSITIONS.get(found.code, Exit.NOT_FOUND)
            return Problem(found.code, found.message, _in_cli_words(found.remedy), where)
        case CannotPlan(refused=refused):
            where = _OF_PLANS.get(refused.code, Exit.NO)
            return Problem(refused.code, refused.message, _in_cli_words(refused.remedy), where)
        case SignInRefused(problem=why):
            # 503: it is the issuer who cannot answer, and no matter of the token.
            where = Exit.FAULT if why.status == 503 else Exit.BAD_INPUT
            return Problem(why.code, why.message, why.remedy, where)
        case EmbeddedServerError():
            return Problem(error.code, error.message, error.remedy, Exit.FAULT)
    return _known(error) or _unforeseen(error)


def _in_cli_words(remedy: str | None) -> str | None:
    """Name what the command line has in place of the queries that the API's remedies name."""
    for theirs, ours in _CLI_WORDS.items():
        remedy = remedy and remedy.replace(theirs, ours)
    return remedy


def _known(error: Exception) -> Problem | None:
    for table, where in ((_FAULTS, Exit.FAULT), (_BAD_INPUT, Exit.BAD_INPUT)):
        for kind, remedy in table.items():
            if isinstance(error, kind):
                code = str(getattr(error, "code", kind.__name__))
                return Problem(code, str(error), remedy, where)
    return None


def _unforeseen(error: Exception) -> Problem:
    said = " ".join(str(error).split())[:300]
    return Problem(
        str(getattr(error, "code", Code.FAULT)),
        f"{type(error).__name__}: {said}" if said else type(error).__name__,
        "Set OFFERPATH_LOG_LEVEL=debug to see where it happened",
        Exit.FAULT,
    )
