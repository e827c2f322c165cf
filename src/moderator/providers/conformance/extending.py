"""Checks of who moves the end that a platform keeps: to where it was asked, once, and not over somebody else's head."""

import asyncio
from typing import Final

from moderator.providers.conformance.bench import Bench, offered
from moderator.providers.conformance.stated import Stated
from moderator.providers.conformance.timer import Timer
from moderator.providers.errors import Moved, ProviderError

ELSEWHERE_MS: Final = 120_000
"""How far the end is from where somebody thinks it is."""


class Extending(Stated):
    """Part of `ProviderConformance`. Where the gateway keeps the deadline there is nothing to check."""

    def test_the_end_is_moved_to_where_it_was_asked(self) -> None:
        for known, timer in self._cases((self.known_end, self.known_end), (None, None)):
            said = asyncio.run(self._extended(known, timer))
            assert timer.moves, f"the platform was told no new end, and extend says {said!r}"
            assert timer.ends_at == self.ends_at, f"the end is at {timer.ends_at}, but {self.ends_at} was asked"
            assert said == self.ends_at, f"the platform says {self.ends_at} (milliseconds), but extend says {said!r}"

    def test_what_the_platform_makes_of_the_end_counts(self) -> None:
        for known, timer in self._cases((self.known_end, self.known_end), latest=self.ends_at - ELSEWHERE_MS):
            said = asyncio.run(self._extended(known, timer))
            assert said == timer.ends_at, f"the platform went as far as {timer.ends_at}, but extend says {said!r}"

    def test_the_same_end_again_adds_nothing(self) -> None:
        """Whether the first time was noticed, or the answer to it was lost."""
        for known, timer in self._cases(*((known, self.ends_at) for known in (self.known_end, self.ends_at, None))):
            said = asyncio.run(self._extended(known, timer))
            assert timer.ends_at == self.ends_at, f"the end was there already, and now it is at {timer.ends_at}"
            assert said == self.ends_at, f"the end was there already, at {self.ends_at}, but extend says {said!r}"

    def test_an_end_that_somebody_else_moved_stays(self) -> None:
        known_end, far = self.known_end, self.ends_at + ELSEWHERE_MS
        moved = (known_end + ELSEWHERE_MS, known_end - ELSEWHERE_MS, far, None)
        for known, timer in self._cases(*((known_end, live) for live in moved), (None, known_end)):
            live = timer.ends_at
            said = asyncio.run(self._extended(known, timer))
            assert isinstance(said, Moved), f"the end was at {live}, not at {known}: Moved is due, not {said!r}"
            assert str(said).strip(), "Moved says nothing"
            assert said.ends_at == live, f"Moved tells where the end is, which is {live}, not {said.ends_at!r}"
            assert not timer.moves, "somebody else had moved the end, and it was moved all the same"

    def _cases(self, *ends: tuple[int | None, int | None], latest: int | None = None) -> list[tuple[int | None, Timer]]:
        """Where the end was known to be, and where it is; none where no end is kept."""
        return [(known, Timer(live, latest)) for known, live in ends] if "extend" in offered(self) else []

    async def _extended(self, expected: int | None, timer: Timer) -> object:
        """What `extend` returned or raised."""
        async with Bench(self) as bench:
            self.timer = timer
            bench.recorder.respond = lambda request: self.answer(request, self.target)
            try:
                return await bench.provider().extend(self.target, expected, self.ends_at)
            except ProviderError as error:
                return error
