"""What `moderator check` finds out about who is told beyond the window: a test message, when one is asked for."""

import uuid
from typing import Final

from moderator.clock import Clock
from moderator.gateway.configuration.sections import NotifySection
from moderator.gateway.escalation.channels import Channel, NotSent, open_channels
from moderator.gateway.escalation.subjects import Alert
from moderator.providers.provider import Finding

NOT_TESTED: Final = Finding(True, "not tested: `moderator check --notify` sends a test message", todo=True)
_REMEDIES: Final = {
    "webhook": "Is the address right, and does its receiver check signatures with this secret?",
    "email": "Are host, port, security, user and password right, and may this sender write to these recipients?",
}


async def check_channels(notify: NotifySection, clock: Clock, *, send: bool) -> list[tuple[str, Finding]]:
    """A finding for each channel; without `send` nobody is told anything."""
    async with open_channels(notify, clock) as channels:
        return [(f"notify.{one.name}", await _check(one, clock) if send else NOT_TESTED) for one in channels]


async def _check(channel: Channel, clock: Clock) -> Finding:
    try:
        detail = await channel.send(a_test(clock.now_ms()))
    except NotSent as error:
        return Finding(False, f"a test message did not get through: {error}", _REMEDIES[channel.name])
    return Finding(True, f"a test message was taken: {detail}")


def a_test(now: int) -> Alert:
    """About no room."""
    return Alert(
        id=uuid.uuid4().hex,
        kind="test",
        text="this is a test of who is told when nobody takes care of a warning",
        since=now,
        source="",
        room="",
        room_name="",
        people=0,
        ends_at=None,
        owner=None,
        on_duty=(),
        url="",
    )
