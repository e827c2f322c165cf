"""Events that the log cannot keep, or that are others each time, are noticed."""

import json
import uuid
from typing import Any

import pytest
from msgspec.structs import replace

from moderator.domain.events import Actor, DeadlineSet, Event, ProviderEventUnknown
from moderator.domain.ids import EventId, SourceName
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.provider import Delivery
from tests.providers.conformance.broken import complaint

STRANGE = "test_nothing_is_too_strange"
READ = "test_the_samples_tell_of_people"


class Raising(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        json.loads(delivery.body)
        return super().parse(delivery)


class Deep(LiveKitProvider):
    """Takes what is no JSON, but not what is too much of it."""

    def parse(self, delivery: Delivery) -> list[Event]:
        try:
            json.loads(delivery.body)
        except ValueError:
            return []
        return super().parse(delivery)


class Losing(LiveKitProvider):
    """Reads nothing."""

    def parse(self, delivery: Delivery) -> list[Event]:
        return []


class Changing(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, id=EventId(uuid.uuid4().hex)) for one in super().parse(delivery)]


class Timed(LiveKitProvider):
    """Ids of the time of arrival: a repetition is news."""

    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, id=EventId(f"{one.id}{delivery.received_at}")) for one in super().parse(delivery)]


class Shared(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, id=EventId(f"{one.kind}{one.at}")) for one in super().parse(delivery)]


class Foreign(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, source=SourceName("another")) for one in super().parse(delivery)]


class Impersonating(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, actor=Actor("gateway")) for one in super().parse(delivery)]


class Deciding(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        deadline = DeadlineSet(version=1, ends_at=delivery.received_at, basis="provider")
        return [replace(one, data=deadline) for one in super().parse(delivery)]


class Dating(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        return [replace(one, recorded_at=delivery.received_at) for one in super().parse(delivery)]


class Unkeepable(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        half = ProviderEventUnknown(body="\ud800")
        return [replace(one, data=half) for one in super().parse(delivery)]


class Keeping(LiveKitProvider):
    """Hides nothing."""

    def parse(self, delivery: Delivery) -> list[Event]:
        found = super().parse(delivery)
        whole = ProviderEventUnknown(body=delivery.body.decode("utf-8", "replace")[:4_096])
        return [replace(one, data=whole) if isinstance(one.data, ProviderEventUnknown) else one for one in found]


class Revealing(LiveKitProvider):
    def parse(self, delivery: Delivery) -> list[Event]:
        shown = ProviderEventUnknown(body=self._options.api_secret)
        return [replace(one, data=shown) for one in super().parse(delivery)]


@pytest.mark.parametrize(
    ("broken", "check", "said"),
    [
        (Raising, STRANGE, "parse raised JSONDecodeError"),
        (Deep, STRANGE, "parse raised RecursionError"),
        (Losing, READ, "samples have to tell of"),
        (Changing, "test_the_same_delivery_again_is_the_same_events", "has events with other ids"),
        (Timed, "test_the_same_delivery_again_is_the_same_events", "has events with other ids"),
        (Shared, "test_sources_do_not_share_ids", "derive it from the source too"),
        (Foreign, READ, "source and actor have to be the provider's own"),
        (Impersonating, READ, "source and actor have to be the provider's own"),
        (Deciding, READ, "it decides nothing"),
        (Dating, READ, "are the gateway's"),
        (Unkeepable, READ, "the log cannot keep it"),
        (Keeping, "test_secret_members_reach_no_event", "the value of a secret member is in"),
        (Revealing, READ, "it shows a secret"),
    ],
)
def test_wrong_events_are_noticed(broken: type[Any], check: str, said: str) -> None:
    assert said in complaint(broken, check)
