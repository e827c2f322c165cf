"""Who waits for the copy is told when it is far enough, and when it is new enough."""

import asyncio

import pytest

from moderator.journal.event_log import LogError
from moderator.journal.jetstream.position import Position
from moderator.tasks import TaskScope


async def test_what_was_stored_up_to_a_moment_is_there_when_the_end_of_then_is_reached() -> None:
    position = Position(5)
    assert not position.is_whole(0.0), "nobody has told yet where the end is"
    position.ends_at(7, at=100.0)
    position.passed_to(6)
    assert not position.is_whole(100.0)
    position.passed_to(7)
    assert position.is_whole(100.0)
    assert not position.is_whole(100.1)
    position.ends_at(7, at=101.0)
    assert position.is_whole(101.0)


async def test_who_lags_behind_a_busy_log_gets_there_even_so() -> None:
    """The end moves on each time before it is reached."""
    position = Position(0)
    for second in range(10):
        position.ends_at(100 * (second + 1), at=float(second))
        position.passed_to(100 * second)
    assert position.is_whole(7.0)


@pytest.mark.parametrize("waits_for", ["a place", "a moment"])
async def test_who_waits_is_told_when_nothing_is_read_any_more(waits_for: str) -> None:
    position = Position(1)
    told: list[str] = []

    async def wait() -> None:
        try:
            await (position.reach(2) if waits_for == "a place" else position.reach_moment(1.0))
        except LogError as error:
            told.append(str(error))

    async with TaskScope() as tasks:
        task = tasks.start("waits", wait())
        await asyncio.sleep(0)
        position.fail(LogError("It is over."))
        await task
    assert told == ["It is over."]
