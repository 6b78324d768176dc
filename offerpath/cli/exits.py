"""How a command ends: its exit code, and the misuse and outcomes that end it early."""

from enum import IntEnum
from typing import TYPE_CHECKING

from resolvers.codes.code import Code
from resolvers.problems import NotFound

if TYPE_CHECKING:
    from resolvers.plans.refusals import PlanRefused


class Exit(IntEnum):
    """The exit codes of `offerpath`, as its help and docs/cli.md list them."""

    ANSWERED = 0
    FAULT = 1
    BAD_INPUT = 2
    NOT_FOUND = 3
    NO = 4
    REFUSED = 5
    INTERRUPTED = 130
    TERMINATED = 143


class Missing(LookupError):
    """Something that a command names by its id is not there."""

    def __init__(self, found: NotFound) -> None:
        super().__init__(found.message)
        self.found = found


class CannotPlan(Exception):
    """A plan was refused, or what was to be done with it."""

    def __init__(self, refused: "PlanRefused") -> None:
        super().__init__(refused.message)
        self.refused = refused


class CannotListen(RuntimeError):
    """`serve` cannot have its port; the code tells whether another program has it."""

    def __init__(self, message: str, *, is_in_use: bool) -> None:
        super().__init__(message)
        self.code = Code.PORT_IN_USE if is_in_use else Code.CANNOT_LISTEN


class NotWritten(RuntimeError):
    """The report's file cannot be written; nothing of it is left behind."""

    code = Code.REPORT_NOT_WRITTEN
