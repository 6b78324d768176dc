"""A command takes a group of options as one argument; typer and the user see each by itself."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from offerpath.cli.exits import Exit
from offerpath.cli.grouped import grouped

Loud = Annotated[bool, typer.Option("--loud", help="How it is said.")]


@dataclass(frozen=True, slots=True)
class Manner:
    """How something is said."""

    times: Annotated[int, typer.Option(help="How often.")] = 1
    loud: Loud = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is said; it has a name that the other group has too."""

    times: int = 2


def made() -> typer.Typer:
    app = typer.Typer()

    @app.command()
    @grouped
    def say(
        word: Annotated[str, typer.Argument()],
        *,
        manner: Manner,
        after: Annotated[str, typer.Option()] = ".",
    ) -> Exit:
        """Say a word."""
        spoken = word.upper() if manner.loud else word
        typer.echo(" ".join([spoken] * manner.times) + after)
        return Exit.ANSWERED

    return app


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hello"], "hello."),
        (["hello", "--loud", "--times", "2"], "HELLO HELLO."),
        (["--after", "!", "--times", "3", "hello"], "hello hello hello!"),
    ],
)
def test_each_field_is_an_option_and_the_command_gets_the_group(
    arguments: list[str], said: str
) -> None:
    done = CliRunner().invoke(made(), arguments)
    assert done.output == f"{said}\n"


def test_the_help_lists_each_field_in_its_place() -> None:
    told = CliRunner().invoke(made(), ["--help"], env={"COLUMNS": "200", "TERM": "dumb"}).output
    assert told.index("--times") < told.index("--loud") < told.index("--after")
    assert "How often." in told
    assert "--manner" not in told


def test_a_value_of_another_type_is_refused() -> None:
    assert CliRunner().invoke(made(), ["hello", "--times", "often"]).exit_code == 2


def test_two_groups_with_the_same_option_are_refused_at_once() -> None:
    def say(*, manner: Manner, place: Place) -> Exit:
        return Exit.ANSWERED

    with pytest.raises(ValueError, match="duplicate parameter name"):
        grouped(say)
