"""Alerts about whom a policy has removed: nobody has to act, but a mistake is to be mended from here. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from moderator.client.texts import safe
from moderator.desktop.alerts.alert import Alert, address, letting_in, opening
from moderator.desktop.reasons import violation_words
from moderator.desktop.room.people_list import titles_of
from moderator.domain.rooms import Participant, Room, Violation
from moderator.language import marked, tr

_REMOVED: Final = {
    "allow_list": marked("{who} was removed: not on the list."),
    "max_people": marked("{who} was removed: the room is full."),
    "screen_share": marked("{who} was removed for sharing a screen without being allowed to."),
    "lock": marked("{who} was removed: the room is locked."),
}
"""By policy."""
_OTHERWISE: Final = marked("{who} was removed by policy. {why}.")


def removal_alerts(room: Room, past: Sequence[Violation], now_ms: int) -> Iterator[Alert]:
    """Who was disconnected from a live room by a policy and is not back; `past`: violations of who is not there.

    Nothing is said of people whom a moderator keeps out: that was decided.
    """
    if room.state != "live" or not past:
        return
    back = {one.person for one in room.here()}
    titles = titles_of(room)
    blocked = {one.user for one in room.blocks if one.holds(now_ms)}
    for violation, person in _latest(room, past):
        if person.person not in back and person.user not in blocked:
            yield _removed(room, violation, person, titles[person.person])


def _latest(room: Room, past: Iterable[Violation]) -> Iterable[tuple[Violation, Participant]]:
    """The last removal of each person."""
    found: dict[str, tuple[Violation, Participant]] = {}
    for violation in past:
        person = room.participant(violation.participant)
        if violation.enforced and person is not None and person.state == "disconnected":
            found[person.person] = violation, person
    return found.values()


def _removed(room: Room, violation: Violation, person: Participant, who: str) -> Alert:
    room_name = safe(room.name)
    words = tr(_REMOVED.get(violation.policy, _OTHERWISE))
    return Alert(
        id=f"removal {address(room)} {violation.policy} {violation.participant}",
        kind="removal",
        level="info",
        icon="user-minus",
        title=room_name,
        text=words.format(who=who, why=violation_words(violation)),
        moment=person.left_at or violation.found_at,
        reckoning="ago",
        actions=(letting_in(room, person), opening(room)),
        room=room.key,
        family="removal",
        who=tr("{who} from {room}").format(who=who, room=room_name),
    )
