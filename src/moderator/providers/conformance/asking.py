"""Checks of what a provider asks of its platform: whatever ids hold, and without showing secrets."""

import asyncio
from typing import Final

from msgspec.structs import replace

from moderator.providers.conformance.bench import Bench, Outcome
from moderator.providers.conformance.recorder import Answer, Request, Respond, json_answer
from moderator.providers.conformance.secrecy import leaked, words_of
from moderator.providers.conformance.shapes import changing, climbs, differences, leaves, renamed
from moderator.providers.conformance.stated import NOWHERE, Stated
from moderator.providers.errors import Gone, NotSupported, Rejected
from moderator.providers.provider import Target

NASTY: Final = (
    *("..", ".", "/", "a/../b", "?x=1", "#x", "&y=1;z", "%2e%2e%2F", "+ ", "//example.org/x", "$*'"),
    *('", "x": "', "\\u0022", "{}", "\r\nx: y\t", "é☃"),
)
"""What ids may hold: they come with deliveries, and applications or clients choose many of them."""
MIN_ID: Final = 4
MIN_CREDENTIAL: Final = 20
"""Shorter values of headers are words."""


class Asking(Stated):
    """Part of `ProviderConformance`."""

    def test_the_target_has_ids_that_can_be_told_apart(self) -> None:
        ids = sorted(set(self._ids()))
        assert all(len(one) >= MIN_ID for one in ids), f"ids of {MIN_ID} characters or more can be found again: {ids}"
        assert not [1 for one in ids for other in ids if one != other and one in other], f"one id is in another: {ids}"

    def test_ids_are_quoted(self, command: str) -> None:
        """Whatever stands in an id, the request is about the same kind of thing, and says nothing more."""
        asyncio.run(self._try_ids(command))

    async def _try_ids(self, command: str) -> None:
        async with Bench(self) as bench:
            provider = bench.provider()
            usual, again = [(await bench.run(command, provider=provider)).requests for _ in range(2)]
            ignored = changing(usual, again)
            for nasty in NASTY:
                for ids in ({one: one + nasty for one in self._ids()}, dict.fromkeys(self._ids(), nasty)):
                    outcome = await bench.run(command, target=self._target_with(ids), provider=provider)
                    self._must_be_alike(usual, outcome, ids, ignored)

    def _must_be_alike(
        self, usual: tuple[Request, ...], outcome: Outcome, ids: dict[str, str], ignored: list[set[tuple[object, ...]]]
    ) -> None:
        """It may also be refused before anything is sent about it."""
        about = next(iter(ids.values()))
        assert isinstance(outcome.error, Rejected | Gone | NotSupported | None), f"{about!r}: {outcome.error!r}"
        if outcome.error is None:
            assert len(outcome.requests) == len(usual), f"{about!r}: other requests than usually"
        for expected, got, changes in zip(usual, outcome.requests, ignored, strict=False):
            assert not climbs(got), f"{about!r} climbs the path: {got.target}"
            wrong = differences(renamed(leaves(expected), ids), leaves(got, ids.values()), changes)
            assert not wrong, f"{about!r} changes what is asked: {wrong[0]} in {got.method} {got.target}"

    def _ids(self) -> list[str]:
        target = self.target
        all_ids = [target.room, target.instance, target.participant, target.user, *target.streams]
        return [free for one in [*all_ids, *target.platform.values()] if one and (free := self.free_part(one))]

    def _target_with(self, ids: dict[str, str]) -> Target:
        def new(id_: str) -> str:
            free = self.free_part(id_)
            return id_.replace(free, ids[free]) if free else id_

        one = self.target
        return replace(
            one,
            room=new(one.room),
            instance=one.instance and new(one.instance),
            participant=new(one.participant),
            user=new(one.user),
            streams=tuple(map(new, one.streams)),
            platform={key: new(value) for key, value in one.platform.items()},
        )

    def test_secrets_stay_where_they_belong(self, command: str) -> None:
        """In headers and bodies of requests only: not in addresses, errors, findings or logs, whatever is answered."""
        asyncio.run(self._try_secrets(command))

    async def _try_secrets(self, command: str) -> None:
        async with Bench(self) as bench:
            self._must_be_discreet(await bench.run(command, listening=True), "all is well")
            for status in (200, 400, 401, 404, 429, 500):
                outcome = await bench.run(command, self._telling(status), listening=True)
                self._must_be_discreet(outcome, f"the status is {status}")
            outcome = await bench.run(command, provider=bench.provider(NOWHERE), listening=True)
            self._must_be_discreet(outcome, "nobody answers")

    def _telling(self, status: int) -> Respond:
        """A platform that repeats all it was told, and knows the secrets."""
        secrets = self.secret_values()

        def respond(request: Request) -> Answer:
            known = [*secrets, request.target, *request.headers.values(), request.body.decode("utf-8", "replace")]
            return json_answer({"code": known, "message": "\n".join(known), "error": known}, status)

        return respond

    def _must_be_discreet(self, outcome: Outcome, when: str) -> None:
        hidden = [*self.secret_values(), *(found for one in outcome.requests for found in _credentials(one))]
        addresses = "\n".join(request.target for request in outcome.requests)
        shown = {"the address": addresses, "the error": words_of(outcome.error), "the log": outcome.log}
        shown["the result"] = repr(outcome.result)
        for where, text in shown.items():
            assert not leaked(text, hidden), f"when {when}: a secret stands in {where}"


def _credentials(request: Request) -> list[str]:
    """Tokens, without the word that says what they are."""
    names = ("auth", "token", "secret", "signature", "cookie")
    found = [value for name, value in request.headers.items() if any(word in name for word in names)]
    return [value.rpartition(" ")[2] for value in found if len(value) >= MIN_CREDENTIAL]
