"""Checks that a provider's facts make the same picture in any order, and however often they come."""

import random
from collections.abc import Iterable
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from moderator.domain.events import Entry, Event
from moderator.domain.fold import fold
from moderator.domain.ids import EventId
from moderator.domain.state import State
from moderator.providers.conformance.bench import resting
from moderator.providers.conformance.stated import Sample, Stated

SHUFFLES: Final = 20
SEED: Final = 7
T = TypeVar("T")


class Histories(Stated):
    """Part of `ProviderConformance`."""

    def test_deliveries_make_the_same_picture_in_any_order_and_number(self) -> None:
        """One provider reads them all, as a gateway's does."""
        samples = list(self.samples())
        told = self._picture(self._parsed(samples))
        for shuffled in _shuffles(samples):
            assert self._picture(self._parsed(shuffled)) == told, "the order of deliveries changes what is seen"

    def test_facts_make_the_same_picture_in_any_order_and_number(self) -> None:
        events = self._parsed(self.samples())
        told = self._picture(events)
        for shuffled in _shuffles(events):
            assert self._picture(shuffled) == told, "the order of events changes what is seen"

    def test_the_picture_shows_somebody(self) -> None:
        seen = self._picture(self._parsed(self.samples()))["rooms"]
        assert any(room.participants for room in seen), "the samples show nobody in any room"

    def _parsed(self, samples: Iterable[Sample]) -> list[Event]:
        provider = resting(self)
        return [event for sample in samples for event in provider.parse(sample.delivery())]

    def _picture(self, events: list[Event]) -> dict[str, Any]:
        """What is seen after these, without the order in which it was told."""
        state = State()
        read_at = max((event.at for event in events), default=0) + 1_000
        for seq, event in enumerate(events, 1):
            fold(state, Entry(id=EventId(f"entry-{seq}"), recorded_at=read_at + seq, events=(event,), seq=seq))
        rooms = [replace(room, version=0, heard_at=0) for room in state.all_rooms()]
        return {"rooms": rooms, "restarts": state.restarts}


def _shuffles(whole: list[T]) -> Iterable[list[T]]:
    chance = random.Random(SEED)
    for _ in range(SHUFFLES):
        shuffled = [*whole, *chance.choices(whole, k=len(whole) // 2 + 1)]
        chance.shuffle(shuffled)
        yield shuffled
