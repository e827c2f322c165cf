"""What lists show of instances, ends, capabilities and streams, and webhooks did not tell."""

from pathlib import Path
from typing import Any

from moderator.domain.events import (
    CapabilitiesReported,
    DeadlineReported,
    RoomEnded,
    RoomReconciled,
    StreamUpdated,
)
from moderator.domain.settings import Capability
from moderator.providers.errors import RateLimited
from moderator.providers.provider import ListedRoom, ListedStream
from tests.fakes.builders import DAY, ROOM, joined, room_ended
from tests.fakes.gateway import GatewayInProcess, participant_path, room_path
from tests.fakes.provider import a_listed_person


def here(gateway: GatewayInProcess) -> list[str]:
    return [one.id for one in gateway.room.here()]


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
        assert (ended.data, ended.instance) == (RoomEnded(reason="reconciled", inferred=True), "call-1")


async def test_an_instance_that_lists_left_out_by_mistake_is_on_again_with_the_next(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, rooms=[a_call("c1")]) as gateway:
        gateway.provider.rooms = []
        await gateway.advance(32_100)
        assert gateway.room.state == "ended"
        gateway.provider.rooms = [a_call("c1")]
        await gateway.advance(30_000)
        assert (gateway.room.state, gateway.room.instance, here(gateway)) == ("live", "call-1", ["c1"])
        answer = await gateway.order("POST", f"{participant_path('c1')}/disconnect", {})
        assert answer.json()["outcome"] == "requested"


async def test_a_webhook_shows_as_well_that_an_instance_is_on(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, rooms=[a_call("c1")]) as gateway:
        gateway.provider.rooms = []
        await gateway.advance(32_100)
        assert gateway.room.state == "ended"
        await gateway.tell(joined("c2", gateway.clock.now_ms(), user="u2", instance="call-1"))
        assert (gateway.room.state, gateway.room.people) == ("live", 2), "who was missing may have been so by mistake"


async def test_an_end_that_the_platform_told_is_one_whatever_a_list_says(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, rooms=[a_call("c1")]) as gateway:
        await gateway.tell(room_ended(DAY + 9, instance="call-1"))
        gateway.provider.rooms = [a_call("c1", "c2")]
        await gateway.advance(60_000)
        assert (gateway.room.state, gateway.room.ended_at) == ("ended", DAY + 9)
        assert len(await gateway.logged(RoomReconciled)) == 1, "what it said before the end"


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
