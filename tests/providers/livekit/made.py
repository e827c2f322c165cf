"""Options, webhooks and deliveries of LiveKit in a line each. Times are those of the fixtures."""

import json
from pathlib import Path
from typing import Any, Final

from moderator.domain.events import Event
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.rooms import Room
from moderator.domain.state import State
from moderator.providers.identity import Identity
from moderator.providers.livekit.options import LiveKitOptions
from moderator.providers.livekit.webhooks import Parser
from moderator.providers.provider import Delivery
from tests.fakes.builders import SOURCE, the_room
from tests.fakes.deliveries import folded_deliveries

DATA: Final = Path(__file__).parents[2] / "data" / "livekit"
API_KEY: Final = "APIfixture01"
API_SECRET: Final = "fixture-secret-not-real-fixture-secret"
ROOM: Final = "appointment-7f3a"
BEGIN_S: Final = 1_789_990_000
BEGIN: Final = BEGIN_S * 1000
TURN_PASSWORD: Final = "turn-fixture-pw"


def options(**changes: Any) -> LiveKitOptions:
    known = {"api_key": API_KEY, "api_secret": API_SECRET, "base_url": "http://127.0.0.1:1"}
    return LiveKitOptions(**{**known, **changes})


def fixture(name: str) -> Any:
    """A file under `tests/data/livekit`, decoded."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def recorded() -> list[bytes]:
    """The bodies that a real server sent, in their order."""
    return (DATA / "recorded.jsonl").read_bytes().splitlines()


def event(kind: str, after_ms: int = 0, room: str = ROOM, **members: object) -> dict[str, Any]:
    """`after_ms`: how long after the beginning it was made; told in whole seconds."""
    at = {"createdAt": str((BEGIN + after_ms) // 1000), "id": f"EV_{kind}{after_ms}"}
    return {"event": kind, "room": {"sid": "RM_1", "name": room, "turnPassword": TURN_PASSWORD}, **at, **members}


def participant(sid: str, since_ms: int = 0, **members: object) -> dict[str, Any]:
    """`sid` also says who it is: `PA_ana_2` is Ana's second connection."""
    who = sid.split("_")[1]
    times = {"joinedAt": str((BEGIN + since_ms) // 1000), "joinedAtMs": str(BEGIN + since_ms)}
    return {"sid": sid, "identity": who, "name": who.title(), "state": "ACTIVE", **times, **members}


def joined(sid: str, after_ms: int = 0, **members: object) -> dict[str, Any]:
    return event("participant_joined", after_ms + 150, participant=participant(sid, after_ms, **members))


def left(sid: str, after_ms: int, since_ms: int = 0, reason: object = "CLIENT_INITIATED", **members: object) -> Any:
    who = participant(sid, since_ms, state="DISCONNECTED", disconnectReason=reason, **members)
    return event("participant_left", after_ms, participant=who)


def track(
    what: str,
    of: str,
    sid: str,
    after_ms: int,
    since_ms: int | None = None,
    source: object = "CAMERA",
    **members: object,
) -> dict[str, Any]:
    """`what`: published or unpublished. `since_ms`: when it was published, where the server says so."""
    version = {} if since_ms is None else {"version": {"unixMicro": str((BEGIN + since_ms) * 1000 + 468)}}
    medium = {"sid": sid, "type": "VIDEO", "source": source, **version, **members}
    who = {"sid": of, "identity": of.split("_")[1]}
    return event(f"track_{what}", after_ms, participant=who, track=medium)


def delivery(body: object, headers: dict[str, str] | None = None) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Delivery(headers or {}, raw, "127.0.0.1", BEGIN + 60_000)


def parse(body: object, identity: Identity | None = None) -> list[Event]:
    return Parser(SOURCE, identity).parse(delivery(body))


def folded(*bodies: object, now: int = BEGIN + 3_600_000) -> State:
    """What is known after these deliveries, in this order."""
    return folded_deliveries(map(parse, bodies), now)


def room_of(state: State, room: str = ROOM) -> Room:
    return the_room(state, RoomKey(SOURCE, RoomId(room)))


def people_of(room: Room) -> list[tuple[str, str, list[str]]]:
    """Who is or was there: id, state, and the ids of the streams."""
    return sorted((one.id, one.state, sorted(stream.id for stream in one.streams)) for one in room.participants)
