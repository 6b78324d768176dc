"""The real process: it speaks WebSocket, and at a signal its subscribers are told to come again."""

import asyncio
import json
import signal

from tests.offerpath.command import Cli
from tests.offerpath.subscriptions.serving import begun, streamed
from tests.offerpath.subscriptions.small import FOLLOW
from tests.offerpath.subscriptions.test_sockets import BEGUN


async def test_a_process_that_is_told_to_stop_lets_its_subscribers_go(cli: Cli) -> None:
    serving = cli.start("serve", "--port", "0", "--json")
    assert serving.stdout
    assert serving.stderr
    with serving.stdout, serving.stderr:
        said = json.loads(await asyncio.to_thread(serving.stdout.readline))
        host = said["listening"].removeprefix("http://")
        async with begun(host) as socket, streamed(host, FOLLOW) as events:
            await socket.subscribe(FOLLOW)
            assert await socket.next() == await events.next() == BEGUN
            serving.send_signal(signal.SIGTERM)
            assert await socket.closed() == (1012, "Service restart")
            assert await events.receive() == ("end", None)
        code = await asyncio.to_thread(serving.wait, 30)
        assert (code, serving.stderr.read()) == (0, "")
