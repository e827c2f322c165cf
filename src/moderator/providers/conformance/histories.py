"""Checks that a provider's facts make the same picture in any order, and however often they come."""

import random
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from moderator.domain.events import DeadlineReported, Entry, Event, ParticipantLeft
from moderator.domain.fold import fold
from moderator.domain.ids import EventId
from moderator.domain.kinds import Fact
from moderator.domain.retention import AHEAD_MS, MEMORY_MS
from moderator.domain.state import State
from moderator.providers.conformance.bench import resting
from moderator.providers.conformance.stated import Sample, Stated

LONG_MS: Final = 366 * MEMORY_MS
"""No room goes on for so long."""
SHUFFLES: Final = 20
SEED: Final = 7
T = TypeVar("T")


class Read(Struct, frozen=True):
    """An event, and when it was read by the gateway's clock."""

    event: Event
    at: int


class Histories(Stated):
    """Part of `ProviderConformance`."""

    def test_times_can_be_true(self) -> None:
        """What comes much later than it is dated, or much sooner, the gateway sorts out."""
        for read in self._parsed(self.samples()):
            event, at = read.event, read.event.at
            if isinstance(event.data, Fact):
                way = f"{event.kind} is dated {at} and was received at {read.at}: times are milliseconds"
                assert read.at - MEMORY_MS <= at <= read.at + AHEAD_MS, way
            if isinstance(event.data, DeadlineReported) and event.data.ends_at is not None:
                ends_at = event.data.ends_at
                assert abs(ends_at - read.at) < LONG_MS, f"an end at {ends_at} cannot be: times are milliseconds"

    def test_deliveries_make_the_same_picture_in_any_order_and_number(self) -> None:
        """One provider reads them all, as a gateway's does."""
        for samples in _days(list(self.samples()), lambda sample: sample.received_at):
            told = _picture(self._parsed(samples))
            for shuffled in _shuffles(samples):
                assert _picture(self._parsed(shuffled)) == told, "the order of deliveries changes what is seen"

    def test_facts_make_the_same_picture_in_any_order_and_number(self) -> None:
        for events in _days(self._parsed(self.samples()), lambda read: read.at):
            told = _picture(events)
            for shuffled in _shuffles(events):
                assert _picture(shuffled) == told, "the order of events changes what is seen"

    def test_the_picture_shows_somebody(self) -> None:
        days = _days(self._parsed(self.samples()), lambda read: read.at)
        seen = [room for events in days for room in _picture(events)["rooms"]]
        assert any(room.participants for room in seen), "the samples show nobody in any room"

    def test_who_leaves_takes_nobody_along(self) -> None:
        told = [self._parsed([sample]) for sample in self.samples()]
        assert any(_goes_alone(reads, told) for reads in told), (
            "no sample tells of one who leaves while another stays: let samples tell of two who come to a room, and of"
            " one of them who goes. If they do, then the other is taken along"
        )

    def _parsed(self, samples: Iterable[Sample]) -> list[Read]:
        provider = resting(self)
        return [Read(event, one.received_at) for one in samples for event in provider.parse(one.delivery())]


def _picture(events: Iterable[Read]) -> dict[str, Any]:
    """What is seen after these, without the order in which it was told."""
    state = State()
    for seq, read in enumerate(events, 1):
        fold(state, Entry(id=EventId(f"entry-{seq}"), recorded_at=read.at, events=(read.event,), seq=seq))
    rooms = [replace(room, version=0, heard_at=0) for room in state.all_rooms()]
    return {"rooms": rooms, "restarts": state.restarts}


def _goes_alone(reads: list[Read], told: Iterable[list[Read]]) -> bool:
    """Whether one person is there no more after this delivery, and somebody else of that room still is."""
    for leave in (read for read in reads if isinstance(read.event.data, ParticipantLeft)):
        until = [one for other in told for one in other if _is_before(one, leave)]
        before, after = _here(until), _here([*until, *reads])
        gone = {room for room, _ in before - after}
        if len(before - after) == 1 and gone & {room for room, _ in after}:
            return True
    return False


def _is_before(read: Read, leave: Read) -> bool:
    return leave.event.at - MEMORY_MS // 2 < read.event.at < leave.event.at


def _here(events: Iterable[Read]) -> set[tuple[str, str]]:
    """Room and participant of whoever is there after these."""
    return {(room.room, one.id) for room in _picture(events)["rooms"] for one in room.participants if one.here}


def _days(whole: list[T], time_of: Callable[[T], int]) -> list[list[T]]:
    """What was read on one day: the gateway forgets who is long gone, so older deliveries make a picture of their own.

    In the order of the first of each; within a day as they were.
    """
    days: list[list[T]] = []
    for one in whole:
        day = next((day for day in days if abs(time_of(day[0]) - time_of(one)) < MEMORY_MS // 2), None)
        if day is None:
            days.append([one])
        else:
            day.append(one)
    return days


def _shuffles(whole: list[T]) -> Iterable[list[T]]:
    chance = random.Random(SEED)
    for _ in range(SHUFFLES):
        shuffled = [*whole, *chance.choices(whole, k=len(whole) // 2 + 1)]
        chance.shuffle(shuffled)
        yield shuffled
