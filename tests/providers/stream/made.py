"""Apps, calls, events and deliveries of Stream in a line each. Times are those of the fixtures."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from moderator.domain.events import Event
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.rooms import Room
from moderator.domain.state import State
from moderator.providers.provider import Delivery, Target
from moderator.providers.stream.options import StreamOptions
from moderator.providers.stream.webhooks import Parser
from tests.fakes.builders import SOURCE, the_room
from tests.fakes.deliveries import folded_deliveries

DATA: Final = Path(__file__).parents[2] / "data" / "stream"
API_KEY: Final = "fixturekey01"
API_SECRET: Final = "fixture-secret-not-real-fixture-secret"
CID: Final = "appointment:room-7f3a"
SESSION: Final = "b8a44039-41f3-4570-a438-0000fixture1"
ANA, BOB = "6245918f-0000-4d4f-b3f8-0000fixture1", "6245918f-0000-4d4f-b3f8-0000fixture2"
BEGIN: Final = 1_789_984_800_000
"""When the session of the fixtures starts."""
HOUR_MS: Final = 3_600_000
MAY_ALL: Final = [
    *("join-call", "read-call", "end-call", "block-users", "kick-user", "mute-users", "change-max-duration"),
    *("update-call", "update-call-settings", "update-call-permissions"),
]


def options(**changes: Any) -> StreamOptions:
    return StreamOptions(**{"api_key": API_KEY, "api_secret": API_SECRET, **changes})


def target(**changes: Any) -> Target:
    return Target(**{"room": CID, "instance": SESSION, "participant": BOB, "user": "guest-42", **changes})


def fixture(name: str) -> Any:
    """A file under `tests/data/stream`, decoded."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def recorded(name: str) -> Delivery:
    """A webhook of the fixtures with its headers, as it came."""
    headers = {key.lower(): value for key, value in fixture(f"webhooks/{name}.headers.json").items()}
    return Delivery(headers, (DATA / f"webhooks/{name}.json").read_bytes(), "203.0.113.9", BEGIN + HOUR_MS)


RECORDED: Final = sorted(path.stem for path in DATA.glob("webhooks/*.json") if ".headers" not in path.name)


def ns(at: int | None) -> int | None:
    return None if at is None else at * 1_000_000


def text(at: int) -> str:
    """RFC 3339, with nine digits."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime(f"%Y-%m-%dT%H:%M:%S.{at % 1000:03}187951Z")


def participant(id_: str, user: str, at: int | None = BEGIN, name: str = "", role: str = "user") -> dict[str, Any]:
    """One device of a user."""
    return {"user": {"id": user, "name": name or None}, "user_session_id": id_, "role": role, "joined_at": ns(at)}


def session(
    *participants: dict[str, Any], id_: str = SESSION, ends_at: int | None = None, **more: Any
) -> dict[str, Any]:
    counts = {"user": len(participants)} if participants else {}
    known = {"id": id_, "started_at": ns(BEGIN), "ended_at": None, "participants": list(participants)}
    return {**known, "participants_count_by_role": counts, "timer_ends_at": ns(ends_at), **more}


def call(
    session: dict[str, Any] | None = None, cid: str = CID, limit_s: int | None = None, **more: Any
) -> dict[str, Any]:
    settings = {"limits": {"max_duration_seconds": limit_s, "max_participants": None}}
    return {"cid": cid, "custom": {}, "session": session, "ended_at": None, "settings": settings, **more}


def event(kind: str, at: int = BEGIN, **members: object) -> dict[str, Any]:
    return {"type": kind, "created_at": ns(at), "call_cid": CID, **members}


def joined(id_: str, user: str, at: int = BEGIN, session_id: str = SESSION) -> dict[str, Any]:
    who = participant(id_, user, at)
    return event("call.session_participant_joined", at + 150, session_id=session_id, participant=who)


def left(id_: str, user: str, at: int, since: int = BEGIN, session_id: str = SESSION, **more: Any) -> dict[str, Any]:
    members = {"session_id": session_id, "participant": participant(id_, user, since), "duration_seconds": 1, **more}
    return event("call.session_participant_left", at, **members)


def started(session: dict[str, Any], at: int = BEGIN) -> dict[str, Any]:
    return event("call.session_started", at, session_id=session["id"], call=call(session))


def delivery(body: object, headers: dict[str, str] | None = None) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Delivery(headers or {}, raw, "203.0.113.9", BEGIN + 60_000)


def packed(body: object) -> bytes:
    """Compressed, as the app may have it set."""
    return gzip.compress(body if isinstance(body, bytes) else json.dumps(body).encode())


def parse(body: object, headers: dict[str, str] | None = None) -> list[Event]:
    return Parser(SOURCE).parse(delivery(body, headers))


def folded(*bodies: object, now: int = BEGIN + HOUR_MS) -> State:
    """What is known after these deliveries, in this order."""
    return folded_deliveries(map(parse, bodies), now)


def room_of(state: State, cid: str = CID) -> Room:
    return the_room(state, RoomKey(SOURCE, RoomId(cid)))
