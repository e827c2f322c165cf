"""The store over a real session, fed with frames as they come off the wire."""

import itertools
import time
from collections.abc import Sequence
from typing import cast

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from moderator.client.link import Link
from moderator.client.me import Me
from moderator.desktop.live_store import BATCH_MS, LiveStore, OwnTime
from moderator.domain.accounting import DutyStarted
from moderator.domain.announcements import Listed, RoomAnnounced
from moderator.domain.events import ConfigLoaded, EnforcementHeld, Event, ParticipantJoined, ViolationFound
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.rooms import Person, Source
from moderator.domain.state import State
from moderator.feed import messages
from moderator.feed.codec import encode_event
from moderator.feed.messages import FoldBase, Frame, decode_frame, events_frame, heartbeat_frame, snapshot_frames
from moderator.feed.session import FeedSession
from moderator.feed.sse import SseDecoder, SseFrame
from tests.fakes.builders import (
    DAY,
    KEY,
    SOURCE,
    a_decision,
    a_fact,
    an_entry,
    configured,
    folded,
    joined,
    left,
    rules,
    the_room,
)
from tests.fakes.desktop import MAYA, FakeTime

CLINIC = Source(
    source=SOURCE, provider="fake", state="live", heard_at=DAY, listed_at=None, clock_offset_ms=0, detail=None
)


_FAILS: dict[str, str] = {}
TURNS = 10


class Fed:
    """A store, what it told, and the wire that feeds it."""

    def __init__(self) -> None:
        self.time = FakeTime(DAY)
        self.store = LiveStore(OwnTime(self.time), self.time)
        self.session = FeedSession()
        self.store.watch(self.session, self.time)
        self.told: list[tuple[str, object]] = []
        self.seq = 0
        self.store.replaced.connect(lambda: self.told.append(("replaced", None)))
        self.store.rooms_updated.connect(lambda keys: self.told.append(("rooms", keys)))
        self.store.events_arrived.connect(lambda events: self.told.append(("events", [one.kind for one in events])))

    def receive(self, raw: bytes) -> None:
        """As the feed reader does."""
        for frame in SseDecoder().feed(raw):
            self.take(frame)

    def take(self, frame: SseFrame) -> None:
        events = self.session.receive(cast("Frame", decode_frame(frame)), self.time.monotonic())
        self.store.frame_applied(frame, events)

    def snapshot(self, state: State | None = None, sources: Sequence[Source] = (CLINIC,)) -> None:
        for page in self.pages(state or State(), sources):
            self.receive(page)

    def pages(self, state: State, sources: Sequence[Source] = (CLINIC,)) -> list[bytes]:
        self.seq = 10
        rooms = [(room, state.rooms[room.key]) for room in state.all_rooms()]
        return list(snapshot_frames("log", self.seq, DAY, rooms, sources, FoldBase(settings=state.settings)))

    def news(self, *events: Event) -> None:
        after, self.seq = self.seq, self.seq + 1
        placed = [encode_event(replace(event, seq=self.seq, recorded_at=event.at)) for event in events]
        self.receive(events_frame("log", after, self.seq, DAY, placed))

    def beat(self, *sources: Source) -> None:
        self.receive(heartbeat_frame("log", self.seq, self.seq, DAY, sources))

    def heard(self) -> list[tuple[str, object]]:
        """What was told by the end of the batch that is running."""
        for ms in (3 * BATCH_MS, *[0] * TURNS):  # on a busy machine the batch may end late
            _let_pass(ms)
        told, self.told = self.told, []
        return told


def _let_pass(ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


@pytest.fixture
def fed(qapp: QApplication) -> Fed:
    """A store that has its picture: one room with somebody in it."""
    fed = Fed()
    fed.snapshot(folded(an_entry(joined("p", DAY)), settings=rules(duration_ms=3_600_000)))
    assert fed.heard() == [("replaced", None)]
    return fed


def test_before_anything_came_nothing_is_known(qapp: QApplication) -> None:
    fed = Fed()
    assert (fed.store.ready, fed.store.rooms(), fed.store.age_s, fed.store.freshness) == (False, [], None, "stale")
    assert (fed.store.link.state, fed.store.me, fed.store.hold) == ("connecting", None, None)
    assert fed.heard() == []


def test_a_snapshot_is_told_when_it_is_whole(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ROOMS_PER_PAGE", 1)
    fed = Fed()
    facts = [a_fact(ParticipantJoined(participant="p"), DAY, room=room) for room in "abc"]
    first, second, last = fed.pages(folded(an_entry(*facts)))
    fed.receive(first + second)
    assert (fed.heard(), fed.store.rooms()) == ([], [])
    fed.receive(last)
    assert fed.heard() == [("replaced", None)]
    assert [room.room for room in fed.store.rooms()] == ["a", "b", "c"]


def test_news_tells_of_just_the_rooms_it_is_about(fed: Fed) -> None:
    other = a_fact(ParticipantJoined(participant="q"), DAY, room="other")
    fed.news(joined("q", DAY + 1), left("p", DAY + 2))
    fed.news(other)
    keys = frozenset({KEY, RoomKey(SOURCE, RoomId("other"))})
    kinds = ["participant_joined", "participant_left", "participant_joined"]
    assert fed.heard() == [("rooms", keys), ("events", kinds)]
    fed.news(joined("r", DAY + 3))
    assert fed.heard() == [("rooms", frozenset({KEY})), ("events", ["participant_joined"])]


def test_a_room_that_is_told_of_shows_the_change_already(fed: Fed) -> None:
    seen: list[list[str]] = []
    fed.store.rooms_updated.connect(lambda _: seen.append([one.id for one in the_room(fed.session.state).here()]))
    fed.news(joined("q", DAY + 1), left("p", DAY + 2))
    fed.heard()
    assert seen == [["q"]]


def test_its_counts_are_those_that_widgets_were_told_of_at_any_time(fed: Fed) -> None:
    assert (fed.store.census.live, fed.store.figures.sources) == (1, ((SOURCE, 1),))
    counted: list[int] = []
    fed.store.rooms_updated.connect(lambda _: counted.append(fed.store.census.live))
    fed.news(a_fact(ParticipantJoined(participant="q"), DAY, room="other"))
    fed.heard()
    assert counted == [2]
    fed.store.forget(FeedSession())
    assert fed.store.census.live == 0


def test_other_rules_concern_every_room(fed: Fed) -> None:
    fed.news(configured(rules(duration_ms=60_000)))
    assert fed.heard() == [("replaced", None), ("events", ["config_loaded"])]


def test_what_concerns_no_room_is_an_event_only(fed: Fed) -> None:
    fed.news(a_decision(EnforcementHeld(reason="too many"), room=None))
    assert fed.heard() == [("events", ["enforcement_held"])]
    assert fed.store.hold is not None


def test_signs_of_life_are_not_told(fed: Fed) -> None:
    fed.beat(CLINIC)
    assert fed.heard() == []


def test_a_second_snapshot_and_news_behind_it_are_one_replacement(fed: Fed) -> None:
    fed.snapshot(folded(an_entry(joined("x", DAY))))
    fed.news(joined("y", DAY + 1))
    assert fed.heard() == [("replaced", None), ("events", ["participant_joined"])]


def test_hundreds_of_frames_are_told_a_few_in_a_turn_and_their_events_at_the_end(fed: Fed, qtbot: QtBot) -> None:
    for number in range(400):
        fed.news(a_fact(ParticipantJoined(participant="p"), DAY, room=f"room-{number}"))
    qtbot.waitUntil(lambda: any(kind == "events" for kind, _ in fed.told))
    *rooms, (kind, kinds) = fed.told
    portions = [cast("frozenset[RoomKey]", keys) for kind, keys in rooms if kind == "rooms"]
    assert len(portions) == len(rooms) == 7
    assert sum(len(portion) for portion in portions) == len(frozenset().union(*portions)) == 400
    assert (kind, len(cast("list[str]", kinds))) == ("events", 400)


def test_a_steady_stream_is_told_at_most_twenty_times_a_second(fed: Fed, qtbot: QtBot) -> None:
    told_at: list[float] = []
    fed.store.rooms_updated.connect(lambda _: told_at.append(time.monotonic()))
    stream = QTimer(interval=1)
    stream.timeout.connect(lambda: fed.news(joined(f"p{fed.seq}", DAY + fed.seq)))
    stream.start()
    qtbot.waitUntil(lambda: len(told_at) >= 6)
    stream.stop()
    # Qt counts whole milliseconds.
    assert min(later - earlier for earlier, later in itertools.pairwise(told_at)) * 1000 > BATCH_MS - 2
    told = sum(len(cast("list[str]", what)) for kind, what in fed.heard() if kind == "events")
    assert told == fed.seq - 10


def test_an_error_of_a_listener_loses_nothing_for_the_next_batch(fed: Fed, qtbot: QtBot) -> None:
    fed.store.rooms_updated.connect(lambda _: _FAILS["nothing"])
    with qtbot.captureExceptions() as errors:
        fed.news(joined("q", DAY + 1))
        assert fed.heard() == [("rooms", frozenset({KEY})), ("events", ["participant_joined"])]
        fed.news(joined("r", DAY + 2))
        assert fed.heard() == [("rooms", frozenset({KEY})), ("events", ["participant_joined"])]
    assert [kind for kind, *_ in errors] == [KeyError, KeyError]


# --- how far it can be relied on -----------------------------------------------------------------------------------


def test_silence_makes_everything_stale(fed: Fed) -> None:
    room = the_room(fed.session.state)
    fed.time.elapse(15_000)
    assert (fed.store.staleness(room), fed.store.freshness) == ("", "aged")
    fed.time.elapse(7_000)
    assert (fed.store.staleness(room), fed.store.freshness, fed.store.age_s) == ("22 s", "stale", 22.0)
    fed.beat()
    assert (fed.store.staleness(room), fed.store.freshness, fed.store.age_s) == ("", "fresh", 0.0)


@pytest.mark.parametrize(
    ("state", "heard_at", "listed_at", "since"),
    [
        ("live", DAY - 90_000, None, ""),
        ("polling", None, DAY - 90_000, ""),
        ("failing", DAY - 90_000, None, "90 s"),
        ("failing", DAY - 200_000, DAY - 120_000, "120 s"),
        ("failing", DAY - 30_000, DAY - 200_000, ""),
        ("silent", DAY - 600_000, DAY - 89_999, ""),
        ("silent", DAY - 120_000, DAY - 200_000, "120 s"),
        ("failing", None, None, "?"),
    ],
)
def test_a_room_is_as_stale_as_its_source(
    fed: Fed, state: str, heard_at: int | None, listed_at: int | None, since: str
) -> None:
    source = replace(CLINIC, state=state, heard_at=heard_at, listed_at=listed_at)
    fed.beat(source)
    room = the_room(fed.session.state)
    assert fed.store.staleness(room) == since
    assert fed.store.staleness(replace(room, source="another")) == ""


# --- time, the link, and who we are --------------------------------------------------------------------------------


def test_time_is_this_machines_until_a_gateway_was_asked(qapp: QApplication) -> None:
    time_ = FakeTime(DAY)
    store = LiveStore(OwnTime(time_), time_)
    assert (store.now_ms(), store.clock_error_ms) == (DAY, None)
    gateways = FakeTime(DAY + 5_000)
    store.watch(FeedSession(), gateways)
    assert (store.now_ms(), store.clock_error_ms) == (DAY + 5_000, 12.0)


def test_the_link_and_who_we_are_are_told_at_once(fed: Fed) -> None:
    told: list[Link | Me] = []
    fed.store.link_updated.connect(told.append)
    fed.store.me_updated.connect(told.append)
    lost = Link("reconnecting", "gateway:1 ended the connection; trying again")
    fed.store.link_changed(lost)
    fed.store.signed_in(MAYA)
    assert told == [fed.store.link, fed.store.me] == [lost, MAYA]


def test_it_says_when_somebody_else_sits_here(fed: Fed) -> None:
    told: list[str] = []
    fed.store.somebody_else.connect(lambda: told.append("somebody else"))
    fed.store.me_updated.connect(lambda me: told.append(me.name if me else "nobody"))
    more, leo = replace(MAYA, scopes=(), name="Maya B."), Me(name="Leo", scopes=(), id="leo")
    for me in (MAYA, more, leo):
        fed.store.signed_in(me)
    fed.store.forget(FeedSession())
    fed.store.signed_in(leo)
    assert told == ["Maya", "Maya B.", "somebody else", "Leo", "somebody else", "nobody", "Leo"]


# --- what concerns rooms that it does not name ---------------------------------------------------------------------


def announced(name: str, **members: object) -> Event:
    data = RoomAnnounced(name=name, starts_at=DAY, allow=(Listed("bill"), Listed("kim")), **members)  # type: ignore[arg-type]
    return replace(a_decision(data, DAY), room=None, instance=None)


def test_an_appointment_changes_the_room_that_it_is_for(fed: Fed) -> None:
    fed.news(announced("appt-17", room="room-1"))
    assert fed.heard() == [("rooms", frozenset({KEY})), ("events", ["room_announced"])]
    room = fed.store.room(KEY)
    assert room
    assert room.appointment
    assert room.appointment.name == "appt-17"
    fed.news(announced("elsewhere"))
    assert fed.heard() == [("events", ["room_announced"])]
    assert [one.name for one in fed.store.appointments] == ["appt-17", "elsewhere"]


def test_it_tells_how_appointments_are_going(fed: Fed) -> None:
    fed.news(announced("appt-17", room="room-1", duration_ms=60_000), joined("b", DAY, user="bill"))
    (found,) = fed.store.attendances(fed.store.appointments)
    assert (found.state, found.here, found.awaited) == ("live", ("bill",), ("kim",))
    assert fed.store.planned_end(fed.store.appointments[0]) == DAY + 60_000


def test_it_remembers_why_somebody_who_is_gone_was_not_allowed(fed: Fed) -> None:
    room = fed.store.room(KEY)
    assert room
    assert fed.store.past_violations(room) == ()
    fed.news(a_decision(ViolationFound(policy="lock", participant="p", enforced=True)), left("p", DAY + 1))
    room = fed.store.room(KEY)
    assert room
    assert ([one.policy for one in fed.store.past_violations(room)], room.violations) == (["lock"], ())


def test_it_knows_who_is_on_duty(fed: Fed) -> None:
    fed.news(replace(a_decision(DutyStarted(moderator="maya", name="Maya")), source=None, room=None, instance=None))
    assert fed.store.on_duty == {"maya": Person("maya", "Maya")}


def test_it_knows_since_when_nothing_is_missing(fed: Fed) -> None:
    assert fed.store.complete_since == DAY
    fed.time.elapse(60_000)
    fed.news(a_decision(ConfigLoaded(settings=rules(duration_ms=1_000))))
    assert fed.store.complete_since == DAY
    fed.snapshot()
    assert fed.store.complete_since == DAY + 60_000
