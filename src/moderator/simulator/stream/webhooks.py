"""What the platform posts about each call. Pure; the signature is in `accounts`, the policy in `platform`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from moderator.simulator.stream import shapes
from moderator.simulator.stream.calls import Call
from moderator.simulator.stream.dates import At
from moderator.simulator.world import Connection, Person

Part = Callable[[Call, Sequence[str]], dict[str, Any]]


def event(call: Call, kind: str, at: int, given: Mapping[str, Any], capabilities: Sequence[str]) -> dict[str, Any]:
    """The body of one event, with what every event of its kind carries, and what is given: people are written as the
    platform writes them. `capabilities` are those of a moderator.
    """
    body = {"type": kind, "created_at": At(at), "call_cid": call.room.id}
    for part in _PARTS.get(kind, ()):
        body |= part(call, capabilities)
    if kind == LEFT:
        body["duration_seconds"] = (at - given["participant"].joined_at) // 1000
    return body | {name: _shaped(value, call) for name, value in given.items()}


def _shaped(value: Any, call: Call) -> Any:
    if isinstance(value, Person):
        return shapes.user(value, call)
    return shapes.participant(value, call) if isinstance(value, Connection) else value


def _call(call: Call, capabilities: Sequence[str]) -> dict[str, Any]:
    return {"call": shapes.described(call)}


def _members(call: Call, capabilities: Sequence[str]) -> dict[str, Any]:
    return {"members": shapes.members(call)}


def _session(call: Call, capabilities: Sequence[str]) -> dict[str, Any]:
    return {"session_id": call.session.id if call.session else ""}


def _counts(call: Call, capabilities: Sequence[str]) -> dict[str, Any]:
    return shapes.counts(call)


def _roles(call: Call, capabilities: Sequence[str]) -> dict[str, Any]:
    return {"capabilities_by_role": {"admin": list(capabilities), "user": list(shapes.PARTICIPANT)}}


LEFT: Final = "call.session_participant_left"
_PARTS: Final[dict[str, tuple[Part, ...]]] = {
    "call.created": (_call, _members),
    "call.updated": (_call, _roles),
    "call.ended": (_call,),
    "call.session_started": (_session, _call),
    "call.session_ended": (_session, _call),
    "call.session_participant_joined": (_session,),
    LEFT: (_session,),
    "call.session_participant_count_updated": (_session, _counts),
}
"""Of the others nothing is told but what is given."""
