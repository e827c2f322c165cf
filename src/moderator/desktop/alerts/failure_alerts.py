"""Alerts about commands that could not be carried out. Pure."""

from collections.abc import Iterator
from typing import Final

from moderator.client.texts import safe
from moderator.desktop.alerts.alert import Alert, AlertAction, address, called, opening
from moderator.desktop.intents import ActionName, Intent
from moderator.domain.rooms import Failure, Participant, Room

_FAILED: Final = {
    "disconnect": "{who} could not be disconnected",
    "mute": "{who} could not be muted",
    "revoke": "The microphone of {who} could not be taken away",
    "restore": "The microphone of {who} could not be given back",
    "extension": "The end could not be moved",
    "stream_stop": "A stream of {who} could not be stopped",
    "room_end": "The room could not be ended",
    "message": "The message could not be sent",
}
_AGAIN: Final[dict[str, tuple[str, ActionName]]] = {
    "disconnect": ("Disconnect\u2026", "disconnect"),
    "mute": ("Mute", "mute"),
    "revoke": ("Take it away", "revoke"),
    "restore": ("Give it back", "restore"),
    "extension": ("Extend\u2026", "extend_custom"),
    "room_end": ("End room\u2026", "end"),
    "message": ("Message\u2026", "message"),
}
"""The command asked for again; a stopped stream is not among them, for its id is not known any more."""


def failure_alerts(room: Room) -> Iterator[Alert]:
    """Commands that failed and are not being tried now. Who left needs no command any more."""
    for failure in room.failures if room.state == "live" else ():
        person = room.participant(failure.target) if failure.target else None
        is_tried = any((one.command, one.target) == (failure.command, failure.target) for one in room.pending)
        if not is_tried and (not failure.target or (person is not None and person.here)):
            yield _failed(room, failure, person)


def _failed(room: Room, failure: Failure, person: Participant | None) -> Alert:
    sentence = _FAILED.get(failure.command, "A command failed").format(who=called(person) if person else "Somebody")
    why = safe(failure.why.strip().rstrip("."))
    times = f" Tried {failure.count} times." if failure.count > 1 else ""
    again: tuple[AlertAction, ...] = ()
    if failure.command in _AGAIN:
        label, action = _AGAIN[failure.command]
        user = person.user if person else ""
        again = (AlertAction(label, (Intent(action=action, room=room.key, participant=failure.target, user=user),)),)
    return Alert(
        id=f"failure {address(room)} {failure.command} {failure.target} {failure.at}",
        kind="failure",
        level="critical" if failure.command in {"disconnect", "room_end"} else "warn",
        icon="circle-alert",
        title=safe(room.name),
        text=f"{sentence}{': ' + why if why else ''}.{times}",
        moment=failure.at,
        reckoning="ago",
        actions=(*again, opening(room)),
        room=room.key,
        family="failure",
    )
