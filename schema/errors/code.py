"""The codes as GraphQL shows them: those that the API may answer, each with its meaning."""

from typing import cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from resolvers.codes.code import Code
from resolvers.codes.place import Place
from resolvers.codes.words import WORDS

CODES = tuple(code for code in Code if WORDS[code].place is not Place.COMMAND)
"""Every code that a client of the API may meet, in the order of the enumeration."""

ErrorCode = strawberry.enum(
    Code,
    name="ErrorCode",
    description=(
        "What is answered instead of the value that was asked for: `code` of a Problem, and "
        "`extensions.code` of an error. Members are added, and none is renamed or removed before "
        "the next major version; docs/errors.md has an example of each."
    ),
)


def _describe(definition: StrawberryEnumDefinition) -> None:
    """Say of each member what it means, and leave out those of the command line alone."""
    shown = {code.value: WORDS[code] for code in CODES}
    definition.values = [value for value in definition.values if value.name in shown]
    for value in definition.values:
        words = shown[value.name]
        value.description = f"{words.meaning} {words.remedy}."


_describe(cast("StrawberryEnumDefinition", Code.__dict__["__strawberry_definition__"]))
