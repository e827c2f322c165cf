import base64
import itertools
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from moderator.domain.events import (
    Data,
    Event,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    ProviderEventUnknown,
    RoomEnded,
    SourceRestarted,
    StreamPublished,
    StreamUnpublished,
    StreamUpdated,
)
from moderator.domain.rooms import Room
from moderator.domain.state import State
from moderator.providers.errors import BadSignature
from moderator.providers.janus.webhooks import Parser, authenticate
from moderator.providers.provider import Delivery
from tests.providers.janus.recordings import KEY, SOURCE, deliveries, delivery, folded, parsed, person, room

ALL_RECORDINGS = (
    "01_three_participants",
    "02_unclean_exits",
    "03_moderation",
    "06_receiver_failures",
    "09_tokens",
    "10_integer_ids_ungrouped",
)
EPOCH = 1_795_220_000_000
"""Shortly before the recordings were made."""
TOKEN = "tok-very-secret"


def basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def parse(body: object) -> list[Event]:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Parser(SOURCE, KEY).parse(delivery(raw))


def event_of(type_: int, event: object, **more: object) -> dict[str, Any]:
    return {"emitter": "j1", "type": type_, "timestamp": 1_790_000_000_123_456, "event": event, **more}


def in_room(data: dict[str, Any], **more: object) -> dict[str, Any]:
    data = {"room": "r", **data}
    return event_of(64, {"plugin": "janus.plugin.videoroom", "data": data}, session_id=7, handle_id=8, **more)


def facts(*elements: object) -> list[Data]:
    return [event.data for event in parse(list(elements))]


def state_at(name: str, at: int) -> State:
    """What was known at a moment of a recording, in milliseconds since `EPOCH`."""
    events = ([one for one in some if one.at - EPOCH <= at] for some in parsed(deliveries(name)))
    return folded([some for some in events if some])


def here(of: Room) -> dict[str, list[str]]:
    """Who is there, with the kinds of their streams."""
    return {found.user: [stream.kind for stream in found.streams] for found in of.here()}


# --- who sent it ---------------------------------------------------------------------------------------------------


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


# --- what recordings show ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL_RECORDINGS)
def test_everything_recorded_is_understood(name: str) -> None:
    data = [event.data for events in parsed(deliveries(name)) for event in events]
    assert not [found for found in data if isinstance(found, ProviderEventUnknown)]


@pytest.mark.parametrize("name", ALL_RECORDINGS)
def test_the_same_deliveries_again_change_nothing(name: str) -> None:
    once = folded(parsed(deliveries(name)))
    twice = folded(parsed([one for one in deliveries(name) for _ in range(2)]))
    assert [replace(found, version=0) for found in once.all_rooms()] == [
        replace(found, version=0) for found in twice.all_rooms()
    ]


@pytest.mark.parametrize("name", ALL_RECORDINGS)
def test_order_of_arrival_changes_nothing(name: str) -> None:
    events = parsed(deliveries(name))
    recorded_at = max(some[0].recorded_at for some in events) if events else 0
    events = [[replace(one, recorded_at=recorded_at) for one in some] for some in events]
    forth, back = folded(events), folded(reversed(events))
    assert [replace(found, version=0) for found in forth.all_rooms()] == [
        replace(found, version=0) for found in back.all_rooms()
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (7_094_000, {}),
        (7_095_500, {"alice": ["microphone", "camera"]}),
        (
            7_097_500,
            {
                "alice": ["microphone", "camera"],
                "bob": ["microphone", "camera", "screen"],
                "carol": ["microphone"],
                "dave": [],
            },
        ),
        (
            7_101_500,
            {
                "alice": ["microphone", "camera", "screen"],
                "bob": ["microphone", "camera", "screen"],
                "carol": ["microphone"],
                "dave": [],
            },
        ),
        (
            7_107_500,
            {"alice": ["microphone", "camera"], "bob": [], "carol": ["microphone"], "dave": []},
        ),
        (
            7_108_500,
            {
                "alice": ["microphone", "camera"],
                "bob": ["microphone", "camera", "screen"],
                "carol": ["microphone"],
                "dave": [],
            },
        ),
        (7_111_500, {"carol": ["microphone"], "dave": []}),
        (7_113_500, {}),
    ],
)
def test_people_and_streams_over_time(at: int, expected: dict[str, list[str]]) -> None:
    rooms = state_at("01_three_participants", at).all_rooms()
    assert [here(found) for found in rooms] == ([expected] if rooms else [])
    assert bool(rooms) or not expected


def test_a_new_name_comes_with_the_next_streams() -> None:
    assert person(room(state_at("01_three_participants", 7_101_000), "class-101"), "alice").name == "Alice Test"
    assert person(room(state_at("01_three_participants", 7_101_500), "class-101"), "alice").name == "Alice Renamed"


def test_a_destroyed_room_has_ended() -> None:
    found = room(folded(parsed(deliveries("01_three_participants"))), "class-101")
    assert (found.state, found.people) == ("ended", 0)
    assert {one.user: one.state for one in found.participants} == dict.fromkeys(
        ("alice", "bob", "carol", "dave"), "left"
    )


def test_who_was_cut_off_leaves_when_janus_notices() -> None:
    users = ("kim-ws-killed", "hal-http-killed", "sam-ws-frozen", "wen-ws-closed", "jon-join-only-http-killed")
    assert set(here(room(state_at("02_unclean_exits", 7_224_000), "class-102"))) == set(users)
    assert set(here(room(state_at("02_unclean_exits", 7_240_000), "class-102"))) == {users[1], users[4]}
    assert here(room(state_at("02_unclean_exits", 7_290_000), "class-102")) == {}


def test_mutes_and_kicks() -> None:
    muted = person(room(state_at("03_moderation", 7_448_000), "class-103"), "alice")
    assert [(stream.kind, stream.muted) for stream in muted.streams] == [("microphone", True), ("camera", True)]
    unmuted = person(room(state_at("03_moderation", 7_450_000), "class-103"), "alice")
    assert [stream.muted for stream in unmuted.streams] == [True, False]
    kicked = room(state_at("03_moderation", 7_451_000), "class-103")
    assert (person(kicked, "alice").state, set(here(kicked))) == ("disconnected", {"bob"})


def test_the_kicked_person_comes_back_as_another_stay() -> None:
    found = room(state_at("03_moderation", 7_457_000), "class-103")
    stays = [one for one in found.participants if one.user == "alice"]
    assert [one.state for one in stays] == ["disconnected", "disconnected"]
    assert len({one.id for one in stays}) == 2
    assert here(room(state_at("03_moderation", 7_455_500), "class-103"))["alice"] == []


def test_a_room_destroyed_with_somebody_inside_is_empty() -> None:
    assert here(room(state_at("03_moderation", 7_465_000), "class-103")) == {"carol": ["microphone"]}
    assert room(state_at("03_moderation", 7_466_000), "class-103").people == 0


def test_a_crash_reports_only_the_new_start() -> None:
    """As recorded, but as if everything between had been lost with the process."""
    events = parsed(deliveries("09_tokens"))
    before = [some for some in events if some[0].at - EPOCH < 8_129_500]
    assert set(here(room(folded(before), "class-109"))) == {"alice", "zed"}
    starts = [some for some in events if isinstance(some[0].data, SourceRestarted)]
    assert here(room(folded([*before, starts[-1]]), "class-109")) == {}


def test_integer_ids_are_the_same_as_strings() -> None:
    events = parsed(deliveries("10_integer_ids_ungrouped"))
    before = [some for some in events if some[0].at - EPOCH < 8_471_500]
    assert here(room(folded(before), "1234")) == {"1001": ["microphone", "camera"], "1002": []}
    found = room(folded(events), "1234")
    assert {one.user: one.state for one in found.participants} == {"1001": "disconnected", "1002": "left"}


def test_what_an_allow_list_token_was_is_kept_as_its_hash_only() -> None:
    events = [event for events in parsed(deliveries("03_moderation")) for event in events]
    joins = [event.data for event in events if isinstance(event.data, ParticipantJoined)]
    assert {"session", "handle", "credential"} == set(joins[0].platform)
    assert len(joins[0].platform["credential"]) == 32
    assert b"tok-" not in msgspec.json.encode([event.data for event in events])


# --- what single events mean ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"event": "joined", "id": "u", "display": "U"},
            [ParticipantJoined(participant="u@", user="u", name="U", platform={"session": "7", "handle": "8"})],
        ),
        ({"event": "leaving", "id": "u"}, [ParticipantLeft(participant="u@")]),
        ({"event": "kicked", "id": 5}, [ParticipantLeft(participant="5@", forced=True)]),
        ({"event": "unpublished", "id": "u"}, [StreamUnpublished(participant="u@", stream="*")]),
        ({"event": "destroyed"}, [RoomEnded(reason="destroyed")]),
        (
            {"videoroom": "moderated", "id": "u", "mid": "1", "moderation": "unmuted"},
            [StreamUpdated(participant="u@", stream="1", muted=False)],
        ),
        (
            {
                "event": "updated",
                "id": "u",
                "display": "V",
                "streams": [
                    {"type": "audio", "mid": "0", "mindex": 0},
                    {"type": "video", "mid": "1", "mindex": 1, "description": "My Desktop"},
                    {"type": "video", "mid": "2", "mindex": 2, "disabled": True},
                    {"type": "data", "mid": "3", "mindex": 3},
                    {"type": "video", "mindex": 4},
                ],
            },
            [
                ParticipantUpdated(participant="u@", user="u", name="V"),
                StreamPublished(participant="u@", stream="0", kind="microphone"),
                StreamPublished(participant="u@", stream="1", kind="screen", name="My Desktop"),
                StreamUnpublished(participant="u@", stream="2"),
                StreamPublished(participant="u@", stream="4", kind="camera"),
            ],
        ),
        ({"event": "updated", "streams": [{"type": "audio", "active": False}]}, []),
        ({"event": "subscribed", "room": 0}, []),
        ({"videoroom": "talking", "id": "u"}, []),
    ],
)
def test_videoroom_events(data: dict[str, Any], expected: list[Data]) -> None:
    assert facts(in_room(data)) == expected


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


def test_a_long_body_is_shortened() -> None:
    (event,) = parse(event_of(9, {"text": "x" * 10_000}))
    assert isinstance(event.data, ProviderEventUnknown)
    assert event.data.type == "9"
    assert len(event.data.body) <= 4096


@pytest.mark.parametrize(
    "event",
    [
        event_of(1, {"name": "created"}),
        event_of(2, {"name": "attached", "token": TOKEN}),
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


# --- all streams unpublished at once -------------------------------------------------------------------------------


def at(second: int, data: dict[str, Any]) -> dict[str, Any]:
    return {**in_room(data), "timestamp": (1_790_000_000 + second) * 1_000_000}


def test_an_unpublish_ends_all_streams_whatever_the_order() -> None:
    streams = [{"type": "audio", "mid": "0"}, {"type": "video", "mid": "1"}]
    told = [
        at(0, {"event": "joined", "id": "u"}),
        at(1, {"event": "published", "id": "u", "streams": streams}),
        at(2, {"event": "unpublished", "id": "u"}),
        at(3, {"event": "unpublished", "id": "u"}),
        at(4, {"event": "published", "id": "u", "streams": streams[:1]}),
    ]
    for order in itertools.permutations(told):
        state = folded(parsed([delivery(msgspec.json.encode(one)) for one in order]))
        assert here(room(state, "r")) == {"u": ["microphone"]}


def test_an_unpublish_is_no_sign_of_anybody() -> None:
    state = folded(parsed([delivery(msgspec.json.encode(at(1, {"event": "unpublished", "id": "u"})))]))
    assert state.all_rooms() == []


def test_an_unpublish_concerns_nobody_else() -> None:
    streams = [{"type": "audio", "mid": "0"}]
    told = [at(0, {"event": "published", "id": user, "streams": streams}) for user in "uv"]
    state = folded(parsed([delivery(msgspec.json.encode([*told, at(1, {"event": "unpublished", "id": "u"})]))]))
    assert here(room(state, "r")) == {"u": [], "v": ["microphone"]}


# --- whatever comes ------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = "plugin data event videoroom room id display streams mid moderation token type timestamp subtype sdp jsep"
NAMES = "joined leaving published updated moderated destroyed kicked janus.plugin.videoroom muted"
LIKELY = st.recursive(
    st.sampled_from([*NAMES.split(), 64, 256, 1, 2, 0, -1, 2**53, 10**30, None, True, 1.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS.split()), inner, max_size=6),
    max_leaves=30,
)


def only_facts_and_notices(events: list[Event]) -> None:
    for event in events:
        assert event.source == SOURCE
        assert msgspec.json.encode(event.data)


@given(st.binary(max_size=400))
def test_no_bytes_raise(body: bytes) -> None:
    only_facts_and_notices(Parser(SOURCE, KEY).parse(Delivery({}, body, "", 0)))


@given(JSON | LIKELY)
def test_no_json_raises(body: object) -> None:
    only_facts_and_notices(Parser(SOURCE, KEY).parse(Delivery({}, json_bytes(body), "", 0)))


@given(LIKELY, LIKELY)
def test_no_plugin_event_raises(data: object, more: object) -> None:
    event = {"type": 64, "timestamp": 1, "event": {"plugin": "janus.plugin.videoroom", "data": data}, "more": more}
    only_facts_and_notices(Parser(SOURCE, KEY).parse(Delivery({}, json_bytes([event, more]), "", 0)))


WRAPPERS: list[Callable[[object], object]] = [
    lambda inner: inner,
    lambda inner: [inner],
    lambda inner: {"event": inner},
    lambda inner: {"deeper": [[{"data": inner}]]},
]


@given(
    key=st.sampled_from(["token", "sdp", "jsep", "admin_secret", "secret", "apisecret", "Token"]),
    data=st.dictionaries(st.sampled_from(MEMBERS.split()), LIKELY, max_size=6),
    wrapped=st.sampled_from(WRAPPERS),
    type_=st.sampled_from([64, 2, 9, None]),
    cut=st.integers(0, 400) | st.none(),
)
def test_no_secret_gets_through(
    key: str, data: dict[str, object], wrapped: Callable[[object], object], type_: object, cut: int | None
) -> None:
    event = {"type": type_, "timestamp": 1, "event": wrapped({**data, key: TOKEN})}
    plugin = {"type": 64, "timestamp": 1, "event": {"plugin": "janus.plugin.videoroom", "data": {**data, key: TOKEN}}}
    for body in (json_bytes([event, plugin]), json_bytes(plugin)):
        for one in parse(body[: len(body) if cut is None else cut]):
            assert TOKEN.encode() not in msgspec.json.encode(one)


def json_bytes(value: object) -> bytes:
    return json.dumps(value).encode()
