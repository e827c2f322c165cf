"""One account in use: lists are shared, but never one that was begun before somebody asked."""

import asyncio
from collections.abc import Sequence

import pytest

from moderator.gateway.configuration.config import SourceConfig
from moderator.gateway.platforms.sources import LiveSource
from moderator.providers.errors import Forbidden
from moderator.providers.provider import Listing
from tests.fakes.clock import FakeClock
from tests.fakes.provider import FakeOptions, FakeProvider


class Lists:
    """Answers in turn: a list that names its number, or an error."""

    def __init__(self, *failures: Exception | None) -> None:
        self._failures = list(failures)
        self.begun = 0
        self.about: list[Sequence[str]] = []

    async def __call__(self, known: Sequence[str]) -> Listing:
        self.begun += 1
        self.about.append(known)
        number, failure = self.begun, self._failures.pop(0) if self._failures else None
        await asyncio.sleep(0)
        if failure is not None:
            raise failure
        return Listing(taken_at=number, rooms=())


@pytest.fixture
def source() -> LiveSource:
    return LiveSource(SourceConfig("clinic", FakeProvider, "fake", FakeOptions("s", ()), 30_000, 1_000.0), FakeClock())


async def test_who_asks_while_a_list_is_read_shares_the_next(
    source: LiveSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = Lists()
    monkeypatch.setattr(source.provider, "list_rooms", lists)
    first = asyncio.gather(source.list_once("room-1"))
    while not lists.begun:
        await asyncio.sleep(0)
    others = await asyncio.gather(*(source.list_once("room-1") for _ in range(10)))
    assert [one.taken_at for one in await first] == [1]
    assert {one.taken_at for one in others} == {2}
    assert lists.begun == 2


async def test_lists_of_single_rooms_are_shared_by_who_asks_about_the_same(
    source: LiveSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = Lists()
    monkeypatch.setattr(source.provider, "list_rooms", lists)
    monkeypatch.setattr(source.provider, "finds_rooms", False)
    await asyncio.gather(*(source.list_once(room) for room in ("a", "b", "a", "b", "a")))
    assert sorted(map(list, lists.about)) == [["a"], ["a"], ["b"], ["b"]]
    assert (source.portions(["a", "b"]), source.portions([])) == ([["a"], ["b"]], [])


@pytest.mark.parametrize("failure", [Forbidden("the credentials are wrong"), RuntimeError("a fault")])
async def test_a_list_that_fails_is_not_answered_with_an_older_one(
    source: LiveSource, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    lists = Lists(None, failure)
    monkeypatch.setattr(source.provider, "list_rooms", lists)
    assert (await source.list_once("room-1")).taken_at == 1
    outcomes = await asyncio.gather(*(source.list_once("room-1") for _ in range(3)), return_exceptions=True)
    assert outcomes[0] is failure
    assert [one.taken_at for one in outcomes[1:] if isinstance(one, Listing)] == [3, 3]
