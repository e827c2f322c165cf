"""What a gateway that stops does about calls to a platform."""

import asyncio

from moderator.gateway.platforms.under_way import UnderWay


async def a_call(calls: UnderWay, until: asyncio.Event, made: list[str]) -> None:
    await calls.admit()
    with calls.one():
        await until.wait()
        made.append("call")
    with calls.one():
        await asyncio.sleep(0)
        made.append("written down")


async def test_nobody_waits_where_nothing_is_under_way() -> None:
    async with asyncio.timeout(20):
        await UnderWay().close(60)


async def test_what_was_begun_is_ended_and_written_down_and_nothing_begins() -> None:
    calls, until, made = UnderWay(), asyncio.Event(), list[str]()
    under_way = asyncio.create_task(a_call(calls, until, made))
    await asyncio.sleep(0)
    closing = asyncio.create_task(calls.close(60))
    await asyncio.sleep(0)
    late = asyncio.create_task(a_call(calls, until, made))
    await asyncio.sleep(0)
    assert not closing.done()
    until.set()
    async with asyncio.timeout(20):
        await closing
    assert made == ["call", "written down"]
    assert not late.done()
    late.cancel()
    await asyncio.gather(under_way, late, return_exceptions=True)


async def test_a_call_that_does_not_end_is_not_waited_for_for_long() -> None:
    calls = UnderWay()
    stuck = asyncio.create_task(a_call(calls, asyncio.Event(), []))
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await calls.close(0.01)
    assert not stuck.done()
    stuck.cancel()
    await asyncio.gather(stuck, return_exceptions=True)
