"""Checks of what a provider reads in deliveries: that none is too strange, and that events are what the log keeps."""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from moderator.domain.events import Entry, Event
from moderator.domain.fold import fold
from moderator.domain.ids import EventId
from moderator.domain.kinds import Fact, Notice
from moderator.domain.state import State
from moderator.feed.codec import decode_entry, encode_entry, encode_event
from moderator.providers.conformance.bench import SteadyClock, idle_http, resting
from moderator.providers.conformance.secrecy import leaked
from moderator.providers.conformance.stated import SOURCE, Stated
from moderator.providers.conformance.strange import bodies, planted
from moderator.providers.provider import Delivery, Provider

SEED: Final = 20_260_101
STRANGE: Final = 1_000
READ_TWICE: Final = 200
PLANTED: Final = "planted-5ecret-value"
RECORDED_AT: Final = 1_800_000_000_000


class Parsing(Stated):
    """Part of `ProviderConformance`."""

    def test_the_samples_tell_of_people(self) -> None:
        provider = resting(self)
        kinds = {event.kind for sample in self.samples() for event in self._read(provider, sample.delivery())}
        missing = {"participant_joined", "participant_left"} - kinds
        assert not missing, f"samples have to tell of {missing} too, or else little is checked"

    def test_nothing_is_too_strange(self) -> None:
        provider = resting(self)
        for delivery in self._strange(STRANGE):
            self._read(provider, delivery)

    def test_the_same_delivery_again_is_the_same_events(self) -> None:
        """Whenever, from wherever and by whichever gateway it is read."""
        one, other = resting(self), resting(self)
        for delivery in [*(sample.delivery() for sample in self.samples()), *self._strange(READ_TWICE)]:
            again = replace(delivery, received_at=delivery.received_at + 3_600_000, peer="192.0.2.7")
            same = _ids(self._read(one, delivery)) == _ids(self._read(other, again))
            assert same, f"the same delivery, read again, has events with other ids: {_short(delivery)}"

    def test_sources_do_not_share_ids(self) -> None:
        here = resting(self)
        there = self.provider("another", self.decoded(), idle_http(), SteadyClock(self.now_ms))
        for sample in self.samples():
            shared = set(_ids(here.parse(sample.delivery()))) & set(_ids(there.parse(sample.delivery())))
            assert not shared, "events of two sources have the same id: derive it from the source too"

    def test_secret_members_reach_no_event(self) -> None:
        provider = resting(self)
        for sample in self.samples():
            for body in planted(sample.body, self.secret_members, PLANTED):
                for event in self._read(provider, replace(sample.delivery(), body=body)):
                    shown = encode_entry(_entry(event))
                    assert PLANTED.encode() not in shown, f"the value of a secret member is in {event.kind}"

    def _strange(self, count: int) -> Iterator[Delivery]:
        samples = self.samples()
        for number, body in enumerate(bodies([sample.body for sample in samples], SEED, count)):
            yield replace(samples[number % len(samples)].delivery(), body=body)

    def _read(self, provider: Provider, delivery: Delivery) -> list[Event]:
        """What this provider makes of it. Every event has to be one that the log can keep."""
        try:
            events = provider.parse(delivery)
        except Exception as error:
            raise AssertionError(f"parse raised {error!r} for {_short(delivery)}") from error
        for event in events:
            problem = _problem(event) or (leaked(repr(event), self.secret_values()) and "it shows a secret")
            assert not problem, f"{event.kind} of {_short(delivery)}: {problem}"
        assert len(set(_ids(events))) == len(set(map(encode_event, events))), f"one id for two: {_short(delivery)}"
        return events


def _problem(event: Event) -> str:
    """What is wrong with an event, or nothing."""
    if event.source != SOURCE or event.actor.kind != "provider":
        return "source and actor have to be the provider's own"
    if not isinstance(event.data, Fact | Notice):
        return "a provider tells facts and notices, it decides nothing"
    if event.recorded_at or event.seq or event.late or not event.id:
        return "an id is due; recorded_at, seq and late are the gateway's"
    entry = _entry(event)
    try:
        same = decode_entry(encode_entry(entry), 0) == entry
        fold(State(), entry)
    except Exception as error:  # noqa: BLE001 - whatever it is, the gateway would have met it
        return f"the log cannot keep it: {error!r}"
    return "" if same else "it is read back from the log as something else"


def _entry(event: Event) -> Entry:
    return Entry(id=EventId("entry"), recorded_at=RECORDED_AT, events=(event,))


def _ids(events: list[Event]) -> list[str]:
    return [event.id for event in events]


def _short(delivery: Delivery) -> str:
    return repr(delivery.body[:300])
