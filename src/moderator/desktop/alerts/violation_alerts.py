"""Alerts about violations: who is in a room without being allowed, and what is done about it. Pure. Whom a policy has
removed is `removal_alerts`' subject.
"""

from collections.abc import Iterator
from typing import Final

from moderator.client.me import Me
from moderator.client.texts import platform_name, safe
from moderator.desktop.alerts.alert import Alert, AlertAction, address, letting_in, opening
from moderator.desktop.alerts.interrupting import interruption
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.reasons import violation_words
from moderator.desktop.room.people_list import titles_of
from moderator.domain.locks import LOCK
from moderator.domain.room_size import MAX_PEOPLE
from moderator.domain.rooms import Participant, Room, Violation
from moderator.domain.screen_share import SCREEN_SHARE, Remedy, share_remedy
from moderator.language import marked, ntr, tr

_ICONS: Final = {SCREEN_SHARE: "monitor-x", LOCK: "lock"}
_UNDER_WAY: Final = {
    "disconnect": marked("Being disconnected."),
    "stream_stop": marked("Being stopped."),
    "mute": marked("Being muted."),
}
_REMEDIES: Final[dict[Remedy, str]] = {
    "stop": marked("Policy stops it."),
    "mute": marked("{platform} cannot stop it: policy mutes them."),
    "disconnect": marked("{platform} cannot stop it: policy disconnects them."),
    "alert": marked("{platform} cannot stop it: it is your turn."),
}


def violation_alerts(room: Room, me: Me | None = None, *, held: bool = False) -> Iterator[Alert]:
    """Who is in a live room without being allowed; `held`: automatic disconnects are paused."""
    if room.state != "live" or not room.violations:
        return
    titles = titles_of(room)
    for violation in room.violations:
        person = room.participant(violation.participant)
        if person is not None and person.here:
            yield _violated(room, violation, person, titles[person.person], me, held=held)


def _violated(room: Room, violation: Violation, person: Participant, name: str, me: Me | None, *, held: bool) -> Alert:
    return Alert(
        id=f"violation {address(room)} {violation.policy} {violation.participant} {violation.found_at}",
        kind="violation",
        level="critical",
        icon=_ICONS.get(violation.policy, "user-x"),
        title=safe(room.name),
        text=f"{_offence(room, violation, person, name)} {_consequence(room, violation, held=held)}".strip(),
        moment=violation.found_at,
        reckoning="ago",
        actions=(*_remedies(room, violation, person), letting_in(room, person), opening(room)),
        room=room.key,
        family="violation",
        who=tr("{who} in {room}").format(who=name, room=safe(room.name)),
        interruption=interruption(room, me, "last"),
    )


# --- what is wrong -------------------------------------------------------------------------------------------------


def _offence(room: Room, violation: Violation, person: Participant, name: str) -> str:
    """`Not on the list: Bill Buffalo.` The policy first, which tells one card from the next."""
    names = {"who": name, "role": safe(person.role), "what": violation_words(violation)}
    if violation.policy == MAX_PEOPLE:
        return _one_too_many(room, person, name)
    if violation.policy == LOCK:
        return tr("Room is locked: {who} came in.").format(**names)
    if violation.policy == SCREEN_SHARE and person.role:
        return tr("May not share a screen: {who} ({role}).").format(**names)
    return tr("{what}: {who}.").format(**names)


def _one_too_many(room: Room, person: Participant, name: str) -> str:
    allowed = room.limits.max_people if room.limits else None
    turn = _turn(room, person)
    if allowed is None or turn <= allowed:
        return tr("Room is full: {who} is one too many.").format(who=name)
    words = ntr(
        "Room is full: {who} is number {turn}, and 1 person is allowed.",
        "Room is full: {who} is number {turn}, and {count} people are allowed.",
        allowed,
    )
    return words.format(who=name, turn=turn, count=allowed)


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
            return tr(words)
    is_share = violation.policy == SCREEN_SHARE
    platform = platform_name(room.provider)
    if is_share and room.limits is not None and room.limits.mode == "enforce" and not violation.enforced:
        return tr(_REMEDIES["alert"]).format(platform=platform)
    if not violation.enforced:
        return tr("Only observed: nobody acts on it.")
    if held:
        return tr("Disconnects are paused: it goes on.") if is_share else tr("Disconnects are paused: they stay.")
    if is_share:
        return tr(_REMEDIES[share_remedy(room)]).format(platform=platform)
    return tr("Policy disconnects them.")


def _remedies(room: Room, violation: Violation, person: Participant) -> tuple[AlertAction, ...]:
    """What a moderator can do, the mildest that helps first."""
    can_block = bool(person.user) and _can(room, "block")
    label = tr("Disconnect and block\u2026") if can_block else tr("Disconnect\u2026")
    if violation.policy != SCREEN_SHARE:
        return (AlertAction(label, (_intent("disconnect", room, person),), "danger"),)
    leave = AlertAction(tr("Disconnect\u2026"), (_intent("disconnect", room, person),), "danger")
    if _can(room, "stop_stream"):
        stop = Intent(action="stop_stream", room=room.key, stream=violation.stream, user=person.user)
        return AlertAction(tr("Stop share"), (stop,), "danger"), leave
    if _can(room, "mute"):
        return AlertAction(tr("Mute"), (_intent("mute", room, person),)), leave
    return (leave,)


def _intent(action: ActionName, room: Room, person: Participant) -> Intent:
    return Intent(action=action, room=room.key, participant=person.id, user=person.user)


def _can(room: Room, what: str) -> bool:
    capability = room.capabilities.get(what)
    return capability is None or capability.by is not None
