"""The gateway's clock is set while rooms have deadlines, or the machine sleeps: nobody is cut off early or unwarned by
the clock as it then is, and no deadline is forgotten.
"""

from pathlib import Path
from typing import Final

import pytest

from moderator.domain.events import DisconnectFailed, TimeExpired, WarningRaised
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.providers.errors import ProviderError
from tests.fakes.builders import joined
from tests.fakes.gateway import GatewayInProcess

LESSON: Final = RoomType(name="lesson", duration_ms=5 * MINUTE_MS, warn_ms=(2 * MINUTE_MS, MINUTE_MS), mode="enforce")
GRACE_MS: Final = 20_000
NOTICED_MS: Final = 6_000
"""So long may it take until it is noticed that the clock was set."""


async def expired_at(gateway: GatewayInProcess, within_ms: int) -> int:
    """When the time was up, by the gateway's clock."""
    for _ in range(within_ms // 1_000):
        if found := await gateway.logged(TimeExpired):
            return found[0].at
        await gateway.advance(1_000)
    raise AssertionError("the deadline was forgotten")


async def a_lesson(gateway: GatewayInProcess) -> int:
    """One that has just begun; its deadline."""
    await gateway.tell(joined("p", gateway.clock.now_ms(), user="ana"))
    deadline = gateway.room.deadline
    assert deadline is not None
    return deadline.ends_at


@pytest.mark.parametrize("after_s", [0, 200, 270])
@pytest.mark.parametrize("step_s", [-7200, -90, 45, 300, 7200])
async def test_whatever_the_clock_is_set_to_the_time_is_up_by_it(tmp_path: Path, after_s: int, step_s: int) -> None:
    async with GatewayInProcess(tmp_path, LESSON) as gateway:
        ends_at = await a_lesson(gateway)
        await gateway.advance(after_s * 1_000)
        gateway.clock.step(step_s * 1_000)
        stepped_to = gateway.clock.now_ms()
        if step_s < -MINUTE_MS / 1_000:  # the rest of it is not to be waited for here
            gateway.clock.step(max(0, ends_at - 150_000 - gateway.clock.now_ms()))
        at = await expired_at(gateway, 400_000)
        warnings = await gateway.logged(WarningRaised)
        assert at >= ends_at
        assert at <= max(ends_at, stepped_to + NOTICED_MS) + GRACE_MS
        assert len({warning.id for warning in warnings}) == len(warnings)
        assert warnings, "nobody is cut off unwarned"
        assert gateway.provider.called("disconnect") == ["p"]


async def test_a_clock_that_was_wrong_for_a_while_puts_nothing_off(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, LESSON) as gateway:
        ends_at = await a_lesson(gateway)
        await gateway.advance(10_000)
        gateway.clock.step(2 * 3_600_000)
        await gateway.advance(NOTICED_MS)
        last_call = (await gateway.logged(WarningRaised))[-1]
        assert last_call.at > ends_at + 3_600_000
        gateway.clock.step(-2 * 3_600_000)
        assert ends_at <= await expired_at(gateway, 400_000) <= ends_at + GRACE_MS + 1_000


async def test_a_machine_that_slept_finds_what_is_due_when_it_wakes(tmp_path: Path) -> None:
    """While it sleeps no timer runs; then the wall clock is ahead by all that time."""
    async with GatewayInProcess(tmp_path, LESSON) as gateway:
        ends_at = await a_lesson(gateway)
        await gateway.advance(30_000)
        gateway.clock.step(3_600_000)
        woke_at = gateway.clock.now_ms()
        await gateway.advance(NOTICED_MS)
        (last_call,) = await gateway.logged(WarningRaised)
        assert woke_at <= last_call.at <= woke_at + NOTICED_MS
        at = await expired_at(gateway, 60_000)
        assert last_call.at + GRACE_MS <= at <= last_call.at + GRACE_MS + 1_000
        assert at > ends_at


async def test_a_removal_that_failed_before_the_clock_was_set_back_is_tried_again(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, LESSON) as gateway:
        await a_lesson(gateway)
        gateway.provider.errors = [ProviderError("The platform does not want to.")]
        await expired_at(gateway, 400_000)
        await gateway.advance(1_000)
        assert await gateway.logged(DisconnectFailed)
        gateway.clock.step(-60_000)
        await gateway.advance(30_000)
        assert gateway.provider.called("disconnect") == ["p", "p"]


async def test_many_removals_count_by_the_clock_as_it_is(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, LESSON, hold_above=1) as gateway:
        await a_lesson(gateway)
        gateway.clock.step(3_600_000)
        await expired_at(gateway, 60_000)
        gateway.clock.step(-3_600_000)
        await gateway.tell(joined("q", gateway.clock.now_ms(), user="ben"))
        assert gateway.gateway.ledger.state.hold is None
        assert gateway.provider.called("disconnect") == ["p", "q"]
