"""Facts that depend on the order in which they were told are noticed."""

from typing import Any

import pytest
from msgspec.structs import replace

from moderator.domain.events import DeadlineReported, Event, ParticipantJoined, ParticipantLeft
from moderator.domain.kinds import Data
from moderator.domain.presence import EVERYBODY
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.provider import Delivery
from moderator.providers.stream import StreamProvider
from tests.providers.conformance.broken import complaint
from tests.providers.conformance.stream import StreamConformance

TIMES = "test_times_can_be_true"
DELIVERIES = "test_deliveries_make_the_same_picture_in_any_order_and_number"


class Remembering(LiveKitProvider):
    """Believes in leaves only of those it saw come."""

    def parse(self, delivery: Delivery) -> list[Event]:
        known: set[str] = self.__dict__.setdefault("known", set())
        found = super().parse(delivery)
        known.update(one.data.participant for one in found if isinstance(one.data, ParticipantJoined))
        return [one for one in found if not isinstance(one.data, ParticipantLeft) or one.data.participant in known]


class Counting(LiveKitProvider):
    """Makes up the times."""

    def parse(self, delivery: Delivery) -> list[Event]:
        self.__dict__["told"] = self.__dict__.get("told", 0) + 1
        return [replace(one, at=delivery.received_at + self.__dict__["told"]) for one in super().parse(delivery)]


class InSeconds(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, at=one.at // 1000) for one in super().parse(delivery)]


class OfToday(LiveKitProvider):
    """The time of day, without the day."""

    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, at=one.at % 86_400_000) for one in super().parse(delivery)]


class InMicroseconds(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, at=one.at * 1000) for one in super().parse(delivery)]


class EndInSeconds(StreamProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, data=in_seconds(one.data)) for one in super().parse(delivery)]


def in_seconds(data: Data) -> Data:
    ends_at = data.ends_at if isinstance(data, DeadlineReported) else None
    return data if ends_at is None else DeadlineReported(ends_at=ends_at // 1000)


class Sweeping(LiveKitProvider):
    """Tells every leave as one of everybody."""

    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, data=of_everybody(one.data)) for one in super().parse(delivery)]


def of_everybody(data: Data) -> Data:
    return replace(data, participant=EVERYBODY) if isinstance(data, ParticipantLeft) else data


class Nobody(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return []


@pytest.mark.parametrize("broken", [Remembering, Counting])
def test_what_depends_on_the_order_is_noticed(broken: type[Any]) -> None:
    assert "the order of deliveries changes what is seen" in complaint(broken, DELIVERIES)


@pytest.mark.parametrize("broken", [InSeconds, OfToday, InMicroseconds])
def test_times_that_cannot_be_true_are_noticed(broken: type[Any]) -> None:
    assert "times are milliseconds" in complaint(broken, TIMES)
    assert "show nobody in any room" in complaint(broken, "test_the_picture_shows_somebody")


def test_an_end_that_cannot_be_true_is_noticed() -> None:
    said = complaint(EndInSeconds, TIMES, of=StreamConformance)
    assert "an end at 1789988400 cannot be" in said


def test_a_leave_that_takes_others_along_is_noticed() -> None:
    assert "the other is taken along" in complaint(Sweeping, "test_who_leaves_takes_nobody_along")


def test_an_empty_picture_is_noticed() -> None:
    assert "show nobody in any room" in complaint(Nobody, "test_the_picture_shows_somebody")
