"""Keys are read when they must be, by one reading for all, and kept while the issuer is away."""

import asyncio
import logging

import pytest

from offerpath.sign_in.issuer_keys import IssuerKeys, KeyTimes
from offerpath.sign_in.key_set import Keys, VerificationKey
from offerpath.sign_in.key_source import CannotReadKeys

TIMES = KeyTimes(fresh=100, kept=1000, between=30, after_failure=5)


def key(name: str) -> VerificationKey:
    return VerificationKey(name, frozenset({"RS256"}), None)


class Source:
    """What an issuer would answer, at a time that the test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.keys: Keys | None = {"a": key("a")}
        self.readings = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.known = IssuerKeys(self._read, times=TIMES, clock=lambda: self.now)

    async def _read(self) -> Keys:
        self.readings += 1
        await self.gate.wait()
        if self.keys is None:
            raise CannotReadKeys("away")
        return self.keys

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
def source() -> Source:
    return Source()


async def test_a_known_key_is_not_read_again_while_fresh(source: Source) -> None:
    for now in (0, 50, 100):
        source.now = now
        assert await source.known.key("a") == key("a")
    assert source.readings == 1


async def test_an_older_key_serves_while_a_reading_goes_on_beside(source: Source) -> None:
    await source.known.key("a")
    source.now, source.keys = 101, {"b": key("b")}
    source.gate.clear()
    assert await source.known.key("a") == key("a")
    assert await source.known.key("a") == key("a")
    await source.settle()
    assert source.readings == 2
    source.gate.set()
    await source.settle()
    assert await source.known.key("b") == key("b")
    assert await source.known.key("a") is None


async def test_unknown_ids_ask_again_only_after_a_pause(source: Source) -> None:
    await source.known.key("a")
    for now, readings in ((1, 1), (29, 1), (30, 2), (31, 2), (59, 2), (60, 3)):
        source.now = now
        assert await source.known.key("b") is None
        assert source.readings == readings
    source.now, source.keys = 90, {"a": key("a"), "b": key("b")}
    assert await source.known.key("b") == key("b")


async def test_one_reading_serves_all_who_wait_and_outlives_one_who_leaves(source: Source) -> None:
    source.gate.clear()
    waiting = [asyncio.create_task(source.known.key("a")) for _ in range(10)]
    await source.settle()
    waiting[0].cancel()
    await source.settle()
    source.gate.set()
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(told[0], asyncio.CancelledError)
    assert told[1:] == [key("a")] * 9
    assert source.readings == 1


async def test_what_is_known_serves_a_stated_time_while_the_issuer_is_away(
    source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    await source.known.key("a")
    source.keys = None
    with caplog.at_level(logging.WARNING, logger="offerpath.sign_in"):
        source.now = 500
        assert await source.known.key("a") == key("a")
        await source.settle()
        source.now = 1000
        assert await source.known.key("a") == key("a")
        source.now = 1006
        with pytest.raises(CannotReadKeys):
            await source.known.key("a")
    assert "away" in caplog.text
    source.now, source.keys = 1012, {"a": key("a")}
    assert await source.known.key("a") == key("a")


async def test_an_issuer_that_is_away_is_asked_no_more_than_every_few_seconds(
    source: Source,
) -> None:
    source.keys = None
    for now, readings in ((0, 1), (1, 1), (4.9, 1), (5, 2), (9, 2), (10, 3)):
        source.now = now
        with pytest.raises(CannotReadKeys):
            await source.known.key("a")
        assert source.readings == readings


async def test_closing_ends_a_reading(source: Source) -> None:
    source.gate.clear()
    waiting = asyncio.create_task(source.known.key("a"))
    await source.settle()
    await source.known.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await source.known.close()
