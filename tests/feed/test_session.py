"""One reader's picture, as scripts of frames."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain.events import Event, ParticipantJoined, RoomClaimed, Unknown, WarningAcknowledged
from moderator.domain.fold import fold
from moderator.domain.ids import InstanceId, RoomKey
from moderator.domain.room_states import RoomState
from moderator.domain.rooms import Source, find_stay
from moderator.domain.state import State
from moderator.feed import messages
from moderator.feed.codec import encode_event
from moderator.feed.messages import FoldBase, Frame, decode_frame, events_frame, heartbeat_frame, snapshot_frames
from moderator.feed.session import FeedGap, FeedSession
from moderator.feed.sse import SseDecoder
from tests.domain.histories import decisions, essence, histories, numbered
from tests.fakes.builders import (
    DAY,
    KEY,
    a_decision,
    a_fact,
    an_entry,
    folded,
    joined,
    kicked,
    left,
    room_ended,
    rules,
    the_room,
)

CLINIC = Source(
    source="clinic", provider="janus", state="live", heard_at=1, listed_at=None, clock_offset_ms=0, detail=None
)


def frames(raw: bytes) -> list[Frame]:
    return [cast("Frame", decode_frame(frame)) for frame in SseDecoder().feed(raw)]


def snapshot(state: State, seq: int = 10, *, sources: tuple[Source, ...] = ()) -> list[Frame]:
    rooms = [(room, state.rooms[RoomKey(room.source, room.room)]) for room in state.all_rooms()]  # type: ignore[arg-type]
    shown = {known.key for _, known in rooms}
    others = tuple(room for key, room in state.rooms.items() if key not in shown)
    base = FoldBase(
        rooms=others,
        restarts=state.restarts,
        settings=state.settings,
        hold=state.hold,
        appointments=state.announced.appointments(),
        opened=state.announced.opened(),
    )
    return frames(b"".join(snapshot_frames("log", seq, DAY, rooms, sources, base)))


def news(after: int, seq: int, *events: Event) -> Frame:
    placed = [encode_event(replace(event, seq=seq, recorded_at=event.recorded_at or event.at)) for event in events]
    return frames(events_frame("log", after, seq, DAY, placed))[0]


def beat(after: int, seq: int, *sources: Source) -> Frame:
    return frames(heartbeat_frame("log", after, seq, DAY, sources))[0]


def session(*received: Frame) -> FeedSession:
    new = FeedSession()
    for frame in received:
        new.receive(frame, 0.0)
    return new


def test_events_go_on_from_the_snapshot() -> None:
    reader = session(*snapshot(folded(an_entry(joined("p", DAY)))))
    read = reader.receive(news(10, 12, joined("q", DAY + 1), left("p", DAY + 2)), 0.0)
    assert [event.kind for event in read] == ["participant_joined", "participant_left"]
    assert [one.id for one in the_room(reader.state).here()] == ["q"]
    assert reader.cursor == "log-12"


def test_heartbeats_move_the_position_and_tell_of_sources() -> None:
    reader = session(*snapshot(State()), beat(10, 15, CLINIC))
    assert (reader.cursor, reader.sources) == ("log-15", {"clinic": CLINIC})
    reader.receive(news(15, 16, joined("p", DAY)), 0.0)
    assert reader.cursor == "log-16"


@pytest.mark.parametrize("frame", [news(11, 12, joined("p", DAY)), news(9, 12, joined("p", DAY)), beat(11, 12)])
def test_a_missing_frame_is_noticed_and_nothing_of_it_taken(frame: Frame) -> None:
    reader = session(*snapshot(State()))
    with pytest.raises(FeedGap):
        reader.receive(frame, 0.0)
    assert (reader.cursor, list(reader.state.rooms)) == ("log-10", [])
    reader.disconnected()
    assert reader.receive(news(10, 12, joined("p", DAY)), 0.0)


@pytest.mark.parametrize("frame", [news(0, 1, joined("p", DAY)), beat(0, 1)])
def test_news_before_any_snapshot_is_a_gap(frame: Frame) -> None:
    with pytest.raises(FeedGap):
        session(frame)


def paged(monkeypatch: pytest.MonkeyPatch, seq: int = 10, rooms: str = "abc") -> list[Frame]:
    monkeypatch.setattr(messages, "ROOMS_PER_PAGE", 1)
    facts = [a_fact(ParticipantJoined(participant="p"), DAY, room=room) for room in rooms]
    return snapshot(folded(an_entry(*facts)), seq)


def test_a_snapshot_counts_when_it_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = paged(monkeypatch)
    reader = session(one, two)
    assert (reader.ready, reader.receiving_snapshot, list(reader.state.rooms), reader.cursor) == (False, True, [], None)
    reader.receive(three, 0.0)
    assert (reader.ready, reader.receiving_snapshot, reader.cursor) == (True, False, "log-10")
    assert [key.room for key in reader.state.rooms] == ["a", "b", "c"]


def test_a_missing_page_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = paged(monkeypatch)
    for received in ([one, three], [two], [one, two, two]):
        with pytest.raises(FeedGap):
            session(*received)


def test_the_old_picture_stays_until_the_new_one_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = session(*paged(monkeypatch))
    one, two = paged(monkeypatch, 30, "yz")
    reader.receive(one, 0.0)
    assert [key.room for key in reader.state.rooms] == ["a", "b", "c"]
    reader.disconnected()
    with pytest.raises(FeedGap):
        reader.receive(two, 0.0)
    assert reader.cursor == "log-10"
    for frame in (one, two):
        reader.receive(frame, 0.0)
    assert ([key.room for key in reader.state.rooms], reader.cursor) == (["y", "z"], "log-30")


def test_a_lost_connection_goes_on_where_it_was() -> None:
    reader = session(*snapshot(State()), news(10, 11, joined("p", DAY)))
    reader.disconnected()
    assert (reader.cursor, reader.ready) == ("log-11", True)
    reader.receive(news(11, 14, joined("q", DAY + 5)), 0.0)
    assert the_room(reader.state).people == 2


def test_how_old_the_news_is() -> None:
    reader = FeedSession()
    assert (reader.age_s(5.0), reader.freshness(5.0)) == (None, "stale")
    for frame in snapshot(State()):
        reader.receive(frame, 100.0)
    ages = [(101.0, "fresh"), (105.0, "fresh"), (105.1, "aged"), (115.0, "aged"), (115.1, "stale")]
    assert [(now, reader.freshness(now)) for now, _ in ages] == ages
    reader.receive(beat(10, 10), 116.0)
    assert (reader.age_s(117.0), reader.freshness(117.0)) == (1.0, "fresh")


def test_late_news_opens_no_room() -> None:
    reader = session(*snapshot(State()))
    late = replace(joined("p", DAY), late=True)
    assert [event.late for event in reader.receive(news(10, 11, late), 0.0)] == [True]
    assert reader.state.rooms == {}


def test_a_room_that_ended_long_ago_begins_a_new_instance() -> None:
    """The snapshot had nothing of it; the instance's id says when the one before ended."""
    gateway = folded(an_entry(joined("p", DAY), seq=1), an_entry(room_ended(DAY + 5), seq=2))
    (again,) = fold(gateway, an_entry(joined("q", DAY + 900), seq=11))
    assert again.instance == InstanceId(str(DAY + 5))
    reader = session(*snapshot(State()))
    reader.receive(news(10, 11, again), 0.0)
    assert the_room(reader.state).instance == the_room(gateway).instance
    assert [one.id for one in the_room(reader.state).participants] == ["q"]


def test_what_the_gateway_accepted_is_not_judged_again() -> None:
    """About a room that the snapshot left out: to this picture the warning is unknown, to the gateway it was not."""
    reader = session(*snapshot(State()))
    (read,) = reader.receive(news(10, 11, a_decision(WarningAcknowledged(warning="1-300000"))), 0.0)
    assert read.kind == "warning_acknowledged"


def test_a_repeat_is_not_told_twice() -> None:
    reader = session(*snapshot(State()), news(10, 11, joined("p", DAY)))
    assert reader.receive(news(11, 12, joined("p", DAY)), 0.0) == []


def test_ids_are_remembered_but_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderator.feed.session.REMEMBERED", 50)
    reader = session(*snapshot(State()))
    most = 0
    for number in range(1_000):
        reader.receive(news(10 + number, 11 + number, joined("p", DAY + number)), 0.0)
        most = max(most, len(reader.state.verdicts))
    assert most <= 101
    assert reader.receive(news(1_010, 1_011, joined("p", DAY + 999)), 0.0) == [], "a late repeat is still one"
    assert the_room(reader.state).people == 1


def test_what_this_version_does_not_know_changes_nothing() -> None:
    reader = session(*snapshot(folded(an_entry(joined("p", DAY)))))
    before = essence(reader.state)["shown"]
    (read,) = reader.receive(news(10, 11, a_fact(Unknown(unknown_kind="room_painted", members={"a": 1}), DAY)), 0.0)
    assert (read.kind, essence(reader.state)["shown"]) == ("room_painted", before)


def test_commands_show_as_pending() -> None:
    reader = session(*snapshot(folded(an_entry(joined("p", DAY)))), news(10, 11, kicked("p")))
    reader.receive(news(11, 12, a_decision(RoomClaimed(moderator="m", name="Maya"))), 0.0)
    room = the_room(reader.state, KEY)
    assert [one.command for one in room.pending] == ["disconnect"]
    assert room.owner is not None


def picture(state: State) -> dict[str, Any]:
    return {name: value for name, value in essence(state).items() if name != "verdicts"}


@given(histories, decisions, st.randoms(use_true_random=False), st.integers(0, 18), st.integers(1, 5))
def test_a_snapshot_and_events_give_what_the_log_gives(
    facts: list[Event], decided: list[Event], random: Any, cut: int, batch: int
) -> None:
    told = sorted([*facts, *decided], key=lambda event: random.random())
    entries = numbered(told)
    gateway = State()
    gateway.settings = rules(duration_ms=60_000)
    for entry in entries[:cut]:
        fold(gateway, entry)
    reader = session(*snapshot(gateway, seq=cut))
    assert picture(reader.state) == picture(gateway)
    after = cut
    for start in range(cut, len(entries), batch):
        some = entries[start : start + batch]
        seen = [event for entry in some for event in fold(gateway, entry)]
        raw = events_frame("log", after, some[-1].seq, DAY, [encode_event(event) for event in seen])
        assert reader.receive(frames(raw)[0], 0.0) == seen
        after = some[-1].seq
    assert picture(reader.state) == picture(gateway)
    assert all(isinstance(room, RoomState) for room in reader.state.rooms.values())


@pytest.mark.parametrize("foreign", ["\u00b2", "\u0663", "1" * 5000, "-5", "1e5"])
def test_an_instance_may_have_any_name(foreign: str) -> None:
    reader = session(*snapshot(State()), news(10, 11, joined("p", DAY, instance=foreign)))
    room = the_room(reader.state)
    assert room.instance == foreign
    assert find_stay(room.participants, f"q@{foreign}") is None
