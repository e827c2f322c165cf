"""Webhooks that stop coming: noticed once, by evidence or by time, and over with the next one."""

from pathlib import Path

import pytest

from moderator.domain.events import RoomEnded, SourceRecovered, SourceSilent
from moderator.domain.rooms import Source
from moderator.domain.settings import MINUTE_MS
from moderator.gateway.platforms.silence import CALM_MS, SILENT_AFTER_MS, TELLING_MS, Hearing
from moderator.providers.errors import NotSupported, Unavailable
from tests.fakes.builders import DAY, SOURCE, a_fact, joined
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, joined_in
from tests.fakes.provider import a_listed_room, without

ROUND_MS = 30_000
CALM = "no events for 30 min while 1 room is live: webhooks may be switched off; lists still work"
BY_TIME = "no events for 5 min while 1 room is live: webhooks may be switched off"
BY_EVIDENCE = "a list shows a join or leave that no event told of: webhooks may be switched off; lists still work"


def status(gateway: GatewayInProcess) -> Source:
    return gateway.gateway.sources[SOURCE].status()


async def told(gateway: GatewayInProcess) -> list[str]:
    """The notices of silence and of its end, in order."""
    return [getattr(one.data, "detail", "") for one in await gateway.logged(SourceSilent, SourceRecovered)]


# --- by time ---------------------------------------------------------------------------------------------------------


async def test_a_long_time_without_a_webhook_is_told_once_and_the_next_webhook_ends_it(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.advance(CALM_MS)
        assert (await told(gateway), status(gateway).state) == ([], "live")
        await gateway.advance(30 * MINUTE_MS)
        assert await told(gateway) == [CALM]
        assert (status(gateway).state, status(gateway).detail) == ("silent", CALM)
        await gateway.tell(joined("c2", gateway.clock.now_ms(), user="u2"))
        assert await told(gateway) == [CALM, "events come again"]
        assert (status(gateway).state, status(gateway).detail) == ("live", None)
        await gateway.advance(31 * MINUTE_MS)
        assert len(await told(gateway)) == 3, "it can happen again"


async def test_nothing_is_expected_of_a_source_where_nobody_is(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined_in("room-1", "c1", DAY))
        await gateway.tell(a_fact(RoomEnded(), DAY + 1))
        gateway.provider.rooms = []
        await gateway.advance(60 * MINUTE_MS)
        assert (await told(gateway), status(gateway).state) == ([], "live")
        await gateway.tell(joined("c2", gateway.clock.now_ms()))
        await gateway.advance(SILENT_AFTER_MS)
        assert await told(gateway) == [], "the hour in which nobody was there does not count"


async def test_a_source_that_never_told_anything_is_given_that_time_too(tmp_path: Path) -> None:
    rooms = [a_listed_room("c1", room="a"), a_listed_room("c2", room="b"), a_listed_room(room="empty")]
    async with GatewayInProcess(tmp_path, rooms=rooms) as gateway:
        await gateway.advance(CALM_MS - ROUND_MS)
        assert status(gateway).state == "polling"
        await gateway.advance(2 * ROUND_MS)
        sentence = "no events for 30 min while 2 rooms are live: webhooks may not be set up; lists still work"
        assert (await told(gateway), status(gateway).state) == ([sentence], "silent")


async def test_after_a_restart_it_is_given_that_time_again(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.advance(31 * MINUTE_MS)
        assert len(await told(gateway)) == 1
    rooms = gateway.provider.rooms
    await clock.advance(60 * MINUTE_MS)
    async with GatewayInProcess(tmp_path, clock=clock, rooms=rooms) as gateway:
        await gateway.advance(29 * MINUTE_MS)
        assert (len(await told(gateway)), status(gateway).state) == (1, "polling")
        await gateway.advance(2 * MINUTE_MS)
        assert (len(await told(gateway)), status(gateway).state) == (2, "silent")


@pytest.mark.parametrize(
    ("error", "state"), [(Unavailable("it cannot be reached"), "failing"), (NotSupported("no list here"), "silent")]
)
async def test_without_lists_silence_is_noticed_too(tmp_path: Path, error: Exception, state: str) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        gateway.provider.list_error = error
        await gateway.advance(6 * MINUTE_MS)
        assert BY_TIME in await told(gateway)
        assert status(gateway).state == state


# --- by evidence -----------------------------------------------------------------------------------------------------


async def test_a_join_that_only_the_list_shows_is_silence_at_once(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.advance(5_000)
        gateway.provider.happened(joined("c2", DAY + 5_000, user="u2"))
        await gateway.advance(ROUND_MS)
        assert (await told(gateway), status(gateway).state) == ([BY_EVIDENCE], "silent")


async def test_a_leave_that_only_the_list_shows_is_silence_when_no_webhook_follows(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY), joined("c2", DAY))
        await gateway.advance(ROUND_MS + 1_000)
        gateway.provider.rooms = [without(room, {"c1"}) for room in gateway.provider.rooms]
        await gateway.advance(ROUND_MS + 5_000)
        assert (len(gateway.room.here()), await told(gateway)) == (1, []), "its webhook may be under way"
        await gateway.advance(ROUND_MS)
        assert await told(gateway) == [BY_EVIDENCE]


async def test_one_webhook_that_was_lost_among_others_is_no_silence(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY))
        gateway.provider.happened(joined("lost", DAY + 5_000))
        await gateway.advance(6_000)
        await gateway.tell(joined("c3", DAY + 6_000))
        await gateway.advance(2 * ROUND_MS)
        assert ("lost" in [one.id for one in gateway.room.here()], await told(gateway)) == (True, [])


async def test_what_a_list_shows_later_than_the_webhook_is_no_evidence(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        gateway.provider.lag_ms = 30_000
        await gateway.tell(joined("c1", DAY), joined("c2", DAY))
        await gateway.advance(25_000)
        rooms = gateway.provider.rooms
        await gateway.tell(a_fact(RoomEnded(), DAY + 25_000))
        gateway.provider.rooms = rooms  # as if they were still there
        await gateway.advance(ROUND_MS)
        gateway.provider.rooms = []
        await gateway.advance(3 * ROUND_MS)
        assert await told(gateway) == []


async def test_who_came_while_the_gateway_was_away_is_no_evidence(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        await gateway.tell(joined("c1", DAY))
    await clock.advance(MINUTE_MS)
    rooms = [*gateway.provider.rooms, a_listed_room("new", room="other")]
    async with GatewayInProcess(tmp_path, clock=clock, rooms=rooms) as gateway:
        await gateway.advance(2 * ROUND_MS)
        assert (len(gateway.gateway.ledger.state.all_rooms()), await told(gateway)) == (2, [])


# --- the end of it ---------------------------------------------------------------------------------------------------


async def test_an_end_that_could_not_be_stored_is_told_with_the_repetition(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY))
        await gateway.advance(31 * MINUTE_MS)
        gateway.log.fails = True
        later = joined("c2", gateway.clock.now_ms())
        with pytest.raises(AssertionError):
            await gateway.send(later)
        assert status(gateway).state == "silent"
        assert "could not be stored" in caplog.text
        gateway.log.fails = False
        await gateway.send(later)
        assert (status(gateway).state, len(await told(gateway))) == ("live", 2)


async def test_silence_that_could_not_be_stored_is_told_later_and_its_end_after_that(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY))
        gateway.log.fails = True
        await gateway.advance(31 * MINUTE_MS)
        assert status(gateway).state == "silent"
        gateway.log.fails = False
        assert (await told(gateway), "could not be stored" in caplog.text) == ([], True)
        await gateway.advance(2 * ROUND_MS)
        assert await told(gateway) == [CALM]
        await gateway.send(joined("c2", gateway.clock.now_ms()))
        assert await told(gateway) == [CALM, "events come again"]


@pytest.mark.parametrize(("since", "now", "noticed"), [(0, TELLING_MS - 1, False), (0, TELLING_MS, True)])
def test_a_webhook_may_be_under_way_for_a_while(since: int, now: int, noticed: bool) -> None:
    hearing = Hearing()
    hearing.heard(-1)
    hearing.miss(since, since)
    assert hearing.listen(now, 1, lists_work=True) == noticed
    hearing.heard(now)
    assert not hearing.listen(now + TELLING_MS, 1, lists_work=True)


def test_rooms_are_named_by_number() -> None:
    hearing = Hearing()
    assert not hearing.listen(DAY, 3, lists_work=False)
    assert hearing.listen(DAY + SILENT_AFTER_MS + 59_999, 3, lists_work=False)
    assert hearing.detail == "no events for 5 min while 3 rooms are live: webhooks may not be set up"
