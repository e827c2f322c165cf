"""Alerts about violations: who is in a room without being allowed, and what is done about it. Pure. Whom a policy has
removed is `removal_alerts`' subject.
"""

from collections.abc import Iterator
from typing import Final

from moderator.client.texts import platform_name, safe
from moderator.desktop.alerts.alert import Alert, AlertAction, address, called, letting_in, opening
from moderator.desktop.intents import ActionName, Intent
from moderator.desktop.reasons import violation_words
from moderator.domain.locks import LOCK
from moderator.domain.room_size import MAX_PEOPLE
from moderator.domain.rooms import Participant, Room, Violation
from moderator.domain.screen_share import SCREEN_SHARE, Remedy, share_remedy

_ORDINALS: Final = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBERS: Final = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ICONS: Final = {SCREEN_SHARE: "monitor-x", LOCK: "lock"}
_UNDER_WAY: Final = {"disconnect": "Being disconnected.", "stream_stop": "Being stopped.", "mute": "Being muted."}
_REMEDIES: Final[dict[Remedy, str]] = {
    "stop": "Policy stops it.",
    "mute": "{platform} cannot stop it: policy mutes them.",
    "disconnect": "{platform} cannot stop it: policy disconnects them.",
    "alert": "{platform} cannot stop it: it is your turn.",
}


def violation_alerts(room: Room, *, held: bool = False) -> Iterator[Alert]:
    """Who is in a live room without being allowed; `held`: automatic disconnects are paused."""
    for violation in room.violations if room.state == "live" else ():
        person = room.participant(violation.participant)
        if person is not None and person.here:
            yield _violated(room, violation, person, held=held)


def _violated(room: Room, violation: Violation, person: Participant, *, held: bool) -> Alert:
    name = called(person)
    return Alert(
        id=f"violation {address(room)} {violation.policy} {violation.participant} {violation.found_at}",
        kind="violation",
        level="critical",
        icon=_ICONS.get(violation.policy, "user-x"),
        title=safe(room.name),
        text=f"{_offence(room, violation, person)} {_consequence(room, violation, held=held)}".strip(),
        moment=violation.found_at,
        reckoning="ago",
        actions=(*_remedies(room, violation, person), letting_in(room, person), opening(room)),
        room=room.key,
        family="violation",
        who=f"{name} in {safe(room.name)}",
    )


# --- what is wrong -------------------------------------------------------------------------------------------------


def _offence(room: Room, violation: Violation, person: Participant) -> str:
    """`Not on the list: Bill Buffalo.` The policy first, which tells one card from the next."""
    who = called(person)
    if violation.policy == MAX_PEOPLE:
        who = f"{who} is {_one_too_many(room, person)}"
    elif violation.policy == LOCK:
        who = f"{who} came in"
    elif violation.policy == SCREEN_SHARE and person.role:
        who = f"{who} ({safe(person.role)})"
    return f"{violation_words(violation)}: {who}."


def _one_too_many(room: Room, person: Participant) -> str:
    allowed = room.limits.max_people if room.limits else None
    turn = _turn(room, person)
    return "one too many" if allowed is None or turn <= allowed else f"the {_ordinal(turn)} of {_number(allowed)}"


def _turn(room: Room, person: Participant) -> int:
    """Which person of those in the room this is, counted by when they first came."""
    turns: dict[str, int] = {}
    for one in room.participants:
        turns[one.person] = min(one.joined_at, turns.get(one.person, one.joined_at))
    by_turn = sorted({one.person for one in room.here()}, key=lambda who: (turns[who], who))
    return by_turn.index(person.person) + 1


# --- what is done about it -----------------------------------------------------------------------------------------


def _consequence(room: Room, violation: Violation, *, held: bool) -> str:
    pending = {one.command for one in room.pending if one.target == violation.participant}
    for command, words in _UNDER_WAY.items():
        if command in pending:
            return words
    is_share = violation.policy == SCREEN_SHARE
    platform = platform_name(room.provider)
    if is_share and room.limits is not None and room.limits.mode == "enforce" and not violation.enforced:
        return _REMEDIES["alert"].format(platform=platform)
    if not violation.enforced:
        return "Only observed: nobody acts on it."
    if held:
        return f"Disconnects are paused: {'it goes on' if is_share else 'they stay'}."
    return _REMEDIES[share_remedy(room)].format(platform=platform) if is_share else "Policy disconnects them."


def _remedies(room: Room, violation: Violation, person: Participant) -> tuple[AlertAction, ...]:
    """What a moderator can do, the mildest that helps first."""
    can_block = bool(person.user) and _can(room, "block")
    label = "Disconnect and block\u2026" if can_block else "Disconnect\u2026"
    if violation.policy != SCREEN_SHARE:
        return (AlertAction(label, (_intent("disconnect", room, person),), "danger"),)
    leave = AlertAction("Disconnect\u2026", (_intent("disconnect", room, person),), "danger")
    if _can(room, "stop_stream"):
        stop = Intent(action="stop_stream", room=room.key, stream=violation.stream, user=person.user)
        return AlertAction("Stop share", (stop,), "danger"), leave
    if _can(room, "mute"):
        return AlertAction("Mute", (_intent("mute", room, person),)), leave
    return (leave,)


def _intent(action: ActionName, room: Room, person: Participant) -> Intent:
    return Intent(action=action, room=room.key, participant=person.id, user=person.user)


def _can(room: Room, what: str) -> bool:
    capability = room.capabilities.get(what)
    return capability is None or capability.by is not None


def _ordinal(number: int) -> str:
    return _ORDINALS[number] if number < len(_ORDINALS) else f"no. {number}"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)
