"""Deliveries as events: what is kept of those that are not understood, and that none is too strange."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.builders import SOURCE
from tests.fakes.deliveries import the_notice
from tests.providers.stream.made import (
    ANA,
    BEGIN,
    CID,
    RECORDED,
    SESSION,
    call,
    event,
    fixture,
    folded,
    joined,
    packed,
    parse,
    recorded,
    room_of,
)


def test_an_event_is_of_its_source_call_and_session() -> None:
    (came,) = parse(joined(ANA, "ana"))
    assert (came.source, came.room, came.instance) == (SOURCE, CID, SESSION)
    assert (came.actor.kind, came.actor.id) == ("provider", "stream")


def test_a_compressed_delivery_says_the_same() -> None:
    for name in RECORDED:
        found = recorded(name)
        headers = dict(found.headers)
        plain, small = parse(found.body, headers), parse(packed(found.body), headers)
        assert [one.id for one in plain] == [one.id for one in small]


def test_a_retry_is_the_same_and_another_delivery_is_not() -> None:
    body = fixture("webhooks/call.user_muted.json")
    first, again, other = (
        parse(body, {"x-webhook-id": id_, "x-webhook-attempt": attempt})[0]
        for id_, attempt in (("w1", "1"), ("w1", "2"), ("w2", "1"))
    )
    assert first.id == again.id != other.id
    (unnamed,), (repeated,) = parse(body), parse(body)
    assert unnamed.id == repeated.id


def test_known_news_without_a_fact_is_in_the_timeline_of_its_room() -> None:
    (found,) = parse(fixture("webhooks/call.user_muted.json"))
    assert (found.room, found.at) == (CID, BEGIN + 60_000)
    assert (the_notice([found]).problem, the_notice([found]).understood) == ("mod-1 muted guest-42", True)


def test_news_opens_no_room() -> None:
    news = fixture("webhooks/call.blocked_user.json")
    assert folded(news).rooms == {}
    assert room_of(folded(joined(ANA, "ana"), news)).people == 1


def test_keys_to_a_call_are_not_kept() -> None:
    body = event("call.somethinged", call=fixture("rest/get_call.v2.json")["call"], token="s3cret")
    kept = the_notice(parse(body)).body
    assert "s3cret" not in kept
    assert "rtmps://" not in kept
    assert json.loads(the_notice(parse(event("call.somethinged", ingress={"rtmp": 1}))).body)["ingress"] == "[hidden]"


@pytest.mark.parametrize("cid", [None, 5, "", "room", ":room", "type:"])
def test_an_event_of_no_call_is_of_the_source_only(cid: object) -> None:
    (found,) = parse({**joined(ANA, "ana"), "call_cid": cid})
    assert (found.room, found.kind) == (None, "provider_event_unknown")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"\x1f\x8b", "The delivery looks compressed, but is cut off, or has something behind it."),
        (packed(b"<event/>"), "not JSON"),
        ([], "Expected `object`, got `array`"),
        (None, "Expected `object`, got `null`"),
        ({}, "Object missing required field `type`"),
        ({"type": "message.new", "cid": "messaging:1"}, "Object missing required field `call_cid`"),
        (event("call.ended", call={"cid": 5}), "Expected `str`, got `int` - at `$.call.cid`"),
        (event("call.somethinged"), "an event that this version does not know"),
    ],
)
def test_what_is_not_understood_is_kept(body: object, problem: str) -> None:
    found = the_notice(parse(body))
    assert found.problem == problem
    if isinstance(body, dict):
        assert json.loads(found.body) == body


MEMBERS = (
    "type call_cid created_at session_id call session participant participants user id user_session_id role joined_at "
    "started_at ended_at timer_ends_at custom name cid reason participants_count_by_role settings limits user_ids"
)
NAMES = (
    "call.session_started call.session_participant_joined call.session_participant_left call.session_ended call.ended "
    "call.updated call.user_muted call.blocked_user call.permissions_updated custom"
)
ANYTHING: Any = st.recursive(
    st.sampled_from([*NAMES.split(), CID, "d1", "*", 0, -1, 2**63, 10**30, 1.5, None, True, "", "\ud800", "2026"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS.split()), inner, max_size=9),
    max_leaves=30,
)


@given(body=ANYTHING, kind=st.sampled_from(NAMES.split()), as_event=st.booleans())
def test_nothing_is_too_strange(body: object, kind: str, as_event: bool) -> None:
    if as_event and isinstance(body, dict):
        body = {**event(kind, session_id="s"), "call": call(body), **body}
    for one in parse(json.dumps(body).encode()):
        assert msgspec.json.decode(msgspec.json.encode(one))["source"] == SOURCE


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda content: b"\x1f\x8b" + content))
def test_no_bytes_are_too_strange(body: bytes) -> None:
    assert len(parse(body)) == 1
