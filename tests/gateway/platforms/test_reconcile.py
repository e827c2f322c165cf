"""The platform's list against what its webhooks told."""

from pathlib import Path

import pytest

from moderator.domain.events import (
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    RoomEnded,
    RoomReconciled,
    SourceRecovered,
    SourceSilent,
)
from moderator.domain.settings import RoomType
from moderator.gateway.platforms.reconcile import MOST_EVENTS
from moderator.providers.errors import Forbidden, Garbled, NotSupported, RateLimited, Rejected, Unavailable
from moderator.providers.provider import ListedRoom, ListedStream
from tests.fakes.builders import DAY, ROOM, SOURCE, a_fact, joined, left, published
from tests.fakes.gateway import GatewayInProcess, joined_in
from tests.fakes.provider import a_listed_person, a_listed_room, without


def here(gateway: GatewayInProcess, room: str = ROOM) -> list[str]:
    known = gateway.known(room)
    return [one.id for one in known.here()] if known else []


async def test_who_is_listed_and_unknown_is_added(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, rooms=[a_listed_room("c1", "c2", room=ROOM, name="appt-17")]) as gateway:
        assert here(gateway) == ["c1", "c2"]
        assert (gateway.room.name, gateway.room.participants[0].user) == ("appt-17", "user-c1")
        (notice,) = await gateway.logged(RoomReconciled)
        assert notice.data == RoomReconciled(added=2)
        await gateway.advance(120_000)
        assert len(await gateway.logged(ParticipantJoined)) == 2


async def test_a_large_list_is_stored_in_several_entries(tmp_path: Path) -> None:
    people = [f"c{number}" for number in range(2 * MOST_EVENTS)]
    async with GatewayInProcess(tmp_path, rooms=[a_listed_room(*people, room=ROOM)]) as gateway:
        assert len(here(gateway)) == len(people)
        entries = [entry async for batch in gateway.log.read(0) for entry in batch]
        assert max(len(entry.events) for entry in entries) == MOST_EVENTS


async def test_streams_and_names_of_the_list_are_added(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="user-c1"))
        person = a_listed_person("c1", name="Dr Lee", streams=[ListedStream("s1", "camera")])
        gateway.provider.rooms = [a_listed_room(room=ROOM)]
        gateway.provider.rooms = [type(gateway.provider.rooms[0])(room=ROOM, participants=(person,))]
        await gateway.advance(30_000)
        (participant,) = gateway.room.here()
        assert (participant.name, [one.id for one in participant.streams]) == ("Dr Lee", ["s1"])


async def test_who_was_known_by_a_stream_alone_gets_a_name(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(published("c1", "s1", DAY))
        person = a_listed_person("c1", name="Dr Lee", streams=[ListedStream("s1", "camera")])
        gateway.provider.rooms = [ListedRoom(room=ROOM, participants=(person,))]
        await gateway.advance(60_000)
        (participant,) = gateway.room.here()
        assert (participant.user, participant.name) == ("user-c1", "Dr Lee")
        assert len(await gateway.logged(ParticipantUpdated)) == 1


async def test_who_is_missing_twice_has_left(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        gateway.provider.happened(left("c1", DAY + 1))
        await gateway.advance(30_000)
        assert here(gateway) == ["c1", "c2"], "once may be an accident"
        await gateway.advance(2_100)
        assert here(gateway) == ["c2"]
        gone = gateway.room.participants[0]
        assert gone.left_at == DAY + 30_000, "when it was missed first"
        assert [event.data for event in await gateway.logged(RoomReconciled)] == [RoomReconciled(removed=1)]


async def test_who_comes_back_into_the_list_has_not_left(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        rooms, gateway.provider.rooms = gateway.provider.rooms, []
        await gateway.advance(30_000)
        gateway.provider.rooms = rooms
        await gateway.advance(2_100)
        gateway.provider.rooms = []
        await gateway.advance(28_500)
        assert here(gateway) == ["c1"]


async def test_a_partial_list_removes_nobody_but_adds(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        gateway.provider.complete = False
        gateway.provider.rooms = [a_listed_room("c9", room="other")]
        await gateway.advance(200_000)
        assert here(gateway) == ["c1"]
        assert here(gateway, "other") == ["c9"]


async def test_a_source_that_fails_twice_is_reported_once_and_its_recovery_too(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        gateway.provider.list_error = Unavailable("the clinic cannot be reached")
        await gateway.advance(31_000)
        assert await gateway.logged(SourceSilent) == []
        await gateway.advance(90_000)
        (silent,) = await gateway.logged(SourceSilent)
        assert silent.data == SourceSilent(detail="the clinic cannot be reached")
        status = (await gateway.http.get("/v1/rooms")).json()["sources"][0]
        assert (status["state"], status["detail"]) == ("failing", "the clinic cannot be reached")
        gateway.provider.list_error = None
        await gateway.advance(90_000)
        assert len(await gateway.logged(SourceRecovered)) == 1
        assert here(gateway) == ["c1"]


async def test_a_list_that_hangs_is_a_failure(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        gateway.provider.hangs = True
        await gateway.advance(200_000)
        (silent,) = await gateway.logged(SourceSilent)
        assert silent.data == SourceSilent(detail="clinic did not list its rooms within 30 s")


async def test_a_platform_that_asks_for_a_pause_gets_it(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        gateway.provider.list_error = RateLimited("slowly", 100)
        await gateway.advance(30_000)
        asked = gateway.provider.lists
        await gateway.advance(99_000)
        assert gateway.provider.lists == asked
        await gateway.advance(2_000)
        assert gateway.provider.lists == asked + 1


async def test_a_list_older_than_a_webhook_does_not_undo_it(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.advance(29_000)
        before = list(gateway.provider.rooms)
        await gateway.tell(left("c1", DAY + 30_001), joined("c2", DAY + 30_001, user="u2"))
        gateway.provider.rooms = before  # taken at DAY + 30,000
        await gateway.advance(1_500)
        assert here(gateway) == ["c2"]


async def test_a_late_leave_of_somebody_reconciled_is_the_same_leave(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u2"))
        gateway.provider.rooms = [without(room, {"c1"}) for room in gateway.provider.rooms]
        await gateway.advance(35_000)
        await gateway.tell(left("c1", DAY + 5_000))
        assert [(one.id, one.left_at) for one in gateway.room.participants if not one.here] == [("c1", DAY + 5_000)]


async def test_a_log_that_fails_loses_no_list(tmp_path: Path, caplog: object) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        gateway.log.fails = True
        gateway.provider.rooms = [a_listed_room("c1", room=ROOM)]
        await gateway.advance(31_000)
        gateway.log.fails = False
        await gateway.advance(30_000)
        assert here(gateway) == ["c1"]


# --- platforms that do not find their rooms --------------------------------------------------------------------------


async def knows_rooms(gateway: GatewayInProcess, *rooms: str) -> None:
    """Somebody is in each of these, and only the gateway knows that there are such rooms."""
    gateway.provider.finds_rooms = False
    await gateway.tell(*(joined_in(room, f"in-{room}", DAY) for room in rooms))
    gateway.provider.asked.clear()


async def test_each_room_that_is_known_is_a_list_of_its_own(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await knows_rooms(gateway, "a", "b")
        gateway.provider.rooms = [a_listed_room("in-a", "more", room="a"), a_listed_room("x", room="unknown")]
        await gateway.advance(30_000)
        assert sorted(map(list, gateway.provider.asked)) == [["a"], ["b"]]
        assert here(gateway, "a") == ["in-a", "more"]
        assert here(gateway, "b") == ["in-b"], "once may be an accident"
        await gateway.advance(2_100)
        assert gateway.provider.asked[2:] == [["b"]], "the second look is at that room only"
        assert here(gateway, "b") == []


async def test_rooms_that_end_soonest_are_asked_for_first(tmp_path: Path) -> None:
    types = [RoomType(name=room, match_room=room, duration_ms=ms) for room, ms in (("a", 900_000), ("b", 600_000))]
    async with GatewayInProcess(tmp_path, *types) as gateway:
        await knows_rooms(gateway, "a", "b", "endless")
        await gateway.advance(30_000)
        assert gateway.provider.asked == [["b"], ["a"], ["endless"]]


async def test_a_room_that_cannot_be_listed_is_no_reason_to_lose_the_others(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await knows_rooms(gateway, "a", "b", "c")
        gateway.provider.unlistable = {"a": Garbled("nonsense"), "b": Unavailable("trouble")}
        gateway.provider.rooms = [a_listed_room("in-a", "new", room="a"), a_listed_room("in-c", "new", room="c")]
        await gateway.advance(61_000)
        assert (here(gateway, "a"), here(gateway, "b"), here(gateway, "c")) == (["in-a"], ["in-b"], ["in-c", "new"])
        assert len(await gateway.logged(SourceSilent)) == 1
        gateway.provider.unlistable = {}
        await gateway.advance(30_000)
        assert here(gateway, "a") == ["in-a", "new"]
        assert len(await gateway.logged(SourceRecovered)) == 1


@pytest.mark.parametrize(
    ("error", "asked"), [(Forbidden("no"), 1), (RateLimited("slowly", 1), 1), (Unavailable("trouble"), 3)]
)
async def test_what_concerns_the_account_is_not_asked_for_again_and_again(
    tmp_path: Path, error: Exception, asked: int
) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await knows_rooms(gateway, *"abcdef")
        gateway.provider.list_error = error
        await gateway.advance(30_000)
        assert len(gateway.provider.asked) == asked


async def test_a_second_look_that_fails_keeps_nobody_from_the_regular_one(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await knows_rooms(gateway, "a", "b")
        gateway.provider.rooms = [a_listed_room("in-b", room="b")]
        await gateway.advance(30_000)
        gateway.provider.complete = False
        await gateway.advance(31_000)
        assert gateway.provider.asked == [["a"], ["b"], ["a"]]
        gateway.provider.complete = True
        await gateway.advance(4_000)
        assert gateway.provider.asked[3:] == [["a"], ["b"], ["a"]]
        assert (here(gateway, "a"), here(gateway, "b")) == ([], ["in-b"])


async def test_a_room_that_the_platform_refuses_to_list_spoils_no_other(tmp_path: Path) -> None:
    """Seen at a Vonage source: one session with a bad id made the whole source fail, and every room stale."""
    async with GatewayInProcess(tmp_path) as gateway:
        await knows_rooms(gateway, "a", "b", "c", "d")
        gateway.provider.unlistable = {room: Rejected("bad id") for room in ("a", "b", "c")}
        gateway.provider.rooms = [a_listed_room("in-d", "new", room="d")]
        await gateway.advance(120_000)
        assert here(gateway, "d") == ["in-d", "new"]
        assert gateway.gateway.sources[SOURCE].status().state == "live"
        assert here(gateway, "a") == ["in-a"]


async def test_a_failure_lasts_until_it_was_asked_for_again(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await knows_rooms(gateway, "a")
        gateway.provider.list_error = Unavailable("trouble")
        await gateway.advance(61_000)
        gateway.provider.list_error = None
        await gateway.send(a_fact(RoomEnded(), DAY + 61_000, room="a"))
        await gateway.advance(61_000)
        assert await gateway.logged(SourceRecovered) == [], "there was nothing to ask for"
        assert gateway.gateway.sources[SOURCE].status().state == "failing"


async def test_a_platform_without_lists_is_believed_without(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await knows_rooms(gateway, "a")
        gateway.provider.list_error = NotSupported("there is no list here")
        await gateway.advance(120_000)
        status = gateway.gateway.sources[SOURCE].status()
        assert (status.state, status.detail) == ("live", "there is no list here")
        assert await gateway.logged(SourceSilent) == []
        assert not gateway.gateway.sources[SOURCE].lists
        gateway.provider.list_error = None
        await gateway.advance(30_000)
        assert gateway.gateway.sources[SOURCE].lists


async def test_who_just_came_may_not_be_listed_yet(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY + 29_000, user="u2"))
        gateway.provider.rooms, gateway.provider.lag_ms = [], 10_000
        await gateway.advance(33_000)
        assert here(gateway) == ["c2"]


async def test_who_is_listed_after_a_leave_that_was_none_is_there(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        await gateway.send(a_fact(ParticipantLeft(participant="*"), DAY + 5_000))
        await gateway.clock.settle()
        assert here(gateway) == []
        await gateway.advance(30_000)
        assert here(gateway) == ["c1"], "the list says so, although its join was before"
        assert gateway.room.participants[0].joined_at == DAY
