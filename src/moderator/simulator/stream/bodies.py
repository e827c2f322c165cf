"""The bodies of requests, as far as the simulated cloud looks at them."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from moderator.simulator.stream.errors import Refused

Body = TypeVar("Body", bound=Struct)


class Limits(Struct):
    """None leaves it as it is; 0 removes the limit."""

    max_duration_seconds: Annotated[int, Meta(ge=0)] | None = None


class Settings(Struct):
    limits: Limits | None = None


class Update(Struct):
    settings_override: Settings | None = None
    custom: dict[str, Any] | None = None


class CallData(Struct):
    """Of a call that is not there yet; None where nobody is named as who makes it."""

    created_by_id: str | None = None
    created_by: dict[str, Any] | None = None
    custom: dict[str, Any] | None = None


class GetOrCreate(Struct):
    data: CallData | None = None


class Nothing(Struct):
    """No body is needed."""


class Block(Struct):
    user_id: str


class Kick(Struct):
    user_id: str
    block: bool = False
    kicked_by_id: str | None = None


class Mute(Struct):
    user_ids: list[str] | None = None
    mute_all_users: bool = False
    audio: bool = False
    video: bool = False
    screenshare: bool = False
    screenshare_audio: bool = False
    muted_by_id: str | None = None


class Permissions(Struct):
    user_id: str
    grant_permissions: list[str] | None = None
    revoke_permissions: list[str] | None = None


class Event(Struct):
    user_id: str | None = None
    custom: dict[str, Any] | None = None


class Sort(Struct):
    field: str = ""
    direction: int = 1


class Query(Struct):
    filter_conditions: dict[str, Any] | None = None
    sort: Annotated[list[Sort], Meta(max_length=2)] | None = None
    limit: Annotated[int, Meta(ge=0, le=100)] | None = None
    next: str | None = None


class MembersQuery(Query, kw_only=True):
    type: str
    id: str


class ParticipantsQuery(Struct):
    filter_conditions: dict[str, Any] | None = None


def read(raw: bytes, kind: type[Body], action: str) -> Body:
    """Raises Refused."""
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("input", f'{action} failed with error: "{error}"') from None
