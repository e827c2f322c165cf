"""Strategies: what platforms report about one room, in no particular order, and what is decided about it, in order."""

from collections.abc import Iterable
from typing import Any, Final

from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain.announcements import EARLY_MS
from moderator.domain.events import (
    CapabilitiesReported,
    DeadlineReported,
    Entry,
    Event,
    MessageRequested,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    RoomEnded,
    RoomStarted,
    RoomUnlocked,
    SourceRestarted,
    StreamPublished,
    StreamUnpublished,
    StreamUpdated,
    ViolationFound,
)
from moderator.domain.fold import fold
from moderator.domain.kinds import Fact
from moderator.domain.presence import EVERYBODY
from moderator.domain.settings import Settings
from moderator.domain.state import State
from tests.fakes.builders import (
    DAY,
    a_decision,
    a_fact,
    allowed,
    an_entry,
    announced,
    deadline_set,
    emptied,
    extended,
    kicked,
    locked,
    rules,
    warned,
)

SETTINGS = rules(duration_ms=30_000, max_people=2, warn_ms=(20_000, 5_000))
STRICT = rules(
    duration_ms=30_000,
    max_people=2,
    warn_ms=(20_000, 5_000),
    starts="scheduled",
    allow="listed",
    screen_share=("advisor",),
    wrong_share="mute",
    tell=("warning", "extension", "removal"),
    can=("mute", "message", "tell"),
)
"""Every policy there is, on a platform that cannot stop a share."""
STOPPING = rules(
    duration_ms=30_000, warn_ms=(20_000, 5_000), screen_share=("advisor",), tell=("extension",), can=("stop_stream",)
)
rule_sets = st.sampled_from([SETTINGS, STRICT, STOPPING])

keys = st.sampled_from(["p", "q", "j@"])
times = st.integers(0, 12).map(lambda second: DAY + 1_000 * second)
texts = st.sampled_from(["", "anna", "bert"])
streams = st.sampled_from(["s", "t"])

reports = st.one_of(
    st.builds(ParticipantJoined, participant=keys, user=texts, name=texts, inferred=st.booleans(), room_name=texts),
    st.builds(ParticipantLeft, participant=keys, forced=st.booleans(), inferred=st.booleans()),
    st.just(ParticipantLeft(participant=EVERYBODY)),
    st.builds(ParticipantUpdated, participant=keys, user=texts, name=texts),
    st.builds(StreamPublished, participant=keys, stream=streams, kind=st.sampled_from(["camera", "screen"])),
    st.builds(StreamUpdated, participant=keys, stream=streams, muted=st.sampled_from([None, True, False])),
    st.builds(StreamUnpublished, participant=keys, stream=streams),
    st.builds(RoomStarted, name=texts),
    st.builds(RoomEnded, inferred=st.booleans()),
    st.builds(DeadlineReported, ends_at=st.sampled_from([None, DAY + 30_000, DAY + 60_000])),
    st.builds(CapabilitiesReported, unavailable=st.sampled_from([{}, {"extend": "no grant"}])),
)
facts = st.builds(a_fact, reports, times, instance=st.sampled_from([None, None, "call-1"]))
restarts = st.builds(a_fact, st.just(SourceRestarted()), times, room=st.none())
empty_stretches = st.builds(lambda since, seconds: emptied(since, since + 1_000 * seconds), times, st.integers(0, 5))
"""From times at which people come and go to others; now and then somebody turns out to have been there."""
histories = st.lists(facts | restarts | empty_stretches, max_size=12, unique_by=lambda event: event.id)

people = st.sets(st.sampled_from(["anna", "bert"]))


def found_by(policy: str, participant: str) -> Event:
    """A violation, whether or not there is one."""
    stream = "s" if policy == "screen_share" else ""
    return a_decision(ViolationFound(policy=policy, participant=participant, stream=stream, enforced=True))


decisions = st.lists(
    st.one_of(
        st.builds(lambda at, version: deadline_set(at + 30_000, version=version), times, st.integers(1, 3)),
        st.builds(lambda seconds, version: extended(seconds, version=version), st.integers(1, 9), st.integers(1, 4)),
        st.builds(lambda threshold, version: warned(threshold, version=version), st.just(20_000), st.integers(1, 3)),
        st.builds(lambda participant, key: kicked(participant, key=key), keys, st.integers(0, 1)),
        st.builds(lambda users, starts_at: announced(users=users, starts_at=starts_at), people, times),
        st.builds(
            lambda roles, starts_at: announced("visit-2", roles=roles, starts_at=starts_at + EARLY_MS),
            st.sampled_from([{}, {"anna": "advisor"}]),
            times,
        ),
        st.builds(lambda users, key: locked(*users, key=key), people, st.integers(0, 1)),
        st.builds(lambda key: a_decision(RoomUnlocked(), key=key), st.integers(0, 1)),
        st.builds(lambda person, key: allowed(person, key=key), st.sampled_from(["anna", "p"]), st.integers(0, 1)),
        st.builds(found_by, st.sampled_from(["max_people", "allow_list", "lock", "screen_share"]), keys),
        st.builds(
            lambda about, key: a_decision(MessageRequested(text="5 minutes", about=about), key=key),
            st.sampled_from(["", "warning 1-20000"]),
            st.integers(0, 1),
        ),
    ),
    max_size=8,
    unique_by=lambda event: event.id,
)

READ_AT: Final = DAY + 13_000
"""Later than everything that happens."""


def told(events: Iterable[Event], *, settings: Settings = SETTINGS) -> State:
    """The state after these events, one to an entry. Each telling of a fact is recorded at a time of its own."""
    state = State()
    state.settings = settings
    for entry in numbered(events):
        fold(state, entry)
    return state


def numbered(events: Iterable[Event]) -> list[Entry]:
    return [
        an_entry(event, seq=seq, recorded_at=READ_AT + seq * isinstance(event.data, Fact), key=seq)
        for seq, event in enumerate(events, 1)
    ]


def essence(state: State) -> dict[str, Any]:
    """All that is known, without the order in which it was told. Two states of the same essence show the same rooms."""
    snapshot = state.snapshot()
    return {
        "rooms": [replace(room, version=0, heard_at=0, told_at=0) for room in snapshot.rooms],
        "restarts": snapshot.restarts,
        "verdicts": {id_: verdict.code for id_, verdict in snapshot.verdicts.items()},
        "shown": [replace(room, version=0, heard_at=0) for room in state.all_rooms()],
    }
