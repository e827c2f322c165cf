"""Checks of what people join with: for one person and one room, in time, and without our secrets."""

import asyncio
from typing import Any, Final

import jwt
from msgspec.structs import replace

from moderator.providers.conformance.bench import Bench, resting
from moderator.providers.conformance.recorder import Answer, Request, Respond
from moderator.providers.conformance.secrecy import leaked, words_of
from moderator.providers.conformance.stated import Stated, Trouble
from moderator.providers.errors import NotSupported, ProviderError, Temporary
from moderator.providers.provider import Admission, Provider

LASTS_MS: Final = 60_000
NAMES: Final = ("appt-17", "an odd/name? ü#%", "__proto__", "x" * 200)
PLACES: Final = ({"applicationId", "apiKey", "url"}, {"sessionId", "room"}, {"token"})
"""One of each is in every answer."""
_UNCHECKED: Final[Any] = {"verify_signature": False}


class Joining(Stated):
    """Part of `ProviderConformance`."""

    def test_nobody_is_let_in_where_that_is_not_offered(self) -> None:
        if not self._offers_joining():
            asyncio.run(self._try_to_be_refused())

    async def _try_to_be_refused(self) -> None:
        async with Bench(self) as bench:
            provider = bench.provider()
            admission = self._admission(bench)
            for ask in (lambda: provider.open_room("appt-17"), lambda: provider.credentials(admission)):
                try:
                    await ask()
                except NotSupported:
                    continue
                raise AssertionError("to join is not the provider's: raise NotSupported")
            assert not bench.recorder.requests, "to join is not the provider's, and something was sent all the same"

    def test_credentials_are_for_one_person_in_one_room(self) -> None:
        if self._offers_joining():
            asyncio.run(self._try_to_join())

    async def _try_to_join(self) -> None:
        async with Bench(self) as bench:
            bench.recorder.respond = self._answering
            provider, mine = bench.provider(), self._admission(bench)
            given = await provider.credentials(mine)
            assert all(type(one) is str for one in (*given, *given.values())), "credentials are text, each of them"
            for names in PLACES:
                assert any(given.get(name) for name in names), f"one of {sorted(names)} is missing in {sorted(given)}"
            assert mine.room in given.values(), "the answer does not name the room"
            assert not leaked("\n".join(given.values()), self.secret_values()), "a secret stands in the answer"
            for other in (replace(mine, user="somebody-else"), replace(mine, room=f"{mine.room}-2")):
                assert (await provider.credentials(other))["token"] != given["token"], f"the same token for {other}"

    def test_credentials_end_when_they_are_to(self) -> None:
        """Where tokens are JWTs: others cannot be looked into."""
        if self._offers_joining():
            asyncio.run(self._try_ends())

    async def _try_ends(self) -> None:
        async with Bench(self) as bench:
            bench.recorder.respond = self._answering
            provider, mine = bench.provider(), self._admission(bench)
            assert provider.credentials_last_ms >= LASTS_MS, "credentials_last_ms: nobody could join that quickly"
            token = (await provider.credentials(mine))["token"]
            if token.count(".") == 2:
                ends = jwt.decode(token, options=_UNCHECKED).get("exp")
                assert ends == mine.expires_at // 1000, f"the token ends at {ends}, not at {mine.expires_at // 1000}"

    def test_rooms_are_opened_whatever_they_are_called(self) -> None:
        if self._offers_joining():
            asyncio.run(self._try_to_open())

    async def _try_to_open(self) -> None:
        async with Bench(self) as bench:
            bench.recorder.respond = self._answering
            for name in NAMES:
                opened = await bench.provider().open_room(name)
                assert type(opened) is str, f"open_room({name!r}) gave {opened!r}"
                assert opened, f"open_room({name!r}) gave no id"

    def test_what_keeps_a_room_from_being_opened_is_said(self) -> None:
        """By one of `providers.errors`, and without secrets. Where there is nothing to ask, nothing is in the way."""
        if self._offers_joining():
            asyncio.run(self._try_troubles())

    async def _try_troubles(self) -> None:
        troubles: tuple[Trouble, ...] = ("forbidden", "limited", "broken")
        async with Bench(self) as bench:
            for kind in troubles:
                bench.recorder.requests, bench.recorder.respond = [], self._in_trouble(kind)
                error = await _error_of(bench.provider())
                if bench.recorder.requests:
                    assert isinstance(error, ProviderError), f"{kind}: {error!r}"
                    assert not leaked(words_of(error), self.secret_values()), f"{kind}: a secret stands in the error"
                    if kind != "forbidden":
                        assert isinstance(error, Temporary), f"{kind}: that is worth another try, not {error!r}"

    def _answering(self, request: Request) -> Answer:
        return self.answer(request, self.target)

    def _in_trouble(self, kind: Trouble) -> Respond:
        return lambda request: self.trouble(kind, request, self.target) or self._answering(request)

    def _offers_joining(self) -> bool:
        return resting(self).capabilities["join"].by == "provider"

    def _admission(self, bench: Bench) -> Admission:
        return Admission(
            room=self.target.room,
            user="the-person",
            name="Ana",
            role="guest",
            expires_at=bench.clock.now_ms() + LASTS_MS,
        )


async def _error_of(provider: Provider) -> Exception | None:
    try:
        await provider.open_room("appt-17")
    except Exception as error:  # noqa: BLE001 - which one it may be is what is tried
        return error
    return None
