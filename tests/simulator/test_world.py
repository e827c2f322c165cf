import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.simulator.world import Change, Gone, Room, TurnedAway, World
from tests.fakes.builders import DAY
from tests.simulator.worlds import ANA, BILL, Watched, check

KINDS = ("camera", "screen", "microphone")


def test_a_visit_is_told_from_the_first_one_in_to_the_closed_room() -> None:
    watched = Watched()
    world = watched.world
    room = world.create("lesson-1", DAY)
    ana = world.join(room.id, ANA, DAY)
    world.publish(ana.id, "camera", DAY + 1)
    bill = world.join(room.id, BILL, DAY + 2)
    world.leave(ana.id, DAY + 3, "lost")
    world.leave(bill.id, DAY + 4)
    watched.pass_time(60_003)
    assert watched.kinds() == ["opened", "joined", "published", "joined", "unpublished", "left", "left"]
    watched.pass_time(60_004)
    assert watched.kinds()[-1] == "closed"
    assert [change.ending for change in watched.changes[-4:]] == ["lost", "lost", "left", None]


def test_a_room_that_fills_again_is_not_closed() -> None:
    watched = Watched()
    room = watched.world.create("", DAY)
    watched.world.leave(watched.world.join(room.id, ANA, DAY).id, DAY)
    watched.world.join(room.id, ANA, DAY + 1000)
    watched.pass_time(3_600_000)
    assert "closed" not in watched.kinds()


def test_a_closed_room_opens_again() -> None:
    watched = Watched()
    room = watched.world.create("", DAY)
    watched.world.leave(watched.world.join(room.id, ANA, DAY).id, DAY)
    watched.pass_time(60_000)
    watched.world.join(room.id, ANA, DAY + 60_001)
    assert watched.kinds() == ["opened", "joined", "left", "closed", "opened", "joined"]


def test_a_room_that_stays_closed_is_forgotten() -> None:
    watched = Watched()
    room = watched.world.create("", DAY)
    watched.world.leave(watched.world.join(room.id, ANA, DAY).id, DAY)
    watched.pass_time(60_000 + 3_600_000 - 1)
    assert watched.world.room(room.id) is room
    watched.pass_time(60_000 + 3_600_000)
    assert watched.world.rooms == {}
    with pytest.raises(Gone):
        watched.world.join(room.id, ANA, DAY + 3_700_000)


def test_a_room_that_was_used_again_is_kept() -> None:
    watched = Watched()
    room = watched.world.create("", DAY)
    watched.world.leave(watched.world.join(room.id, ANA, DAY).id, DAY)
    watched.pass_time(60_000)
    ana = watched.world.join(room.id, ANA, DAY + 100_000)
    watched.pass_time(3_660_000)
    assert watched.world.locate(ana.id) == (room, ana)
    watched.world.leave(ana.id, DAY + 4_000_000)
    watched.pass_time(4_060_000)
    assert watched.world.room(room.id) is room


def test_nothing_of_who_has_gone_is_kept() -> None:
    """A cloud goes on for days: what it remembers of people must not grow."""
    watched = Watched()
    world = watched.world
    room = world.create("", DAY)
    for number in range(200):
        ana = world.join(room.id, ANA, DAY + number)
        world.publish(ana.id, "camera", DAY + number)
        world.leave(ana.id, DAY + number)
    assert not world._rooms_of
    assert not world._publishers


def test_a_connection_is_found_without_a_look_into_every_room() -> None:
    watched = Watched()
    world = watched.world
    ana = world.join(world.create("", DAY).id, ANA, DAY)
    camera = world.publish(ana.id, "camera", DAY)
    world.rooms.clear()
    assert world.locate(ana.id)[1] is ana
    assert world.locate_stream(camera.id)[2] is camera


def test_what_is_not_there_is_gone() -> None:
    world = Watched().world
    room = world.create("", DAY)
    ana = world.join(room.id, ANA, DAY)
    world.leave(ana.id, DAY)
    with pytest.raises(Gone):
        world.leave(ana.id, DAY)
    with pytest.raises(Gone):
        world.publish(ana.id, "camera", DAY)
    with pytest.raises(Gone):
        world.unpublish("none", DAY)
    with pytest.raises(Gone):
        world.join("none", ANA, DAY)


def test_what_is_due_happens_at_its_own_time_however_late_the_step() -> None:
    watched = Watched()
    seen: list[int] = []
    for at in (DAY + 30, DAY + 10, DAY + 20):
        watched.world.when(at, seen.append)
    assert watched.world.next_at == DAY + 10
    watched.pass_time(25)
    assert (seen, watched.world.next_at) == ([DAY + 10, DAY + 20], DAY + 30)


def test_who_is_blocked_is_turned_away_and_others_are_not() -> None:
    watched = Watched()
    room = watched.world.create("", DAY)
    room.blocked.add(ANA.user)
    with pytest.raises(TurnedAway):
        watched.world.join(room.id, ANA, DAY)
    assert watched.changes == []
    watched.world.join(room.id, BILL, DAY)


def test_a_room_that_is_ended_is_closed_at_once() -> None:
    watched = Watched()
    room = watched.world.create("", DAY)
    for person in (ANA, BILL):
        watched.world.publish(watched.world.join(room.id, person, DAY).id, "camera", DAY)
    watched.world.end(room.id, DAY + 5)
    watched.pass_time(60_005)
    assert watched.kinds()[-5:] == ["unpublished", "left", "unpublished", "left", "closed"]
    assert {change.ending for change in watched.changes[-5:-1]} == {"ended"}
    assert watched.changes[-1].at == DAY + 5


def test_a_room_that_was_ended_opens_again_unless_it_is_over() -> None:
    watched = Watched()
    room = watched.world.create("", DAY)
    watched.world.join(room.id, ANA, DAY)
    watched.world.end(room.id, DAY + 5)
    watched.world.join(room.id, ANA, DAY + 6)
    assert watched.kinds()[-2:] == ["opened", "joined"]
    room.is_over = True
    with pytest.raises(TurnedAway):
        watched.world.join(room.id, BILL, DAY + 7)


def test_where_rooms_are_addressed_by_name_the_same_name_is_the_same_room() -> None:
    world = World(random.Random(1), lambda name, created_ms, noise: name)
    room = world.create("lesson-1", DAY)
    assert world.create("lesson-1", DAY + 1) is room
    assert world.create("lesson-2", DAY + 1) is not room


Act = tuple[int, int]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 10)), max_size=60))
def test_whatever_happens_is_told_consistently(acts: list[Act]) -> None:
    watched = Watched()
    room = watched.world.create("", DAY)
    for number, act in enumerate(acts):
        now = DAY + number * 20_000
        watched.world.step(now)
        _do(watched.world, room, act, now)
    check(watched.changes)
    assert _here(watched.changes) == set(room.connections)


def _do(world: World, room: Room, act: Act, now: int) -> None:
    what, which = act
    connections, streams = list(room.connections), [stream.id for stream in room.streams()]
    if what == 0:
        world.join(room.id, (ANA, BILL)[which % 2], now)
    elif what == 1 and connections:
        world.leave(connections[which % len(connections)], now, "removed")
    elif what == 2 and connections:
        world.publish(connections[which % len(connections)], KINDS[which % 3], now)  # type: ignore[arg-type]
    elif what == 3 and streams:
        world.unpublish(streams[which % len(streams)], now, "stopped")


def _here(changes: list[Change]) -> set[str]:
    joined = {change.connection.id for change in changes if change.kind == "joined" and change.connection}
    return joined - {change.connection.id for change in changes if change.kind == "left" and change.connection}
