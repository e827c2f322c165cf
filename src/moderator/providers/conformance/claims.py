"""Checks of what a provider says of itself: its options, its capabilities, and that it shows no secret."""

import asyncio
from collections.abc import Callable
from typing import Final, get_args

import msgspec
from msgspec.structs import replace

from moderator.domain.kinds import StreamKind
from moderator.providers.conformance.bench import Bench, offered, resting
from moderator.providers.conformance.secrecy import leaked, words_of
from moderator.providers.conformance.stated import NOWHERE, Stated
from moderator.providers.errors import NotSupported
from moderator.providers.provider import ACTIONS, Rejoin

SPOILT: Final[tuple[Callable[[str], object], ...]] = (
    lambda secret: "",
    lambda secret: secret * 2,
    lambda secret: secret[:-1],
    lambda secret: f"{secret}\n",
    lambda secret: f"\u00e9{secret}\x00",
    lambda secret: [secret],
    lambda secret: {secret: secret},
    lambda secret: 5,
)
"""What people write instead of a value."""
REFUSED: Final = (
    *("extend", "disconnect", "block", "mute", "revoke", "restore", "stop_stream", "end", "message", "tell"),
    *("list", "list_room"),
)
"""What raises NotSupported where it is not the provider's. (Readmitting may be nothing to do.)"""


class Claims(Stated):
    """Part of `ProviderConformance`."""

    def test_unknown_options_are_refused(self) -> None:
        try:
            self.decoded({"no_such_option": 1})
        except msgspec.ValidationError:
            return
        raise AssertionError("Options takes any key: declare it with forbid_unknown_fields=True")

    def test_options_and_provider_show_no_secret(self) -> None:
        options = self.decoded()
        shown = [repr(options), str(options), repr(resting(self)), str(resting(self))]
        assert not leaked("\n".join(shown), self.secret_values()), "a secret stands in a repr: write one without it"

    def test_what_is_wrong_with_options_is_said_without_secrets(self) -> None:
        table = self.options(NOWHERE)
        for key, value in table.items():
            for spoil in SPOILT:
                told = self._complaint({key: spoil(str(value))})
                assert not leaked(told, self.secret_values()), f"a wrong {key!r} is refused with the value of a secret"

    def _complaint(self, changes: dict[str, object]) -> str:
        try:
            self.decoded(changes)
        except msgspec.ValidationError as error:
            return words_of(error)
        return ""

    def test_every_capability_is_stated(self) -> None:
        stated = resting(self).capabilities
        assert set(stated) == set(ACTIONS), f"capabilities have to be {ACTIONS}"
        for action, capability in stated.items():
            assert capability.by in {"provider", "gateway", None}, action
            assert capability.why or capability.by, f"{action}: say why nobody can do it, as people will read it"

    def test_what_can_be_muted_is_stated(self) -> None:
        made = resting(self)
        assert isinstance(made.finds_rooms, bool)
        assert isinstance(made.mutes_people, bool)
        assert set(made.audible) <= set(get_args(StreamKind))
        can = made.audible or made.mutes_people or made.capabilities["mute"].by != "provider"
        assert can, "mute is offered, but nothing is audible, and it does not mute people either"

    def test_who_is_disconnected_can_come_back_or_is_kept_out(self) -> None:
        made = resting(self)
        nobody = replace(self.target, user="", platform={})
        for target in (self.target, replace(self.target, platform={}), replace(self.target, user=""), nobody):
            for block in (False, True):
                said = made.rejoin(target, block=block)
                assert said in get_args(Rejoin), f"rejoin says one of {get_args(Rejoin)}, not {said!r}"
                assert block or said == "possible", f"nobody was blocked, but rejoin says {said}"
                assert target.user or said != "blocked_by_gateway", "the gateway blocks users: without one it cannot"
        if made.capabilities["block"].by == "provider":
            said = made.rejoin(self.target, block=True)
            assert said == "blocked_by_provider", f"to block is the provider's, but rejoin says {said}"

    def test_what_is_not_offered_is_refused(self) -> None:
        """Nothing is sent, so that nobody takes half a thing for done."""
        asyncio.run(self._try_what_is_not_offered())

    async def _try_what_is_not_offered(self) -> None:
        async with Bench(self) as bench:
            for name in (name for name in REFUSED if name not in offered(self)):
                outcome = await bench.run(name)
                assert isinstance(outcome.error, NotSupported), f"{name}: NotSupported is due, not {outcome.error!r}"
                assert not outcome.requests, f"{name}: sent {outcome.requests[0].method} all the same"

    def test_what_is_offered_is_done(self) -> None:
        """Where all is well, nothing is raised, and the platform hears of it."""
        asyncio.run(self._try_what_is_offered())

    async def _try_what_is_offered(self) -> None:
        async with Bench(self) as bench:
            for name in offered(self):
                outcome = await bench.run(name)
                assert outcome.error is None, f"{name} failed where all is well: {outcome.error!r}"
                assert outcome.requests, f"{name} is the provider's, and asked nothing of the platform"
            if bench.provider().mutes_people and "mute" in offered(self):
                outcome = await bench.run("mute", target=replace(self.target, streams=()))
                assert outcome.requests, "mutes_people, but of somebody without known streams it asked nothing"
