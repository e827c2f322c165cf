"""What a log on servers tells of the gateway's clock, and of why it cannot be used."""

import asyncio
import gc
from collections.abc import Callable

import pytest

from moderator.clock import SystemClock
from moderator.journal.jetstream import connection
from moderator.journal.jetstream.health import INTERVAL_S
from moderator.journal.jetstream.log import NatsLog
from tests.fakes.nats import NatsServer
from tests.journal.reading import an_arrival
from tests.journal.streams import Gateways

HOUR_MS = 3_600_000
NEAR_MS = 10_000

pytestmark = pytest.mark.nats


class SetClock(SystemClock):
    """Somebody set it wrong."""

    ahead_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead_ms


async def test_that_the_clock_was_set_shows_before_any_other_entry_comes(gateways: Gateways) -> None:
    """Who decides by it looks here first: nobody is cut off by a clock that was set while the log was calm."""
    clock = SetClock()
    log = await NatsLog.open(gateways.settings(), clock)
    await log.append(an_arrival(1))
    for ahead_ms in (0, HOUR_MS, -HOUR_MS, 0):
        clock.ahead_ms = ahead_ms
        skew_ms = log.health().clock_skew_ms
        assert skew_ms is not None
        assert abs(skew_ms - ahead_ms) < NEAR_MS
    await log.aclose()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # NATS's library drops connections that are refused
async def test_that_it_is_not_let_in_any_more_is_said_and_goes_on_by_itself(
    own_gateways: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ATTEMPT_S", 1.0)
    server, log = own_gateways.server, await own_gateways.open()
    await asyncio.to_thread(restart, server, "another")
    await until(lambda: "they do not let this gateway in" in log.health().why)
    await asyncio.sleep(connection.ATTEMPT_S + INTERVAL_S)
    assert "they do not let this gateway in" in log.health().why, "also when nothing was answered for a while"
    await asyncio.to_thread(restart, server, server.password)
    await until(lambda: log.health().writable)
    gc.collect()  # here, where the warning is expected


def restart(server: NatsServer, password: str) -> None:
    server.kill()
    server.configure({"authorization": {"user": server.user, "password": password}})
    server.start()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.05)
