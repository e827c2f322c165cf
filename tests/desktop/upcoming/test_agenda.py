"""Which appointments there are to look at, and when it is looked."""

import pytest
from msgspec.structs import replace

from moderator.desktop.upcoming.agenda import AHEAD_MS, Agenda
from moderator.domain.announcements import RoomAnnounced
from moderator.domain.events import ParticipantJoined
from moderator.domain.fold import fold
from moderator.domain.ids import RoomId
from tests.fakes.builders import a_decision, a_fact, an_entry, joined
from tests.fakes.desktop import NOW, FakeStore, a_person, a_room, an_appointment

HOUR_S = 3_600


def names(agenda: Agenda) -> list[str]:
    return [one.attendance.name for one in agenda.coming]


def test_what_is_on_and_what_begins_within_a_day_the_next_first(store: FakeStore) -> None:
    agenda = Agenda(store)
    store.announce(
        an_appointment("far", AHEAD_MS // 1000),
        an_appointment("tomorrow", AHEAD_MS // 1000 - 1),
        an_appointment("soon", 60),
        an_appointment("on", -1800),
        an_appointment("over", -HOUR_S),
        an_appointment("without an end", -HOUR_S + 1, minutes=None),
        an_appointment("also over", -HOUR_S, minutes=None),
    )
    assert names(agenda) == ["without an end", "on", "soon", "tomorrow"]


def test_it_looks_when_something_is_announced_and_else_now_and_then(store: FakeStore) -> None:
    agenda = Agenda(store)
    looks: list[list[str]] = []
    agenda.changed.connect(lambda: looks.append(names(agenda)))
    store.announce(an_appointment("on", -1800))
    store.session.state.announced.withdraw("clinic", "on")
    agenda.second()
    assert looks == [["on"]]
    store.tell(a_decision(RoomAnnounced(name="on", starts_at=NOW)))
    assert looks == [["on"], []]
    store.announce(an_appointment("on", -1800))
    store.time.elapse(1_800_000)
    agenda.second()
    assert looks == [["on"], [], ["on"], []]
    agenda.look()
    assert len(looks) == 4


@pytest.mark.parametrize(("starts_in_s", "certain"), [(600, True), (599, False)])
def test_what_was_before_the_picture_is_not_known(store: FakeStore, starts_in_s: int, certain: bool) -> None:
    """People may come a quarter of an hour early, and rooms that ended five minutes ago are no longer told of."""
    agenda = Agenda(store)
    store.announce(an_appointment("appt-17", starts_in_s))
    assert [one.certain for one in agenda.coming] == [certain]


def test_people_have_the_names_that_the_room_tells(store: FakeStore) -> None:
    agenda = Agenda(store)
    came = replace(joined("c1", NOW, user="bill", name="Bill Buffalo"), room=RoomId("r1"))
    fold(store.session.state, an_entry(came))
    room = store.session.state.all_rooms()[0]
    store.change(room)
    store.announce(an_appointment("appt-17", 0, "bill", "lee", room="r1"))
    (one,) = agenda.coming
    assert (one.names, one.certain, one.room) == ({"bill": "Bill Buffalo"}, True, room.key)
    assert one.attendance.here == ("bill",)


def test_people_are_called_as_any_room_calls_them(store: FakeStore) -> None:
    agenda = Agenda(store)
    store.announce(an_appointment("later", 600, "bill", "stranger"))
    store.change(a_room("elsewhere", people=[a_person("b1", "Bill Buffalo", user="bill")]))
    store.tell(a_fact(ParticipantJoined(participant="b1", user="bill"), NOW, room="elsewhere"))
    agenda.look()
    assert agenda.coming[0].names == {"bill": "Bill Buffalo"}
    store.replaced.emit()
    assert agenda.coming[0].names == {"bill": "Bill Buffalo"}
