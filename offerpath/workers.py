"""Processes that answer at one socket: started, started anew when one dies, ended together."""

import asyncio
import logging
import socket
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from resolvers.codes.code import Code

log = logging.getLogger("offerpath.workers")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_LONG_LIVED_SECONDS = 60.0


class WorkerFailed(RuntimeError):
    """A worker ended before it answered for the first time; it has said itself why."""

    code = Code.FAULT

    def __init__(self, exit_code: int) -> None:
        super().__init__(f"a worker ended with code {exit_code} before it answered")
        self.exit_code = exit_code


def _nothing(_pid: int) -> None:
    """Do nothing about a worker that has ended."""


class Workers:
    """So many processes of one command, each with the listening socket and a pipe as its stdin.

    The pipe is never written to: it ends with this process, however that ends, and a worker with
    it. A worker says one line on its stdout once it answers.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        listener: socket.socket,
        *,
        count: int,
        patience_seconds: float,
        on_end: Callable[[int], None] = _nothing,
    ) -> None:
        """Take what is needed; nothing is started. `patience_seconds` is how long one may end."""
        self._command = (*command, "--worker-socket", str(listener.fileno()))
        self._environment = environment
        self._listener = listener
        self._count = count
        self._patience_seconds = patience_seconds
        self._on_end = on_end
        self._running: set[Process] = set()
        self._ready: set[int] = set()
        self._are_ready = False
        self._stop = asyncio.Event()

    @property
    def is_stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stop.is_set()

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Return once all have ended after `stop`; `on_ready` is called when all answer.

        Raises: WorkerFailed; then none is left.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(self._count):
                    group.create_task(self._keep(number, on_ready))
                group.create_task(self._end())
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finally:
            self.kill()

    def stop(self) -> None:
        """Have all of them end as they do at SIGTERM."""
        self._stop.set()

    def kill(self) -> None:
        """End all that still run, at once."""
        for process in self._running:
            with suppress(ProcessLookupError):
                process.kill()

    async def _end(self) -> None:
        await self._stop.wait()
        # The port shall be free as soon as the last worker has let go of it.
        self._listener.close()
        for process in self._running:
            with suppress(ProcessLookupError):
                process.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_seconds):
                await asyncio.gather(*(process.wait() for process in self._running))
        self.kill()

    async def _keep(self, number: int, on_ready: Callable[[], None]) -> None:
        pause = _FIRST_PAUSE
        while not self.is_stopping:
            begun = time.monotonic()
            code = await self._live(number, on_ready)
            if self.is_stopping:
                return
            if number not in self._ready:
                raise WorkerFailed(code)
            log.warning("a worker ended with code %s and is started anew", code)
            if time.monotonic() - begun > _LONG_LIVED_SECONDS:
                pause = _FIRST_PAUSE
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.wait()
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _live(self, number: int, on_ready: Callable[[], None]) -> int:
        """Return how one worker ended."""
        process = await self._start()
        self._running.add(process)
        try:
            if self.is_stopping:
                process.terminate()
            if process.stdout is not None and await process.stdout.readline():
                self._ready.add(number)
                if len(self._ready) == self._count and not self._are_ready:
                    self._are_ready = True
                    on_ready()
            return await process.wait()
        finally:
            if process.returncode is not None:
                self._running.discard(process)
                self._on_end(process.pid)

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            *self._command,
            env=self._environment,
            stdin=PIPE,
            stdout=PIPE,
            pass_fds=(self._listener.fileno(),),
            # Ctrl-C reaches the parent alone, which tells them in turn.
            start_new_session=True,
        )
