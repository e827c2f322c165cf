from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from moderator.simulator.life import Life
from moderator.simulator.people import APPOINTMENTS
from moderator.simulator.world import Change, Connection
from tests.fakes.builders import DAY
from tests.simulator.worlds import ANA, Watched, check

SEEDS = st.integers(0, 10_000)
MINUTE = 60_000


def a_day(seed: int, rooms: int = 20, speed: float = 10, **habits: Any) -> tuple[Watched, Life]:
    """A world with life in it, at its beginning."""
    watched = Watched(seed, speed)
    life = Life(watched.world, watched.rng, rooms, speed, **habits)
    life.begin(DAY)
    watched.pass_time(0)
    return watched, life


def guests(changes: list[Change]) -> list[Change]:
    """When uninvited guests joined."""
    return [one for one in changes if one.kind == "joined" and one.connection and one.connection.person.role == "guest"]


@settings(max_examples=20)
@given(SEEDS)
def test_an_hour_of_life_is_consistent(seed: int) -> None:
    watched, _ = a_day(seed)
    for second in range(0, 360, 7):
        watched.pass_time(second * 1000)
        people = [{one.person.user for one in room.connections.values()} for room in watched.world.rooms.values()]
        assert max(map(len, people)) <= 3
        assert 12 <= sum(map(bool, people)) <= 20
    check(watched.changes)


@settings(max_examples=20)
@given(SEEDS)
def test_a_newcomer_sees_something_every_other_second(seed: int) -> None:
    watched, _ = a_day(seed)
    begun = len(watched.changes)
    watched.pass_time(MINUTE)
    visible = [
        change
        for change in watched.changes[begun:]
        if change.kind in ("joined", "left") or (change.stream and change.stream.kind == "screen")
    ]
    assert 15 <= len(visible) <= 80


@settings(max_examples=20)
@given(SEEDS)
@example(9814)  # a room whose people are about to go is no room for a guest
def test_within_a_minute_a_guest_comes_and_a_room_has_five_minutes_left(seed: int) -> None:
    watched, _ = a_day(seed)
    first = next(iter(watched.world.rooms.values()))
    assert first.ends_at is not None
    assert DAY < first.ends_at - 30_000 < DAY + MINUTE
    watched.pass_time(12_000)
    (guest,) = guests(watched.changes)
    assert len({one.person.user for one in guest.room.connections.values()}) == 3
    watched.pass_time(first.ends_at - 30_000 - DAY)
    assert first.connections


@settings(max_examples=20)
@given(SEEDS, st.sampled_from([0, 180]))
@example(102, 180)  # the guest would stay alone until the warning
def test_a_gentle_life_begins_with_one_guest_and_one_room_that_runs_out(seed: int, later_s: int) -> None:
    """For four minutes, in which three clouds together do not interrupt anybody more than ten times."""
    long = [one for one in APPOINTMENTS if one.minutes >= 45]
    watched, _ = a_day(seed, gentle_after_s=later_s, kinds=long)
    warned = set[str]()
    for second in range(240):
        watched.pass_time(second * 1000)
        left = {id_: room.ends_at - DAY - second * 1000 for id_, room in watched.world.rooms.items() if room.ends_at}
        warned |= {id_ for id_, ms in left.items() if ms <= 30_000 and watched.world.rooms[id_].connections}
        assert second >= later_s or not (warned or guests(watched.changes))
    assert warned == {next(iter(watched.world.rooms))}
    assert len(guests(watched.changes)) == 1


def test_at_the_beginning_people_have_been_there_for_a_while() -> None:
    watched, _ = a_day(1, speed=1)
    ages = [DAY - change.at for change in watched.changes if change.kind == "joined"]
    assert max(ages) > 50 * MINUTE
    assert all(0 <= age <= 60 * MINUTE for age in ages)


def test_the_same_seed_lives_the_same_life() -> None:
    first, second = a_day(7)[0], a_day(7)[0]
    first.pass_time(MINUTE)
    for step in range(0, MINUTE + 1, 500):
        second.pass_time(step)
    assert [(one.kind, one.at, one.room.id) for one in first.changes] == [
        (one.kind, one.at, one.room.id) for one in second.changes
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_guest_who_is_removed_tries_again_once_or_twice_within_a_minute(seed: int) -> None:
    watched, life = a_day(seed, speed=1)
    guest = life.send_guest(DAY)
    assert guest is not None
    ids = [guest.id]
    for minute in range(5):
        if found := _present(watched, guest.person.user):
            ids.append(found.id)
            watched.world.leave(found.id, DAY + minute * MINUTE, "removed")
        watched.pass_time((minute + 1) * MINUTE)
    assert len(set(ids[1:])) in (2, 3)
    assert _present(watched, guest.person.user) is None


def _present(watched: Watched, user: str) -> Connection | None:
    rooms = watched.world.rooms.values()
    return next((one for room in rooms for one in room.connections.values() if one.person.user == user), None)


def test_a_room_that_was_ended_stays_quiet_and_another_begins() -> None:
    watched, _ = a_day(3, rooms=1, speed=1)
    (room,) = watched.world.rooms.values()
    for connection_id in list(room.connections):
        watched.world.leave(connection_id, DAY, "removed")
    watched.pass_time(2 * MINUTE)
    assert not room.connections
    assert len(watched.world.rooms) == 2


def test_a_guest_who_is_blocked_does_not_get_in_again() -> None:
    watched, life = a_day(3, speed=1)
    guest = life.send_guest(DAY)
    assert guest is not None
    room, _ = watched.world.locate(guest.id)
    room.blocked.add(guest.person.user)
    watched.world.leave(guest.id, DAY, "removed")
    watched.pass_time(10 * MINUTE)
    assert (
        len([one for one in guests(watched.changes) if one.connection and one.connection.person == guest.person]) == 1
    )
    assert room.connections


def test_a_room_that_was_ended_for_good_before_anybody_came_is_replaced() -> None:
    watched = Watched()
    Life(watched.world, watched.rng, rooms=1).begin(DAY)
    (room,) = watched.world.rooms.values()
    room.is_over = True
    watched.pass_time(2 * MINUTE)
    *_, latest = watched.world.rooms.values()
    assert latest.connections
    assert not room.connections


def test_a_stranger_who_is_removed_does_not_return() -> None:
    watched, _ = a_day(3, rooms=1, speed=1)
    (room,) = watched.world.rooms.values()
    stranger = watched.world.join(room.id, ANA, DAY)
    watched.world.leave(stranger.id, DAY, "removed")
    watched.pass_time(MINUTE)
    assert _present(watched, ANA.user) is None


def test_no_guest_comes_where_there_is_nobody() -> None:
    watched, life = a_day(3, rooms=0)
    assert life.send_guest(DAY) is None
    watched.pass_time(MINUTE)
    assert watched.changes == []


def test_people_meet_for_what_is_offered_only() -> None:
    lessons = [one for one in APPOINTMENTS if one.name == "lesson"]
    watched, _ = a_day(3, rooms=5, kinds=lessons)
    watched.pass_time(10 * MINUTE)
    names = {room.name.partition("-")[0] for room in watched.world.rooms.values()}
    assert names == {"lesson"}
    assert len(watched.world.rooms) > 5


def test_where_cameras_have_no_sound_people_publish_both() -> None:
    watched, _ = a_day(3, camera_has_sound=False)
    here = [one for room in watched.world.rooms.values() for one in room.connections.values()]
    kinds = {tuple(stream.kind for stream in one.streams.values()) for one in here}
    assert kinds == {("microphone",), ("microphone", "camera")}


@settings(max_examples=10)
@given(SEEDS)
def test_where_a_second_connection_replaces_the_first_people_come_back_all_the_same(seed: int) -> None:
    watched, _ = a_day(seed, rooms=10)

    def replace(change: Change) -> None:
        if change.kind == "joined" and change.connection:
            for old in list(change.room.connections.values()):
                if old.person == change.connection.person and old is not change.connection:
                    watched.world.leave(old.id, change.at, "replaced")

    watched.world.listeners.append(replace)
    watched.pass_time(6 * MINUTE)
    for minute in range(6, 12):
        watched.pass_time(minute * MINUTE)
        people = [[one.person.user for one in room.connections.values()] for room in watched.world.rooms.values()]
        assert all(len(set(here)) == len(here) for here in people)
        assert sum(len(here) >= 2 for here in people) >= 5
    check(watched.changes)


@settings(max_examples=10)
@given(SEEDS)
def test_what_is_withheld_is_not_published(seed: int) -> None:
    watched = Watched(seed, speed=10)

    def withhold(change: Change) -> None:
        if change.kind == "joined" and change.connection:
            change.room.withheld[change.connection.person.user] = {"screen", "camera"}

    watched.world.listeners.append(withhold)
    Life(watched.world, watched.rng, rooms=20, speed=10).begin(DAY)
    watched.pass_time(6 * MINUTE)
    assert {change.stream.kind for change in watched.changes if change.stream} == {"microphone"}
