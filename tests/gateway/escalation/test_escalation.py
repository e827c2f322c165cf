"""Who is told of what nobody took care of: once, in time, by one gateway, and not when somebody did meanwhile."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from moderator.domain.accounting import EscalationFailed, EscalationSent, EscalationStarted
from moderator.domain.kinds import Data
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.gateway.configuration.sections import NotifyEmailSection, NotifySection, NotifyWebhookSection
from moderator.gateway.escalation.channels import WebhookChannel
from moderator.gateway.escalation.escalation import FAULT, GIVEN_UP_MS, STOPPED, TAKEN_CARE_OF, Escalation
from moderator.gateway.escalation.subjects import Alert
from moderator.gateway.ledger import Ledger
from moderator.tasks import TaskScope
from tests.fakes.builders import DAY, joined, left, room_ended
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, room_path
from tests.fakes.notified import SECRET, Receiver, mailing, receiving

AFTER_MS = MINUTE_MS
WARNED_MS = 55 * MINUTE_MS
VISIT = RoomType(name="visit", duration_ms=60 * MINUTE_MS, warn_ms=(5 * MINUTE_MS,), mode="enforce")
SMALL = RoomType(name="small", max_people=1, mode="observe")
SEEN = f"{room_path()}/warnings/1-300000/acknowledge"
ALL = (EscalationStarted, EscalationSent, EscalationFailed)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


def told_by(receiver: Receiver) -> NotifySection:
    return NotifySection(after="60s", webhook=NotifyWebhookSection(url=receiver.url, secret=SECRET))


async def warned(gateway: GatewayInProcess) -> None:
    """A warning was raised, and a second later it will have stood too long."""
    await gateway.tell(joined("c1", DAY, user="u1"))
    await gateway.advance(WARNED_MS + AFTER_MS - 1_000)
    assert [one.id for one in gateway.room.warnings] == ["1-300000"]
    assert await gateway.logged(*ALL) == []


async def written(gateway: GatewayInProcess, *kinds: type[Data], count: int = 1) -> list[Data]:
    """What stands in the log of these kinds, as soon as it is so many; requests take a while that no clock knows."""
    async with asyncio.timeout(10):
        while len(found := await gateway.logged(*kinds)) < count:
            await asyncio.sleep(0.005)
    return [event.data for event in found]


async def test_a_warning_that_nobody_saw_is_told_once(tmp_path: Path, receiver: Receiver) -> None:
    async with GatewayInProcess(tmp_path, VISIT, notify=told_by(receiver)) as gateway:
        await gateway.order("PUT", "/v1/duty")
        await warned(gateway)
        await gateway.advance(1_100)
        alert = await receiver.next()
        assert (alert["kind"], alert["room_name"], alert["people"]) == ("warning", "room-1", 1)
        assert (alert["ends_at"], alert["since"]) == (DAY + 60 * MINUTE_MS, gateway.room.warnings[0].raised_at)
        assert [one["id"] for one in alert["on_duty"]] == ["maya"]
        (sent,) = await written(gateway, EscalationSent)
        assert sent == EscalationSent(subject="1-300000", channel="webhook", detail="127.0.0.1")
        await gateway.tell(joined("c2", DAY, user="u2"))
        await gateway.advance(2 * MINUTE_MS)
        assert receiver.asked == 1
        shown = [event["kind"] for event in (await gateway.timeline())["events"]]
        assert [kind for kind in shown if kind.startswith("escalation")] == ["escalation_started", "escalation_sent"]


async def test_who_acknowledges_in_time_is_not_reported(tmp_path: Path, receiver: Receiver) -> None:
    async with GatewayInProcess(tmp_path, VISIT, notify=told_by(receiver)) as gateway:
        await warned(gateway)
        await gateway.order("POST", SEEN)
        await gateway.advance(2 * MINUTE_MS)
        assert await gateway.logged(*ALL) == []
        assert receiver.asked == 0


async def test_an_extension_takes_care_of_a_warning(tmp_path: Path, receiver: Receiver) -> None:
    async with GatewayInProcess(tmp_path, VISIT, notify=told_by(receiver)) as gateway:
        await warned(gateway)
        await gateway.order("POST", f"{room_path()}/extend", {"seconds": 600})
        await gateway.advance(2 * MINUTE_MS)
        assert await gateway.logged(*ALL) == []


async def test_a_violation_that_is_only_observed_is_told(tmp_path: Path, receiver: Receiver) -> None:
    async with GatewayInProcess(tmp_path, SMALL, notify=told_by(receiver)) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        await gateway.advance(AFTER_MS + 100)
        alert = await receiver.next()
        assert (alert["kind"], alert["people"]) == ("violation", 2)
        assert "u2" not in alert["text"]


async def test_a_violation_that_is_over_is_not_told(tmp_path: Path, receiver: Receiver) -> None:
    async with GatewayInProcess(tmp_path, SMALL, notify=told_by(receiver)) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        await gateway.advance(AFTER_MS - 1_000)
        await gateway.tell(left("c2", gateway.clock.now_ms()))
        await gateway.advance(AFTER_MS)
        assert await gateway.logged(*ALL) == []


FULL = replace(SMALL, mode="enforce")
HOLD = "/v1/enforcement/hold"


async def test_a_hold_and_what_it_lets_stand_are_told(tmp_path: Path, receiver: Receiver) -> None:
    async with GatewayInProcess(tmp_path, FULL, notify=told_by(receiver)) as gateway:
        await gateway.order("PUT", HOLD, {"reason": "a look"})
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        await gateway.advance(AFTER_MS + 100)
        alerts = {one["kind"]: one for one in [await receiver.next(), await receiver.next()]}
        assert set(alerts) == {"hold", "violation"}
        assert (alerts["hold"]["room"], alerts["hold"]["url"]) == ("", "")
        assert "while automatic removals are paused" in alerts["violation"]["text"]
        await written(gateway, EscalationSent, count=2)
        started = [event.key for event in await gateway.logged(EscalationStarted)]
        assert sorted(key is None for key in started) == [False, True]
        await gateway.advance(GIVEN_UP_MS + MINUTE_MS)
        assert len(await gateway.logged(*ALL)) == 4, "once each"
        await gateway.order("DELETE", HOLD)
        await gateway.order("PUT", HOLD, {"reason": "another"})
        await gateway.advance(AFTER_MS + 100)
        assert (await receiver.next())["kind"] == "hold"


async def test_who_resumes_in_time_is_not_reported(tmp_path: Path, receiver: Receiver) -> None:
    async with GatewayInProcess(tmp_path, FULL, notify=told_by(receiver)) as gateway:
        await gateway.order("PUT", HOLD, {"reason": "a look"})
        await gateway.advance(AFTER_MS - 1_000)
        await gateway.order("DELETE", HOLD)
        await gateway.advance(2 * AFTER_MS)
        assert await gateway.logged(*ALL) == []


# --- when it does not get through ----------------------------------------------------------------------------------


async def retried(gateway: GatewayInProcess, receiver: Receiver, times: int) -> None:
    """Let the time pass, a second at a time, until the receiver was asked so often."""
    async with asyncio.timeout(10):
        while receiver.asked < times:
            await gateway.advance(1_000)
            await asyncio.sleep(0.01)


async def test_it_is_tried_again_with_longer_and_longer_pauses(tmp_path: Path, receiver: Receiver) -> None:
    receiver.statuses = [500, 503]
    async with GatewayInProcess(tmp_path, VISIT, notify=told_by(receiver)) as gateway:
        await warned(gateway)
        await retried(gateway, receiver, 3)
        await receiver.next()
        await written(gateway, EscalationSent)
        assert len(await gateway.logged(*ALL)) == 2


async def test_it_is_withdrawn_when_somebody_takes_care_meanwhile(tmp_path: Path, receiver: Receiver) -> None:
    receiver.statuses = [500] * 50
    async with GatewayInProcess(tmp_path, VISIT, notify=told_by(receiver)) as gateway:
        await warned(gateway)
        await retried(gateway, receiver, 2)
        await gateway.order("POST", SEEN)
        asked = receiver.asked
        await gateway.advance(2 * MINUTE_MS)
        (failed,) = await written(gateway, EscalationFailed)
        assert failed == EscalationFailed(subject="1-300000", channel="webhook", why=TAKEN_CARE_OF)
        assert receiver.asked == asked


async def test_after_five_minutes_it_is_given_up_and_said_so(
    tmp_path: Path, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.statuses = [500] * 50
    alerting = replace(VISIT, on_expiry="alert")
    async with GatewayInProcess(tmp_path, alerting, notify=told_by(receiver)) as gateway:
        await warned(gateway)
        async with asyncio.timeout(10):
            while not await gateway.logged(EscalationFailed):
                await gateway.advance(10_000)
                await asyncio.sleep(0.01)
        (failed,) = await written(gateway, EscalationFailed)
        assert isinstance(failed, EscalationFailed)
        assert failed.why == "the receiver answered with status 500"
        assert 5 <= receiver.asked <= 12
        await gateway.advance(GIVEN_UP_MS)
        assert len(await gateway.logged(*ALL)) == 2
    assert "nobody could be told" in caplog.text


async def test_one_channel_does_not_wait_for_the_other(tmp_path: Path, receiver: Receiver) -> None:
    receiver.statuses = [500] * 50
    async with mailing() as mail:
        email = NotifyEmailSection(
            host="127.0.0.1", port=mail.port, sender="m@example.org", to=("a@example.org",), security="none"
        )
        async with GatewayInProcess(tmp_path, VISIT, notify=replace(told_by(receiver), email=email)) as gateway:
            await warned(gateway)
            await gateway.advance(1_100)
            assert (await mail.next())["Subject"].startswith("room-1: 5 minutes left")
            assert await written(gateway, EscalationSent) == [
                EscalationSent(subject="1-300000", channel="email", detail="1 by e-mail")
            ]


async def test_a_fault_of_ours_is_no_silence(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def send(channel: WebhookChannel, alert: Alert) -> str:
        raise ValueError("a fault")

    monkeypatch.setattr(WebhookChannel, "send", send)
    alerting = replace(VISIT, on_expiry="alert")
    async with GatewayInProcess(tmp_path, alerting, notify=told_by(receiver)) as gateway:
        await warned(gateway)
        await gateway.advance(1_100)
        (failed,) = await written(gateway, EscalationFailed)
        assert failed == EscalationFailed(subject="1-300000", channel="webhook", why=FAULT)
        await gateway.advance(GIVEN_UP_MS + MINUTE_MS)
        assert len(await gateway.logged(*ALL)) == 2
    assert [one.levelno for one in caplog.records] == [logging.ERROR], "once"
    caplog.clear()


# --- restarts, several gateways ------------------------------------------------------------------------------------


async def test_a_restart_does_not_tell_again(tmp_path: Path, receiver: Receiver) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, VISIT, clock=clock, notify=told_by(receiver)) as gateway:
        await warned(gateway)
        await gateway.advance(1_100)
        await written(gateway, EscalationSent)
    async with GatewayInProcess(tmp_path, VISIT, clock=clock, notify=told_by(receiver)) as gateway:
        await gateway.advance(2 * MINUTE_MS)
        assert len(await gateway.logged(*ALL)) == 2
    assert receiver.asked == 1


async def test_what_fell_due_during_an_outage_is_told_after_it(tmp_path: Path, receiver: Receiver) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, VISIT, clock=clock, notify=told_by(receiver)) as gateway:
        await warned(gateway)
    await clock.advance(MINUTE_MS)
    async with GatewayInProcess(tmp_path, VISIT, clock=clock, notify=told_by(receiver)) as gateway:
        await receiver.next()
        await written(gateway, EscalationSent)


async def test_what_a_gateway_had_begun_when_it_stopped_counts_as_failed(tmp_path: Path, receiver: Receiver) -> None:
    clock = FakeClock()
    receiver.statuses = [500] * 3
    alerting = replace(VISIT, on_expiry="alert")
    async with GatewayInProcess(tmp_path, alerting, clock=clock, notify=told_by(receiver)) as gateway:
        await warned(gateway)
        await retried(gateway, receiver, 1)
    async with GatewayInProcess(tmp_path, alerting, clock=clock, notify=told_by(receiver)) as gateway:
        await gateway.advance(GIVEN_UP_MS - 10_000)
        assert await gateway.logged(EscalationSent, EscalationFailed) == []
        await gateway.advance(20_000)
        assert await written(gateway, EscalationFailed) == [
            EscalationFailed(subject="1-300000", channel="webhook", why=STOPPED)
        ]
    assert receiver.asked == 1


async def test_of_two_gateways_one_tells(tmp_path: Path, receiver: Receiver) -> None:
    async with GatewayInProcess(tmp_path, VISIT, notify=told_by(receiver)) as gateway, TaskScope() as tasks:
        other = Ledger(gateway.log, gateway.clock)
        await other.catch_up()
        tasks.start("follow", other.follow())
        tasks.start("escalation", Escalation(other, gateway.clock, told_by(receiver), AFTER_MS).run())
        await warned(gateway)
        await gateway.advance(1_100)
        await receiver.next()
        await written(gateway, EscalationSent)
        await gateway.advance(2 * MINUTE_MS)
        assert receiver.asked == 1
        assert len(await gateway.logged(*ALL)) == 2


async def test_a_log_that_cannot_be_written_delays_it(
    tmp_path: Path, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path, SMALL, notify=told_by(receiver)) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        gateway.log.fails = True
        await gateway.advance(AFTER_MS + 100)
        assert receiver.asked == 0
        gateway.log.fails = False
        await gateway.advance(10_000)
        await receiver.next()
        await written(gateway, EscalationSent)
    assert "nobody can be told yet" in caplog.text


async def test_a_room_that_has_ended_needs_nobody(tmp_path: Path, receiver: Receiver) -> None:
    async with GatewayInProcess(tmp_path, VISIT, notify=told_by(receiver)) as gateway:
        await warned(gateway)
        await gateway.tell(room_ended(gateway.clock.now_ms()))
        await gateway.advance(2 * MINUTE_MS)
        assert await gateway.logged(*ALL) == []
