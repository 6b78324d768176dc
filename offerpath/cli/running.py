"""How a command runs: with the house open, stoppable by signals, on stdout only its answer."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from offerpath.cli.exits import Exit
from offerpath.cli.terminal import show_progress

# What answers is loaded by the command that runs: `--help` shall come at once.
if TYPE_CHECKING:
    from offerpath.house import House
    from offerpath.settings import Settings

Command = Callable[["House"], Awaitable[Exit]]


def run(command: Command, *, load_sample: bool = False, signs_in: bool = True) -> Exit:
    """Open the house, run the command in it, and close it again. Raises: what either raises.

    Where sign-in is on, a command acts as the holder of OFFERPATH_TOKEN, unless it acts for nobody.
    """
    from offerpath.settings import load_settings

    settings = load_settings()
    set_up_logging(settings)
    if settings.log_level != "debug":
        # The command itself says, in one sentence, that nobody could be signed in.
        logging.getLogger("offerpath.sign_in").setLevel(logging.ERROR)
    if signs_in and settings.auth != "off" and not settings.token:
        from offerpath.sign_in.refusals import no_token

        raise no_token()
    return asyncio.run(_in_house(command, settings, load_sample=load_sample, signs_in=signs_in))


async def _in_house(
    command: Command, settings: "Settings", *, load_sample: bool, signs_in: bool
) -> Exit:
    from offerpath.house import open_house

    stop_at_sigterm()
    async with open_house(settings, load_sample=load_sample, on_progress=show_progress) as house:
        return await command(await house.as_holder() if signs_in else house)


def stop_at_sigterm() -> None:
    """Cancel the current task at SIGTERM, so that it cleans up; SIGINT does so by itself."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def set_up_logging(settings: "Settings") -> None:
    """Log to stderr from the level that is set."""
    level = settings.log_level.upper()
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    if level != "DEBUG":
        # The pool's warnings carry a traceback of a refused connection; the sentence is enough.
        logging.getLogger("asyncpg.pool").addFilter(_without_traceback)
    # It warns of every migration that it applies; we say so ourselves.
    logging.getLogger("pogo_core").setLevel(max(logging.getLevelName(level), logging.ERROR))
