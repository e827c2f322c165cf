"""Targets: what platforms post, read by each provider. Whatever it is, the events are ones that the log keeps, in which
nothing secret stands; what is not known is told as a notice.
"""

import functools
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from moderator.domain.events import Entry, Event, ParticipantJoined, ProviderEventUnknown
from moderator.domain.fold import fold
from moderator.domain.ids import EventId
from moderator.domain.kinds import Fact, Notice
from moderator.domain.state import State
from moderator.feed.codec import decode_entry, decode_event, encode_entry, encode_event, without_platform_details
from moderator.journal.stored import from_stored, to_stored
from moderator.providers.conformance import ProviderConformance
from moderator.providers.conformance.bench import resting
from moderator.providers.conformance.secrecy import leaked
from moderator.providers.conformance.strange import planted
from moderator.providers.provider import Delivery, Provider
from tests.hostile.fuzzing.target import Target, without_values
from tests.hostile.fuzzing.trees import decoded
from tests.providers.conformance.janus import JanusConformance
from tests.providers.conformance.livekit import LiveKitConformance
from tests.providers.conformance.stream import StreamConformance
from tests.providers.conformance.vonage import OpenTokConformance, VonageConformance
from tests.providers.janus.recordings import ALL_RECORDINGS, deliveries

DATA: Final = Path(__file__).parents[2] / "data"
PLANTED: Final = "planted-5ecret-value"
MOST_PLANTED: Final = 8 * 1024
STATED: Final[dict[str, ProviderConformance]] = {
    "vonage": VonageConformance(),
    "opentok": OpenTokConformance(),
    "stream": StreamConformance(),
    "livekit": LiveKitConformance(),
    "janus": JanusConformance(),
}
_KIND: Final = re.compile(rb'"(?:type|event|subtype|videoroom)":("[^"]*"|\d+)')
"""What tells one of Janus' events from another: of hundreds of recorded deliveries those of each kind are enough."""
_NEVER_HEARD_OF: Final[dict[str, dict[str, object]]] = {
    **{name: {"event": "never.heard.of"} for name in ("vonage", "opentok", "livekit")},
    "stream": {"type": "never.heard.of"},
    "janus": {"type": 77},
}


def targets() -> list[Target]:
    """One for each provider."""
    return [Target(name, functools.partial(_samples, name), _Check(name), grows=True) for name in STATED]


def _samples(name: str) -> Sequence[bytes]:
    bodies = [sample.body for sample in STATED[name].samples()]
    if name == "janus":
        recorded = [one.body for recording in ALL_RECORDINGS for one in deliveries(recording)]
        bodies = list({frozenset(_KIND.findall(body)): body for body in recorded}.values())
    files = {"vonage": "unified", "opentok": "legacy"}
    folder = DATA / {"opentok": "vonage"}.get(name, name) / "webhooks" / files.get(name, "")
    bodies += [path.read_bytes() for path in sorted(folder.glob("*.json")) if not path.name.endswith(".headers.json")]
    return list(dict.fromkeys(bodies))


class _Check:
    """Of one provider's `parse`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._provider: Provider | None = None

    def __call__(self, body: bytes) -> Iterator[str]:
        stated = STATED[self._name]
        provider = self._provider = self._provider or resting(stated)
        delivery = replace(stated.samples()[0].delivery(), body=body)
        events = provider.parse(delivery)
        for event in events:
            kept_by_the_log(event)
            assert not leaked(repr(event), stated.secret_values()), f"{event.kind} shows a secret"
        assert len({event.id for event in events}) == len(set(map(encode_event, events))), "one id for two events"
        again = provider.parse(replace(delivery, received_at=delivery.received_at + 1, peer="192.0.2.9"))
        assert [event.id for event in again] == [event.id for event in events], "the same delivery has other ids"
        if len(body) <= MOST_PLANTED and (found := decoded(body)) is not None:
            self._check_planted(provider, delivery, stated.secret_members)
            self._check_unknown(provider, delivery, found[0], events)
        return _signs(events)

    def _check_planted(self, provider: Provider, delivery: Delivery, members: Sequence[str]) -> None:
        for body in islice(planted(delivery.body, members, PLANTED), 1):
            for event in map(_without_data, provider.parse(replace(delivery, body=body))):
                assert PLANTED.encode() not in encode_entry(_entry(event)), f"a secret is in {event.kind}"

    def _check_unknown(self, provider: Provider, delivery: Delivery, value: Any, events: list[Event]) -> None:
        """A member that nobody knows changes no fact; an event that nobody knows is a notice that shows it."""
        if not isinstance(value, dict):
            return
        more = provider.parse(replace(delivery, body=_json({**value, "x-unknown": {"x": [1]}})))
        assert _facts(more) == _facts(events), "an unknown member changes what is understood"
        unknown = provider.parse(replace(delivery, body=_json({**value, **_NEVER_HEARD_OF[self._name]})))
        notices = [event.data for event in unknown if isinstance(event.data, ProviderEventUnknown)]
        assert len(notices) == len(unknown) == 1, f"an unknown event is told as {[event.kind for event in unknown]}"
        assert notices[0].body, "what is not known is not shown"
        quoted = provider.parse(replace(delivery, body=_json(_marked({**value, **_NEVER_HEARD_OF[self._name]}))))
        for event in quoted:
            if isinstance(event.data, ProviderEventUnknown):
                assert event.data.understood or PLANTED not in event.data.problem, "an error quotes the delivery"


def kept_by_the_log(event: Event) -> None:
    """It can be stored, sent, read back as the same, and folded."""
    assert isinstance(event.data, Fact | Notice), "a provider decides nothing"
    entry = _entry(event)
    assert decode_entry(encode_entry(entry), 0) == entry
    stored = to_stored(entry)
    assert from_stored(stored.body, 0, [text.value for text in stored.texts]) == entry
    assert decode_event(encode_event(event)) == without_platform_details(event)
    state = State()
    fold(state, entry)
    state.all_rooms()


def _without_data(event: Event) -> Event:
    """Without what the application itself wrote for those who look at the room."""
    if isinstance(event.data, ParticipantJoined):
        return replace(event, data=replace(event.data, data="", user="", name="", role="", room_name=""))
    return event


def _entry(event: Event) -> Entry:
    return Entry(id=EventId("entry"), recorded_at=event.at, events=(event,))


def _facts(events: list[Event]) -> list[tuple[object, ...]]:
    return [(event.room, event.instance, event.at, event.data) for event in events if isinstance(event.data, Fact)]


def _signs(events: list[Event]) -> Iterator[str]:
    for event in events:
        yield event.kind
        if isinstance(event.data, ProviderEventUnknown):
            yield "understood" if event.data.understood else without_values(event.data.problem)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _marked(value: Any) -> Any:
    """Every text in it with a mark behind it."""
    match value:
        case dict():
            return {key: _marked(member) for key, member in value.items()}
        case list():
            return [_marked(member) for member in value]
        case str():
            return value + PLANTED
        case _:
            return value
