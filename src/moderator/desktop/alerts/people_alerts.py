"""Alerts about people: who should not be there, and commands that could not be carried out. Pure."""

from collections.abc import Iterator
from typing import Final

from moderator.client.texts import safe
from moderator.desktop.alerts.alert import Alert, AlertAction, address, opening
from moderator.desktop.intents import ActionName, Intent
from moderator.domain.rooms import Failure, Participant, Room, Violation

_ORDINALS: Final = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBERS: Final = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_REASONS: Final = {
    "not_listed": "is not on the list",
    "wrong_share": "shares what is not allowed here",
    "time_over": "is still here although time is up",
}
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


def violation_alerts(room: Room, *, held: bool = False) -> Iterator[Alert]:
    """Who is in a live room without being allowed; `held`: automatic disconnects are paused."""
    for violation in room.violations if room.state == "live" else ():
        person = room.participant(violation.participant)
        if person is not None and person.here:
            yield _violated(room, violation, person, held=held)


def failure_alerts(room: Room) -> Iterator[Alert]:
    """Commands that failed and are not being tried now. Who left needs no command any more."""
    for failure in room.failures if room.state == "live" else ():
        person = room.participant(failure.target) if failure.target else None
        is_tried = any((one.command, one.target) == (failure.command, failure.target) for one in room.pending)
        if not is_tried and (not failure.target or (person is not None and person.here)):
            yield _failed(room, failure, person)


def _violated(room: Room, violation: Violation, person: Participant, *, held: bool) -> Alert:
    name = _name(person)
    can_block = bool(person.user) and _can(room, "block")
    intent = Intent(action="disconnect", room=room.key, participant=person.id, user=person.user)
    return Alert(
        id=f"violation {address(room)} {violation.policy} {violation.participant} {violation.found_at}",
        kind="violation",
        level="critical",
        icon="user-x",
        title=safe(room.name),
        text=f"{name} {_offence(room, violation, person)}. {_consequence(room, violation, held=held)}".strip(),
        moment=violation.found_at,
        reckoning="ago",
        actions=(
            AlertAction("Disconnect and block\u2026" if can_block else "Disconnect\u2026", (intent,), "danger"),
            AlertAction("Allow", (Intent(action="allow", room=room.key, participant=person.id, user=person.user),)),
            opening(room),
        ),
        room=room.key,
        family="violation",
        who=f"{name} in {safe(room.name)}",
    )


def _offence(room: Room, violation: Violation, person: Participant) -> str:
    if violation.reason != "room_full":
        return _REASONS.get(violation.reason, "is not allowed here")
    allowed = room.limits.max_people if room.limits else None
    turn = _turn(room, person)
    if allowed is None or turn <= allowed:
        return "is one too many"
    return f"is the {_ordinal(turn)} of {_number(allowed)}"


def _turn(room: Room, person: Participant) -> int:
    """Which person of those in the room this is, counted by when they first came."""
    turns: dict[str, int] = {}
    for one in room.participants:
        turns[one.person] = min(one.joined_at, turns.get(one.person, one.joined_at))
    by_turn = sorted({one.person for one in room.here()}, key=lambda who: (turns[who], who))
    return by_turn.index(person.person) + 1


def _consequence(room: Room, violation: Violation, *, held: bool) -> str:
    if any(one.command == "disconnect" and one.target == violation.participant for one in room.pending):
        return "Being disconnected."
    if not violation.enforced:
        return "Only observed: nobody acts on it."
    return "Disconnects are paused." if held else ""


def _failed(room: Room, failure: Failure, person: Participant | None) -> Alert:
    sentence = _FAILED.get(failure.command, "A command failed").format(who=_name(person) if person else "Somebody")
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


def _name(person: Participant) -> str:
    return safe(person.name or person.user or person.id)


def _can(room: Room, what: str) -> bool:
    capability = room.capabilities.get(what)
    return capability is None or capability.by is not None


def _ordinal(number: int) -> str:
    return _ORDINALS[number] if number < len(_ORDINALS) else f"no. {number}"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)
