"""Commands that take a group of options as one argument: a frozen dataclass of typer's options."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from typing import Any

from offerpath.cli.exits import Exit


def grouped(command: Callable[..., Exit]) -> Callable[..., Exit]:
    """Return a command as typer wants it: every field of a group is an option of its own.

    A parameter of the command that is annotated with a dataclass is a group. Its fields are
    annotated as a command's own parameters are, each with a default; typer knows no such groups.
    """
    parameters = inspect.signature(command, eval_str=True).parameters
    groups: dict[str, Any] = {
        name: one.annotation for name, one in parameters.items() if is_dataclass(one.annotation)
    }

    @wraps(command)
    def flat(**given: Any) -> Exit:
        made = {
            name: group(**{field.name: given.pop(field.name) for field in fields(group)})
            for name, group in groups.items()
        }
        return command(**given, **made)

    told = [each for one in parameters.values() for each in _flattened(one)]
    # What typer reads; a name that two groups have is refused here, when the module is loaded.
    vars(flat)["__signature__"] = inspect.Signature(told, return_annotation=Exit)
    return flat


def _flattened(parameter: inspect.Parameter) -> Iterator[inspect.Parameter]:
    """Yield a parameter by name, or the fields of the group that it stands for."""
    if not is_dataclass(parameter.annotation):
        yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        return
    for field in fields(parameter.annotation):
        default = inspect.Parameter.empty if field.default is MISSING else field.default
        yield inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=field.type
        )
