"""Accounts, events and deliveries of Vonage in a line each. Times are those of the fixtures."""

import functools
import json
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from moderator.domain.events import Event
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.rooms import Room
from moderator.domain.state import State
from moderator.providers.identity import Identity
from moderator.providers.provider import Delivery
from moderator.providers.vonage.options import OpenTokOptions, VonageOptions
from moderator.providers.vonage.webhooks import Parser
from tests.fakes.builders import SOURCE, the_room
from tests.fakes.deliveries import folded_deliveries

DATA: Final = Path(__file__).parents[2] / "data" / "vonage"
APPLICATION: Final = "5d5f6f6e-3c0a-4f2e-9a77-2b1c0d9e8f70"
API_KEY: Final = "47654321"
SIGNATURE_SECRET: Final = "the signature secret of the clinic's callbacks, long enough for any algorithm"
API_SECRET: Final = "0123456789abcdef0123456789abcdef01234567"
BEGIN: Final = 1_795_168_800_000
SESSION: Final = "1_MX41ZDVm-fg"


@functools.cache
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def vonage_options(**changes: Any) -> VonageOptions:
    known = {"application_id": APPLICATION, "private_key": private_key(), "signature_secret": SIGNATURE_SECRET}
    return VonageOptions(**{**known, **changes})


def opentok_options(**changes: Any) -> OpenTokOptions:
    known = {"api_key": API_KEY, "api_secret": API_SECRET, "signature_secret": SIGNATURE_SECRET}
    return OpenTokOptions(**{**known, **changes})


def fixture(name: str) -> Any:
    """A file under `tests/data/vonage`, decoded."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def event(kind: str, at: int = BEGIN, **members: object) -> dict[str, Any]:
    return {"sessionId": SESSION, "projectId": APPLICATION, "event": kind, "timestamp": at, **members}


def connection(id_: str, at: int = BEGIN, data: object = "") -> dict[str, Any]:
    return {"id": id_, "createdAt": at, "data": data}


def created(id_: str, at: int = BEGIN, data: object = "") -> dict[str, Any]:
    """A connection; `data` is the user's id, or the whole text."""
    text = data if not isinstance(data, str) or "=" in data or not data else f"userId={data}"
    return event("connectionCreated", at + 150, connection=connection(id_, at, text))


def destroyed(id_: str, at: int, since: int = BEGIN, reason: str = "clientDisconnected") -> dict[str, Any]:
    return event("connectionDestroyed", at, reason=reason, connection=connection(id_, since))


def stream(
    kind: str, id_: str, of: str, at: int = BEGIN, video: str | None = "camera", since: int = BEGIN
) -> dict[str, Any]:
    """`since`: when the connection was made."""
    members = {"id": id_, "connection": connection(of, since), "createdAt": at, "name": ""}
    return event(kind, at + 150, stream=members if video is None else {**members, "videoType": video})


def delivery(body: object, headers: dict[str, str] | None = None, peer: str = "216.147.1.1") -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Delivery(headers or {}, raw, peer, BEGIN + 60_000)


def parse(body: object, identity: Identity | None = None, project: str = APPLICATION) -> list[Event]:
    return Parser(SOURCE, "vonage", project, identity).parse(delivery(body))


def folded(*bodies: object, now: int = BEGIN + 3_600_000) -> State:
    """What is known after these deliveries, in this order."""
    return folded_deliveries(map(parse, bodies), now)


def room_of(state: State, session: str = SESSION) -> Room:
    return the_room(state, RoomKey(SOURCE, RoomId(session)))
