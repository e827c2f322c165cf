from dataclasses import dataclass, field
from typing import Any

import pytest

from moderator.simulator.life import Life
from moderator.simulator.stream.calls import Call, Calls
from moderator.simulator.world import Connection, Gone, Person, Room, StreamKind, TurnedAway
from tests.fakes.builders import DAY
from tests.simulator.worlds import ANA, BILL, Watched

HOUR = 3_600_000


@dataclass
class Watching(Watched):
    """A world whose calls are told."""

    told: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.calls = Calls(self.world, self._tell)

    def _tell(self, call: Call, kind: str, at: int, /, **members: Any) -> None:
        self.told.append((kind.removeprefix("call."), at - DAY, members))

    def a_room(self, minutes: int | None = 60) -> Room:
        """A room that was planned for so long, with Ana in it."""
        room = self.world.create("lesson-7", DAY)
        room.ends_at = None if minutes is None else DAY + minutes * 60_000
        self.world.join(room.id, ANA, DAY)
        return room

    def names(self) -> list[str]:
        return [kind for kind, _, _ in self.told]


def test_a_visit_is_told_from_the_first_one_in_to_the_end_of_the_session() -> None:
    watching = Watching()
    room = watching.a_room()
    watching.world.leave(next(iter(room.connections)), DAY + 5)
    watching.pass_time(HOUR)
    assert [(kind, at) for kind, at, _ in watching.told] == [
        *(("created", 0), ("session_started", 0), ("session_participant_joined", 0)),
        *(("session_participant_count_updated", 0), ("session_participant_left", 5)),
        *(("session_participant_count_updated", 5), ("session_ended", 60_005)),
    ]


def test_a_second_stretch_is_another_session_with_a_timer_of_its_own() -> None:
    watching = Watching()
    room = watching.a_room()
    call = watching.calls.get(room.id)
    first = call.session
    watching.world.leave(next(iter(room.connections)), DAY + 5)
    watching.pass_time(120_000)
    watching.world.join(room.id, BILL, DAY + 200_000)
    assert first
    assert call.session
    assert call.session.id != first.id
    assert call.timer_ends_at == DAY + 200_000 + HOUR
    assert watching.names().count("created") == 1


def test_when_the_time_is_over_the_platform_ends_the_call_by_itself() -> None:
    watching = Watching()
    room = watching.a_room()
    watching.pass_time(HOUR - 1)
    assert room.connections
    watching.pass_time(HOUR)
    assert not room.connections
    assert [(kind, at) for kind, at, _ in watching.told[-2:]] == [("session_ended", HOUR), ("ended", HOUR)]
    assert watching.told[-1][2] == {"user": None, "reason": ""}
    assert "ended" in [change.ending for change in watching.changes]
    with pytest.raises(TurnedAway):
        watching.world.join(room.id, BILL, DAY + HOUR + 1)


def test_an_extension_moves_the_timer_by_as_many_seconds() -> None:
    watching = Watching()
    room = watching.a_room()
    call = watching.calls.get(room.id)
    watching.calls.limit(call, 3600 + 300, DAY + 10)
    assert watching.told[-1][:2] == ("updated", 10)
    watching.pass_time(HOUR + 299_999)
    assert room.connections
    watching.pass_time(HOUR + 300_000)
    assert not room.connections
    assert watching.names().count("ended") == 1


def test_without_a_limit_there_is_no_timer() -> None:
    watching = Watching()
    room = watching.a_room()
    call = watching.calls.get(room.id)
    watching.calls.limit(call, 0, DAY + 10)
    assert (call.max_duration_s, call.timer_ends_at) == (0, None)
    watching.pass_time(9 * HOUR)
    assert room.connections


def test_a_limit_that_has_passed_already_ends_the_call_at_once() -> None:
    watching = Watching()
    room = watching.a_room()
    watching.calls.limit(watching.calls.get(room.id), 60, DAY + 120_000)
    watching.pass_time(120_000)
    assert not room.connections


def test_one_call_in_five_may_last_for_ever() -> None:
    watching = Watching()
    for number in range(10):
        watching.world.create(f"lesson-{number}", DAY).ends_at = DAY + HOUR
    limits = [call.max_duration_s for call in watching.calls.all()]
    assert limits == [*[3600] * 4, None] * 2


def test_a_call_that_the_world_has_forgotten_is_gone() -> None:
    watching = Watching()
    room = watching.a_room()
    watching.calls.get(room.id)
    del watching.world.rooms[room.id]
    with pytest.raises(Gone):
        watching.calls.get(room.id)


def test_a_call_is_ended_once() -> None:
    watching = Watching()
    call = watching.calls.get(watching.a_room().id)
    watching.calls.end(call, DAY + 5, Person("mod", "Moderator", "admin"))
    watching.calls.end(call, DAY + 6)
    assert watching.names().count("ended") == 1
    assert watching.told[-1][2]["user"].user == "mod"


@pytest.mark.parametrize(
    ("permission", "kind", "expected"),
    [
        ("send-audio", "camera", (1, True, False)),
        ("send-video", "camera", (1, False, True)),
        ("send-video", "microphone", (1, False, False)),
        ("screenshare", "camera", (1, False, False)),
    ],
)
def test_what_was_revoked_is_not_published(permission: str, kind: StreamKind, expected: tuple[int, bool, bool]) -> None:
    watching = Watching()
    room = watching.a_room()
    call = watching.calls.get(room.id)
    ana: Connection = next(iter(room.connections.values()))
    watching.calls.withhold(call, ANA.user, {permission}, DAY)
    stream = watching.world.publish(ana.id, kind, DAY + 5)
    assert (len(ana.streams), stream.muted, stream.id in call.without_picture) == expected


def test_in_life_whoever_stays_too_long_is_cut_off_by_the_platform() -> None:
    watching = Watching()
    Life(watching.world, watching.rng, rooms=10).begin(DAY)
    watching.pass_time(HOUR)
    assert watching.names().count("ended") >= 3
    for call in watching.calls.all():
        assert call.ended_at is None or call.ended_at == call.timer_ends_at
        assert call.room.connections or not call.is_ongoing or call.room.empty_since
    here = [room for room in watching.world.rooms.values() if room.connections]
    assert len(here) >= 7
