import base64
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import Event, ParticipantJoined, ProviderEventUnknown
from moderator.providers.errors import BadSignature
from moderator.providers.janus.webhooks import Parser, authenticate
from moderator.providers.provider import Delivery
from tests.providers.janus.made import JSON, LIKELY, as_json, event_of, in_room, parse
from tests.providers.janus.recordings import KEY, SOURCE, deliveries, delivery


def basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_recorded_deliveries_are_authentic() -> None:
    found = deliveries("01_three_participants")
    for one in found:
        authenticate(one, "janus", "test-webhook-password")
    with pytest.raises(BadSignature):
        authenticate(found[0], "janus", "another password")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Basic"},
        {"authorization": "Basic ***"},
        {"authorization": "Basic \u00e4"},
        {"authorization": "Bearer amFudXM6c2VjcmV0"},
        basic("janus", ""),
        basic("janus", "secre"),
        basic("janus", "secret "),
        basic("Janus", "secret"),
        basic("", "secret"),
    ],
)
def test_anything_else_is_refused_without_telling_the_secret(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature) as refused:
        authenticate(delivery(b"[]", headers), "janus", "secret")
    assert "secret" not in str(refused.value)


def test_a_password_may_hold_a_colon_and_other_letters() -> None:
    authenticate(delivery(b"[]", basic("jänus", "a:b:ü")), "jänus", "a:b:ü")


# --- what is in it ---------------------------------------------------------------------------------------------------


def test_times_sources_and_rooms() -> None:
    (event,) = parse(in_room({"event": "joined", "id": 5, "room": 1234}))
    assert (event.source, event.room, event.instance, event.at) == (SOURCE, "1234", None, 1_790_000_000_123)
    assert (event.actor.kind, event.actor.id) == ("provider", "janus")


def test_ids_depend_on_content_alone() -> None:
    joined = in_room({"event": "joined", "id": "u"})
    (first,), (again,) = parse(joined), parse([joined])
    (turned,) = parse([dict(reversed(joined.items()))])
    (other,) = parse([{**joined, "timestamp": joined["timestamp"] + 1}])
    assert first.id == again.id == turned.id != other.id


@pytest.mark.parametrize(
    ("element", "problem"),
    [
        (5, "Expected `object`, got `int`"),
        (None, "Expected `object`, got `null`"),
        ({}, "Object missing required field `type`"),
        ({"type": 64, "timestamp": -1}, "Expected `int` >= 0 - at `$.timestamp`"),
        (event_of(512, {}), "unknown type of event"),
        (event_of(256, {}, subtype=9), "unknown type of event"),
        (event_of(64, []), "Expected `object`, got `array`"),
        (in_room({"event": "levitated", "id": "u"}), "unknown event of VideoRoom"),
        (in_room({"event": "joined"}), "nobody is named"),
        (in_room({"event": "joined", "id": ""}), "Expected `str` of length >= 1 - at `$.id`"),
        (in_room({"event": "leaving", "id": "u", "room": None}), "Expected `int | str`, got `null` - at `$.room`"),
        (in_room({"videoroom": "moderated", "id": "u", "mid": "0"}), "no stream, or neither muted nor unmuted"),
    ],
)
def test_one_bad_event_among_a_hundred_loses_only_itself(element: object, problem: str) -> None:
    good = [in_room({"event": "joined", "id": f"u{number}"}) for number in range(99)]
    events = parse([*good[:50], element, *good[50:]])
    assert sum(isinstance(event.data, ParticipantJoined) for event in events) == 99
    (notice,) = [event.data for event in events if isinstance(event.data, ProviderEventUnknown)]
    assert notice.problem == problem


@pytest.mark.parametrize("body", [b"", b"[", b"\xff\xfe", b'{"type":64', b"[" * 100_000, b"not JSON at all"])
def test_what_is_no_json_becomes_one_notice(body: bytes) -> None:
    (event,) = parse(body)
    assert isinstance(event.data, ProviderEventUnknown)
    assert event.room is None
    assert len(event.data.body) <= 4096
    assert parse(body) == [event]


@pytest.mark.parametrize(
    "event",
    [
        event_of(1, {"name": "created"}),
        event_of(2, {"name": "attached", "token": "tok-a"}),
        event_of(4, {"schema": "x", "data": 1}),
        event_of(8, {"jsep": {"sdp": "v=0"}}),
        event_of(16, {"ice": "checking"}),
        event_of(32, [{"media": "audio"}]),
        event_of(128, {"transport": "x"}),
        event_of(256, {"status": "shutdown"}, subtype=2),
        event_of(64, {"plugin": "janus.plugin.audiobridge", "data": {"event": "joined"}}),
    ],
)
def test_noise_yields_nothing(event: dict[str, Any]) -> None:
    assert parse([event]) == []


# --- whatever comes --------------------------------------------------------------------------------------------------


def only_facts_and_notices(events: list[Event]) -> None:
    for event in events:
        assert event.source == SOURCE
        assert msgspec.json.encode(event.data)


@given(st.binary(max_size=400))
def test_no_bytes_raise(body: bytes) -> None:
    only_facts_and_notices(Parser(SOURCE, KEY).parse(Delivery({}, body, "", 0)))


@given(JSON | LIKELY)
def test_no_json_raises(body: object) -> None:
    only_facts_and_notices(Parser(SOURCE, KEY).parse(Delivery({}, as_json(body), "", 0)))


@given(LIKELY, LIKELY)
def test_no_plugin_event_raises(data: object, more: object) -> None:
    event = {"type": 64, "timestamp": 1, "event": {"plugin": "janus.plugin.videoroom", "data": data}, "more": more}
    only_facts_and_notices(Parser(SOURCE, KEY).parse(Delivery({}, as_json([event, more]), "", 0)))
