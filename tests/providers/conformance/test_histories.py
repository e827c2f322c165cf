"""Facts that depend on the order in which they were told are noticed."""

from typing import Any

import pytest
from msgspec.structs import replace

from moderator.domain.events import Event, ParticipantJoined, ParticipantLeft
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.provider import Delivery
from tests.providers.conformance.broken import complaint

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


class Nobody(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return []


@pytest.mark.parametrize("broken", [Remembering, Counting])
def test_what_depends_on_the_order_is_noticed(broken: type[Any]) -> None:
    assert "the order of deliveries changes what is seen" in complaint(broken, DELIVERIES)


def test_an_empty_picture_is_noticed() -> None:
    assert "show nobody in any room" in complaint(Nobody, "test_the_picture_shows_somebody")
