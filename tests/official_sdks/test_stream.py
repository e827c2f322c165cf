"""`getstream` beside our client."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from getstream import AsyncStream
from getstream.models import CallSettingsRequest, LimitsSettingsRequest, SortParamRequest
from msgspec import Struct

from moderator.http import HttpClient
from moderator.providers.conformance import Answer, Recorder, Request, json_answer
from moderator.providers.provider import Provider, Target
from moderator.providers.stream import StreamProvider
from moderator.providers.stream.api import LIFETIME_S
from moderator.providers.stream.options import StreamOptions
from tests.fakes.clock import FakeClock
from tests.official_sdks.comparing import ABSENT, Difference, Wire, lifetime_s, recorded, unexplained

# The official client says so of every reply that is shorter than its models.
pytestmark = pytest.mark.filterwarnings("ignore:Missing value of non-optional type:RuntimeWarning")

REST: Final = Path(__file__).parents[1] / "data" / "stream" / "rest"
KEY, SECRET = "fixturekey01", "fixture-secret-not-real-fixture-secret"
TYPE, ID, USER = "appointment", "room-7f3a", "dr-41"
BEGAN_MS, ENDS_MS, LIMIT_S = 1_789_984_800_000, 1_789_988_400_000, 3600
PAGE_2: Final = "eyJmaXh0dXJlIjoxfQ=="
WIRE: Final = Wire(SECRET)


def dr(*tracks: str) -> Target:
    """The doctor of the fixtures; `tracks` are what it is about."""
    device = "6245918f-0000-4d4f-b3f8-0000fixture1"
    streams = tuple(f"{device}/{track}" for track in tracks)
    return Target(room=f"{TYPE}:{ID}", participant=device, user=USER, streams=streams)


class Action(Struct, frozen=True):
    """What the official client does in one or several calls, and ours."""

    official: Callable[[AsyncStream, Any], list[Awaitable[object]]]
    """Of the client, and of the call that it is about."""
    ours: Callable[[Provider], Awaitable[object]]
    call: tuple[str, str] = (TYPE, ID)
    listed: bool = True
    """Whether the platform lists everybody who is in the call."""


def query(sdk: AsyncStream) -> list[Awaitable[object]]:
    """All ongoing calls, in a fixed order: two pages of them."""
    order = [SortParamRequest(field="created_at", direction=-1)]
    asked: dict[str, Any] = {"filter_conditions": {"ongoing": True}, "sort": order, "limit": 100}
    return [sdk.video.query_calls(**asked), sdk.video.query_calls(**asked, next=PAGE_2)]


def publishing(call: Any, *tracks: str) -> list[Awaitable[object]]:
    return [call.query_call_participants(limit=100, filter_conditions={"published_tracks": {"$eq": t}}) for t in tracks]


def limited(call: Any, seconds: int) -> Awaitable[object]:
    limits = LimitsSettingsRequest(max_duration_seconds=seconds)
    updated: Awaitable[object] = call.update(settings_override=CallSettingsRequest(limits=limits))
    return updated


def muted(call: Any, *tracks: str) -> Awaitable[object]:
    silenced: Awaitable[object] = call.mute_users(
        user_ids=[USER], muted_by_id="moderator", **dict.fromkeys(tracks, True)
    )
    return silenced


ACTIONS: Final = {
    "list": Action(
        lambda sdk, call: [*query(sdk), *publishing(call, "audio", "video", "screenshare")],
        lambda ours: ours.list_rooms([]),
    ),
    "list a large call": Action(
        lambda sdk, call: [
            *query(sdk),
            call.query_call_participants(limit=100, filter_conditions={}),
            *publishing(call, "audio", "video", "screenshare"),
        ],
        lambda ours: ours.list_rooms([]),
        listed=False,
    ),
    "list a room": Action(
        lambda sdk, call: [call.get(), *publishing(call, "audio", "video", "screenshare")],
        lambda ours: ours.list_room(f"{TYPE}:{ID}"),
    ),
    "extend": Action(
        lambda sdk, call: [call.get(), limited(call, LIMIT_S + 600), call.get()],
        lambda ours: ours.extend(dr(), ENDS_MS, ENDS_MS + 600_000),
    ),
    "extend again to the same end": Action(
        lambda sdk, call: [call.get()],
        lambda ours: ours.extend(dr(), ENDS_MS - 600_000, ENDS_MS),
    ),
    "disconnect": Action(
        lambda sdk, call: [call.kick_user(USER, block=False)],
        lambda ours: ours.disconnect(dr(), block=False),
    ),
    "disconnect, with block": Action(
        lambda sdk, call: [call.kick_user(USER, block=True)],
        lambda ours: ours.disconnect(dr(), block=True),
    ),
    "readmit": Action(
        lambda sdk, call: [call.unblock_user(USER)],
        lambda ours: ours.readmit(dr()),
    ),
    "mute": Action(
        lambda sdk, call: [muted(call, "audio", "screenshare_audio")],
        lambda ours: ours.mute(dr("audio")),
    ),
    "revoke": Action(
        lambda sdk, call: [
            call.update_user_permissions(USER, revoke_permissions=["send-audio"]),
            muted(call, "audio", "screenshare_audio"),
        ],
        lambda ours: ours.revoke(dr()),
    ),
    "restore": Action(
        lambda sdk, call: [call.update_user_permissions(USER, grant_permissions=["send-audio"])],
        lambda ours: ours.restore(dr()),
    ),
    "stop a screen": Action(
        lambda sdk, call: [
            call.update_user_permissions(USER, revoke_permissions=["screenshare"]),
            muted(call, "screenshare", "screenshare_audio"),
        ],
        lambda ours: ours.stop_stream(dr("screenshare")),
    ),
    "stop a camera": Action(
        lambda sdk, call: [muted(call, "video")],
        lambda ours: ours.stop_stream(dr("video")),
    ),
    "end": Action(
        lambda sdk, call: [call.end()],
        lambda ours: ours.end_room(dr()),
    ),
    "message": Action(
        lambda sdk, call: [
            call.send_call_event(user_id="moderator", custom={"type": "moderator", "text": "Five minutes, ü"})
        ],
        lambda ours: ours.send_message(dr(), "Five minutes, ü"),
    ),
    "make a call": Action(
        lambda sdk, call: [call.get_or_create(data={"created_by_id": "moderator", "custom": {"name": ID}})],
        lambda ours: ours.open_room(ID),
        call=("default", ID),
    ),
    "check": Action(
        lambda sdk, call: [sdk.video.query_calls(filter_conditions={"ongoing": True}, limit=1), sdk.get_app()],
        lambda ours: ours.check("http://127.0.0.1:8080/hook"),
    ),
    "readmit somebody with an odd id to a call with another": Action(
        lambda sdk, call: [call.unblock_user("ü/?")],
        lambda ours: ours.readmit(Target(room="a:b/../c?d=e#f", user="ü/?")),
        call=("a", "b/../c?d=e#f"),
    ),
}
SHORT_LIVED: Final = "the official client's token is good for good, and for whoever sees it once: ours is for minutes"
EVERY: Final = [
    Difference("header x-stream-client", "stream-python-client-7.0.0", ABSENT, "it names the official client"),
    Difference("header accept", "*/*", "application/json", "nothing else would be understood"),
    Difference("claim server", ABSENT, True, "as Stream's other clients say whose token it is; see the facts"),
    Difference("claim iat", ABSENT, "<time>", SHORT_LIVED),
    Difference("claim exp", ABSENT, "<time>", SHORT_LIVED),
]
"""In each request."""
DIFFERENCES: Final[dict[str, list[Difference]]] = {}
"""By action, beside those."""


def answering(action: Action) -> Callable[[Request], Answer]:
    """Replies in the shapes of the platform's."""
    ongoing = json.loads((REST / "query_calls_ongoing.v2.json").read_bytes())
    if not action.listed:
        ongoing["calls"][0]["call"]["session"]["anonymous_participant_count"] = 3
    people = json.loads((REST / "query_call_participants.v2.json").read_bytes())
    call = json.loads((REST / "get_call.v2.json").read_bytes())
    replies = {
        "calls": ongoing,
        "participants": people,
        "app": {"app": {"event_hooks": []}, "duration": "1ms"},
        action.call[1]: call,
    }

    def answer(request: Request) -> Answer:
        name = request.path.rpartition("/")[2]
        if name == "calls" and request.json().get("next") == PAGE_2:
            return json_answer({"calls": [], "duration": "1ms"})
        return json_answer(replies.get(name, {"duration": "1ms"}))

    return answer


@pytest.mark.parametrize("name", ACTIONS)
async def test_requests_are_those_of_the_official_client(recorder: Recorder, http: HttpClient, name: str) -> None:
    action = ACTIONS[name]
    recorder.respond = answering(action)
    options = StreamOptions(api_key=KEY, api_secret=SECRET, base_url=recorder.url)
    provider = StreamProvider("school", options, http, FakeClock(BEGAN_MS + 60_000))
    sent = await recorded(recorder, action.ours(provider))
    async with AsyncStream(KEY, SECRET, base_url=recorder.url) as sdk:
        expected = []
        for call in action.official(sdk, sdk.video.call(*action.call)):
            expected += await recorded(recorder, call)
    found = unexplained(WIRE, expected, sent, [*EVERY, *DIFFERENCES.get(name, [])])
    assert not found, "\n".join(found)
    assert {lifetime_s(WIRE, one) for one in sent} == {LIFETIME_S}


def test_differences_are_of_actions_that_are_there() -> None:
    assert set(DIFFERENCES) <= set(ACTIONS)
