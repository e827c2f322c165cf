"""Every kind of event survives the wire, also those that this version does not know."""

from typing import Any

import hypothesis
import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from moderator.domain.events import KINDS, Entry, ParticipantJoined, Unknown
from moderator.domain.ids import EventId
from moderator.feed.codec import CodecError, decode_entry, decode_event, encode_entry, encode_event
from tests.fakes.any_event import TEXT, any_of, event_with


@pytest.mark.parametrize("kind", sorted(KINDS))
@hypothesis.settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_kind_round_trips(kind: str, data: st.DataObject) -> None:
    event = event_with(data.draw(any_of(KINDS[kind])), seq=7, recorded_at=9, late=True)
    assert event.kind == kind
    entry = Entry(id=EventId("x"), recorded_at=9, events=(event,), seq=7)
    assert decode_entry(encode_entry(entry), 7) == entry
    if kind != "participant_joined":
        assert decode_event(encode_event(event)) == event


@given(st.dictionaries(TEXT, st.recursive(st.none() | st.booleans() | TEXT, st.lists, max_leaves=5), max_size=4))
def test_a_kind_of_tomorrow_survives_with_its_members(members: dict[str, Any]) -> None:
    event = event_with(Unknown(unknown_kind="room_painted", members=members))
    raw = encode_event(event)
    assert msgspec.json.decode(raw)["kind"] == event.kind == "room_painted"
    assert msgspec.json.decode(raw)["data"] == members
    assert decode_event(raw) == event


def test_members_of_tomorrow_are_no_obstacle() -> None:
    raw = msgspec.json.decode(encode_event(event_with(ParticipantJoined(participant="p", name="Bill"))))
    raw["colour"] = "blue"
    raw["data"]["mood"] = ["good"]
    raw["actor"]["hat"] = None
    read = decode_event(msgspec.json.encode(raw))
    assert read.data == ParticipantJoined(participant="p", name="Bill")


def test_what_lets_act_on_the_platform_stays_in_the_gateway() -> None:
    event = event_with(ParticipantJoined(participant="p", platform={"session": "secret"}))
    assert b"secret" not in encode_event(event)
    assert b"secret" in encode_entry(Entry(id=EventId("x"), recorded_at=1, events=(event,)))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b'{"id":"a"',
        b'{"id":"e","source":null,"room":null,"instance":null,"kind":"participant_joined","at":1,"actor":{"kind":"provider"},"data":{}}',
        b'{"id":"e","source":null,"room":null,"instance":null,"kind":"of_tomorrow","at":1,"actor":{"kind":"provider"},"data":[]}',
        b'{"id":"e","source":null,"room":null,"instance":null,"kind":"room_ended","at":"1","actor":{"kind":"provider"},"data":{}}',
    ],
)
def test_garbage_is_a_codec_error(raw: bytes) -> None:
    with pytest.raises(CodecError):
        decode_event(raw)
    with pytest.raises(CodecError):
        decode_entry(raw, 1)


@pytest.mark.parametrize("kind", [b"participant_joined", b"of_tomorrow"])
@pytest.mark.parametrize("text", [b"joined-1", b"provider-1", b"p-1"])
def test_a_text_that_is_not_utf_8_is_a_codec_error_wherever_it_stands(kind: bytes, text: bytes) -> None:
    event = (
        b'{"id":"joined-1","source":null,"room":null,"instance":null,"kind":"%s","at":1,'
        b'"actor":{"kind":"provider","id":"provider-1"},"data":{"participant":"p-1"}}'
    )
    bad = (event % kind).replace(text, b"\xed\xa0\x80")
    with pytest.raises(CodecError):
        decode_event(bad)
    with pytest.raises(CodecError, match="entry 7 "):
        decode_entry(b'{"id":"e","recorded_at":1,"events":[' + bad + b"]}", 7)
