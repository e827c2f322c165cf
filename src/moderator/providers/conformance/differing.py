"""Checks that commands which are not the same do not ask the same of the platform."""

import asyncio
from typing import Final

from moderator.providers.conformance.bench import Bench, offered
from moderator.providers.conformance.shapes import changing, differences, leaves
from moderator.providers.conformance.stated import Stated

PAIRS: Final = (
    ("revoke", "restore", "one undoes what the other does"),
    ("block", "readmit", "one undoes what the other does"),
    ("mute", "revoke", "what is muted can be turned on again, what is revoked cannot"),
    ("mute", "restore", "one undoes what the other does"),
    ("disconnect", "end", "one is about a person, the other about everybody"),
)


class Differing(Stated):
    """Part of `ProviderConformance`."""

    def test_commands_that_are_not_the_same_ask_for_something_else(self) -> None:
        asyncio.run(self._try_pairs())

    async def _try_pairs(self) -> None:
        async with Bench(self) as bench:
            if bench.provider().capabilities["block"].by == "provider":
                await self._must_differ(bench, "disconnect", "block", "who is blocked cannot come back")
            for one, other, why in PAIRS:
                if {one, other} <= set(offered(self)):
                    await self._must_differ(bench, one, other, why)

    async def _must_differ(self, bench: Bench, one: str, other: str, why: str) -> None:
        usual, again, compared = [(await bench.run(name)).requests for name in (one, one, other)]
        ignored = changing(usual, again)
        same = len(usual) == len(compared) and not any(
            differences(leaves(a), leaves(b), c) for a, b, c in zip(usual, compared, ignored, strict=True)
        )
        assert not same, f"{one} and {other} ask the same of the platform, but {why}"
