"""Facts fold alike in any order and however often they come; decisions by their order in the log."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import (
    Actor,
    ConfigLoaded,
    DecisionRefused,
    EnforcementHeld,
    EnforcementResumed,
    Event,
    PersonBlocked,
    PersonReadmitted,
    RoomClaimed,
    RoomReleased,
    SourceRestarted,
)
from moderator.domain.fold import concerned, fold
from moderator.domain.ids import RoomKey
from moderator.domain.kinds import Fact
from moderator.domain.rooms import Person
from moderator.domain.state import Hold
from moderator.feed.codec import decode_entry, encode_entry
from tests.domain.histories import READ_AT, SETTINGS, decisions, essence, histories, numbered, told
from tests.fakes.builders import (
    ANNA,
    DAY,
    FIRST,
    KEY,
    SOURCE,
    a_decision,
    a_fact,
    an_entry,
    deadline_set,
    emptied,
    folded,
    joined,
    left,
    room_ended,
    room_started,
    rules,
    the_room,
)

BERT = Actor("moderator", "bert", "Bert")


def mixed(facts: list[Event], ordered: list[Event], chance: random.Random) -> list[Event]:
    """Facts anywhere among decisions, which keep their order."""
    slots = sorted(chance.sample(range(len(facts) + len(ordered)), len(ordered)))
    result = list(facts)
    for slot, decision in zip(slots, ordered, strict=True):
        result.insert(slot, decision)
    return result


# --- facts ---------------------------------------------------------------------------------------------------------


@given(histories, decisions, st.randoms(use_true_random=False))
def test_facts_fold_alike_in_any_order_with_any_repeats_among_decisions(
    facts: list[Event], ordered: list[Event], chance: random.Random
) -> None:
    shuffled = [*facts, *(chance.choices(facts, k=3) if facts else [])]
    chance.shuffle(shuffled)
    assert essence(told(mixed(shuffled, ordered, chance))) == essence(told([*facts, *ordered]))


@given(histories, decisions)
def test_a_repeated_log_changes_nothing_and_nobody_hears_of_it(facts: list[Event], ordered: list[Event]) -> None:
    events = [*facts, *ordered]
    state = told(events)
    before = state.snapshot().rooms
    assert [fold(state, an_entry(event, seq=999, recorded_at=READ_AT + 500)) for event in events] == [
        [] for _ in events
    ]
    assert state.snapshot().rooms == before


@given(histories, decisions)
def test_a_replay_out_of_the_store_equals_what_was_folded_live(facts: list[Event], ordered: list[Event]) -> None:
    entries = numbered([*facts, *ordered])
    replayed = [decode_entry(encode_entry(entry), entry.seq) for entry in entries]
    assert folded(*replayed, settings=SETTINGS).snapshot() == folded(*entries, settings=SETTINGS).snapshot()


def test_news_of_an_ended_room_is_late_and_does_not_open_it() -> None:
    state = told([joined("p", DAY), room_ended(DAY + 5_000)])
    (read,) = fold(state, an_entry(joined("q", DAY + 4_000), seq=9, recorded_at=READ_AT))
    assert (read.late, the_room(state).state, the_room(state).people) == (True, "ended", 0)
    (read,) = fold(state, an_entry(joined("q", DAY + 5_001), seq=10, recorded_at=READ_AT))
    assert (read.late, the_room(state).state, the_room(state).people) == (False, "live", 1)


def test_news_older_than_a_day_is_kept_out() -> None:
    state = folded()
    (read,) = fold(state, an_entry(joined("p", DAY), seq=1, recorded_at=DAY + 24 * 3_600_000 + 1))
    assert (read.late, state.room(KEY)) == (True, None)
    (read,) = fold(state, an_entry(joined("q", DAY), seq=2, recorded_at=DAY + 24 * 3_600_000))
    assert (read.late, the_room(state).people) == (False, 1)


def test_the_timers_own_end_counts_however_old_it_is() -> None:
    """After an outage of two days the room ends as of when it was left, and is not kept alive by the rule for news."""
    state = folded(an_entry(joined("p", DAY), seq=1), an_entry(left("p", DAY + 5), seq=2))
    now = DAY + 48 * 3_600_000
    (read,) = fold(state, an_entry(emptied(DAY + 5, DAY + 600_005), seq=3, recorded_at=now))
    assert (read.late, the_room(state).state, the_room(state).ended_at) == (False, "ended", DAY + 600_005)


@pytest.mark.parametrize("instance", [None, "call-1"])
def test_facts_are_placed_in_their_instance(instance: str | None) -> None:
    state = folded()
    (read,) = fold(state, an_entry(joined("p", DAY, instance=instance), seq=4, recorded_at=DAY + 7))
    assert (read.instance, read.seq, read.recorded_at) == (instance or FIRST, 4, DAY + 7)


def test_the_newest_name_counts_whatever_came_last() -> None:
    names = [room_started(DAY + 2, name="new"), room_started(DAY + 1, name="old"), room_started(DAY + 3)]
    assert the_room(told(names)).name == "new"


# --- decisions -----------------------------------------------------------------------------------------------------


def test_of_two_gateways_the_first_in_the_log_wins_the_slot() -> None:
    state = told([joined("p", DAY)])
    ours, theirs = deadline_set(DAY + 60_000, key="ours"), deadline_set(DAY + 90_000, key="theirs")
    (won,) = fold(state, an_entry(theirs, seq=2, recorded_at=READ_AT))
    (lost,) = fold(state, an_entry(ours, seq=3, recorded_at=READ_AT))
    assert won.data == theirs.data
    assert lost.data == DecisionRefused(
        kind="deadline_set", code="conflict", why="the deadline is already at version 1"
    )
    assert state.verdicts[ours.id].code == "conflict"
    deadline = the_room(state).deadline
    assert deadline is not None
    assert deadline.ends_at == DAY + 90_000


def test_a_refused_decision_stays_refused_when_it_is_repeated() -> None:
    state = told([joined("p", DAY), deadline_set(DAY + 60_000)])
    late = deadline_set(DAY, key="late")
    for seq in (5, 6):
        fold(state, an_entry(late, seq=seq, recorded_at=READ_AT))
    assert (state.verdicts[late.id].seq, state.verdicts[late.id].code) == (5, "conflict")


def test_an_entry_is_folded_whole_each_event_on_its_own() -> None:
    state = told([joined("p", DAY)])
    entry = an_entry(deadline_set(DAY + 1), deadline_set(DAY + 2, key=2), joined("q", DAY), seq=2, recorded_at=READ_AT)
    assert [event.kind for event in fold(state, entry)] == ["deadline_set", "decision_refused", "participant_joined"]
    assert the_room(state).people == 2


def test_a_claim_goes_to_the_last_in_the_log() -> None:
    claims = [a_decision(RoomClaimed(moderator=name), by=Actor("moderator", name)) for name in ("anna", "bert")]
    state = told([joined("p", DAY), *claims])
    assert the_room(state).owner == Person("bert")
    fold(state, an_entry(a_decision(RoomReleased()), seq=9, recorded_at=READ_AT))
    assert the_room(state).owner is None


def test_blocks_are_the_rooms_not_the_instances() -> None:
    block = a_decision(PersonBlocked(user="anna", reason="conduct"))
    state = told([joined("p", DAY), block, room_ended(DAY + 2_000), joined("q", DAY + 3_000)])
    assert [(one.user, one.by) for one in the_room(state).blocks] == [("anna", ANNA.id)]
    back = [a_decision(PersonReadmitted(user="anna"), key=key) for key in (1, 2)]
    read = [fold(state, an_entry(event, seq=9, recorded_at=READ_AT))[0] for event in back]
    assert [event.kind for event in read] == ["person_readmitted", "decision_refused"]
    assert the_room(state).blocks == ()


def test_what_holds_for_all_rooms() -> None:
    state = told([joined("p", DAY), left("p", DAY + 1)])
    hold = a_decision(EnforcementHeld(reason="too many"), room=None)
    fold(state, an_entry(hold, seq=5, recorded_at=READ_AT))
    assert state.snapshot().hold == Hold("anna", READ_AT, "too many")
    fold(state, an_entry(a_decision(EnforcementResumed(), room=None), seq=6, recorded_at=READ_AT))
    assert state.snapshot().hold is None
    assert the_room(state).type == "visit"
    fold(state, an_entry(a_decision(ConfigLoaded(settings=rules()), room=None), seq=7, recorded_at=READ_AT))
    assert the_room(state).limits is not None


def test_whom_an_event_concerns() -> None:
    state = told([joined("p", DAY)])
    state.rooms[RoomKey(type(SOURCE)("other"), KEY.room)] = state.rooms[KEY]
    assert concerned(state, joined("q", DAY)) == [KEY]
    assert concerned(state, a_fact(SourceRestarted(), DAY, room=None)) == [KEY]
    assert len(concerned(state, a_decision(EnforcementResumed(), room=None))) == 2
    assert isinstance(joined("q", DAY).data, Fact)
