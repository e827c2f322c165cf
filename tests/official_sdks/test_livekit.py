"""`livekit-api` beside our client: it speaks protobuf and we JSON, so what is compared are messages of its models."""

from collections.abc import Awaitable, Callable
from typing import Final

import pytest
from google.protobuf.json_format import MessageToDict, MessageToJson, Parse
from google.protobuf.message import Message
from livekit.api import LiveKitAPI
from livekit.api.room_service import RoomService
from livekit.protocol import models, room
from msgspec import Struct

from moderator.http import HttpClient
from moderator.providers.conformance import Answer, Recorder, Request
from moderator.providers.livekit import LiveKitProvider
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.livekit.tokens import REQUEST_LIFETIME_S
from moderator.providers.provider import Provider, Target
from tests.fakes.clock import FakeClock
from tests.official_sdks.comparing import ABSENT, Difference, Wire, lifetime_s, recorded, unexplained

KEY, SECRET = "APIfixture01", "fixture-secret-not-real-fixture-secret"
ROOM, IDENTITY = "exam/7 ü", "ana"
NOW_S: Final = 1_789_993_600
CAMERA, MICROPHONE, SCREEN = models.CAMERA, models.MICROPHONE, models.SCREEN_SHARE
MAY: Final = models.ParticipantPermission(
    can_subscribe=True, can_publish=True, can_publish_data=True, can_update_metadata=True, can_subscribe_metrics=True
)
MICROPHONE_TRACK: Final = models.TrackInfo(sid="TR_mic", type=models.AUDIO, source=MICROPHONE)
SCREEN_TRACK: Final = models.TrackInfo(sid="TR_screen", type=models.VIDEO, source=SCREEN)
PROTOBUF: Final = "application/protobuf"


def ana(*streams: str) -> Target:
    return Target(room=ROOM, participant="PA_1", user=IDENTITY, platform={"identity": IDENTITY}, streams=streams)


class Action(Struct, frozen=True):
    """What the official client does, in one or several calls, and ours."""

    official: Callable[[RoomService], list[Awaitable[object]]]
    ours: Callable[[Provider], Awaitable[object]]
    sources: tuple[models.TrackSource, ...] = ()
    """What the participant may publish before; empty is everything, as the protocol has it."""


def found(sdk: RoomService) -> Awaitable[object]:
    return sdk.get_participant(room.RoomParticipantIdentity(room=ROOM, identity=IDENTITY))


def removed(sdk: RoomService, revoke_token_ts: int = 0) -> Awaitable[object]:
    who = room.RoomParticipantIdentity(room=ROOM, identity=IDENTITY, revoke_token_ts=revoke_token_ts)
    return sdk.remove_participant(who)


def muted(sdk: RoomService, track: str) -> Awaitable[object]:
    order = room.MuteRoomTrackRequest(room=ROOM, identity=IDENTITY, track_sid=track, muted=True)
    return sdk.mute_published_track(order)


def allowed(sdk: RoomService, *sources: models.TrackSource) -> Awaitable[object]:
    change = room.UpdateParticipantRequest(room=ROOM, identity=IDENTITY, permission=permission(sources))
    return sdk.update_participant(change)


def permission(sources: tuple[models.TrackSource, ...]) -> models.ParticipantPermission:
    """All that the participant may do, with these sources only."""
    all_flags = models.ParticipantPermission()
    all_flags.CopyFrom(MAY)
    all_flags.can_publish_sources.extend(sources)
    return all_flags


def sent(sdk: RoomService, text: str, *identities: str) -> Awaitable[object]:
    order = room.SendDataRequest(
        room=ROOM,
        data=text.encode(),
        kind=models.DataPacket.RELIABLE,
        topic="moderator",
        destination_identities=identities,
    )
    return sdk.send_data(order)


ACTIONS: Final = {
    "list": Action(
        lambda sdk: [
            sdk.list_rooms(room.ListRoomsRequest()),
            sdk.list_participants(room.ListParticipantsRequest(room=ROOM)),
        ],
        lambda ours: ours.list_rooms([]),
    ),
    "list a room": Action(
        lambda sdk: [sdk.list_participants(room.ListParticipantsRequest(room=ROOM))],
        lambda ours: ours.list_room(ROOM),
    ),
    "disconnect": Action(
        lambda sdk: [found(sdk), removed(sdk)],
        lambda ours: ours.disconnect(ana(), block=False),
    ),
    "disconnect, with block": Action(
        lambda sdk: [found(sdk), removed(sdk, NOW_S)],
        lambda ours: ours.disconnect(ana(), block=True),
    ),
    "disconnect somebody whose join was never seen": Action(
        lambda sdk: [sdk.list_participants(room.ListParticipantsRequest(room=ROOM)), found(sdk), removed(sdk, NOW_S)],
        lambda ours: ours.disconnect(Target(room=ROOM, participant="PA_1"), block=True),
    ),
    "mute": Action(
        lambda sdk: [found(sdk), muted(sdk, "TR_mic")],
        lambda ours: ours.mute(ana("TR_mic")),
    ),
    "revoke": Action(
        lambda sdk: [found(sdk), allowed(sdk, CAMERA, SCREEN)],
        lambda ours: ours.revoke(ana()),
    ),
    "restore": Action(
        lambda sdk: [found(sdk), allowed(sdk, CAMERA, MICROPHONE)],
        lambda ours: ours.restore(ana()),
        sources=(CAMERA,),
    ),
    "stop a screen": Action(
        lambda sdk: [found(sdk), allowed(sdk, CAMERA, MICROPHONE)],
        lambda ours: ours.stop_stream(ana("TR_screen")),
        sources=(CAMERA, MICROPHONE, SCREEN),
    ),
    "end": Action(
        lambda sdk: [sdk.delete_room(room.DeleteRoomRequest(room=ROOM))],
        lambda ours: ours.end_room(ana()),
    ),
    "message": Action(
        lambda sdk: [sent(sdk, "Five minutes, ü")],
        lambda ours: ours.send_message(ana(), "Five minutes, ü"),
    ),
    "tell": Action(
        lambda sdk: [found(sdk), sent(sdk, "You, ü", IDENTITY)],
        lambda ours: ours.tell(ana(), "You, ü"),
    ),
    "check": Action(
        lambda sdk: [sdk.list_rooms(room.ListRoomsRequest())],
        lambda ours: ours.check("http://127.0.0.1:8080/hook"),
    ),
}

JSON: Final = "the server takes either; JSON needs no generated code"
ONCE: Final = "it is for repetitions, of which our client makes none"
LEAST: Final = "a token of ours allows what this request needs, and nothing in the room"
EVERY: Final = [
    Difference("header content-type", PROTOBUF, "application/json", JSON),
    Difference("header accept", "*/*", "application/json", JSON),
    Difference("header x-livekit-request-id", "<once>", ABSENT, ONCE),
    Difference("claim sub", "", ABSENT, "no participant asks"),
    *(Difference(f"claim video.can{name}", True, ABSENT, LEAST) for name in ("Publish", "Subscribe", "PublishData")),
]
"""In each request."""
DIFFERENCES: Final = {
    "disconnect": [
        Difference(
            "2. body revoke_token_ts", ABSENT, "1", "left out, LiveKit Cloud takes all tokens of this identity back"
        )
    ],
    "message": [Difference("body nonce", "<once>", ABSENT, ONCE)],
    "tell": [Difference("2. body nonce", "<once>", ABSENT, ONCE)],
}
"""By action, beside those."""
REQUESTS: Final[dict[str, type[Message]]] = {
    "ListRooms": room.ListRoomsRequest,
    "ListParticipants": room.ListParticipantsRequest,
    "GetParticipant": room.RoomParticipantIdentity,
    "RemoveParticipant": room.RoomParticipantIdentity,
    "MutePublishedTrack": room.MuteRoomTrackRequest,
    "UpdateParticipant": room.UpdateParticipantRequest,
    "SendData": room.SendDataRequest,
    "DeleteRoom": room.DeleteRoomRequest,
}


def body(request: Request) -> object:
    """The request's message. Members that have their defaults are not told from absent ones: they are the same."""
    message = REQUESTS[method(request)]()
    if is_protobuf(request):
        message.ParseFromString(request.body)
    else:
        Parse(request.body, message)
    told = MessageToDict(message, preserving_proto_field_name=True)
    return {**told, "nonce": "<once>"} if "nonce" in told else told


WIRE: Final = Wire(SECRET, body)


def answering(action: Action) -> Callable[[Request], Answer]:
    """As the server: in the language of the request, JSON in snake_case with every default."""
    person = models.ParticipantInfo(
        sid="PA_1",
        identity=IDENTITY,
        state=models.ParticipantInfo.ACTIVE,
        permission=permission(action.sources),
        tracks=[MICROPHONE_TRACK, SCREEN_TRACK],
    )
    replies: dict[str, Message] = {
        "ListRooms": room.ListRoomsResponse(rooms=[models.Room(sid="RM_1", name=ROOM, num_participants=1)]),
        "ListParticipants": room.ListParticipantsResponse(participants=[person]),
        "GetParticipant": person,
        "RemoveParticipant": room.RemoveParticipantResponse(),
        "MutePublishedTrack": room.MuteRoomTrackResponse(track=MICROPHONE_TRACK),
        "UpdateParticipant": person,
        "SendData": room.SendDataResponse(),
        "DeleteRoom": room.DeleteRoomResponse(),
    }

    def answer(request: Request) -> Answer:
        message = replies[method(request)]
        if is_protobuf(request):
            return Answer(200, message.SerializeToString(), {"content-type": PROTOBUF})
        text = MessageToJson(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
        return Answer(200, text.encode(), {"content-type": "application/json"})

    return answer


def method(request: Request) -> str:
    return request.path.rpartition("/")[2]


def is_protobuf(request: Request) -> bool:
    return request.headers["content-type"] == PROTOBUF


@pytest.mark.parametrize("name", ACTIONS)
async def test_requests_are_those_of_the_official_client(recorder: Recorder, http: HttpClient, name: str) -> None:
    action = ACTIONS[name]
    recorder.respond = answering(action)
    options = LiveKitOptions(api_key=KEY, api_secret=SECRET, base_url=recorder.url.replace("http", "ws", 1))
    provider = LiveKitProvider("exams", options, http, FakeClock(NOW_S * 1000))
    ours = await recorded(recorder, action.ours(provider))
    async with LiveKitAPI(recorder.url, KEY, SECRET) as sdk:
        expected = []
        for call in action.official(sdk.room):
            expected += await recorded(recorder, call)
    differing = unexplained(WIRE, expected, ours, [*EVERY, *DIFFERENCES.get(name, [])])
    assert not differing, "\n".join(differing)
    assert {lifetime_s(WIRE, one) for one in ours} == {REQUEST_LIFETIME_S}


def test_differences_are_of_actions_that_are_there() -> None:
    assert set(DIFFERENCES) <= set(ACTIONS)
