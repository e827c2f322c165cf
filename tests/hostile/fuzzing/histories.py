"""A target: the log, folded. Entries that can be read are folded without an error, in any order of the facts to the
same rooms, and however often they come; so is all that gateway and window work out of it.
"""

import random
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from moderator.client.sentences import headline, sentence
from moderator.domain.events import Entry, Event, ViewingEnded, ViewingStarted
from moderator.domain.fold import concerned, fold
from moderator.domain.kinds import Fact
from moderator.domain.policy import decide, wake_at
from moderator.domain.rewinding import History, Surroundings
from moderator.domain.rooms import Room
from moderator.domain.state import State
from moderator.feed.codec import CodecError, decode_entry, encode_entry
from tests.domain.histories import essence
from tests.fakes.builders import DAY, an_entry
from tests.hostile.fuzzing.examples import entries, folded_all
from tests.hostile.fuzzing.target import Target

DAY_MS = 86_400_000
SOONEST, LATEST = DAY - DAY_MS // 2, DAY + DAY_MS // 2
"""Facts between these are all believed when they are told at the end, and nothing is forgotten yet."""
MOST_LOOKED_BACK = 12
VIEWING = (ViewingStarted, ViewingEnded)
MOMENTS = (DAY, DAY + 30_000, DAY + 60_000, DAY + DAY_MS)


def targets() -> list[Target]:
    """The one."""
    return [Target("fold", _logs, fold_log)]


def _logs() -> Sequence[bytes]:
    """A line to an entry: everything, and a few decisions among a few facts."""
    lines = [encode_entry(entry) for entry in entries()]
    facts = [encode_entry(entry) for entry in entries() if isinstance(entry.events[0].data, Fact)]
    decisions = [line for line in lines[1:] if line not in facts]
    few = [[*facts[at % len(facts) :][:3], *decisions[at : at + 3]] for at in range(0, len(decisions), 3)]
    return [b"\n".join(one) for one in (lines, [lines[0], *facts], *few)]


def fold_log(body: bytes) -> Iterator[str]:
    """Each line that is an entry is folded, in its order; then again, and in other orders."""
    told = list(_told(body))
    state = State()
    events: list[Event] = []
    for entry in told:
        for event in fold(state, entry):
            room = state.room(event.key) if event.key else None
            concerned(state, event)
            sentence(event, room)
            headline(event, room)
            events.append(event)
            yield type(event.data).__name__
    for room in state.all_rooms():
        yield from _decided(room)
        yield from _past(room, state, events)
    again = State.from_snapshot(state.snapshot())
    assert again.snapshot() == state.snapshot(), "a snapshot is not what it was taken of"
    assert again.all_rooms() == state.all_rooms(), "rooms out of a snapshot are others"
    _check_repeats(state, told)
    _check_order(told, random.Random(len(body)))


def _told(body: bytes) -> Iterator[Entry]:
    for seq, line in enumerate(body.split(b"\n"), 1):
        try:
            yield decode_entry(line, seq)
        except CodecError:
            continue


def _decided(room: Room) -> Iterator[str]:
    """What a gateway does about it."""
    for now in MOMENTS:
        for proposal in decide(room, now, held=now == DAY):
            yield f"proposed {type(proposal.data).__name__}"
        wake = wake_at(room, now)
        assert wake is None or wake > now, "it would be woken at once, again and again"


def _past(room: Room, state: State, events: Sequence[Event]) -> Iterator[str]:
    """What a window shows of it, looking back."""
    own = [event for event in events if event.key == room.key and event.instance == room.instance]
    history = History(room.key, room.instance, Surroundings.of(state, room.key))
    history.add(own[:MOST_LOOKED_BACK])
    for moment in (*history.moments()[:2], *MOMENTS[1:]):
        yield f"a past {history.room_at(moment) is None}"


def _check_repeats(state: State, told: Sequence[Entry]) -> None:
    """What is remembered changes nothing when it comes again, and nobody hears of it."""
    before = state.snapshot().rooms
    for entry in told:
        if all(event.id in state.verdicts for event in entry.events):
            assert fold(state, replace(entry, recorded_at=told[-1].recorded_at)) == [], "an event is news again"
    assert state.snapshot().rooms == before, "an event that comes again changes a room"


def _check_order(told: Sequence[Entry], dice: random.Random) -> None:
    """Facts of one day, one to an entry, anywhere among the decisions, which keep their order.

    Who looks at a room is left out: of a room that is not known yet, nothing of it is kept.
    """
    every = [event for entry in told for event in entry.events if not isinstance(event.data, VIEWING)]
    by_id = {event.id: event for event in every if SOONEST <= event.at <= LATEST}
    facts = [event for event in by_id.values() if isinstance(event.data, Fact)]
    decisions = [event for event in by_id.values() if not isinstance(event.data, Fact)]
    expected = essence(_recorded([*facts, *decisions]))
    shuffled = [*facts, *(dice.choices(facts, k=3) if facts else [])]
    dice.shuffle(shuffled)
    for place in sorted(dice.choices(range(len(shuffled) + 1), k=len(decisions)), reverse=True):
        shuffled.insert(place, decisions.pop())
    assert essence(_recorded(shuffled)) == expected, "the order of facts matters"


def _recorded(events: Sequence[Event]) -> State:
    told = [replace(event, seq=0, recorded_at=0, late=False) for event in events]
    return folded_all([an_entry(event, seq=seq, recorded_at=LATEST, key=seq) for seq, event in enumerate(told, 1)])
