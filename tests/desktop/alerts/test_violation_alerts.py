"""Who should not be there, or not share what they share."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from moderator.desktop.alerts.violation_alerts import violation_alerts
from moderator.domain.rooms import Pending, Room, Stream, Violation
from moderator.domain.screen_share import share_remedy
from moderator.domain.settings import Capability, Mode, WrongShare
from tests.fakes.desktop import ALL_BY_PROVIDER, NOW, a_person, a_room, a_violation, limits

PEOPLE = (
    a_person("a", "Ann", joined_at=NOW - 3000),
    a_person("b", "Bo", joined_at=NOW - 2000),
    a_person("g", "guest-91", joined_at=NOW - 1000),
)
CROWDED = a_room("tutor-maths-b", people=PEOPLE, violations=[a_violation("g", enforced=True)])
ORDERED = Pending(command="disconnect", target="g", by="policy", at=NOW, id="c1")


def said(room: Room, *, held: bool = False) -> list[str]:
    return [alert.text for alert in violation_alerts(room, held=held)]


def test_one_too_many() -> None:
    (alert,) = violation_alerts(CROWDED)
    assert (alert.title, alert.text) == (
        "tutor-maths-b",
        "Room is full: guest-91 is number 3, and 2 people are allowed. Policy disconnects them.",
    )
    assert [action.label for action in alert.actions] == ["Disconnect and block\u2026", "Let in", "Open"]
    assert alert.actions[0].intents[0].participant == "g"


@pytest.mark.parametrize(
    ("violation", "sentence"),
    [
        (a_violation("g", policy="allow_list", enforced=True), "Not on the list: guest-91. Policy disconnects them."),
        (a_violation("g", policy="lock", enforced=True), "Room is locked: guest-91 came in. Policy disconnects them."),
        (
            replace(a_violation("g", policy="lock"), policy="of a newer gateway", reason="time_over"),
            "Time is over: guest-91. Only observed: nobody acts on it.",
        ),
    ],
    ids=lambda one: getattr(one, "policy", ""),
)
def test_why_somebody_is_not_allowed(violation: Violation, sentence: str) -> None:
    assert said(replace(CROWDED, violations=(violation,))) == [sentence]


# --- shares --------------------------------------------------------------------------------------------------------

SHARER = replace(PEOPLE[2], role="guest", streams=(Stream("slides", "screen", "", NOW),))


def shared(mode: Mode = "enforce", *, wrong_share: WrongShare = "stop", cannot: Sequence[str] = ()) -> Room:
    """A room in which guests may not share, on a platform that lacks some capabilities."""
    rules = replace(limits(mode=mode), screen_share=("host",), wrong_share=wrong_share)
    room = a_room("lesson", people=(*PEOPLE[:2], SHARER), rules=rules)
    capabilities = {**ALL_BY_PROVIDER, **{name: Capability(None, "no such call") for name in cannot}}
    room = replace(room, capabilities=capabilities)
    enforced = mode == "enforce" and share_remedy(room) != "alert"
    return replace(room, violations=(a_violation("g", policy="screen_share", enforced=enforced, stream="slides"),))


@pytest.mark.parametrize(
    ("room", "says", "buttons"),
    [
        (shared(), "Policy stops it.", ["Stop share", "Disconnect…"]),
        (shared("observe"), "Only observed: nobody acts on it.", ["Stop share", "Disconnect…"]),
        (shared(cannot=["stop_stream"]), "Vonage cannot stop it: it is your turn.", ["Mute", "Disconnect…"]),
        (
            shared(wrong_share="mute", cannot=["stop_stream"]),
            "Vonage cannot stop it: policy mutes them.",
            ["Mute", "Disconnect…"],
        ),
        (
            shared(wrong_share="disconnect", cannot=["stop_stream", "mute"]),
            "Vonage cannot stop it: policy disconnects them.",
            ["Disconnect…"],
        ),
        (shared("observe", cannot=["stop_stream"]), "Only observed: nobody acts on it.", ["Mute", "Disconnect…"]),
    ],
)
def test_what_becomes_of_a_share_is_as_the_platform_can(room: Room, says: str, buttons: list[str]) -> None:
    (alert,) = violation_alerts(room)
    assert alert.text == f"May not share a screen: guest-91 (guest). {says}"
    assert [action.label for action in alert.actions] == [*buttons, "Let in", "Open"]


def test_stopping_means_the_stream_and_letting_in_the_person() -> None:
    (alert,) = violation_alerts(shared())
    (stop,), (leave,), (let_in,) = (action.intents for action in alert.actions[:3])
    assert (stop.action, stop.stream) == ("stop_stream", "slides")
    assert (leave.action, leave.participant) == ("disconnect", "g")
    assert (let_in.action, let_in.participant, let_in.user) == ("allow", "g", "g")


def test_a_share_that_is_being_stopped_and_one_while_policies_are_paused() -> None:
    stopping = replace(shared(), pending=(replace(ORDERED, command="stream_stop"),))
    assert said(stopping)[0].endswith("Being stopped.")
    assert said(shared(), held=True)[0].endswith("Disconnects are paused: it goes on.")


# --- what is done --------------------------------------------------------------------------------------------------


def test_what_is_done_about_it() -> None:
    observed = replace(CROWDED, violations=(a_violation("g"),))
    assert said(replace(CROWDED, pending=(ORDERED,)))[0].endswith("Being disconnected.")
    assert said(observed)[0].endswith("Only observed: nobody acts on it.")
    assert said(CROWDED, held=True)[0].endswith("Disconnects are paused: they stay.")


@pytest.mark.parametrize(
    "room",
    [
        replace(CROWDED, participants=(*PEOPLE[:2], replace(PEOPLE[2], user=""))),
        replace(CROWDED, capabilities={"block": Capability(None, "it cannot")}),
    ],
    ids=["no identity", "no blocking"],
)
def test_no_promise_to_block_where_it_cannot_be_kept(room: Room) -> None:
    (alert,) = violation_alerts(room)
    assert alert.actions[0].label == "Disconnect\u2026"


def test_who_left_needs_nobody() -> None:
    gone = replace(PEOPLE[2], state="left", left_at=NOW)
    room = replace(CROWDED, participants=(*PEOPLE[:2], gone))
    assert said(room) == []


def test_a_room_that_ended_needs_nobody() -> None:
    assert said(replace(CROWDED, state="ended")) == []


def test_the_same_person_found_again_is_another_alert() -> None:
    def alert_id(violation: Violation) -> str:
        return next(violation_alerts(replace(CROWDED, violations=(violation,)))).id

    assert alert_id(a_violation("g")) != alert_id(a_violation("g", found_at=NOW))


def test_names_cannot_forge_lines() -> None:
    room = replace(CROWDED, participants=(*PEOPLE[:2], replace(PEOPLE[2], name="x\n\u202egp")))
    assert "\n" not in said(room)[0]
    assert "\u202e" not in said(room)[0]


def test_of_two_of_one_name_each_card_says_which() -> None:
    twins = (a_person("a", "Ann", user="user-1111"), a_person("b", "Ann", user="user-2222"))
    room = a_room("cardio-14", people=twins, violations=[a_violation("a"), a_violation("b")])
    alerts = list(violation_alerts(room))
    assert [alert.who for alert in alerts] == ["Ann (1111) in cardio-14", "Ann (2222) in cardio-14"]
    assert all(f"Ann ({number})" in alert.text for number, alert in zip((1111, 2222), alerts, strict=True))
