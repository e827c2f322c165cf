"""Whoever moves an end to somewhere else, twice, or over somebody else's head is noticed."""

import pytest

from moderator.providers.errors import Moved, Rejected
from moderator.providers.provider import Target
from moderator.providers.stream import StreamProvider
from tests.providers.conformance.broken import complaint
from tests.providers.conformance.stream import StreamConformance

ASKED = "test_the_end_is_moved_to_where_it_was_asked"
COUNTS = "test_what_the_platform_makes_of_the_end_counts"
AGAIN = "test_the_same_end_again_adds_nothing"
ELSEWHERE = "test_an_end_that_somebody_else_moved_stays"
MINUTE_MS = 60_000


class InSeconds(StreamProvider):
    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        return await super().extend(target, expected, ends_at) // 1000


class Believing(StreamProvider):
    """Says what was wished for."""

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        await super().extend(target, expected, ends_at)
        return ends_at


class Dreaming(StreamProvider):
    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        return ends_at


class Generous(StreamProvider):
    """A minute more than was asked."""

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        return await super().extend(target, expected, ends_at + MINUTE_MS)


class Overriding(StreamProvider):
    """Whatever the end is, it becomes this one."""

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        try:
            return await super().extend(target, expected, ends_at)
        except Moved as error:
            return await super().extend(target, error.ends_at, ends_at)


class Adding(StreamProvider):
    """Adds a minute each time."""

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        reached = await super().extend(target, expected, ends_at)
        return await super().extend(target, reached, ends_at + MINUTE_MS)


class Regretting(StreamProvider):
    """Moves it, and then says that it was moved."""

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        try:
            return await super().extend(target, expected, ends_at)
        except Moved as error:
            await super().extend(target, error.ends_at, ends_at)
            raise


class Vague(StreamProvider):
    """Tells the end that was known, not the one that is."""

    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        try:
            return await super().extend(target, expected, ends_at)
        except Moved as error:
            raise Moved(str(error), expected) from error


class Refusing(StreamProvider):
    async def extend(self, target: Target, expected: int | None, ends_at: int) -> int:
        try:
            return await super().extend(target, expected, ends_at)
        except Moved as error:
            raise Rejected("Not now.") from error


@pytest.mark.parametrize(
    ("broken", "check", "said"),
    [
        (InSeconds, ASKED, "the platform says 1800000000000 (milliseconds), but extend says 1800000000"),
        (Dreaming, ASKED, "the platform was told no new end"),
        (Generous, ASKED, "the end is at 1800000060000, but 1800000000000 was asked"),
        (Believing, COUNTS, "the platform went as far as 1799999880000, but extend says 1800000000000"),
        (InSeconds, AGAIN, "the end was there already, at 1800000000000, but extend says 1800000000"),
        (Adding, AGAIN, "the end was there already, and now it is at 1800000060000"),
        (Overriding, ELSEWHERE, "Moved is due, not 1800000000000"),
        (Regretting, ELSEWHERE, "and it was moved all the same"),
        (Vague, ELSEWHERE, "Moved tells where the end is"),
        (Refusing, ELSEWHERE, "Moved is due, not Rejected"),
    ],
)
def test_a_wrong_move_is_noticed(broken: type[StreamProvider], check: str, said: str) -> None:
    assert said in complaint(broken, check, of=StreamConformance)
