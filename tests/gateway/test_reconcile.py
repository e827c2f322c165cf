"""The platform's list against what its webhooks told."""

from pathlib import Path

from moderator.domain.events import ParticipantJoined, RoomReconciled, SourceRecovered, SourceSilent
from moderator.providers.errors import RateLimited, Unavailable
from moderator.providers.provider import ListedStream
from tests.fakes.builders import DAY, ROOM, joined, left
from tests.fakes.gateway import GatewayInProcess
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
