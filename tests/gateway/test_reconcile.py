"""The platform's list against what its webhooks told."""

from pathlib import Path
from typing import Any

import pytest

from moderator.domain.events import (
    CapabilitiesReported,
    DeadlineReported,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    RoomEnded,
    RoomReconciled,
    SourceRecovered,
    SourceSilent,
    StreamUpdated,
)
from moderator.domain.settings import Capability, RoomType
from moderator.providers.errors import Forbidden, Garbled, NotSupported, RateLimited, Rejected, Unavailable
from moderator.providers.provider import ListedRoom, ListedStream
from tests.fakes.builders import DAY, ROOM, SOURCE, a_fact, joined, left, published
from tests.fakes.gateway import GatewayInProcess, joined_in, participant_path, room_path
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


# --- what platforms list beside people -----------------------------------------------------------------------------


def a_call(*people: str, instance: str = "call-1", **more: Any) -> ListedRoom:
    """A room whose platform names its instances."""
    return ListedRoom(room=ROOM, instance=instance, participants=tuple(map(a_listed_person, people)), **more)


async def test_an_instance_that_is_missing_twice_is_over(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, rooms=[a_call("c1")]) as gateway:
        gateway.provider.rooms = []
        await gateway.advance(30_000)
        assert gateway.room.state == "live", "once may be an accident"
        await gateway.advance(2_100)
        assert (gateway.room.state, gateway.room.ended_at) == ("ended", DAY + 30_000)
        (ended,) = await gateway.logged(RoomEnded)
        assert (ended.data, ended.instance) == (RoomEnded(reason="reconciled"), "call-1")


async def test_who_is_missing_from_an_instance_has_left_that_instance(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, rooms=[a_call("c1", "c2")]) as gateway:
        gateway.provider.rooms = [a_call("c2")]
        await gateway.advance(32_100)
        assert here(gateway) == ["c2"]
        assert (gateway.room.state, gateway.room.instance) == ("live", "call-1")


async def test_the_next_instance_takes_the_place_of_the_last(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, rooms=[a_call("c1")]) as gateway:
        gateway.provider.rooms = [a_call("c2", instance="call-2")]
        await gateway.advance(30_000)
        assert (gateway.room.instance, here(gateway)) == ("call-2", ["c2"])


async def test_whom_a_room_does_not_list_in_full_may_be_there(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, rooms=[a_call("c1", "c2")]) as gateway:
        gateway.provider.rooms = [a_call("c3", complete=False)]
        await gateway.advance(120_000)
        assert here(gateway) == ["c1", "c2", "c3"]


async def test_the_end_that_the_platform_keeps_is_read_off_its_list(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, keeps_ends=True, rooms=[a_call("c1", ends_at=DAY + 600_000)]) as gateway:
        assert gateway.room.deadline is not None
        assert (gateway.room.deadline.ends_at, gateway.room.deadline.kept_by) == (DAY + 600_000, "provider")
        await gateway.advance(60_000)
        assert len(await gateway.logged(DeadlineReported)) == 1, "the same again is no news"
        gateway.provider.rooms = [a_call("c1", ends_at=None)]
        await gateway.advance(30_000)
        assert gateway.room.deadline is None


async def test_a_list_that_lags_takes_no_extension_back(tmp_path: Path) -> None:
    listed = a_call("c1", ends_at=DAY + 600_000)
    async with GatewayInProcess(tmp_path, keeps_ends=True, rooms=[listed]) as gateway:
        gateway.provider.lag_ms = 60_000
        await gateway.advance(29_000)
        answer = await gateway.order("POST", f"{room_path()}/extend", {"seconds": 300})
        assert answer.status_code == 200
        await gateway.advance(31_000)
        assert gateway.room.deadline is not None
        assert (gateway.room.deadline.ends_at, gateway.room.deadline.version) == (DAY + 900_000, 2)
        await gateway.advance(60_000)  # it has had its time: now it is the platform that says so
        assert (gateway.room.deadline.ends_at, gateway.room.deadline.version) == (DAY + 600_000, 3)


async def test_what_the_account_may_not_do_is_read_off_the_list(tmp_path: Path) -> None:
    denied = {"extend": "it lacks change-max-duration"}
    async with GatewayInProcess(tmp_path, keeps_ends=True, rooms=[a_call("c1", unavailable=denied)]) as gateway:
        assert gateway.room.capabilities["extend"] == Capability(None, denied["extend"])
        assert gateway.room.capabilities["disconnect"].by == "provider"
        gateway.provider.rooms = [a_call("c1", unavailable={})]
        await gateway.advance(60_000)
        assert gateway.room.capabilities["extend"].by == "provider"
        assert len(await gateway.logged(CapabilitiesReported)) == 2


async def test_streams_that_changed_while_nobody_told(tmp_path: Path) -> None:
    def listed(*streams: ListedStream) -> list[ListedRoom]:
        return [ListedRoom(room=ROOM, participants=(a_listed_person("c1", streams=streams),))]

    both = listed(ListedStream("mic", "microphone", muted=False), ListedStream("desk", "screen"))
    async with GatewayInProcess(tmp_path, rooms=both) as gateway:
        await gateway.advance(60_000)
        assert not await gateway.logged(StreamUpdated), "that nobody muted it is no news"
        gateway.provider.rooms = listed(ListedStream("mic", "microphone", muted=True))
        await gateway.advance(30_000)
        (participant,) = gateway.room.here()
        assert [(one.id, one.muted) for one in participant.streams] == [("mic", True)]
        gateway.provider.rooms = listed(ListedStream("mic", "microphone", muted=False))
        await gateway.advance(60_000)
        assert gateway.room.here()[0].streams[0].muted is False
        assert len(await gateway.logged(StreamUpdated)) == 2


async def test_a_pause_for_lists_holds_no_command_back(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        gateway.provider.list_error = RateLimited("Not so many lists.", 60, everything=False)
        await gateway.advance(30_000)
        answer = await gateway.order("POST", f"{participant_path('c1')}/disconnect", {})
        assert answer.status_code == 202
        assert gateway.provider.called("disconnect") == ["c1"]
