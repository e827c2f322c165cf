"""Looking back uses the fold that everything else uses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain import rewinding
from moderator.domain.announcements import RoomAnnounced
from moderator.domain.events import (
    CapabilitiesReported,
    DeadlineExtended,
    DeadlineReported,
    DeadlineSet,
    DisconnectRequested,
    Entry,
    Event,
    PersonBlocked,
    PersonReadmitted,
    RoomClaimed,
    ViewingStarted,
    WarningRaised,
)
from moderator.domain.fold import fold
from moderator.domain.kinds import Fact
from moderator.domain.rewinding import History, Surroundings
from moderator.domain.state import State
from tests.fakes.builders import (
    DAY,
    FIRST,
    KEY,
    a_decision,
    a_fact,
    an_entry,
    joined,
    left,
    published,
    room_ended,
    room_started,
)

MINUTE = 60_000


def read(*events: Event, state: State | None = None, first_seq: int = 1) -> tuple[State, list[Event]]:
    """What a reader of the log knows after these events, and how it read them."""
    known, found = state or State(), list[Event]()
    for seq, event in enumerate(events, first_seq):
        found += fold(known, an_entry(event, seq=seq, recorded_at=event.at))
    return known, found


def history(state: State, events: list[Event], instance: str = FIRST) -> History:
    made = History(KEY, instance, Surroundings.of(state, KEY))
    made.add([one for one in events if one.key == KEY and one.instance in {None, instance}])
    return made


STORY = (
    room_started(DAY, name="cardio"),
    joined("p", DAY + MINUTE, user="u1", name="Bill"),
    a_decision(DeadlineSet(version=1, ends_at=DAY + 60 * MINUTE), DAY + MINUTE),
    published("p", "s1", DAY + 2 * MINUTE),
    a_decision(DeadlineExtended(version=2, seconds=300), DAY + 3 * MINUTE),
    a_decision(PersonBlocked(user="u1", reason="conduct"), DAY + 4 * MINUTE),
    a_decision(DisconnectRequested(participant="p", reason="conduct"), DAY + 4 * MINUTE),
    left("p", DAY + 5 * MINUTE),
    a_decision(RoomClaimed(moderator="m1", name="Maya"), DAY + 6 * MINUTE),
)


def test_a_room_is_as_it_was() -> None:
    then = history(*read(*STORY))
    room = then.room_at(DAY + 3 * MINUTE + 30_000)
    assert room is not None
    assert room.deadline is not None
    assert (room.people, room.name, room.blocks, room.pending) == (1, "cardio", (), ())
    assert (room.deadline.version, room.deadline.ends_at) == (2, DAY + 65 * MINUTE)
    assert [one.id for one in room.participants[0].streams] == ["s1"]


def test_before_the_first_of_it_there_was_no_room() -> None:
    then = history(*read(*STORY))
    assert then.room_at(DAY - 1) is None
    assert then.begin == DAY
    assert then.moments()[0] == DAY
    assert history(State(), []).begin is None


def test_what_was_reported_late_is_true_from_when_it_happened() -> None:
    state, events = read(*STORY)
    _, late = read(joined("q", DAY + 2 * MINUTE, name="Zoe"), state=state, first_seq=50)
    then = history(state, [*events, *late])
    room = then.room_at(DAY + 3 * MINUTE)
    assert room is not None
    assert [one.name for one in room.here()] == ["Bill", "Zoe"]


def test_a_block_from_an_earlier_instance_stands_until_it_is_lifted() -> None:
    state, _ = read(
        *(room_started(DAY), joined("p", DAY, user="u1"), a_decision(PersonBlocked(user="u8"), DAY)),
        *(a_decision(PersonBlocked(user="u9"), DAY), left("p", DAY + 1), room_ended(DAY + 2)),
    )
    instance = str(DAY + 2)
    lifted = a_decision(PersonReadmitted(user="u8"), DAY + 9 * MINUTE, instance=instance)
    state, events = read(joined("q", DAY + MINUTE), lifted, state=state, first_seq=20)
    then = history(state, events, instance)
    before, after = then.room_at(DAY + 2 * MINUTE), then.room_at(DAY + 10 * MINUTE)
    assert before is not None
    assert {one.user for one in before.blocks} == {"u8", "u9"}
    assert after == state.room(KEY)


def test_who_blocked_somebody_is_found_again() -> None:
    then = history(*read(*STORY))
    found = then.last_block_of("u1")
    assert found is not None
    assert found.actor.name == "Anna"
    assert then.last_block_of("u2") is None


def test_an_appointment_gives_the_room_its_name_also_in_the_past() -> None:
    announced = replace(
        a_decision(RoomAnnounced(name="appt-17", room=KEY.room, starts_at=DAY), DAY - MINUTE), room=None, instance=None
    )
    state, events = read(announced, *STORY)
    room = history(state, events).room_at(DAY + MINUTE)
    assert room is not None
    assert room.name == "appt-17"


def test_who_looks_at_it_now_is_no_part_of_the_past() -> None:
    looking = a_decision(ViewingStarted(), DAY + 7 * MINUTE)
    room = history(*read(*STORY, looking)).room_at(DAY + 9 * MINUTE)
    assert room is not None
    assert room.viewers == ()


def test_of_a_history_that_is_cut_people_and_the_deadline_are_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    state, events = read(*STORY)
    assert not history(state, events).is_cut
    monkeypatch.setattr(rewinding, "LONGEST_HISTORY", 5)
    then = history(state, events[-5:])
    room = then.room_at(DAY + 3 * MINUTE + 30_000)
    assert then.is_cut
    assert room is not None
    assert room.deadline is not None
    assert ([one.name for one in room.here()], room.deadline.ends_at) == (["Bill"], DAY + 65 * MINUTE)
    assert [one.id for one in room.participants[0].streams] == ["s1"]
    assert then.begin == DAY + 3 * MINUTE


def test_a_live_extension_does_not_move_the_past_of_a_history_that_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    state, events = read(*STORY)
    monkeypatch.setattr(rewinding, "LONGEST_HISTORY", 5)
    then = history(state, events[-5:])
    extended = a_decision(DeadlineExtended(version=3, seconds=300), DAY + 9 * MINUTE)
    then.add(read(extended, state=state, first_seq=90)[1])
    before, after = then.room_at(DAY + 8 * MINUTE), then.room_at(DAY + 10 * MINUTE)
    assert before is not None
    assert before.deadline is not None
    assert after is not None
    assert after.deadline is not None
    assert (before.deadline.ends_at, after.deadline.ends_at) == (DAY + 65 * MINUTE, DAY + 70 * MINUTE)


@pytest.mark.parametrize("most", [5, 2_000])
@pytest.mark.parametrize(
    "told",
    [CapabilitiesReported(unavailable={"extend": "no grant"}), DeadlineReported(ends_at=None)],
    ids=lambda told: type(told).__name__,
)
def test_what_the_platform_told_of_the_room_is_known_already_when_it_is_told(
    monkeypatch: pytest.MonkeyPatch, told: Fact, most: int
) -> None:
    """The newest report is taken over from now, and is then among the events again."""
    monkeypatch.setattr(rewinding, "LONGEST_HISTORY", most)
    state, events = read(*STORY[:2], a_fact(told, DAY + 2 * MINUTE), *STORY[2:4])
    then = history(state, events[-most:])
    room, now = then.room_at(DAY + 9 * MINUTE), state.room(KEY)
    assert room is not None
    assert now is not None
    assert (room.capabilities, room.reported_end) == (now.capabilities, now.reported_end)


def test_what_comes_later_does_not_cut_a_history_that_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewinding, "LONGEST_HISTORY", len(STORY) + 1)
    state, events = read(*STORY)
    then = history(state, events)
    _, more = read(joined("q", DAY + 9 * MINUTE), joined("r", DAY + 9 * MINUTE), state=state, first_seq=90)
    then.add(more)
    assert not then.is_cut


def test_what_comes_live_leaves_the_states_that_it_is_no_part_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewinding, "_KEPT_EVERY", 2)
    folded: list[int] = []

    def folding(state: State, entry: Entry) -> list[Event]:
        folded.append(entry.seq)
        return fold(state, entry)

    monkeypatch.setattr(rewinding, "fold", folding)
    state, events = read(*STORY)
    then = history(state, events)
    then.room_at(DAY + 6 * MINUTE)
    then.add(read(joined("q", DAY + 9 * MINUTE), state=state, first_seq=90)[1])
    folded.clear()
    room = then.room_at(DAY + 9 * MINUTE)
    assert folded == [9, 90]
    assert room == state.room(KEY)


CHANGES = (
    *(joined(f"p{n}", DAY + n * 1000, user=f"u{n % 3}", name=f"N{n}") for n in range(6)),
    *(left(f"p{n}", DAY + n * 1500 + 500) for n in range(6)),
    *(published(f"p{n}", f"s{n}", DAY + n * 1000 + 10) for n in range(6)),
    a_decision(DeadlineSet(version=1, ends_at=DAY + 60 * MINUTE, warn_ms=(300_000,)), DAY + 2000),
    a_decision(DeadlineExtended(version=2, seconds=60), DAY + 3000),
    a_decision(DeadlineExtended(version=2, seconds=90), DAY + 3001, key="other"),
    a_decision(WarningRaised(deadline_version=2, threshold_ms=300_000), DAY + 4000),
    a_decision(PersonBlocked(user="u1"), DAY + 5000),
    a_decision(PersonReadmitted(user="u1"), DAY + 6000),
    a_decision(PersonReadmitted(user="u2"), DAY + 6500),
)


@given(st.permutations(CHANGES), st.integers(0, len(CHANGES)), st.sampled_from([1, 2, 5, 200]))
@settings(max_examples=80)
def test_at_the_newest_moment_it_is_the_room_as_it_is_now(order: list[Event], count: int, kept_every: int) -> None:
    """However it was recorded, wherever one has been before, and however few states are kept."""
    state, events = read(room_started(DAY), *order[:count])
    newest = max(event.at for event in events)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rewinding, "_KEPT_EVERY", kept_every)
        then = history(state, events)
        first = then.room_at(newest)
        then.room_at(DAY)
        then.room_at((DAY + newest) // 2)
        assert then.room_at(newest) == first == state.room(KEY)


@given(st.permutations(CHANGES), st.integers(0, len(CHANGES)), st.sampled_from([1, 2, 5]), st.booleans())
@settings(max_examples=80)
def test_what_comes_bit_by_bit_gives_the_same_past(
    order: list[Event],
    count: int,
    kept_every: int,
    backwards: bool,
) -> None:
    """Live after the history, or the history after what was live."""
    state, before = read(room_started(DAY), *order[:count])
    around = Surroundings.of(state, KEY)
    _, later = read(*order[count:], state=state, first_seq=50)
    moments = sorted({event.at for event in (*before, *later)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rewinding, "_KEPT_EVERY", kept_every)
        whole, parts = History(KEY, FIRST, around), History(KEY, FIRST, around)
        whole.add([*before, *later])
        for some in (later, before) if backwards else (before, later):
            parts.add(some)
            parts.room_at(moments[-1])
            assert parts.begin is None or parts.begin >= DAY
        assert (parts.moments(), parts.begin) == (whole.moments(), whole.begin)
        assert [parts.room_at(one) for one in moments] == [whole.room_at(one) for one in moments]
