"""Whose turn heavy work has: promises about order, shares, waiting and leaving."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.search import Stopped
from resolvers.codes.code import Code
from resolvers.problems import TryLater
from resolvers.work.turns import Turns, Work

A, B, C = "partner-a", "partner-b", "partner-c"


@dataclass
class Desk:
    """Turns under a clock of its own, and the order in which they were taken."""

    at_once: int = 1
    now: float = 0.0
    taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turns = Turns(self.at_once, clock=lambda: self.now)

    async def work(self, partner: str, portions: Sequence[float]) -> None:
        """Do work in portions that take so long."""
        work = Work(self.turns, partner)
        for seconds in portions:
            async with work.turn():
                self.taken.append(partner)
                self.now += seconds


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(0)


async def _all(*work: "asyncio.Task[None]") -> None:
    await asyncio.gather(*work)


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_work_begins_at_once_where_nobody_else_works() -> None:
    turns = Turns(2)
    async with turns.turn(A):
        assert (turns.running, turns.waiting) == (1, 0)
    assert turns.running == 0


@pytest.mark.parametrize("at_once", [1, 2, 3])
async def test_never_more_at_a_time_than_there_are_turns(at_once: int) -> None:
    turns, most = Turns(at_once), 0

    async def one(partner: str) -> None:
        nonlocal most
        async with turns.turn(partner):
            most = max(most, turns.running)
            await asyncio.sleep(0)

    await asyncio.gather(*(one(partner) for partner in (A, B, C) * 7))
    assert most == at_once
    assert (turns.running, turns.waiting) == (0, 0)


async def test_the_last_turn_is_kept_for_another_partner() -> None:
    turns = Turns(3)
    async with turns.turn(A), turns.turn(A):
        third = asyncio.create_task(turns.turn(A).__aenter__())
        await _settle()
        assert (turns.running, turns.waiting) == (2, 1)
        async with asyncio.timeout(1), turns.turn(B):
            assert turns.running == 3
        third.cancel()
        await asyncio.wait([third])


async def test_one_partners_single_piece_waits_for_one_turn_of_anothers_eight_runs() -> None:
    """However long the eight go on, and whenever it comes."""
    desk = Desk()
    runs = [asyncio.create_task(desk.work(A, [0.005] * 100)) for _ in range(8)]
    for _ in range(40):
        await asyncio.sleep(0)
    before = len(desk.taken)
    assert 0 < before < 100
    await desk.work(B, [0.5])
    since = desk.taken[before:]
    assert since.count(B) == 1
    assert since.index(B) <= 1
    assert len(since) <= 3
    await _all(*runs)
    assert Counter(desk.taken) == {A: 800, B: 1}


async def test_partners_get_equal_time_whatever_the_length_of_their_turns() -> None:
    desk = Desk()
    work = [
        *(asyncio.create_task(desk.work(A, [1.0] * 20)) for _ in range(3)),
        *(asyncio.create_task(desk.work(B, [0.25] * 200)) for _ in range(3)),
    ]
    await _until(lambda: desk.now >= 40.0)
    used = {A: desk.taken.count(A) * 1.0, B: desk.taken.count(B) * 0.25}
    assert abs(used[A] - used[B]) <= 2.0
    await _all(*work)


async def test_time_that_was_not_used_is_not_saved_up() -> None:
    desk = Desk()
    busy = asyncio.create_task(desk.work(A, [1.0] * 100))
    await _until(lambda: desk.now >= 50.0)
    before = len(desk.taken)
    late = [asyncio.create_task(desk.work(B, [1.0] * 10)) for _ in range(2)]
    await _until(lambda: len(desk.taken) >= before + 20)
    assert 8 <= desk.taken[before : before + 20].count(B) <= 12
    await _all(busy, *late)


async def test_a_long_turn_is_forgiven_after_ten_short_ones_of_others() -> None:
    desk = Desk()
    busy = [asyncio.create_task(desk.work(A, [0.005] * 100)) for _ in range(4)]
    await _until(lambda: len(desk.taken) > 10)
    for _ in range(5):
        before = len(desk.taken)
        await desk.work(B, [10.0])
        assert desk.taken[before:].index(B) <= 12
    await _all(*busy)


async def test_runs_of_one_partner_take_turns_in_the_order_in_which_they_came() -> None:
    turns, taken = Turns(1), []

    async def run(name: int) -> None:
        work = Work(turns, A)
        for _ in range(3):
            async with work.turn():
                taken.append(name)

    await asyncio.gather(*(run(name) for name in range(4)))
    assert taken == [0, 1, 2, 3] * 3 or taken[1:] == ([0, 1, 2, 3] * 3)[1:]
    assert Counter(taken) == dict.fromkeys(range(4), 3)


async def test_a_queue_that_is_full_refuses_its_own_partner_alone() -> None:
    turns = Turns(1, max_waiting=3)
    async with turns.turn(A):
        waiting = [asyncio.create_task(turns.turn(A).__aenter__()) for _ in range(3)]
        await _settle()
        with pytest.raises(TryLater) as refused:
            await turns.turn(A).__aenter__()
        assert refused.value.code is Code.QUEUE_FULL
        assert refused.value.retry_seconds > 0
        other = asyncio.create_task(turns.turn(B).__aenter__())
        await _settle()
        assert turns.waiting == 4
        for task in (*waiting, other):
            task.cancel()
        await asyncio.wait([*waiting, other])
    assert (turns.running, turns.waiting) == (0, 0)


async def test_who_waited_too_long_is_sent_away_and_leaves_the_queue() -> None:
    turns = Turns(1, patience_seconds=0.01)
    async with turns.turn(A):
        with pytest.raises(TryLater) as refused:
            await turns.turn(B).__aenter__()
        assert refused.value.code is Code.BUSY
        assert turns.waiting == 0
    async with turns.turn(B):
        assert turns.running == 1


async def test_work_that_is_under_way_waits_as_long_as_it_takes() -> None:
    turns = Turns(1, patience_seconds=0.01, max_waiting=1)
    work = Work(turns, A)
    async with work.turn():
        pass
    held = turns.turn(B)
    await held.__aenter__()
    again = asyncio.create_task(work.turn().__aenter__())
    await asyncio.sleep(0.05)
    assert not again.done()
    await held.__aexit__(None, None, None)
    await again


async def test_who_is_cancelled_leaves_the_queue_and_the_next_comes_sooner() -> None:
    desk = Desk()
    held = desk.turns.turn(A)
    await held.__aenter__()
    first = asyncio.create_task(desk.work(B, [1.0]))
    second = asyncio.create_task(desk.work(B, [1.0]))
    await _settle()
    first.cancel()
    await asyncio.wait([first])
    assert desk.turns.waiting == 1
    await held.__aexit__(None, None, None)
    await second
    assert desk.taken == [B]
    assert (desk.turns.running, desk.turns.waiting) == (0, 0)


async def test_a_turn_that_is_given_to_somebody_who_just_left_goes_to_the_next() -> None:
    desk = Desk()
    held = desk.turns.turn(A)
    await held.__aenter__()
    first = asyncio.create_task(desk.work(B, [1.0]))
    second = asyncio.create_task(desk.work(C, [1.0]))
    await _settle()
    await held.__aexit__(None, None, None)
    # The turn is B's, and B has not run yet.
    first.cancel()
    await asyncio.wait([first, second])
    assert desk.taken == [C]
    assert (desk.turns.running, desk.turns.waiting) == (0, 0)


async def test_a_failure_gives_the_turn_back() -> None:
    turns = Turns(1)
    with pytest.raises(ZeroDivisionError):
        async with turns.turn(A):
            raise ZeroDivisionError
    assert turns.running == 0


async def test_partners_are_forgotten_once_nobody_works() -> None:
    turns = Turns(2)
    async with turns.turn(A):
        for number in range(1_000):
            async with turns.turn(str(number)):
                pass
    assert turns._partners == {}


async def test_long_work_is_told_to_stop_when_nobody_waits_for_it_any_more() -> None:
    begun, over = threading.Event(), threading.Event()
    turns = Turns(1)

    def work(stopped: Stopped) -> None:
        begun.set()
        while not stopped():
            pass
        over.set()

    task = asyncio.create_task(Work(turns, A).in_thread(work))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(over.wait, 5)
    assert turns.running == 0


@given(
    at_once=st.integers(1, 4),
    pieces=st.lists(
        st.tuples(
            st.sampled_from([A, B, C]),
            st.lists(st.sampled_from([0.01, 0.1, 1.0]), min_size=1, max_size=4),
            st.integers(0, 12),
        ),
        max_size=12,
    ),
)
def test_everything_that_is_not_cancelled_is_done_and_nothing_is_left_behind(
    at_once: int, pieces: list[tuple[str, list[float], int]]
) -> None:
    """Whoever is cancelled, and whenever; a 0 is for one that is not."""

    async def scene() -> None:
        desk = Desk(at_once)
        tasks = [asyncio.create_task(desk.work(who, portions)) for who, portions, _ in pieces]
        for step in range(1, 13):
            await asyncio.sleep(0)
            for task, (_, _, when) in zip(tasks, pieces, strict=True):
                if when == step:
                    task.cancel()
        async with asyncio.timeout(5):
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end, (_, _, when) in zip(ends, pieces, strict=True):
            assert end is None or (when and isinstance(end, asyncio.CancelledError))
        due = Counter[str]()
        for who, portions, when in pieces:
            due[who] += 0 if when else len(portions)
        assert all(desk.taken.count(who) >= due[who] for who in due)
        assert (desk.turns.running, desk.turns.waiting) == (0, 0)
        assert desk.turns._partners == {}

    asyncio.run(scene())
