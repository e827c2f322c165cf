"""A gateway on a simulated Stream cloud: the end that Stream keeps, and what Stream does to people.

That the cloud is like Stream, the official client says (`tests/simulator/stream`).
"""

from pathlib import Path

from moderator.clock import SystemClock
from moderator.domain.events import DeadlineExtended, DeadlineSet
from moderator.domain.rooms import Deadline, Room
from moderator.domain.settings import MINUTE_MS
from moderator.feed.paths import quote_id
from tests.end_to_end.stream_school import CID, school


def deadline(room: Room) -> Deadline:
    assert room.deadline is not None
    return room.deadline


async def test_the_end_is_streams_whoever_moves_it(tmp_path: Path) -> None:
    async with school(tmp_path) as lesson:
        await lesson.joins("ana")
        room = await lesson.sees("a call without a limit", lambda room: room.people and room.reported_end)
        assert room.deadline is None
        status, answer = await lesson.order("extend", {"seconds": 60})
        assert (status, answer["code"]) == (409, "no_deadline")

        await lesson.limit(600)
        room = await lesson.sees("the limit", lambda room: room.deadline)
        assert (deadline(room).ends_at, deadline(room).kept_by) == (await lesson.ends_at(), "provider")

        status, answer = await lesson.order("extend", {"seconds": 60, "expected_version": 1})
        assert status == 200, answer
        assert answer["deadline"]["ends_at"] == await lesson.ends_at() == deadline(room).ends_at + 60_000
        assert (answer["deadline"]["version"], answer["deadline"]["changed_by"]) == (2, "maya")

        await lesson.limit(1200)
        room = await lesson.sees("the host's extension", lambda room: deadline(room).version == 3)
        assert (deadline(room).ends_at, deadline(room).changed_by) == (await lesson.ends_at(), "")
        await lesson.cloud.settled()
        assert [len(await lesson.gateway.logged(kind)) for kind in (DeadlineExtended, DeadlineSet)] == [1, 2]


async def test_an_end_for_a_call_without_one(tmp_path: Path) -> None:
    async with school(tmp_path) as lesson:
        await lesson.joins("ana")
        await lesson.sees("her", lambda room: room.people and room.reported_end)
        wanted = SystemClock().now_ms() + 10 * MINUTE_MS
        status, answer = await lesson.order("extend", {"ends_at": wanted})
        assert status == 200, answer
        assert answer["deadline"]["ends_at"] == await lesson.ends_at()
        assert 0 <= await lesson.ends_at() - wanted < 1_000, "whole seconds, and never sooner"


async def test_stream_ends_the_call_when_time_is_up(tmp_path: Path) -> None:
    async with school(tmp_path) as lesson:
        await lesson.joins("ana")
        await lesson.joins("bob")
        await lesson.sees("both", lambda room: room.people == 2)
        await lesson.limit(2)
        room = await lesson.sees("the end", lambda room: room.state == "ended")
        assert room.people == 0
        assert not lesson.gateway.read("disconnect_requested"), "nobody was disconnected by us"


async def test_a_blocked_person_is_kept_out_by_stream_with_every_device(tmp_path: Path) -> None:
    async with school(tmp_path) as lesson:
        first = await lesson.joins("eve")
        await lesson.joins("eve")
        await lesson.joins("ana")
        room = await lesson.sees("three devices of two people", lambda room: len(room.here()) == 3)
        assert room.people == 2
        status, answer = await lesson.order("disconnect", {"reason": "conduct", "block": True}, of=first)
        assert (status, answer["rejoin"]) == (202, "blocked_by_provider")
        await lesson.sees("her gone", lambda room: {one.user for one in room.here()} == {"ana"})
        await lesson.sees("the confirmation", lambda room: not room.pending)
        refused = await lesson.cloud.client.post("/_simulator/join", json={"user": "eve", "room": CID})
        assert refused.status_code == 403

        status, answer = await lesson.order("blocks/eve", method="DELETE")
        assert (status, answer["rejoin"]) == (200, "possible")
        await lesson.joins("eve", room=CID, room_name="")
        await lesson.sees("her back", lambda room: room.people == 2)


async def test_a_block_for_a_time_is_the_gateways(tmp_path: Path) -> None:
    async with school(tmp_path) as lesson:
        first = await lesson.joins("eve")
        await lesson.joins("ana")
        await lesson.sees("both", lambda room: room.people == 2)
        status, answer = await lesson.order("disconnect", {"reason": "conduct", "block": 600}, of=first)
        assert (status, answer["rejoin"]) == (202, "blocked_by_gateway")
        await lesson.sees("her gone", lambda room: room.people == 1)
        await lesson.joins("eve", room=CID, room_name="")
        await lesson.sees("her gone again", lambda room: len(lesson.gateway.read("disconnect_confirmed")) == 2)


async def test_a_screen_is_stopped_and_a_microphone_taken_away_and_given_back(tmp_path: Path) -> None:
    async with school(tmp_path) as lesson:
        ana = await lesson.joins("ana", streams=["microphone", "screen"])
        room = await lesson.sees("her streams", lambda room: any(len(one.streams) == 2 for one in room.here()))
        screen = next(one.id for one in room.here()[0].streams if one.kind == "screen")
        assert (await lesson.order(f"streams/{quote_id(screen)}/stop", {}))[0] == 202
        await lesson.sees("no screen", lambda room: [one.kind for one in room.here()[0].streams] == ["microphone"])
        assert await lesson.published("ana") == ["microphone"]

        assert (await lesson.order("mute", {"mode": "revoke"}, of=ana))[0] == 202
        await lesson.sees("no microphone", lambda room: not room.here()[0].streams)
        assert await lesson.published("ana") == []
        again = {"connection": ana, "kind": "microphone"}
        assert (await lesson.cloud.client.post("/_simulator/publish", json=again)).status_code == 403

        await lesson.sees("the confirmation", lambda room: not room.pending)
        assert (await lesson.order("mute", {"mode": "restore"}, of=ana))[0] == 202
        await lesson.sees("the second confirmation", lambda room: len(lesson.gateway.read("mute_confirmed")) == 2)
        await lesson.cloud.order("publish", **again)
        await lesson.sees("the microphone again", lambda room: room.here()[0].streams)

        assert (await lesson.order("mute", {}, of=ana))[0] == 202
        await lesson.sees("silence", lambda room: not room.here()[0].streams)
        await lesson.cloud.order("publish", **again)  # muted once, she may speak again
        assert await lesson.published("ana") == ["microphone"]


async def test_what_the_account_may_not_do_in_this_call(tmp_path: Path) -> None:
    async with school(tmp_path, without=["change-max-duration"]) as lesson:
        await lesson.joins("ana")
        room = await lesson.sees("what is denied", lambda room: room.capabilities["extend"].by is None)
        assert "change-max-duration" in room.capabilities["extend"].why
        assert room.capabilities["disconnect"].by == "provider"
        status, answer = await lesson.order("extend", {"ends_at": SystemClock().now_ms() + MINUTE_MS})
        assert (status, answer["code"]) == (409, "not_supported")
        assert answer["detail"] == room.capabilities["extend"].why
