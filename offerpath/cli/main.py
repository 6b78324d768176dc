"""The command line: `offerpath`, its commands, and how each of them ends."""

import asyncio
import os
import sys
import traceback
from functools import cache
from typing import Annotated

import typer
from typer.exceptions import TyperException

from offerpath.cli.exits import Exit
from offerpath.cli.terminal import show_problem

_EPILOG = (
    "Exit codes: 0 answered; 1 a fault (the database cannot be reached, a bug); 2 bad input; "
    "3 not found; 4 the answer is a no (no path, BLOCKED); 5 a file was refused; 130 interrupted, "
    "143 by SIGTERM. Problems go to stderr; with --json as one line "
    '{"error": {"code", "message", "remedy"}}.'
)

app = typer.Typer(
    name="offerpath",
    help="Where a Microsoft CSP subscription can go, the best way there, and what stops it.",
    epilog=_EPILOG,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"offerpath {version('offerpath')}\n")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
) -> None:
    """Nothing but --version stands before the command."""


def main() -> None:
    """Run the command that the arguments name, and exit with its code."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: list[str]) -> int:
    """Return the exit code of one command; what goes wrong is said on stderr."""
    try:
        _add_commands()
        return int(app(arguments, standalone_mode=False) or Exit.ANSWERED)
    except TyperException as error:
        return _usage(error, as_json="--json" in arguments)
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except asyncio.CancelledError:
        return Exit.TERMINATED
    except Exception as error:
        return _failed(error, as_json="--json" in arguments)


def _failed(error: Exception, *, as_json: bool) -> Exit:
    from offerpath.cli.problems import problem_of

    if os.environ.get("OFFERPATH_LOG_LEVEL", "").lower() == "debug":
        traceback.print_exception(error)
    problem = problem_of(error)
    show_problem(problem.code, problem.message, problem.remedy, as_json=as_json)
    return problem.exit


def _usage(error: TyperException, *, as_json: bool) -> Exit:
    # Without a command the help was shown, and there is nothing more to say.
    if message := error.format_message().rstrip(".").replace("Value error, ", ""):
        remedy = "`offerpath COMMAND --help` lists what it takes"
        show_problem("USAGE", message, remedy, as_json=as_json)
    return Exit.BAD_INPUT


@cache
def _add_commands() -> None:
    """Add the commands in the order of the help, once."""
    from offerpath.cli.access import audit_commands, documents_commands, key_commands
    from offerpath.cli.catalog import (
        compare_commands,
        explain_commands,
        moves_commands,
        prices_commands,
    )
    from offerpath.cli.customers import (
        affected_commands,
        customers_commands,
        portfolio_commands,
        subscription_commands,
    )
    from offerpath.cli.plans import commands as plan_commands
    from offerpath.cli.reports import commands as report_commands
    from offerpath.cli.serving import commands as serve_commands
    from offerpath.cli.serving import doctor_commands

    app.command()(serve_commands.serve)
    app.command()(serve_commands.init)
    app.command("import")(customers_commands.import_files)
    app.command()(moves_commands.offers)
    app.command()(moves_commands.reachable)
    app.command()(moves_commands.paths)
    app.command()(explain_commands.explain)
    app.command()(compare_commands.compare)
    app.command()(prices_commands.prices)
    app.command()(customers_commands.blockers)
    app.command("options")(subscription_commands.show_options)
    app.command()(affected_commands.affected)
    app.command()(subscription_commands.baseline)
    app.add_typer(plan_commands.app)
    app.command()(portfolio_commands.portfolio)
    app.add_typer(report_commands.app)
    app.add_typer(key_commands.app)
    app.add_typer(documents_commands.app)
    app.command()(audit_commands.audit)
    app.command()(doctor_commands.doctor)


if __name__ == "__main__":
    main()
