"""Alerts about commands that could not be carried out. Pure."""

from collections.abc import Iterator
from typing import Final

from moderator.client.me import Me
from moderator.client.texts import safe
from moderator.desktop.alerts.alert import Alert, AlertAction, address, as_sentence, opening
from moderator.desktop.alerts.interrupting import interruption
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.room.people_list import titles_of
from moderator.domain.rooms import Failure, Participant, Room
from moderator.language import marked, ntr, tr

_FAILED: Final = {
    "disconnect": marked("{who} could not be disconnected."),
    "mute": marked("{who} could not be muted."),
    "revoke": marked("The microphone of {who} could not be taken away."),
    "restore": marked("The microphone of {who} could not be given back."),
    "extension": marked("The end could not be moved."),
    "stream_stop": marked("A stream of {who} could not be stopped."),
    "room_end": marked("The room could not be ended."),
    "message": marked("The message could not be sent."),
}
_ANY: Final = marked("A command failed.")
"""Of a newer gateway."""
_AGAIN: Final[dict[str, tuple[str, ActionName]]] = {
    "disconnect": (marked("Disconnect\u2026"), "disconnect"),
    "mute": (marked("Mute"), "mute"),
    "revoke": (marked("Take it away"), "revoke"),
    "restore": (marked("Give it back"), "restore"),
    "extension": (marked("Extend\u2026"), "extend_custom"),
    "room_end": (marked("End room\u2026"), "end"),
    "message": (marked("Message\u2026"), "message"),
}
"""The command asked for again; a stopped stream is not among them, for its id is not known any more."""


def failure_alerts(room: Room, me: Me | None = None) -> Iterator[Alert]:
    """Commands that failed and are not being tried now. Who left needs no command any more."""
    if room.state != "live" or not room.failures:
        return
    titles = titles_of(room)
    for failure in room.failures:
        person = room.participant(failure.target) if failure.target else None
        is_tried = any((one.command, one.target) == (failure.command, failure.target) for one in room.pending)
        if not is_tried and (not failure.target or (person is not None and person.here)):
            yield _failed(room, failure, person, titles[person.person] if person else "", me)


def _failed(room: Room, failure: Failure, person: Participant | None, who: str, me: Me | None) -> Alert:
    is_grave = failure.command in {"disconnect", "room_end"}
    again: tuple[AlertAction, ...] = ()
    if failure.command in _AGAIN:
        label, action = _AGAIN[failure.command]
        user = person.user if person else ""
        again = (
            AlertAction(tr(label), (Intent(action=action, room=room.key, participant=failure.target, user=user),)),
        )
    return Alert(
        id=f"failure {address(room)} {failure.command} {failure.target} {failure.at}",
        kind="failure",
        level="critical" if is_grave else "warn",
        icon="circle-alert",
        title=safe(room.name),
        text=_text(failure, who),
        moment=failure.at,
        reckoning="ago",
        actions=(*again, opening(room)),
        room=room.key,
        family="failure",
        who=tr("{who} in {room}").format(who=who, room=safe(room.name)) if who else "",
        interruption=interruption(room, me, "last" if is_grave else "first"),
    )


def _text(failure: Failure, who: str) -> str:
    """What failed, in the platform's words why, and how often."""
    failed = tr(_FAILED.get(failure.command, _ANY)).format(who=who or tr("Somebody"))
    tried = ntr("Tried once.", "Tried {count} times.", failure.count).format(count=failure.count)
    parts = failed, as_sentence(failure.why), tried if failure.count > 1 else ""
    return " ".join(part for part in parts if part)
