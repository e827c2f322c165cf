"""Commands that ask the same of the platform, and are not the same, are noticed."""

from typing import Any

import pytest

from moderator.providers.conformance import ProviderConformance
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.provider import Target
from moderator.providers.stream import StreamProvider
from tests.providers.conformance.broken import complaint
from tests.providers.conformance.livekit import LiveKitConformance
from tests.providers.conformance.stream import StreamConformance

CHECK = "test_commands_that_are_not_the_same_ask_for_something_else"


class Unforgiving(LiveKitProvider):
    async def restore(self, target: Target) -> None:
        await self.revoke(target)


class Harmless(LiveKitProvider):
    async def revoke(self, target: Target) -> None:
        await self.mute(target)


class Unmuting(LiveKitProvider):
    async def mute(self, target: Target) -> None:
        await self.restore(target)


class Sweeping(LiveKitProvider):
    async def disconnect(self, target: Target, *, block: bool) -> None:
        await self.end_room(target)


class Forgiving(StreamProvider):
    """Blocks nobody."""

    async def disconnect(self, target: Target, *, block: bool) -> None:
        await super().disconnect(target, block=False)


class Grudging(StreamProvider):
    async def readmit(self, target: Target) -> None:
        await self.disconnect(target, block=True)


@pytest.mark.parametrize(
    ("broken", "of", "said"),
    [
        (Unforgiving, LiveKitConformance, "revoke and restore ask the same of the platform"),
        (Harmless, LiveKitConformance, "mute and revoke ask the same of the platform"),
        (Unmuting, LiveKitConformance, "mute and restore ask the same of the platform"),
        (Sweeping, LiveKitConformance, "disconnect and end ask the same of the platform"),
        (Forgiving, StreamConformance, "disconnect and block ask the same of the platform"),
        (Grudging, StreamConformance, "block and readmit ask the same of the platform"),
    ],
)
def test_the_same_for_two_commands_is_noticed(broken: type[Any], of: type[ProviderConformance], said: str) -> None:
    assert said in complaint(broken, CHECK, of=of)
