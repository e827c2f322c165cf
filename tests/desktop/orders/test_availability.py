from typing import get_args

import pytest
from msgspec.structs import replace

from moderator.client.link import Link, LinkState
from moderator.client.me import Me
from moderator.client.scopes import lacking_scope
from moderator.desktop.orders.availability import DESTRUCTIVE, objection, why_not, why_not_there, why_not_together
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.domain.rooms import Room
from moderator.domain.settings import Capability
from tests.fakes.desktop import MAYA, SCOPES, a_room, limits

ROOM = a_room()
SCOPE_OF: dict[ActionName, str] = {
    "extend": "rooms:extend",
    "extend_custom": "rooms:extend",
    "end": "rooms:end",
    "message": "rooms:message",
    "acknowledge": "rooms:watch",
    "claim": "rooms:watch",
    "release": "rooms:watch",
    "disconnect": "participants:disconnect",
    "allow": "participants:disconnect",
    "readmit": "participants:disconnect",
    "mute": "participants:mute",
    "revoke": "participants:mute",
    "restore": "participants:mute",
    "stop_stream": "participants:mute",
    "lock": "participants:disconnect",
    "unlock": "participants:disconnect",
    "go_on_duty": "rooms:watch",
    "go_off_duty": "rooms:watch",
    "hold": "policy:hold",
    "resume": "policy:hold",
    "sessions": "stats:read",
}
OF_THE_WINDOW = sorted(set(get_args(ActionName)) - set(SCOPE_OF))
"""What concerns nobody but the window."""
POSSIBLE_LATER = {"readmit", "hold", "resume", "go_on_duty", "go_off_duty", "sessions"}
"""When a room has ended."""
DONE_BY_SOMEBODY = ("extend", "end", "message", "disconnect", "readmit", "mute", "revoke", "stop_stream")


def why(action: ActionName, room: Room | None = ROOM, me: Me | None = MAYA, *, stale: bool = False) -> str:
    return why_not(Intent(action=action, room=room.key if room else None), room, me, stale=stale)


@pytest.mark.parametrize("action", get_args(ActionName))
def test_who_may_do_everything_can_in_a_room_that_is_going_on(action: ActionName) -> None:
    assert why(action) == ""


@pytest.mark.parametrize(("action", "scope"), SCOPE_OF.items())
def test_each_action_needs_the_scope_that_the_gateway_asks_for(action: ActionName, scope: str) -> None:
    others = replace(MAYA, scopes=tuple(set(SCOPES) - {scope}))
    assert why(action, me=others) == lacking_scope(scope)
    assert why(action, me=replace(MAYA, scopes=(scope,))) == ""


@pytest.mark.parametrize("action", get_args(ActionName))
def test_as_long_as_nobody_knows_who_we_are_the_gateway_decides(action: ActionName) -> None:
    assert why(action, me=None) == ""


@pytest.mark.parametrize("action", get_args(ActionName))
def test_only_what_can_be_taken_back_is_done_on_an_old_picture(action: ActionName) -> None:
    expected = "Not while the picture is out of date." if action in DESTRUCTIVE else ""
    assert why(action, stale=True) == expected


@pytest.mark.parametrize("action", sorted(set(SCOPE_OF) - POSSIBLE_LATER))
def test_a_room_that_ended_takes_nothing_but_a_pardon_and_questions(action: ActionName) -> None:
    ended = a_room(state="ended")
    assert why(action, ended) == "The room has ended."
    assert why("readmit", ended) == why("sessions", ended) == ""


@pytest.mark.parametrize("action", OF_THE_WINDOW)
def test_what_concerns_only_the_window_is_always_possible(action: ActionName) -> None:
    nobody = replace(MAYA, scopes=())
    assert why(action, a_room(state="ended"), nobody, stale=True) == why(action, a_room(state="ended"), nobody) == ""


@pytest.mark.parametrize("action", DONE_BY_SOMEBODY)
@pytest.mark.parametrize(
    ("reason", "shown"), [("there is no such thing", "there is no such thing"), ("", "This platform cannot do that.")]
)
def test_what_the_platform_cannot_do_says_why(action: ActionName, reason: str, shown: str) -> None:
    room = replace(ROOM, capabilities={**ROOM.capabilities, action: Capability(by=None, why=reason)})
    assert why(action, room) == shown


def test_who_cannot_take_a_microphone_away_cannot_give_it_back() -> None:
    room = replace(ROOM, capabilities={"revoke": Capability(None, "it can mute only once")})
    assert why("restore", room) == why("revoke", room) == "it can mute only once"
    assert why("mute", room) == ""


@pytest.mark.parametrize("action", get_args(ActionName))
def test_what_the_platform_says_nothing_about_is_tried(action: ActionName) -> None:
    assert why(action, replace(ROOM, capabilities={})) == ""


@pytest.mark.parametrize(
    ("action", "seconds", "allowance_ms", "possible"),
    [
        ("extend", 0, None, True),
        ("extend", 0, 300_000, True),
        ("extend", 0, 299_999, False),
        ("extend", 0, 0, False),
        ("extend", 60, 60_000, True),
        ("extend", 61, 60_000, False),
        ("extend", -300, 0, True),
        ("extend_custom", 0, 60_000, True),
        ("extend_custom", 0, 0, False),
    ],
)
def test_an_extension_stays_within_the_allowance(
    action: ActionName, seconds: int, allowance_ms: int | None, possible: bool
) -> None:
    room = a_room(allowance_ms=allowance_ms, rules=limits(step_ms=300_000))
    found = why_not(Intent(action=action, room=room.key, seconds=seconds), room, MAYA, stale=False)
    assert bool(found) == (not possible)


def test_how_much_is_left_of_the_allowance_is_said() -> None:
    assert why("extend", a_room(allowance_ms=180_000)) == "The room may be extended by 3 min more, not further."
    assert why("extend", a_room(allowance_ms=0)) == "The room has been extended as far as its type allows."


@pytest.mark.parametrize(
    ("left_s", "wish", "reason"),
    [
        (None, Intent(action="extend"), ""),
        (None, Intent(action="extend_custom"), ""),
        (None, Intent(action="extend", ends_at=1), ""),
        (None, Intent(action="extend", seconds=-300), "This room has no deadline: set its end first."),
        (60, Intent(action="extend", ends_at=1), "This room has a deadline by now."),
    ],
)
def test_without_a_deadline_one_is_set_and_none_moved(left_s: int | None, wish: Intent, reason: str) -> None:
    room = a_room(left_s=left_s)
    assert why_not(replace(wish, room=room.key), room, MAYA, stale=False) == reason


def test_what_a_list_says_beside_the_rooms_name_is_shorter_and_for_the_same_reason() -> None:
    booked = a_room(allowance_ms=180_000)
    found = [objection(Intent(action="extend"), room) for room in (booked, a_room(state="ended"), ROOM)]
    assert [one and one.brief for one in found] == ["at most 3 min may be added", "has ended", None]
    assert found[0] is not None
    assert found[0].sentence == why("extend", booked)


@pytest.mark.parametrize(
    ("instance", "room", "there"),
    [("", ROOM, True), (ROOM.instance, ROOM, True), ("another", ROOM, False), ("", None, False)],
)
def test_a_wish_may_mean_one_meeting_only(instance: str, room: Room | None, there: bool) -> None:
    wish = Intent(action="unlock", room=ROOM.key, instance=instance)
    assert (why_not_there(wish, room) == "") is there
    assert why_not_there(Intent(action="hold"), None) == ""


@pytest.mark.parametrize("action", get_args(ActionName))
def test_a_room_that_is_not_known_is_the_gateways_to_judge(action: ActionName) -> None:
    assert why(action, None) == ""


@pytest.mark.parametrize(
    ("state", "count", "off"),
    [("reconnecting", 2, True), ("reconnecting", 1, False), ("reconnecting", 0, False), ("live", 2, False)],
)
def test_several_rooms_wait_for_the_connection(state: LinkState, count: int, off: bool) -> None:
    wishes = [Intent(action="claim", room=a_room(f"room-{n}").key) for n in range(count)]
    assert bool(why_not_together(wishes, Link(state, "why"))) is off


def test_what_the_platform_says_steers_nothing() -> None:
    found = objection(Intent(action="extend"), replace(ROOM, capabilities={"extend": Capability(None, "no\u202e")}))
    assert found is not None
    assert found.sentence == found.brief == "no\ufffd"
