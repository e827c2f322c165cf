"""What a provider says of itself, and does not keep, is noticed."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from msgspec import Struct

from moderator.domain.settings import Capability
from moderator.providers.errors import NotSupported, Unavailable
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.provider import Rejoin, Target
from tests.providers.conformance.broken import OwnRequests, complaint

REJOIN = "test_who_is_disconnected_can_come_back_or_is_kept_out"
CAN = dict(LiveKitProvider.capabilities)


class Lax(LiveKitOptions, frozen=True, kw_only=True, forbid_unknown_fields=False):
    pass


class Showing(LiveKitOptions, frozen=True, kw_only=True):
    def __repr__(self) -> str:
        return f"Showing({self.api_secret})"


class Quoting(LiveKitOptions, frozen=True, kw_only=True):
    def __post_init__(self) -> None:
        if self.api_secret.strip() != self.api_secret:
            raise ValueError(f"api_secret: {self.api_secret!r} has blanks around it")


class TakesAnything(LiveKitProvider):
    Options: ClassVar[type[Struct]] = Lax


class ShowsOptions(LiveKitProvider):
    Options: ClassVar[type[Struct]] = Showing


class ShowsItself(LiveKitProvider):
    def __repr__(self) -> str:
        return f"ShowsItself({self._options.api_secret})"


class QuotesSecrets(LiveKitProvider):
    Options: ClassVar[type[Struct]] = Quoting


class Forgetful(LiveKitProvider):
    capabilities: Mapping[str, Capability] = {name: one for name, one in CAN.items() if name != "revoke"}


class Curt(LiveKitProvider):
    capabilities: Mapping[str, Capability] = {**CAN, "mute": Capability(None)}


class Inaudible(LiveKitProvider):
    audible = frozenset()


class Pretending(LiveKitProvider):
    """Says that it cannot, and does it."""

    capabilities: Mapping[str, Capability] = {**CAN, "mute": Capability(None, "this platform has no such call")}


class Half(OwnRequests):
    capabilities: Mapping[str, Capability] = {
        **CAN,
        "end": Capability("gateway", "everybody is disconnected, one by one"),
    }

    async def end_room(self, target: Target) -> None:
        await self.ask("end")
        raise NotSupported("That was all.")


class Idle(LiveKitProvider):
    async def mute(self, target: Target) -> None:
        pass


class Narrow(LiveKitProvider):
    """Says that it needs no streams to mute somebody."""

    mutes_people = True

    async def mute(self, target: Target) -> None:
        if target.streams:
            await super().mute(target)


class Wordy(LiveKitProvider):
    def rejoin(self, target: Target, *, block: bool) -> Any:
        return "blocked" if block else "possible"


class Strict(LiveKitProvider):
    """Keeps out who was not blocked."""

    def rejoin(self, target: Target, *, block: bool) -> Rejoin:
        return "blocked_by_gateway" if target.user else "possible"


class Hopeful(LiveKitProvider):
    """The gateway knows nobody without a user."""

    def rejoin(self, target: Target, *, block: bool) -> Rejoin:
        return "blocked_by_gateway" if block else "possible"


class Doubtful(LiveKitProvider):
    capabilities: Mapping[str, Capability] = {**CAN, "block": Capability("provider")}


class Failing(LiveKitProvider):
    async def mute(self, target: Target) -> None:
        raise Unavailable("Not today.")


@pytest.mark.parametrize(
    ("broken", "check", "said"),
    [
        (TakesAnything, "test_unknown_options_are_refused", "Options takes any key"),
        (ShowsOptions, "test_options_and_provider_show_no_secret", "a secret stands in a repr"),
        (ShowsItself, "test_options_and_provider_show_no_secret", "a secret stands in a repr"),
        (QuotesSecrets, "test_what_is_wrong_with_options_is_said_without_secrets", "with the value of a secret"),
        (Forgetful, "test_every_capability_is_stated", "capabilities have to be"),
        (Curt, "test_every_capability_is_stated", "mute: say why nobody can do it"),
        (Inaudible, "test_what_can_be_muted_is_stated", "nothing is audible"),
        (Pretending, "test_what_is_not_offered_is_refused", "mute: NotSupported is due, not None"),
        (Half, "test_what_is_not_offered_is_refused", "end: sent POST all the same"),
        (Idle, "test_what_is_offered_is_done", "mute is the provider's, and asked nothing"),
        (Narrow, "test_what_is_offered_is_done", "of somebody without known streams it asked nothing"),
        (Wordy, REJOIN, "rejoin says one of"),
        (Strict, REJOIN, "nobody was blocked, but rejoin says blocked_by_gateway"),
        (Hopeful, REJOIN, "the gateway blocks users"),
        (Doubtful, REJOIN, "to block is the provider's, but rejoin says blocked_by_gateway"),
        (Failing, "test_what_is_offered_is_done", "mute failed where all is well"),
    ],
)
def test_a_claim_that_is_not_kept_is_noticed(broken: type[Any], check: str, said: str) -> None:
    assert said in complaint(broken, check)
