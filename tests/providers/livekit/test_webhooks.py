"""Deliveries as events: what is kept of those that are not understood, that none is too strange, and that neither
order nor repetition changes what is known."""

import itertools
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.builders import SOURCE
from tests.fakes.deliveries import the_notice
from tests.providers.livekit.made import (
    BEGIN,
    ROOM,
    TURN_PASSWORD,
    event,
    folded,
    joined,
    left,
    parse,
    participant,
    people_of,
    recorded,
    room_of,
    track,
)


def test_an_event_is_of_its_source_and_room() -> None:
    (found,) = parse(joined("PA_ana"))
    assert (found.source, found.room, found.instance) == (SOURCE, ROOM, None)
    assert (found.actor.kind, found.actor.id) == ("provider", "livekit")


def test_a_fact_is_told_once_however_often_it_comes() -> None:
    (first,), (again,) = parse(left("PA_ana", 5_000)), parse({**left("PA_ana", 5_000), "id": "EV_another"})
    assert first.id == again.id


@pytest.mark.parametrize("member", ["egressInfo", "egress_info", "ingressInfo"])
def test_news_without_a_fact_is_in_the_timeline_of_its_room(member: str) -> None:
    kind = "ingress_started" if member == "ingressInfo" else "egress_started"
    (found,) = parse({"event": kind, "createdAt": "5", member: {"roomName": ROOM, "room_name": ROOM}})
    assert (found.room, found.at) == (ROOM, BEGIN + 60_000)
    assert the_notice([found]).type == kind


def test_news_of_no_room_is_of_the_source_only() -> None:
    (found,) = parse({"event": "ingress_ended"})
    assert (found.room, the_notice([found]).type) == (None, "ingress_ended")


SECRET_MEMBERS: list[dict[str, Any]] = [
    {"room": {"turnPassword": "hush", "turn_password": "hush"}},
    {"ingressInfo": {"streamKey": "hush", "url": "rtmp://in/hush", "stream_key": "hush"}},
    {"egressInfo": {"stream": {"urls": ["rtmp://out/hush"]}, "error": "rtmp://out/hush: refused"}},
    {"egressInfo": {"streamResults": [{"url": "rtmp://out/hush"}], "web": {"url": "https://x/?token=hush"}}},
    {"egressInfo": {"file": {"s3": {"accessKey": "hush", "secret": "hush", "sessionToken": "hush"}}}},
    {"egressInfo": {"fileResults": [{"location": "https://x/?sig=hush"}], "gcp": {"credentials": "hush"}}},
    {"job": {"token": "hush", "wsUrl": "wss://x/?access_token=hush", "sdp": "hush"}},
]


@pytest.mark.parametrize("members", SECRET_MEMBERS)
@pytest.mark.parametrize("kind", ["egress_updated", "something_new", "agent_job_started"])
def test_no_secret_is_kept(kind: str, members: dict[str, Any]) -> None:
    kept = the_notice(parse({"event": kind, **members})).body
    assert "hush" not in kept
    assert "[hidden]" in kept


def test_no_secret_is_kept_of_what_is_no_json() -> None:
    assert the_notice(parse(b'{"room":{"name":"r","turnPassword":"hush"')).body == '{"room":{"name":"r","[hidden]'


def test_the_relays_password_is_in_no_event() -> None:
    bodies = [joined("PA_a"), left("PA_a", 5), joined("PA_b", kind="AGENT"), event("room_finished"), event("new")]
    for one in itertools.chain.from_iterable(map(parse, [*bodies, *recorded()])):
        assert TURN_PASSWORD not in msgspec.json.encode(one).decode()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ([], "Expected `object`, got `array`"),
        (None, "Expected `object`, got `null`"),
        ({}, "an event that this version does not know"),
        ({"event": 5}, "Expected `str`, got `int` - at `$.event`"),
        (event("something_new"), "an event that this version does not know"),
        ({**event("room_finished"), "participant": 5}, "Expected `object | null`, got `int` - at `$.participant`"),
    ],
)
def test_what_is_not_understood_is_kept(body: object, problem: str) -> None:
    assert (the_notice(parse(body)).problem, the_notice(parse(body)).understood) == (problem, False)


def test_the_same_delivery_again_is_one_notice() -> None:
    (first,), (again,), (other,) = parse(b"x"), parse(b"x"), parse(b"y")
    assert first.id == again.id != other.id


# --- what is known after several, in any order ---------------------------------------------------------------------

JOURNEYS: dict[str, tuple[list[dict[str, Any]], list[tuple[str, str, list[str]]]]] = {
    "a person with tracks in the second of the join": (
        [
            joined("PA_ana", 1_600),
            track("published", "PA_ana", "TR_1", 1_900, since_ms=1_850),
            track("published", "PA_ana", "TR_2", 1_950),
            track("unpublished", "PA_ana", "TR_2", 1_990),
        ],
        [("PA_ana", "here", ["TR_1"])],
    ),
    "the same identity again: the late leave of the old does not touch the new": (
        [
            joined("PA_ana_1", 1_000),
            joined("PA_ana_2", 60_525),
            left("PA_ana_1", 60_400, since_ms=1_000, reason="DUPLICATE_IDENTITY"),
        ],
        [("PA_ana_1", "left", []), ("PA_ana_2", "here", [])],
    ),
    "an agent is nobody, whatever it publishes": (
        [
            joined("PA_bot", 1_400, kind="AGENT"),
            track("published", "PA_bot", "TR_1", 1_500, since_ms=1_450),
            track("published", "PA_bot", "TR_2", 90_000),
            joined("PA_ana", 2_000),
        ],
        [("PA_ana", "here", [])],
    ),
    "a recorder that is gone was nobody": (
        [
            joined("PA_ana", 2_000),
            track("published", "PA_rec", "TR_1", 3_500),
            left("PA_rec", 9_000, since_ms=3_400, permission={"recorder": True, "hidden": True}),
        ],
        [("PA_ana", "here", [])],
    ),
    "the room closes, and is opened again": (
        [
            joined("PA_ana", 1_000),
            joined("PA_bob", 2_000),
            left("PA_ana", 9_000, since_ms=1_000),
            event("room_finished", 29_700),
            joined("PA_cem", 29_800),
        ],
        [("PA_ana", "left", []), ("PA_bob", "left", []), ("PA_cem", "here", [])],
    ),
    "a removal, and back with the same token": (
        [
            joined("PA_ana_1", 1_000),
            left("PA_ana_1", 5_000, since_ms=1_000, reason="PARTICIPANT_REMOVED"),
            joined("PA_ana_2", 5_300),
            track("published", "PA_ana_2", "TR_1", 5_900),
        ],
        [("PA_ana_1", "disconnected", []), ("PA_ana_2", "here", ["TR_1"])],
    ),
}


@pytest.mark.parametrize("journey", JOURNEYS)
@given(data=st.data())
def test_neither_order_nor_repetition_matters(journey: str, data: st.DataObject) -> None:
    bodies, expected = JOURNEYS[journey]
    again = data.draw(st.lists(st.sampled_from(bodies), max_size=3))
    room = room_of(folded(*data.draw(st.permutations([*bodies, *again]))))
    assert people_of(room) == expected
    assert room.people == len({one.user for one in room.participants if one.state == "here"})


@given(order=st.permutations(range(len(recorded()))))
def test_what_a_real_server_sent_is_understood_in_any_order(order: list[int]) -> None:
    bodies = recorded()
    room = room_of(folded(*(bodies[number] for number in order), now=1_795_300_000_000), "r/../ü")
    assert [(one.name, one.state) for one in room.participants] == [
        ("Anna", "left"),
        ("Anna", "disconnected"),
        ("Anna", "disconnected"),
    ]
    assert room.people == 0


def test_everybody_is_shown_while_a_real_meeting_goes_on() -> None:
    room = room_of(folded(*recorded()[:8], now=1_795_300_000_000), "r/../ü")
    (anna,) = room.participants
    assert (anna.user, anna.name, anna.role, anna.state) == ("anna", "Anna", "student", "here")
    assert sorted(one.kind for one in anna.streams) == ["camera", "microphone", "screen"]


@pytest.mark.parametrize(
    "body",
    [
        event("room_started"),
        event("egress_started"),
        joined("PA_bot", kind="AGENT"),
        left("PA_ana", 5_000),
        event("participant_connection_aborted", participant=participant("PA_ana")),
        event("room_finished"),
    ],
)
def test_a_room_opens_with_a_person_only(body: dict[str, Any]) -> None:
    assert folded(body).all_rooms() == []


# --- nothing is too strange ----------------------------------------------------------------------------------------

MEMBERS = (
    "event id createdAt created_at room participant track egressInfo ingressInfo job sid identity name state tracks "
    "metadata joinedAt joinedAtMs joined_at_ms permission kind attributes disconnectReason hidden source type version "
    "unixMicro muted roomName"
)
NAMES = (
    "participant_joined participant_left participant_connection_aborted track_published track_unpublished room_started "
    "room_finished egress_started agent_job_ended"
)
ANYTHING: Any = st.recursive(
    st.sampled_from([*NAMES.split(), "AGENT", "PA_1", "5", 0, -1, 2**53, 10**30, 1.5, 1e300, None, True, "", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS.split()), inner, max_size=9),
    max_leaves=30,
)


@given(body=ANYTHING, kind=st.sampled_from(NAMES.split()), as_event=st.booleans())
def test_nothing_is_too_strange(body: object, kind: str, as_event: bool) -> None:
    if as_event and isinstance(body, dict):
        body = {**event(kind), **body}
    for one in parse(json.dumps(body).encode()):
        assert msgspec.json.decode(msgspec.json.encode(one))["source"] == SOURCE


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange(body: bytes) -> None:
    assert len(parse(body)) == 1


def test_no_depth_is_too_strange() -> None:
    for depth in (500, 900, 5_000):
        body = b'{"room":' * depth + b"1" + b"}" * depth
        assert len(parse(body)) == 1
