"""Deliveries as events: whose they are, what is kept of those that are not understood, and that none is too strange."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.events import ParticipantJoined
from tests.fakes.builders import SOURCE
from tests.fakes.deliveries import the_notice
from tests.providers.vonage.made import (
    API_KEY,
    APPLICATION,
    BEGIN,
    SESSION,
    connection,
    created,
    event,
    fixture,
    folded,
    parse,
    room_of,
)


def test_an_event_is_of_its_source_and_session() -> None:
    (joined,) = parse(created("c1"))
    assert (joined.source, joined.room, joined.instance) == (SOURCE, SESSION, None)
    assert (joined.actor.kind, joined.actor.id) == ("provider", "vonage")


@pytest.mark.parametrize(
    ("key", "value", "project"),
    [
        ("projectId", APPLICATION, APPLICATION),
        ("applicationId", APPLICATION.upper(), APPLICATION),
        ("partnerId", int(API_KEY), API_KEY),
        ("projectId", int(API_KEY), API_KEY),
        ("nothing", "", API_KEY),
        ("projectId", None, API_KEY),
    ],
)
def test_projects_have_several_names(key: str, value: object, project: str) -> None:
    body = {**event("connectionCreated", connection=connection("c1")), key: value}
    if key != "projectId":
        del body["projectId"]
    (joined,) = parse(body, project=project)
    assert isinstance(joined.data, ParticipantJoined)


@pytest.mark.parametrize("key", ["projectId", "applicationId", "partnerId"])
def test_an_event_of_another_project_is_no_fact(key: str) -> None:
    found = the_notice(parse({**created("c1"), key: 12345}))
    assert (found.type, found.problem) == ("connectionCreated", "an event of another project")


@pytest.mark.parametrize("name", ["available", "failed", "paused", "started", "stopped"])
def test_archives_are_kept_as_they_came_but_for_their_address(name: str) -> None:
    body = fixture(f"webhooks/legacy/archive_{name}.json")
    found = the_notice(parse(body, project=API_KEY))
    kept = json.loads(found.body)
    assert (found.type, kept.pop("url")) == ("archive", "[hidden]")
    assert kept == {key: value for key, value in body.items() if key != "url"}


@pytest.mark.parametrize("environment", ["legacy", "unified"])
def test_a_rotation_that_is_announced_is_kept(environment: str) -> None:
    body = fixture(f"webhooks/{environment}/session_notification_serverRotation.json")
    events = parse(body, project=API_KEY if environment == "legacy" else APPLICATION)
    found = the_notice(events)
    assert (found.type, json.loads(found.body)) == ("sessionNotification", body)
    assert "moves to another media server within 4 hours" in found.problem
    assert events[0].room == body["sessionId"]


def test_known_news_without_a_fact_is_in_the_timeline_of_its_room() -> None:
    body = event("callUpdated", call={"id": "x", "connectionId": "c"}, state="RINGING")
    (found,) = parse(body)
    assert (found.room, found.at) == (SESSION, BEGIN + 60_000)
    assert the_notice([found]).problem == "a phone call in this session: RINGING"
    assert the_notice([found]).understood


@pytest.mark.parametrize("session", ["", None, 5, ["s"]])
def test_news_of_no_session_is_of_the_source_only(session: object) -> None:
    (found,) = parse({"event": "archive", "status": "failed", "sessionId": session})
    assert (found.room, the_notice([found]).type) == (None, "archive")


def test_news_of_another_project_is_in_no_room() -> None:
    (found,) = parse({**event("archive", status="failed"), "projectId": 5})
    assert (found.room, the_notice([found]).problem) == (None, "an event of another project")


def test_news_opens_no_room() -> None:
    news = event("sessionNotification", reason="serverRotation")
    assert folded(news).rooms == {}
    assert room_of(folded(created("c1", BEGIN, "ana"), news)).people == 1


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"<event/>", "not JSON"),
        ([], "Expected `object`, got `array`"),
        (None, "Expected `object`, got `null`"),
        ({}, "Object missing required field `sessionId`"),
        ({"status": "started", "sessionId": "s"}, "Object missing required field `event`"),
        ({"sessionId": "s", "event": ["x"]}, "Expected `str`, got `array` - at `$.event`"),
        (event("streamSomethinged"), "an event that this version does not know"),
    ],
)
def test_what_is_not_understood_is_kept(body: object, problem: str) -> None:
    found = the_notice(parse(body))
    assert (found.problem, found.understood) == (problem, False)
    if isinstance(body, dict):
        assert json.loads(found.body) == body


def test_the_same_delivery_again_is_one_notice() -> None:
    (first,), (again,), (other,) = parse(b"x"), parse(b"x"), parse(b"y")
    assert first.id == again.id != other.id


MEMBERS = "sessionId projectId event timestamp reason status connection stream call id createdAt data name videoType"
NAMES = (
    "connectionCreated connectionDestroyed streamCreated streamDestroyed sessionDestroyed callCreated callDestroyed "
    "archive sessionNotification"
)
ANYTHING: Any = st.recursive(
    st.sampled_from([*NAMES.split(), APPLICATION, "c1", 0, -1, 2**53, 10**30, 1.5, None, True, "", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS.split()), inner, max_size=9),
    max_leaves=30,
)


@given(body=ANYTHING, kind=st.sampled_from(NAMES.split()), as_event=st.booleans())
def test_nothing_is_too_strange(body: object, kind: str, as_event: bool) -> None:
    if as_event and isinstance(body, dict):
        body = {**body, "event": kind, "sessionId": "s", "projectId": APPLICATION}
    for one in parse(json.dumps(body).encode()):
        assert msgspec.json.decode(msgspec.json.encode(one))["source"] == SOURCE


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange(body: bytes) -> None:
    assert len(parse(body)) == 1
